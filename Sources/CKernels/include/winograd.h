#pragma once

/// Winograd's F(4 x 4, 3 x 3): 4 x 4 outputs of a 3 x 3 correlation from 6 x 6 inputs with 36 instead of 144
/// multiplications. Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016), with the points 0, +-1, +-2.
///
/// Transformed data is 36 planes `plane` floats apart; within a plane, rows of channels. All channel counts are at least
/// `CK_WINOGRAD_LANES`. Tiles are counted over batch, rows of tiles, columns of tiles.
enum { CK_WINOGRAD_LANES = 16, CK_WINOGRAD_PLANES = 36 };

/// A batch of images [batch, height, width, channels] covered by tiles_y x tiles_x tiles each. The tile (0, 0) begins at
/// row -pad_top, column -pad_left; what is outside of the image reads as zero and is not written.
typedef struct {
  long height, width, channels, tiles_y, tiles_x, pad_top, pad_left;
} ck_tiling;

/// V = B' d B: tiles first ..< first + count, 6 x 6 pixels 4 apart, to planes of [count, channels].
void ck_winograd_input(const ck_tiling *g, const float *images, long first, long count, float *planes, long plane);

/// Y = A' M A + bias: planes of [count, channels] to 4 x 4 pixels of the images. `bias` may be NULL.
void ck_winograd_output(
  const ck_tiling *g, const float *planes, long plane, long first, long count, const float *bias, float *images);

/// The adjoint of `ck_winograd_output` without bias, A dY A': 4 x 4 pixels to planes of [count, channels].
void ck_winograd_output_adjoint(
  const ck_tiling *g, const float *images, long first, long count, float *planes, long plane);

/// U = G g G': elements first ..< first + count (count >= 16) of each of 3 x 3 taps, `size` floats apart, to planes.
void ck_winograd_weight(const float *weight, long size, long first, long count, float *planes, long plane);

/// The adjoint of `ck_winograd_weight`, G' dU G.
void ck_winograd_weight_adjoint(
  const float *planes, long plane, long first, long count, float *weight, long size);
