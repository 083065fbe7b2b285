#include "include/fileFloats.h"
#include "transpose.h"
#include "vector.h"

CK_DISPATCH
void ck_widen_half(long count, const void *restrict in, float *restrict out) {
  for (long i = 0; i < count; ++i) {
    uint16_t half;
    memcpy(&half, (const char *)in + 2 * i, 2);
    const uint32_t magnitude = half & 0x7fffu;
    // Below 2^-14 a half counts steps of 2^-24; integers, because denormals may be flushed.
    const float small = (float)(int32_t)magnitude * 0x1p-24f;
    uint32_t small_bits;
    memcpy(&small_bits, &small, 4);
    uint32_t bits = (magnitude << 13) + (112u << 23);
    bits = magnitude >= 0x7c00u ? (magnitude << 13) | 0x7f800000u : bits;
    bits = magnitude < 0x0400u ? small_bits : bits;
    bits |= (uint32_t)(half & 0x8000u) << 16;
    memcpy(out + i, &bits, 4);
  }
}

CK_DISPATCH
void ck_widen_bfloat(long count, const void *restrict in, float *restrict out) {
  for (long i = 0; i < count; ++i) {
    uint16_t bfloat;
    memcpy(&bfloat, (const char *)in + 2 * i, 2);
    const uint32_t bits = (uint32_t)bfloat << 16;
    memcpy(out + i, &bits, 4);
  }
}

enum { INPUTS_TILE = 64, ROWS_TILE = 64 };

CK_DISPATCH
void ck_lay_weights(long rows, long inputs, long taps, const float *restrict in, long outputs, float *restrict out) {
  float tile[ROWS_TILE * INPUTS_TILE];
  const long row = inputs * taps;
  for (long r = 0; r < rows; r += ROWS_TILE) {
    const long height = rows - r < ROWS_TILE ? rows - r : ROWS_TILE;
    for (long i = 0; i < inputs; i += INPUTS_TILE) {
      const long width = inputs - i < INPUTS_TILE ? inputs - i : INPUTS_TILE;
      for (long k = 0; k < taps; ++k) {
        const float *from = in + r * row + i * taps + k;
        float *to = out + (k * inputs + i) * outputs + r;
        if (taps == 1) {
          transpose(from, row, height, width, to, outputs);
          continue;
        }
        for (long y = 0; y < height; ++y)
          for (long x = 0; x < width; ++x) tile[y * INPUTS_TILE + x] = from[y * row + x * taps];
        transpose(tile, INPUTS_TILE, height, width, to, outputs);
      }
    }
  }
}
