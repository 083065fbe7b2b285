#pragma once

/// Winograd's F(4 x 4, r x r): 4 x 4 outputs of an r x r correlation from (r + 3) x (r + 3) inputs with one multiplication
/// for each input. Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016), with other points of
/// interpolation, that round less: 0, 5/8, -5/8, 3/2, -3/2 for r = 3 and 3/8, -3/8, 5/4, -5/4 for r = 2. `taps` is r: 3 (36
/// instead of 144 multiplications) or 2 (25 instead of 64).
///
/// Transformed data is (r + 3)^2 planes `plane` floats apart; within a plane, rows of channels. All channel counts are at
/// least `CK_WINOGRAD_LANES`. Tiles are counted over batch, rows of tiles, columns of tiles.
enum { CK_WINOGRAD_LANES = 16 };

/// A batch of images [batch, height, width, channels] of which the pixels (stride * i - pad_top, stride * j - pad_left) are
/// covered by tiles_y x tiles_x tiles, 4 of them apart; `stride` is 1 or 2. What is outside of the image reads as zero and
/// is not written.
typedef struct {
  long batch, height, width, channels, tiles_y, tiles_x, pad_top, pad_left, stride;
} ck_tiling;

/// V = B' d B: tiles first ..< first + count of r + 3 pixels a side to planes of rows `row` floats apart.
void ck_winograd_input(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row);

/// Y = A' M A + bias: planes of [count, channels], likewise, to 4 x 4 pixels of the images, as their channels from
/// first_channel on. `bias` (may be NULL) is that of all channels.
void ck_winograd_output(
  int taps, const ck_tiling *g, const float *planes, long plane, long row, long first_channel, long channels, long first,
  long count, const float *bias, float *images);

/// The adjoint of `ck_winograd_output` without bias, A dY A': 4 x 4 pixels to planes of [count, channels].
void ck_winograd_output_adjoint(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row);

/// U = G g G' for `count` (at least 16) elements of r x r taps, `tap_row` and `tap_column` floats apart.
void ck_winograd_weight(
  int taps, const float *weight, long tap_row, long tap_column, long count, float *planes, long plane);

/// The adjoint of `ck_winograd_weight`, G' dU G, of the sum of `parts` sets of planes that are `part` floats apart.
void ck_winograd_weight_adjoint(
  int taps, const float *planes, long plane, long part, long parts, long count, float *weight, long tap_row,
  long tap_column);

/// Asks for the 4 x 4 pixels of tiles first ..< first + count, so that they are in cache when a transform comes to them.
void ck_winograd_prefetch(const ck_tiling *g, const float *images, long first, long count);
