#pragma once

/// Copies rows first_row ..< first_row + rows and columns first_column ..< first_column + columns of one image
/// [height, width, channels] to `window`; what lies outside of the image is zero.
void ck_copy_window(
  const float *image, long height, long width, long channels, long first_row, long rows, long first_column, long columns,
  float *window);

/// Weights [taps, cin, cout] for the convolution that is the adjoint of one with stride 1: taps in reverse order, matrices
/// transposed, so `flipped` is [taps, cout, cin].
void ck_flip_weight(long taps, long input_channels, long output_channels, const float *weight, float *flipped);

/// to [columns, rows], its rows `to_row` floats apart, = the transpose of from [rows, columns], likewise.
void ck_transpose(const float *from, long from_row, long rows, long columns, float *to, long to_row);

/// Adds patches [height, width, patch_height, patch_length] to an image whose rows are row_length floats long: patch (y, x)
/// covers patch_length floats of each of the patch_height rows from y * stride_y on, starting at float x * stride_x.
void ck_scatter_patches(
  const float *patches, long height, long width, long patch_height, long patch_length, long stride_y, long stride_x,
  float *image, long row_length);

/// sum += terms.
void ck_add(float *sum, const float *terms, long count);
