#include "include/normalization.h"
#include "cycles.h"
#include "vector.h"

CK_DISPATCH
void ck_channel_moments(long rows, long channels, const float *restrict x, double *restrict moments) {
  const long count = rows * channels, cycle = cycle_of(channels);
  float sum[LONG_ROW], centre[LONG_ROW];
  for (long j = 0; j < cycle; j++) sum[j] = 0;
  for (long c = 0; c < 2 * channels; c++) moments[c] = 0;
  CYCLES(for (long j = 0; j < length; j++) sum[j] += x[i + j];)
  fold(sum, channels, cycle, moments);
  for (long c = 0; c < channels; c++) {
    moments[c] /= (double)rows;
    centre[c] = (float)moments[c];
  }
  for (long start = channels; start < cycle; start += channels) memcpy(centre + start, centre, channels * sizeof(float));
  for (long j = 0; j < cycle; j++) sum[j] = 0;
  CYCLES(for (long j = 0; j < length; j++) { const float d = x[i + j] - centre[j]; sum[j] += d * d; })
  fold(sum, channels, cycle, moments + channels);
}

// For every channel `c` of every `group` of `width` channels: a quotient for each costs more than the rest.
#define EACH_CHANNEL                                      \
  for (long group = 0, c = 0; group < n->groups; group++) \
    for (const long end = c + width; c < end; c++)

// The moments of blocks and channels join as Chan, Golub and LeVeque (1983) join those of samples: nothing cancels.
void ck_image_statistics(
  const ck_normalization *n, const double *moments, float epsilon, float *mean, float *rstd, float *channel_mean) {
  const long width = n->channels / n->groups, blocks = (n->space + n->block_rows - 1) / n->block_rows;
  const double count = (double)n->space * (double)width;
  for (long g = 0; g < n->groups; g++) {
    double total = 0, spread = 0;
    for (long b = 0; b < blocks; b++) {
      const long rows = b + 1 < blocks ? n->block_rows : n->space - b * n->block_rows;
      const double *block = moments + b * 2 * n->channels;
      double sum = 0;
      for (long c = g * width; c < (g + 1) * width; c++) sum += block[c] + (n->shift ? n->shift[c] : 0.0f);
      total += sum * (double)rows;
    }
    total /= count;
    for (long b = 0; b < blocks; b++) {
      const long rows = b + 1 < blocks ? n->block_rows : n->space - b * n->block_rows;
      const double *block = moments + b * 2 * n->channels;
      for (long c = g * width; c < (g + 1) * width; c++) {
        const double away = block[c] + (n->shift ? n->shift[c] : 0.0f) - total;
        spread += block[n->channels + c] + (double)rows * away * away;
      }
    }
    mean[g] = (float)total;
    rstd[g] = (float)(1.0 / sqrt(spread / count + epsilon));
  }
  if (!channel_mean) return;
  for (long c = 0; c < n->channels; c++) {
    double total = 0;
    for (long b = 0; b < blocks; b++) {
      const long rows = b + 1 < blocks ? n->block_rows : n->space - b * n->block_rows;
      total += moments[b * 2 * n->channels + c] * (double)rows;
    }
    channel_mean[c] = (float)(total / (double)n->space);
  }
}

void ck_image_affine(const ck_normalization *n, const float *mean, const float *rstd, float *slope, float *intercept) {
  const long width = n->channels / n->groups;
  EACH_CHANNEL {
    const float gain = n->factor ? 1.0f + n->factor[c] : 1.0f, shift = n->shift ? n->shift[c] : 0.0f;
    slope[c] = rstd[group] * n->gamma[c] * gain;
    intercept[c] = n->beta[c] * gain + (n->offset ? n->offset[c] : 0.0f) + (shift - mean[group]) * slope[c];
  }
}

void ck_image_centre(const ck_normalization *n, const float *mean, float *centre) {
  const long width = n->channels / n->groups;
  EACH_CHANNEL centre[c] = mean[group] - (n->shift ? n->shift[c] : 0.0f);
}

