#pragma once

#include "include/winograd.h"

// Sixteen channels at a time. The last group of channels ends at the last channel and may overlap the one before: it
// computes the same values again, which is cheaper than masks.
enum { LANES = CK_WINOGRAD_LANES, OUTPUTS = 4, MOST = 6 };
typedef float vector __attribute__((vector_size(LANES * 4), aligned(4)));

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define DISPATCHED
#endif
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

#define LOAD(p) (*(const vector *)(p))
#define STORE(p, v) (*(vector *)(p) = (v))

INLINE long group(long c, long channels) { return c + LANES <= channels ? c : channels - LANES; }

// The one-dimensional transforms by interpolation at 0, a, -a, b, -b and infinity for three taps, and at a, -a, b, -b and
// infinity for two. With points as close together as 5/8 and 3/2 (which squares and products keep exact) rounding errors
// are less than half of those at the usual 1 and 2. Sums and products of two may fuse; nothing relies on it.

typedef enum { INPUT, OUTPUT, OUTPUT_ADJOINT, WEIGHT, WEIGHT_ADJOINT } transform;

#define A3 0.625f
#define B3 1.5f
#define A2 0.375f
#define B2 1.25f
#define SQUARE(x) ((x) * (x))
#define CUBE(x) ((x) * (x) * (x))

INLINE void transform_3(transform kind, const vector d[MOST], vector t[MOST]) {
  const float a = A3, b = B3, aa = SQUARE(A3), bb = SQUARE(B3);
  // 1 over the products of the differences to all other points.
  const float zero = 1 / (SQUARE(A3) * SQUARE(B3)), near = 0.5f / (SQUARE(A3) * (SQUARE(A3) - SQUARE(B3)));
  const float far = 0.5f / (SQUARE(B3) * (SQUARE(B3) - SQUARE(A3)));
  switch (kind) {
    case INPUT: {
      const vector even = d[4] - bb * d[2], odd = d[3] - bb * d[1], even2 = d[4] - aa * d[2], odd2 = d[3] - aa * d[1];
      t[0] = aa * bb * d[0] - (aa + bb) * d[2] + d[4];
      t[1] = even + a * odd;
      t[2] = even - a * odd;
      t[3] = even2 + b * odd2;
      t[4] = even2 - b * odd2;
      t[5] = aa * bb * d[1] - (aa + bb) * d[3] + d[5];
      break;
    }
    case OUTPUT: {
      const vector sum1 = d[1] + d[2], difference1 = d[1] - d[2], sum2 = d[3] + d[4], difference2 = d[3] - d[4];
      t[0] = d[0] + sum1 + sum2;
      t[1] = a * difference1 + b * difference2;
      t[2] = aa * sum1 + bb * sum2;
      t[3] = CUBE(A3) * difference1 + CUBE(B3) * difference2 + d[5];
      break;
    }
    case OUTPUT_ADJOINT: {
      const vector even = d[0] + aa * d[2], odd = a * d[1] + CUBE(A3) * d[3];
      const vector even2 = d[0] + bb * d[2], odd2 = b * d[1] + CUBE(B3) * d[3];
      t[0] = d[0];
      t[1] = even + odd;
      t[2] = even - odd;
      t[3] = even2 + odd2;
      t[4] = even2 - odd2;
      t[5] = d[3];
      break;
    }
    case WEIGHT: {
      const vector even = near * d[0] + near * aa * d[2], odd = near * a * d[1];
      const vector even2 = far * d[0] + far * bb * d[2], odd2 = far * b * d[1];
      t[0] = zero * d[0];
      t[1] = even + odd;
      t[2] = even - odd;
      t[3] = even2 + odd2;
      t[4] = even2 - odd2;
      t[5] = d[2];
      break;
    }
    case WEIGHT_ADJOINT: {
      const vector sum1 = near * (d[1] + d[2]), sum2 = far * (d[3] + d[4]);
      t[0] = zero * d[0] + sum1 + sum2;
      t[1] = near * a * (d[1] - d[2]) + far * b * (d[3] - d[4]);
      t[2] = aa * sum1 + bb * sum2 + d[5];
      break;
    }
  }
}

INLINE void transform_2(transform kind, const vector d[MOST], vector t[MOST]) {
  const float a = A2, b = B2, aa = SQUARE(A2), bb = SQUARE(B2);
  const float near = 0.5f / (A2 * (SQUARE(A2) - SQUARE(B2))), far = 0.5f / (B2 * (SQUARE(B2) - SQUARE(A2)));
  switch (kind) {
    case INPUT: {
      const vector even = d[2] - bb * d[0], odd = d[3] - bb * d[1], even2 = d[2] - aa * d[0], odd2 = d[3] - aa * d[1];
      t[0] = a * even + odd;
      t[1] = a * even - odd;
      t[2] = b * even2 + odd2;
      t[3] = b * even2 - odd2;
      t[4] = aa * bb * d[0] - (aa + bb) * d[2] + d[4];
      break;
    }
    case OUTPUT: {
      const vector sum1 = d[0] + d[1], difference1 = d[0] - d[1], sum2 = d[2] + d[3], difference2 = d[2] - d[3];
      t[0] = sum1 + sum2;
      t[1] = a * difference1 + b * difference2;
      t[2] = aa * sum1 + bb * sum2;
      t[3] = CUBE(A2) * difference1 + CUBE(B2) * difference2 + d[4];
      break;
    }
    case OUTPUT_ADJOINT: {
      const vector even = d[0] + aa * d[2], odd = a * d[1] + CUBE(A2) * d[3];
      const vector even2 = d[0] + bb * d[2], odd2 = b * d[1] + CUBE(B2) * d[3];
      t[0] = even + odd;
      t[1] = even - odd;
      t[2] = even2 + odd2;
      t[3] = even2 - odd2;
      t[4] = d[3];
      break;
    }
    case WEIGHT: {
      const vector even = near * d[0], odd = near * a * d[1], even2 = far * d[0], odd2 = far * b * d[1];
      t[0] = even + odd;
      t[1] = even - odd;
      t[2] = even2 + odd2;
      t[3] = even2 - odd2;
      t[4] = d[1];
      break;
    }
    case WEIGHT_ADJOINT:
      t[0] = near * (d[0] + d[1]) + far * (d[2] + d[3]);
      t[1] = near * a * (d[0] - d[1]) + far * b * (d[2] - d[3]) + d[4];
      break;
  }
}

// How many values a one-dimensional transform takes and gives.
INLINE int taken(transform kind, int taps) {
  return kind == OUTPUT_ADJOINT ? OUTPUTS : kind == WEIGHT ? taps : OUTPUTS + taps - 1;
}
INLINE int given(transform kind, int taps) {
  return kind == OUTPUT ? OUTPUTS : kind == WEIGHT_ADJOINT ? taps : OUTPUTS + taps - 1;
}

INLINE void transform_line(int taps, transform kind, const vector d[MOST], vector t[MOST]) {
  if (taps == 3) transform_3(kind, d, t);
  else transform_2(kind, d, t);
}
