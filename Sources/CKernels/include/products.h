#pragma once

/// C [m, n] = start + A [m, k] B [k, n] over float matrices with any strides.
///
/// Element (i, j) of a matrix is at `x[i * x_row + j * x_column]`; C's columns are adjacent. `start` gives the values the sums
/// begin with: NULL for zero, C itself (with `start_row` = `c_row`) to accumulate, a bias of n floats with `start_row` = 0.
/// Each element is summed in the order of k whatever m is, so cutting A into blocks of rows does not change a bit.
void ck_multiply(
  long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *start, long start_row, float *c, long c_row);

/// The instruction set that `ck_multiply` uses on this processor: "AVX-512", "AVX2" or "baseline".
const char *ck_instruction_set(void);