CK_DISPATCH
void ck_channel_affine(
  long rows, long channels, const float *restrict x, const float *restrict slope, const float *restrict intercept,
  int activates, float *restrict y) {
  const long count = rows * channels, cycle = cycle_of(channels);
  float s[LONG_ROW], t[LONG_ROW];
  repeat(slope, channels, cycle, s), repeat(intercept, channels, cycle, t);
  if (activates) {
    CYCLES(for (long j = 0; j < length; j++) y[i + j] = ck_fast_silu(x[i + j] * s[j] + t[j]);)
  } else {
    CYCLES(for (long j = 0; j < length; j++) y[i + j] = x[i + j] * s[j] + t[j];)
  }
}

CK_DISPATCH
void ck_channel_gradient_sums(
  long rows, long channels, const float *restrict x, const float *restrict slope, const float *restrict intercept,
  int activates, const float *restrict centre, const float *restrict dy, float *restrict g, double *restrict sums) {
  const long count = rows * channels, cycle = cycle_of(channels);
  float s[LONG_ROW], t[LONG_ROW], m[LONG_ROW], sum[LONG_ROW], dot[LONG_ROW];
  for (long j = 0; j < cycle; j++) sum[j] = dot[j] = 0;
  repeat(centre, channels, cycle, m);
  if (activates) {
    repeat(slope, channels, cycle, s), repeat(intercept, channels, cycle, t);
    CYCLES(for (long j = 0; j < length; j++) {
      const float v = ck_fast_silu_gradient(x[i + j] * s[j] + t[j], dy[i + j]);
      g[i + j] = v;
      sum[j] += v;
      dot[j] += v * (x[i + j] - m[j]);
    })
  } else {
    CYCLES(for (long j = 0; j < length; j++) {
      sum[j] += dy[i + j];
      dot[j] += dy[i + j] * (x[i + j] - m[j]);
    })
  }
  for (long c = 0; c < 2 * channels; c++) sums[c] = 0;
  fold(sum, channels, cycle, sums);
  fold(dot, channels, cycle, sums + channels);
}

// With x̂ = (x + shift − mean) · rstd and γ' = γ · (1 + factor): dx = rstd · (γ'g − mean(γ'g) − x̂ · mean(γ'g·x̂)).
void ck_image_gradient(
  const ck_normalization *n, const float *mean, const float *rstd, const float *channel_mean, const double *sums,
  float *first, float *second, float *third, const ck_normalization_gradient *gradient) {
  const long width = n->channels / n->groups, blocks = (n->space + n->block_rows - 1) / n->block_rows;
  const double count = (double)n->space * (double)width;
  double sum[LONG_ROW], dot[LONG_ROW];
  for (long c = 0; c < n->channels; c++) sum[c] = dot[c] = 0;
  for (long b = 0; b < blocks; b++, sums += 2 * n->channels) {
    for (long c = 0; c < n->channels; c++) sum[c] += sums[c];
    for (long c = 0; c < n->channels; c++) dot[c] += sums[n->channels + c];
  }
  EACH_CHANNEL dot[c] *= rstd[group];
  for (long group = 0; group < n->groups; group++) {
    const float r = rstd[group];
    double total = 0, projected = 0;
    for (long c = group * width; c < (group + 1) * width; c++) {
      const double gain = n->gamma[c] * (n->factor ? 1.0 + n->factor[c] : 1.0);
      total += gain * sum[c];
      projected += gain * dot[c];
    }
    const double a = total / count, p = projected / count;
    for (long c = group * width; c < (group + 1) * width; c++) {
      const float gain = n->factor ? 1.0f + n->factor[c] : 1.0f;
      const double centre = mean[group] - (n->shift ? n->shift[c] : 0.0f);
      first[c] = r * n->gamma[c] * gain;
      second[c] = (float)(-r * r * p);
      third[c] = (float)(-r * a + r * r * p * centre);
      if (gradient->gamma) gradient->gamma[c] = (float)(dot[c] * gain);
      if (gradient->beta) gradient->beta[c] = (float)(sum[c] * gain);
      if (gradient->factor) gradient->factor[c] = (float)(n->gamma[c] * dot[c] + n->beta[c] * sum[c]);
      if (gradient->offset) gradient->offset[c] = (float)sum[c];
      if (gradient->shift)
        gradient->shift[c] =
          (float)(first[c] * sum[c] + (double)n->space * ((double)second[c] * channel_mean[c] + third[c]));
    }
  }
}

