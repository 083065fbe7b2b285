#include "include/convolution.h"
#include "transpose.h"
#include <string.h>

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DISPATCHED
#endif

DISPATCHED
void ck_copy_window(
  const float *image, long height, long width, long channels, long first_row, long rows, long first_column, long columns,
  float *window) {
  long begin = first_column < 0 ? -first_column : 0, end = width - first_column;
  if (end > columns) end = columns;
  if (begin > columns) begin = columns;
  if (end < begin) end = begin;
  const long length = columns * channels, before = begin * channels, inside = (end - begin) * channels;
  for (long i = 0; i < rows; ++i, window += length) {
    const long y = first_row + i;
    if (y < 0 || y >= height || inside == 0) {
      memset(window, 0, (size_t)length * sizeof(float));
      continue;
    }
    const float *from = image + (y * width + first_column + begin) * channels;
    for (long j = 0; j < before; ++j) window[j] = 0;
    memcpy(window + before, from, (size_t)inside * sizeof(float));
    for (long j = before + inside; j < length; ++j) window[j] = 0;
  }
}

DISPATCHED
void ck_flip_weight(long taps, long input_channels, long output_channels, const float *weight, float *flipped) {
  const long size = input_channels * output_channels;
  for (long tap = 0; tap < taps; ++tap)
    transpose(
      weight + (taps - 1 - tap) * size, output_channels, input_channels, output_channels, flipped + tap * size,
      input_channels);
}

DISPATCHED
void ck_transpose(const float *from, long from_row, long rows, long columns, float *to, long to_row) {
  transpose(from, from_row, rows, columns, to, to_row);
}

static inline __attribute__((always_inline)) void scatter_rows(
  const float *patches, long height, long width, long patch_height, long length, long stride_y, long stride_x,
  float *image, long row_length) {
  for (long y = 0; y < height; ++y) {
    for (long x = 0; x < width; ++x) {
      float *target = image + y * stride_y * row_length + x * stride_x;
      for (long k = 0; k < patch_height; ++k, patches += length)
        for (long j = 0; j < length; ++j) target[k * row_length + j] += patches[j];
    }
  }
}

DISPATCHED
void ck_scatter_patches(
  const float *patches, long height, long width, long patch_height, long patch_length, long stride_y, long stride_x,
  float *image, long row_length) {
  // Runs of one channel by three or four columns are the common ones and worth a constant.
  switch (patch_length) {
    case 3: scatter_rows(patches, height, width, patch_height, 3, stride_y, stride_x, image, row_length); break;
    case 4: scatter_rows(patches, height, width, patch_height, 4, stride_y, stride_x, image, row_length); break;
    case 12: scatter_rows(patches, height, width, patch_height, 12, stride_y, stride_x, image, row_length); break;
    default:
      scatter_rows(patches, height, width, patch_height, patch_length, stride_y, stride_x, image, row_length);
  }
}

DISPATCHED
void ck_gather_patches(const ck_patches *s, const float *images, long first, long count, float *patches) {
  const long pixel = s->channels, run = s->kernel_width * pixel;
  for (long i = first; i < first + count; ++i) {
    const long x = i % s->output_width * s->stride_x - s->pad_left;
    const long y = i / s->output_width % s->output_height * s->stride_y - s->pad_top;
    const float *image = images + i / s->output_width / s->output_height * s->height * s->width * pixel;
    long begin = x < 0 ? -x : 0, end = s->width - x < s->kernel_width ? s->width - x : s->kernel_width;
    if (end < begin) begin = end = 0;
    for (long k = 0; k < s->kernel_height; ++k, patches += run) {
      if (y + k < 0 || y + k >= s->height) {
        memset(patches, 0, (size_t)run * sizeof(float));
        continue;
      }
      const float *row = image + ((y + k) * s->width + x) * pixel;
      for (long j = 0; j < begin * pixel; ++j) patches[j] = 0;
      for (long j = begin * pixel; j < end * pixel; ++j) patches[j] = row[j];
      for (long j = end * pixel; j < run; ++j) patches[j] = 0;
    }
  }
}

DISPATCHED
void ck_add_patches(
  const ck_patches *s, const float *patches, long first_output, long end_output, long first_row, long end_row,
  float *image) {
  const long pixel = s->channels, run = s->kernel_width * pixel;
  for (long y = first_row; y < end_row; ++y) {
    for (long k = 0; k < s->kernel_height; ++k) {
      const long above = y + s->pad_top - k, output = above / s->stride_y;
      if (above < 0 || above % s->stride_y || output < first_output || output >= end_output) continue;
      const float *patch = patches + ((output - first_output) * s->output_width * s->kernel_height + k) * run;
      for (long o = 0; o < s->output_width; ++o, patch += s->kernel_height * run) {
        const long x = o * s->stride_x - s->pad_left;
        const long begin = x < 0 ? -x : 0, end = s->width - x < s->kernel_width ? s->width - x : s->kernel_width;
        float *row = image + (y * s->width + x) * pixel;
        for (long j = begin * pixel; j < end * pixel; ++j) row[j] += patch[j];
      }
    }
  }
}

DISPATCHED
void ck_add(float *sum, const float *terms, long count) {
  for (long i = 0; i < count; ++i) sum[i] += terms[i];
}
