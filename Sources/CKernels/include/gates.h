#pragma once

/// Rows of `n` gated by as many: from x [rows, 2n] with halves a and b to y [rows, n] = a gelu(b), the "GEGLU" of Shazeer
/// 2020; and the gradient dx [rows, 2n] from that of the result, g [rows, n].
void ck_geglu(long rows, long n, const float *x, float *y);
void ck_geglu_gradient(long rows, long n, const float *x, const float *g, float *dx);
