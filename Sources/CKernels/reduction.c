#include "include/reduction.h"
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

CK_DISPATCH
void ck_sum_middle(long outer, long middle, long inner, const float *restrict in, float *restrict out) {
  if (inner == 1) {
    for (long o = 0; o < outer; o++) out[o] = (float)row_sum(middle, in + o * middle);
    return;
  }
  for (long o = 0; o < outer; o++) {
    const float *base = in + o * middle * inner;
    for (long column = 0; column < inner; column += COLUMNS) {
      const long width = inner - column < COLUMNS ? inner - column : COLUMNS;
      double total[COLUMNS] = {0};
      for (long start = 0; start < middle; start += BLOCK) {
        const long end = start + BLOCK < middle ? start + BLOCK : middle;
        float block[COLUMNS] = {0};
        for (long row = start; row < end; row++) {
          const float *x = base + row * inner + column;
          for (long j = 0; j < width; j++) block[j] += x[j];
        }
        for (long j = 0; j < width; j++) total[j] += block[j];
      }
      for (long j = 0; j < width; j++) out[o * inner + column + j] = (float)total[j];
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

// Column sums of x (and of (x − mean)² when means are given) over the rows of one image, into double sums of groups.
static inline void group_sums(long space, long channels, long groups, const float *x, const double *mean, double *sums) {
  const long width = channels / groups;
  for (long g = 0; g < groups; g++) sums[g] = 0;
  for (long column = 0; column < channels; column += COLUMNS) {
    const long n = channels - column < COLUMNS ? channels - column : COLUMNS;
    float centre[COLUMNS];
    for (long j = 0; j < n; j++) centre[j] = mean ? (float)mean[(column + j) / width] : 0.0f;
    double total[COLUMNS] = {0};
    for (long start = 0; start < space; start += BLOCK) {
      const long end = start + BLOCK < space ? start + BLOCK : space;
      float block[COLUMNS] = {0};
      if (mean) {
        for (long row = start; row < end; row++) {
          const float *v = x + row * channels + column;
          for (long j = 0; j < n; j++) block[j] += (v[j] - centre[j]) * (v[j] - centre[j]);
        }
      } else {
        for (long row = start; row < end; row++) {
          const float *v = x + row * channels + column;
          for (long j = 0; j < n; j++) block[j] += v[j];
        }
      }
      for (long j = 0; j < n; j++) total[j] += block[j];
    }
    for (long j = 0; j < n; j++) sums[(column + j) / width] += total[j];
  }
}

enum { GROUP_LIMIT = 8192 };

CK_DISPATCH
void ck_normalize(long batch, long space, long channels, long groups, float epsilon, const float *restrict x,
                  const float *restrict gamma, const float *restrict beta, float *restrict y, float *restrict mean,
                  float *restrict rstd) {
  const long width = channels / groups;
  const double count = (double)space * (double)width;
  double centre[GROUP_LIMIT], spread[GROUP_LIMIT];
  float scale[GROUP_LIMIT], shift[GROUP_LIMIT];
  for (long b = 0; b < batch; b++) {
    const float *image = x + b * space * channels;
    float *target = y + b * space * channels;
    group_sums(space, channels, groups, image, 0, centre);
    for (long g = 0; g < groups; g++) centre[g] /= count;
    group_sums(space, channels, groups, image, centre, spread);
    for (long g = 0; g < groups; g++) {
      mean[b * groups + g] = (float)centre[g];
      rstd[b * groups + g] = (float)(1.0 / sqrt(spread[g] / count + epsilon));
    }
    for (long c = 0; c < channels; c++) {
      const float r = rstd[b * groups + c / width] * (gamma ? gamma[c] : 1.0f);
      scale[c] = r;
      shift[c] = (beta ? beta[c] : 0.0f) - mean[b * groups + c / width] * r;
    }
    for (long row = 0; row < space; row++)
      for (long c = 0; c < channels; c++) target[row * channels + c] = image[row * channels + c] * scale[c] + shift[c];
  }
}

CK_DISPATCH
void ck_normalize_gradient(long batch, long space, long channels, long groups, const float *restrict x,
                           const float *restrict gamma, const float *restrict mean, const float *restrict rstd,
                           const float *restrict dy, float *restrict dx, float *restrict dgamma, float *restrict dbeta,
                           float *restrict scratch) {
  const long width = channels / groups;
  const double count = (double)space * (double)width;
  float *sum = scratch, *dot = scratch + channels;
  double total[GROUP_LIMIT], projected[GROUP_LIMIT];
  float first[GROUP_LIMIT], second[GROUP_LIMIT], third[GROUP_LIMIT];
  for (long c = 0; c < channels; c++) dgamma[c] = dbeta[c] = 0;
  for (long b = 0; b < batch; b++) {
    const float *image = x + b * space * channels, *slope = dy + b * space * channels;
    float *target = dx + b * space * channels;
    for (long column = 0; column < channels; column += COLUMNS) {
      const long n = channels - column < COLUMNS ? channels - column : COLUMNS;
      double sums[COLUMNS] = {0}, dots[COLUMNS] = {0};
      float centre[COLUMNS], inverse[COLUMNS];
      for (long j = 0; j < n; j++) {
        centre[j] = mean[b * groups + (column + j) / width];
        inverse[j] = rstd[b * groups + (column + j) / width];
      }
      for (long start = 0; start < space; start += BLOCK) {
        const long end = start + BLOCK < space ? start + BLOCK : space;
        float s[COLUMNS] = {0}, d[COLUMNS] = {0};
        for (long row = start; row < end; row++) {
          const float *v = image + row * channels + column, *g = slope + row * channels + column;
          for (long j = 0; j < n; j++) {
            s[j] += g[j];
            d[j] += g[j] * ((v[j] - centre[j]) * inverse[j]);
          }
        }
        for (long j = 0; j < n; j++) { sums[j] += s[j]; dots[j] += d[j]; }
      }
      for (long j = 0; j < n; j++) { sum[column + j] = (float)sums[j]; dot[column + j] = (float)dots[j]; }
    }
    for (long g = 0; g < groups; g++) total[g] = projected[g] = 0;
    for (long c = 0; c < channels; c++) {
      const float weight = gamma ? gamma[c] : 1.0f;
      dbeta[c] += sum[c];
      dgamma[c] += dot[c];
      total[c / width] += (double)weight * sum[c];
      projected[c / width] += (double)weight * dot[c];
    }
    // dx = r·(γ·dy − mean(γ·dy) − x̂·mean(γ·dy·x̂)), rearranged as first·dy + second·x + third.
    for (long c = 0; c < channels; c++) {
      const long g = c / width;
      const float r = rstd[b * groups + g], m = mean[b * groups + g];
      const float a = (float)(total[g] / count), p = (float)(projected[g] / count);
      first[c] = r * (gamma ? gamma[c] : 1.0f);
      second[c] = -r * r * p;
      third[c] = -r * a + r * r * p * m;
    }
    for (long row = 0; row < space; row++)
      for (long c = 0; c < channels; c++) {
        const long i = row * channels + c;
        target[i] = first[c] * slope[i] + second[c] * image[i] + third[c];
      }
  }
}
