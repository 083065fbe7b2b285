#include "include/gates.h"
#include "include/prefetch.h"
#include "vector.h"

// The normal distribution's cumulative function (absolute error below 1e-7: Abramowitz and Stegun 7.1.26, as in
// ck_fast_erf) and its density, which share an exponential.
static inline void normal(float x, float *cumulative, float *density) {
  const float e = ck_fast_exp2(-0.72134752f * x * x), a = x < 0 ? -x : x;
  const float t = 1.0f / (1.0f + 0.23164189f * a);
  const float p =
    t * (0.127414796f + t * (-0.142248368f + t * (0.7107068705f + t * (-0.7265760135f + t * 0.5307027145f))));
  *cumulative = x < 0 ? p * e : 1.0f - p * e;
  *density = 0.39894228040143268f * e;
}

// Rows that are prefetched before the one in use: they are too short for the processor to foresee.
enum { ROWS_AHEAD = 2 };

CK_DISPATCH
void ck_geglu(long rows, long n, const float *restrict x, float *restrict y) {
  for (long row = 0; row < rows; row++, x += 2 * n, y += n) {
    ck_prefetch(x + ROWS_AHEAD * 2 * n, 0, 1, 2 * n), ck_prefetch(y + ROWS_AHEAD * n, 0, 1, n);
    for (long i = 0; i < n; i++) {
      float cumulative, density;
      normal(x[n + i], &cumulative, &density);
      y[i] = x[i] * x[n + i] * cumulative;
    }
  }
}

CK_DISPATCH
void ck_geglu_gradient(long rows, long n, const float *restrict x, const float *restrict g, float *restrict dx) {
  for (long row = 0; row < rows; row++, x += 2 * n, g += n, dx += 2 * n) {
    ck_prefetch(x + ROWS_AHEAD * 2 * n, 0, 1, 2 * n), ck_prefetch(g + ROWS_AHEAD * n, 0, 1, n);
    ck_prefetch(dx + ROWS_AHEAD * 2 * n, 0, 1, 2 * n);
    for (long i = 0; i < n; i++) {
      float cumulative, density;
      normal(x[n + i], &cumulative, &density);
      dx[i] = g[i] * x[n + i] * cumulative;
      dx[n + i] = g[i] * x[i] * (cumulative + x[n + i] * density);
    }
  }
}