CK_DISPATCH
void ck_channel_combination(
  long rows, long channels, const float *g, const float *restrict x, const float *restrict first,
  const float *restrict second, const float *restrict third, const float *restrict earlier, float *dx) {
  const long count = rows * channels, cycle = cycle_of(channels);
  float a[LONG_ROW], b[LONG_ROW], c[LONG_ROW];
  repeat(first, channels, cycle, a), repeat(second, channels, cycle, b), repeat(third, channels, cycle, c);
  // dx may be g, element for element, which a check at run time would take for a reason not to use vectors.
  if (earlier) {
    CYCLES(_Pragma("clang loop vectorize(assume_safety)") for (long j = 0; j < length; j++) {
      dx[i + j] = g[i + j] * a[j] + x[i + j] * b[j] + c[j] + earlier[i + j];
    })
  } else {
    CYCLES(_Pragma("clang loop vectorize(assume_safety)") for (long j = 0; j < length; j++) {
      dx[i + j] = g[i + j] * a[j] + x[i + j] * b[j] + c[j];
    })
  }
}

// Sums over a row: 32 lanes, so that additions do not wait for one another, which join by halves. What is left over is added
// up on its own, because lanes that are indexed one by one would be kept in memory.
typedef float lanes16 __attribute__((vector_size(64), aligned(4)));

static inline __attribute__((always_inline)) float joined(const float lanes[32]) {
  const lanes16 a = *(const lanes16 *)lanes + *(const lanes16 *)(lanes + 16);
  const lanes16 b = a + __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  const lanes16 c = b + __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  return (c[0] + c[2]) + (c[1] + c[3]);
}

#define ROW_SUM(RESULT, TERM)                                            \
  {                                                                      \
    float lanes[32] = {0}, rest = 0;                                     \
    long i = 0;                                                          \
    for (; i + 32 <= n; i += 32)                                         \
      for (long l = 0; l < 32; l++) { const long j = i + l; lanes[l] += (TERM); } \
    for (long j = i; j < n; j++) rest += (TERM);                         \
    RESULT = joined(lanes) + rest;                                       \
  }

CK_DISPATCH
void ck_normalize_rows(
  long rows, long n, float epsilon, const float *restrict x, const float *restrict gamma, const float *restrict beta,
  float *restrict y, float *restrict mean, float *restrict rstd) {
  for (long row = 0; row < rows; row++, x += n, y += n) {
    float sum, spread;
    ROW_SUM(sum, x[j])
    const float m = sum / (float)n;
    ROW_SUM(spread, (x[j] - m) * (x[j] - m))
    const float r = 1.0f / __builtin_elementwise_sqrt(spread / (float)n + epsilon);
    mean[row] = m, rstd[row] = r;
    for (long j = 0; j < n; j++) y[j] = (x[j] - m) * r * gamma[j] + beta[j];
  }
}

CK_DISPATCH
void ck_normalize_rows_gradient(
  long rows, long n, const float *restrict x, const float *restrict gamma, const float *restrict mean,
  const float *restrict rstd, const float *restrict dy, const float *restrict earlier, float *restrict dx,
  float *restrict dgamma, float *restrict dbeta) {
  for (long j = 0; j < n; j++) dgamma[j] = dbeta[j] = 0;
  for (long row = 0; row < rows; row++, x += n, dy += n, dx += n) {
    const float m = mean[row], r = rstd[row];
    float total, projected;
    ROW_SUM(total, gamma[j] * dy[j])
    ROW_SUM(projected, gamma[j] * dy[j] * ((x[j] - m) * r))
    const float a = total / (float)n, p = projected / (float)n;
    for (long j = 0; j < n; j++) {
      const float standard = (x[j] - m) * r;
      dx[j] = r * (gamma[j] * dy[j] - a - standard * p);
      dgamma[j] += dy[j] * standard;
      dbeta[j] += dy[j];
    }
    if (earlier)
      for (long j = 0; j < n; j++) dx[j] += earlier[row * n + j];
  }
}
