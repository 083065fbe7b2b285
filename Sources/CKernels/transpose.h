// to [j * to_row + i] = from [i * from_row + j] for i < rows, j < columns: blocks of 8 x 8 in registers, because an element
// at a time costs as much as multiplying 32 rows by it.
#pragma once

typedef float transposed8 __attribute__((vector_size(32), aligned(4)));

#define TRANSPOSE_PAIR(a, b, low, high)                                       \
  low = __builtin_shufflevector(a, b, 0, 8, 1, 9, 4, 12, 5, 13);              \
  high = __builtin_shufflevector(a, b, 2, 10, 3, 11, 6, 14, 7, 15)

// Rows to columns, in place.
static inline __attribute__((always_inline)) void transpose_registers(transposed8 r[8]) {
  transposed8 s[8], t[8];
  for (int i = 0; i < 8; i += 2) { TRANSPOSE_PAIR(r[i], r[i + 1], s[i], s[i + 1]); }
  for (int i = 0; i < 8; i += 4) {
    for (int j = 0; j < 2; ++j) {
      t[i + 2 * j] = __builtin_shufflevector(s[i + j], s[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      t[i + 2 * j + 1] = __builtin_shufflevector(s[i + j], s[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int i = 0; i < 4; ++i) {
    r[i] = __builtin_shufflevector(t[i], t[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    r[i + 4] = __builtin_shufflevector(t[i], t[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

static inline __attribute__((always_inline)) void transpose_block(
  const float *from, long from_row, float *to, long to_row) {
  transposed8 r[8];
  for (int i = 0; i < 8; ++i) r[i] = *(const transposed8 *)(from + i * from_row);
  transpose_registers(r);
  for (int i = 0; i < 8; ++i) *(transposed8 *)(to + i * to_row) = r[i];
}

static inline __attribute__((always_inline)) void transpose(
  const float *from, long from_row, long rows, long columns, float *to, long to_row) {
  const long whole_rows = rows / 8 * 8, whole_columns = columns / 8 * 8;
  for (long i = 0; i < whole_rows; i += 8) {
    for (long j = 0; j < whole_columns; j += 8)
      transpose_block(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
    for (long j = whole_columns; j < columns; ++j)
      for (long k = i; k < i + 8; ++k) to[j * to_row + k] = from[k * from_row + j];
  }
  for (long i = whole_rows; i < rows; ++i)
    for (long j = 0; j < columns; ++j) to[j * to_row + i] = from[i * from_row + j];
}
