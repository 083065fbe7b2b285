#pragma once

// out[outer, inner] = sum over the middle axis of in[outer, middle, inner]; long sums are carried in double.
void ck_sum_middle(long outer, long middle, long inner, const float *in, float *out);
// As above with the maximum.
void ck_max_middle(long outer, long middle, long inner, const float *in, float *out);
// Sum of squares in double.
double ck_sum_of_squares(long n, const float *x);

// Softmax over rows of n, and its gradient y · (g − Σ g·y).
void ck_softmax(long rows, long n, const float *x, float *y);
void ck_softmax_gradient(long rows, long n, const float *y, const float *g, float *dx);

// Normalisation of x [batch, space, channels] over (space, channels of a group), then · gamma + beta (either may be null).
// mean and rstd are [batch, groups]. Layer norm is space = groups = 1; batch norm is batch = 1 and groups = channels.
void ck_normalize(long batch, long space, long channels, long groups, float epsilon, const float *x, const float *gamma,
                  const float *beta, float *y, float *mean, float *rstd);
// Gradients of the above; dgamma and dbeta are overwritten; scratch holds 2 · channels floats.
void ck_normalize_gradient(long batch, long space, long channels, long groups, const float *x, const float *gamma,
                           const float *mean, const float *rstd, const float *dy, float *dx, float *dgamma, float *dbeta,
                           float *scratch);
