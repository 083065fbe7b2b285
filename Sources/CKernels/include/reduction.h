#pragma once

// out[outer, inner] = sum over the middle axis of in[outer, middle, inner], whose rows are `row` floats apart and those of
// out `out_row`; long sums are carried in double.
void ck_sum_middle(long outer, long middle, long inner, long row, const float *in, float *out, long out_row);
// out[n] = sum over the rows of in[rows, n], n <= 8192.
void ck_sum_rows(long rows, long n, const float *in, double *out);
// out[outer, inner] = maximum over the middle axis of in[outer, middle, inner].
void ck_max_middle(long outer, long middle, long inner, const float *in, float *out);
// Sum of squares in double.
double ck_sum_of_squares(long n, const float *x);

// Softmax over rows of n, and its gradient y · (g − Σ g·y).
void ck_softmax(long rows, long n, const float *x, float *y);
void ck_softmax_gradient(long rows, long n, const float *y, const float *g, float *dx);
