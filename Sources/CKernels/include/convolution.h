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

/// The patches of a convolution: output (y, x) sees kernel_height rows of kernel_width pixels of an image
/// [height, width, channels], from row y * stride_y - pad_top and column x * stride_x - pad_left on; outside are zeros.
typedef struct {
  long height, width, channels, output_height, output_width, kernel_height, kernel_width, stride_y, stride_x, pad_top,
    pad_left;
} ck_patches;

/// Copies the patches of `count` outputs, counted over the rows of all images from `first` on, to
/// [count, kernel_height, kernel_width, channels].
void ck_gather_patches(const ck_patches *shape, const float *images, long first, long count, float *patches);

/// The adjoint for one image: adds the patches of output rows first_output ..< end_output to the image's rows
/// first_row ..< end_row.
void ck_add_patches(
  const ck_patches *shape, const float *patches, long first_output, long end_output, long first_row, long end_row,
  float *image);

/// sum += terms.
void ck_add(float *sum, const float *terms, long count);
