// What the loops of this folder share: runtime dispatch, and elementary functions that the compiler can vectorise.
#pragma once
#include <math.h>
#include <stdint.h>
#include <string.h>
#include "exp2.h"

#define CK_DISPATCH __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#pragma STDC FP_CONTRACT ON

// e^x to about 1 ulp by Cody–Waite reduction and a degree-6 polynomial; 0 below −87.3, infinite above 88.7, NaN for NaN.
static inline float ck_fast_exp(float x) {
  float clamped = x > 88.37f ? 88.37f : x;
  clamped = clamped < -87.33f ? -87.33f : clamped;
  const float shifted = clamped * 1.44269504088896341f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  float r = clamped - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  uint32_t bits;
  memcpy(&bits, &shifted, 4);
  bits = (bits << 23) + 0x3f800000u;
  float scale;
  memcpy(&scale, &bits, 4);
  float result = p * scale;
  result = x > 88.72f ? INFINITY : result;
  result = x < -87.33f ? 0.0f : result;
  return x != x ? x : result;
}

// 2^x to 2e-7 of its value for |x| <= 126, beyond that what it is there; NaN for NaN.
static inline float ck_fast_exp2(float x) {
  x = x < -126.0f ? -126.0f : x;
  x = x > 126.0f ? 126.0f : x;
  const float shifted = x + 12582912.0f;  // 1.5 * 2^23: the last bits are those of the nearest integer
  const float r = x - (shifted - 12582912.0f);
  float p = EXP2_6;
  p = p * r + EXP2_5;
  p = p * r + EXP2_4;
  p = p * r + EXP2_3;
  p = p * r + EXP2_2;
  p = p * r + EXP2_1;
  p = p * r + 1.0f;
  uint32_t bits, exponent;
  memcpy(&bits, &p, 4);
  memcpy(&exponent, &shifted, 4);
  bits += exponent << 23;
  memcpy(&p, &bits, 4);
  return p;
}

static inline float ck_fast_sigmoid(float x) { return 1.0f / (1.0f + ck_fast_exp2(x * -1.44269504088896341f)); }

// Odd polynomial near zero, where 1 − 2/(e^2x + 1) would cancel.
static inline float ck_fast_tanh(float x) {
  const float s = x * x;
  const float near = x * (1.0f + s * (-0.333333333f + s * (0.133333333f + s * (-0.0539682540f + s * 0.0218694885f))));
  const float far = 1.0f - 2.0f / (ck_fast_exp(2.0f * x) + 1.0f);
  return s < 0.04f ? near : far;
}

// Abramowitz and Stegun 7.1.26: absolute error below 1.5e-7.
static inline float ck_fast_erf(float x) {
  const float a = x < 0 ? -x : x;
  const float t = 1.0f / (1.0f + 0.3275911f * a);
  const float p = t * (0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f))));
  const float r = 1.0f - p * ck_fast_exp(-a * a);
  return x < 0 ? -r : r;
}

static inline float ck_fast_silu(float x) { return x * ck_fast_sigmoid(x); }
static inline float ck_fast_gelu(float x) { return 0.5f * x * (1.0f + ck_fast_erf(x * 0.70710678118654752f)); }

static inline float ck_fast_silu_gradient(float x, float g) {
  const float s = ck_fast_sigmoid(x);
  return g * s * (1.0f + x * (1.0f - s));
}

static inline float ck_fast_gelu_gradient(float x, float g) {
  const float density = 0.39894228040143268f * ck_fast_exp(-0.5f * x * x);
  return g * (0.5f * (1.0f + ck_fast_erf(x * 0.70710678118654752f)) + x * density);
}
