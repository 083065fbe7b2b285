#include "include/convolution.h"
#include <string.h>

// The range of kernel columns that fall inside the image for output column `ox` is the same for all kernel rows, so each
// kernel row is one contiguous run of floats in the input (channels last) between two runs of zeros.
typedef struct {
  long begin, end;  // kernel columns inside the image
  long start;       // input column under kernel column 0 (may be negative)
} span;

static inline span columns_inside(const ck_convolution *g, long ox) {
  span s;
  s.start = ox * g->stride_width - g->pad_left;
  s.begin = s.start < 0 ? -s.start : 0;
  s.end = g->input_width - s.start;
  if (s.end > g->kernel_width) s.end = g->kernel_width;
  if (s.begin > g->kernel_width) s.begin = g->kernel_width;
  if (s.end < s.begin) s.end = s.begin;
  return s;
}

// Runs are short (a few channels times a few columns), so a call of memcpy each would cost more than the copying.
static inline __attribute__((always_inline)) void copy_floats(float *restrict to, const float *restrict from, long count) {
  typedef float eight __attribute__((vector_size(32), aligned(4)));
  typedef float four __attribute__((vector_size(16), aligned(4)));
  if (count >= 8) {
    for (long j = 0; j < count - 8; j += 8) *(eight *)(to + j) = *(const eight *)(from + j);
    *(eight *)(to + count - 8) = *(const eight *)(from + count - 8);
  } else if (count >= 4) {
    *(four *)to = *(const four *)from;
    *(four *)(to + count - 4) = *(const four *)(from + count - 4);
  } else {
    for (long j = 0; j < count; ++j) to[j] = from[j];
  }
}

static inline void zero_floats(float *to, long count) { memset(to, 0, (size_t)count * sizeof(float)); }

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void ck_gather_columns(const ck_convolution *g, const float *input, long first, long count, float *columns) {
  const long channels = g->input_channels, row = g->input_width * channels, run = g->kernel_width * channels;
  const long pixels = g->output_height * g->output_width;
  long image = first / pixels, oy = first % pixels / g->output_width, ox = first % g->output_width;
  for (long i = 0; i < count; ++i) {
    const span s = columns_inside(g, ox);
    for (long ky = 0; ky < g->kernel_height; ++ky, columns += run) {
      const long y = oy * g->stride_height - g->pad_top + ky;
      if (y < 0 || y >= g->input_height || s.begin == s.end) {
        zero_floats(columns, run);
        continue;
      }
      const float *source = input + (image * g->input_height + y) * row + (s.start + s.begin) * channels;
      if (s.begin > 0) zero_floats(columns, s.begin * channels);
      copy_floats(columns + s.begin * channels, source, (s.end - s.begin) * channels);
      if (s.end < g->kernel_width) zero_floats(columns + s.end * channels, run - s.end * channels);
    }
    if (++ox == g->output_width) {
      ox = 0;
      if (++oy == g->output_height) oy = 0, ++image;
    }
  }
}

__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
void ck_scatter_columns(const ck_convolution *g, const float *columns, long first, long count, float *input) {
  const long channels = g->input_channels, row = g->input_width * channels, run = g->kernel_width * channels;
  const long pixels = g->output_height * g->output_width;
  long image = first / pixels, oy = first % pixels / g->output_width, ox = first % g->output_width;
  for (long i = 0; i < count; ++i) {
    const span s = columns_inside(g, ox);
    for (long ky = 0; ky < g->kernel_height; ++ky, columns += run) {
      const long y = oy * g->stride_height - g->pad_top + ky;
      if (y < 0 || y >= g->input_height) continue;
      float *restrict target = input + (image * g->input_height + y) * row + (s.start + s.begin) * channels;
      const float *restrict source = columns + s.begin * channels;
      const long length = (s.end - s.begin) * channels;
      for (long j = 0; j < length; ++j) target[j] += source[j];
    }
    if (++ox == g->output_width) {
      ox = 0;
      if (++oy == g->output_height) oy = 0, ++image;
    }
  }
}

void ck_flip_weight(long taps, long input_channels, long output_channels, const float *weight, float *flipped) {
  const long size = input_channels * output_channels;
  for (long tap = 0; tap < taps; ++tap) {
    const float *from = weight + (taps - 1 - tap) * size;
    float *to = flipped + tap * size;
    for (long i = 0; i < input_channels; ++i)
      for (long o = 0; o < output_channels; ++o) to[o * input_channels + i] = from[i * output_channels + o];
  }
}
