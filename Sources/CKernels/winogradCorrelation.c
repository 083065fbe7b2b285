#include "winogradTransforms.h"

enum { MOST_TAPS = 3, MOST_TOGETHER = 4 };

// One row of planes of `together` left-hand channels and a vector of right-hand ones: summed over tiles in registers,
// transformed along the row. `prefetches` the right-hand vectors that come next: pieces of a line, which nothing else foresees.
// `taps` and `together` are constants at every call.
INLINE void sum_row(
  int taps, int together, const ck_planes *left, const ck_planes *right, int y, long row, long column, long tiles,
  int prefetches, vector half[][MOST][MOST_TAPS]) {
  const int n = OUTPUTS + taps - 1;
  const float *l = left->start + y * n * left->plane + row, *r = right->start + y * n * right->plane + column;
  vector sum[MOST_TOGETHER][MOST];
  UNROLLED for (int i = 0; i < together; ++i)
    UNROLLED for (int x = 0; x < n; ++x) sum[i][x] = (vector){0};
  for (long tile = 0; tile < tiles; ++tile, l += left->row, r += right->row) {
    UNROLLED for (int x = 0; x < n; ++x) {
      const vector v = LOAD(r + x * right->plane);
      if (prefetches) __builtin_prefetch(r + x * right->plane + LANES, 0, 2);
      // x - 0 is x in all lanes.
      UNROLLED for (int i = 0; i < together; ++i) sum[i][x] += (l[x * left->plane + i] - (vector){0}) * v;
    }
  }
  UNROLLED for (int i = 0; i < together; ++i) {
    vector t[MOST];
    transform_line(taps, WEIGHT_ADJOINT, sum[i], t);
    UNROLLED for (int x = 0; x < taps; ++x) half[row + i][y][x] = t[x];
  }
}

INLINE void correlation(
  int taps, int together, const ck_planes *left, const ck_planes *right, long tiles, long rows, long columns,
  float *weight, long tap_row, long tap_column) {
  const int n = OUTPUTS + taps - 1;
  vector half[CK_WINOGRAD_CORRELATION_ROWS][MOST][MOST_TAPS];
  for (long next = 0; next < columns; next += LANES) {
    const long column = group(next, columns);
    float *corner = weight + column;
    const int goes_on = column + LANES < columns;
    for (int y = 0; y < n; ++y) {
      for (long first = 0; first < rows; first += together) {
        // The last rows may overlap those before, as groups of channels do.
        const long row = first + together <= rows ? first : rows - together;
        // The gradient is written a vector here and there: the vectors after these are prefetched now.
        if (goes_on)
          for (int tap = y; tap < taps * taps; tap += n)
            UNROLLED for (int i = 0; i < together; ++i)
              __builtin_prefetch(
                corner + tap / taps * tap_row + tap % taps * tap_column + (row + i) * columns + LANES, 0, 2);
        sum_row(taps, together, left, right, y, row, column, tiles, goes_on && first == 0, half);
      }
    }
    for (long row = 0; row < rows; ++row) {
      UNROLLED for (int x = 0; x < taps; ++x) {
        vector d[MOST], t[MOST];
        UNROLLED for (int y = 0; y < n; ++y) d[y] = half[row][y][x];
        transform_line(taps, WEIGHT_ADJOINT, d, t);
        UNROLLED for (int y = 0; y < taps; ++y) STORE(corner + y * tap_row + x * tap_column + row * columns, t[y]);
      }
    }
  }
}

// As many rows together, which share each load of a right-hand vector, as there are registers for the sums of.
#if defined(__x86_64__)
__attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
static void correlation_of_32_registers(
  int taps, const ck_planes *left, const ck_planes *right, long tiles, long rows, long columns, float *weight,
  long tap_row, long tap_column) {
  if (taps == 3) correlation(3, 4, left, right, tiles, rows, columns, weight, tap_row, tap_column);
  else correlation(2, 4, left, right, tiles, rows, columns, weight, tap_row, tap_column);
}
#endif

#if defined(__x86_64__)
__attribute__((target_clones("arch=x86-64-v3", "default")))
#endif
static void correlation_of_16_registers(
  int taps, const ck_planes *left, const ck_planes *right, long tiles, long rows, long columns, float *weight,
  long tap_row, long tap_column) {
  if (taps == 3) correlation(3, 1, left, right, tiles, rows, columns, weight, tap_row, tap_column);
  else correlation(2, 1, left, right, tiles, rows, columns, weight, tap_row, tap_column);
}

int ck_winograd_correlation_shares_loads(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("x86-64-v4") != 0;
#else
  return 0;
#endif
}

void ck_winograd_correlation(
  int taps, const ck_planes *left, const ck_planes *right, long tiles, long rows, long columns, float *weight,
  long tap_row, long tap_column) {
#if defined(__x86_64__)
  if (ck_winograd_correlation_shares_loads())
    return correlation_of_32_registers(taps, left, right, tiles, rows, columns, weight, tap_row, tap_column);
#endif
  correlation_of_16_registers(taps, left, right, tiles, rows, columns, weight, tap_row, tap_column);
}
