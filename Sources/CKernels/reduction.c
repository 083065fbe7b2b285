#include "include/reduction.h"
#include "cycles.h"
#include "vector.h"

enum { COLUMNS = 64, BLOCK = 64 };

// Sum of a contiguous row: sixteen float lanes within a block of 1024, blocks carried in double.
static inline double row_sum(long n, const float *x) {
  double total = 0;
  for (long start = 0; start < n; start += 1024) {
    const long end = start + 1024 < n ? start + 1024 : n;
    float lanes[16] = {0};
    long i = start;
    for (; i + 16 <= end; i += 16)
      for (int l = 0; l < 16; l++) lanes[l] += x[i + l];
    float sum = 0;
    for (int l = 0; l < 16; l++) sum += lanes[l];
    for (; i < end; i++) sum += x[i];
    total += sum;
  }
  return total;
}

// Additions to a float of a cycle before they are carried to double.
enum { CARRY = 256 };

CK_DISPATCH
void ck_sum_rows(long rows, long n, const float *restrict in, double *restrict out) {
  const long cycle = cycle_of(n), step = CARRY * cycle / n;
  for (long j = 0; j < n; j++) out[j] = 0;
  for (long start = 0; start < rows; start += step) {
    const long count = (rows - start < step ? rows - start : step) * n;
    const float *x = in + start * n;
    float sum[LONG_ROW];
    for (long j = 0; j < cycle; j++) sum[j] = 0;
    CYCLES(for (long j = 0; j < length; j++) sum[j] += x[i + j];)
    fold(sum, n, cycle, out);
  }
}

CK_DISPATCH
void ck_sum_middle(
  long outer, long middle, long inner, long row, const float *restrict in, float *restrict out, long out_row) {
  if (inner == 1 && row == 1) {
    for (long o = 0; o < outer; o++) out[o * out_row] = (float)row_sum(middle, in + o * middle);
    return;
  }
  for (long o = 0; o < outer; o++) {
    const float *base = in + o * middle * row;
    if (inner == row && inner <= COLUMNS) {
      double total[COLUMNS];
      ck_sum_rows(middle, inner, base, total);
      for (long j = 0; j < inner; j++) out[o * out_row + j] = (float)total[j];
      continue;
    }
    for (long column = 0; column < inner; column += COLUMNS) {
      const long width = inner - column < COLUMNS ? inner - column : COLUMNS;
      double total[COLUMNS] = {0};
      for (long start = 0; start < middle; start += BLOCK) {
        const long end = start + BLOCK < middle ? start + BLOCK : middle;
        float block[COLUMNS] = {0};
        for (long k = start; k < end; k++) {
          const float *x = base + k * row + column;
          for (long j = 0; j < width; j++) block[j] += x[j];
        }
        for (long j = 0; j < width; j++) total[j] += block[j];
      }
      for (long j = 0; j < width; j++) out[o * out_row + column + j] = (float)total[j];
    }
  }
}

CK_DISPATCH
void ck_max_middle(long outer, long middle, long inner, const float *restrict in, float *restrict out) {
  for (long o = 0; o < outer; o++) {
    const float *base = in + o * middle * inner;
    float *target = out + o * inner;
    for (long j = 0; j < inner; j++) target[j] = base[j];
    for (long row = 1; row < middle; row++)
      for (long j = 0; j < inner; j++) {
        const float v = base[row * inner + j];
        target[j] = v > target[j] ? v : target[j];
      }
  }
}

CK_DISPATCH
double ck_sum_of_squares(long n, const float *x) {
  double lanes[8] = {0};
  long i = 0;
  for (; i + 8 <= n; i += 8)
    for (int l = 0; l < 8; l++) lanes[l] += (double)x[i + l] * x[i + l];
  double sum = 0;
  for (int l = 0; l < 8; l++) sum += lanes[l];
  for (; i < n; i++) sum += (double)x[i] * x[i];
  return sum;
}

CK_DISPATCH
void ck_softmax(long rows, long n, const float *restrict x, float *restrict y) {
  for (long row = 0; row < rows; row++, x += n, y += n) {
    float top = x[0];
    for (long i = 1; i < n; i++) top = x[i] > top ? x[i] : top;
    for (long i = 0; i < n; i++) y[i] = ck_fast_exp(x[i] - top);
    const float scale = (float)(1.0 / row_sum(n, y));
    for (long i = 0; i < n; i++) y[i] *= scale;
  }
}

CK_DISPATCH
void ck_softmax_gradient(long rows, long n, const float *restrict y, const float *restrict g, float *restrict dx) {
  for (long row = 0; row < rows; row++, y += n, g += n, dx += n) {
    float lanes[16] = {0};
    long i = 0;
    for (; i + 16 <= n; i += 16)
      for (int l = 0; l < 16; l++) lanes[l] += y[i + l] * g[i + l];
    float dot = 0;
    for (int l = 0; l < 16; l++) dot += lanes[l];
    for (; i < n; i++) dot += y[i] * g[i];
    for (i = 0; i < n; i++) dx[i] = y[i] * (g[i] - dot);
  }
}
