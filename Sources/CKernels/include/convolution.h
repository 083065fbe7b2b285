#pragma once

/// Geometry of a 2-D convolution over images [batch, height, width, channels], in C's view.
typedef struct {
  long batch, input_height, input_width, input_channels, output_channels;
  long kernel_height, kernel_width, stride_height, stride_width;
  long pad_top, pad_left, output_height, output_width;
} ck_convolution;

/// Copies the receptive fields of output pixels first ..< first + count (counted over batch, height, width) into rows of
/// `columns` [count, kh * kw * cin]; positions in the padding are zero.
void ck_gather_columns(const ck_convolution *g, const float *input, long first, long count, float *columns);

/// The adjoint of `ck_gather_columns`: adds each row of `columns` back to where it was gathered from.
void ck_scatter_columns(const ck_convolution *g, const float *columns, long first, long count, float *input);

/// Weights [kh, kw, cin, cout] for the convolution that is the adjoint of one with stride 1: taps in reverse order,
/// matrices transposed, so `flipped` is [kh, kw, cout, cin].
void ck_flip_weight(long taps, long input_channels, long output_channels, const float *weight, float *flipped);
