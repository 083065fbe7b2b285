#pragma once

/// Each pixel of rows [rows, width, channels] repeated over a block of factor x factor pixels: [rows * factor, width *
/// factor, channels].
void ck_enlarge(long rows, long width, long channels, long factor, const float *in, float *out);

/// The adjoint: each pixel is the sum over a block of factor x factor pixels. `rows`, `width` are those of `out`.
void ck_sum_blocks(long rows, long width, long channels, long factor, const float *in, float *out);
