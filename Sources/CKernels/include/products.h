#pragma once

/// C [m, n] = A [m, k] B [k, n] over float matrices with any strides, plus `bias` [n] in each row (may be NULL), or added
/// to C when `accumulates`.
///
/// Element (i, j) of a matrix is at `x[i * x_row + j * x_column]`; C's columns are adjacent. Each element is summed in the
/// order of k whatever m is, so cutting A into blocks of rows does not change a bit.
void ck_multiply(
  long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *bias, int accumulates, float *c, long c_row);

/// The same for matrices that overlap in memory, as the patches of a convolution do, so that they need no copies: row i of
/// A begins at `a + a_offsets[i]` and consists of `groups` runs `a_group` floats apart, each of `depth` elements `a_column`
/// floats apart; B is packed [groups * depth, n]; row i of C is the n floats from `c + c_offsets[i]`.
void ck_multiply_gathered(
  long m, long n, long groups, long depth, const float *a, const long *a_offsets, long a_column, long a_group,
  const float *b, const float *bias, int accumulates, float *c, const long *c_offsets);

/// `ck_multiply` for one vector length (4, 8 or 16 floats), for tests of those that this processor would not choose.
/// Returns 0, with nothing done, where the processor lacks it.
int ck_multiply_with_lanes(
  int lanes, long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *bias, int accumulates, float *c, long c_row);

/// The instruction set that `ck_multiply` uses on this processor: "AVX-512", "AVX2" or "baseline".
const char *ck_instruction_set(void);
