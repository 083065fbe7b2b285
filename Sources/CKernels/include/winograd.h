#pragma once

/// Winograd's F(4 x 4, r x r): 4 x 4 outputs of an r x r correlation from (r + 3) x (r + 3) inputs with one multiplication
/// for each input. Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016), with other points of
/// interpolation, that round less: 0, 5/8, -5/8, 3/2, -3/2 for r = 3 and 3/8, -3/8, 5/4, -5/4 for r = 2. `taps` is r: 3 (36
/// instead of 144 multiplications) or 2 (25 instead of 64).
///
/// Transformed data is (r + 3)^2 planes `plane` floats apart; within a plane, rows of channels. All channel counts are at
/// least `CK_WINOGRAD_LANES`.
enum { CK_WINOGRAD_LANES = 16 };

/// A batch of images [batch, height, width, channels] of which the pixels (stride * i - pad_top, stride * j - pad_left) are
/// covered by tiles_y x tiles_x tiles; `stride` is 1 or 2. What is outside of the image reads as zero and is not written.
///
/// The first whole_y rows and whole_x columns of tiles have 4 pixels, those after them 3: a result 7 wide takes 4 + 3. Only
/// the fourth result depends on the last value of a transformed row (that of infinity), so a short tile does not need the
/// planes of that row or column. Tiles are counted by kind, and within each over batch, rows, columns: first those short in
/// columns only, then whole ones, then those short in rows only, then those short in both. So each plane is needed for
/// consecutive tiles.
typedef struct {
  long batch, height, width, channels, tiles_y, tiles_x, whole_y, whole_x, pad_top, pad_left, stride;
} ck_tiling;

/// V = B' d B: tiles first ..< first + count with the r - 1 pixels after each, to planes of rows `row` floats apart.
void ck_winograd_input(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row);

/// Y = A' M A + bias: planes of [count, channels], likewise, to the tiles of the images, as their channels from
/// first_channel on. `bias` (may be NULL) is that of all channels.
void ck_winograd_output(
  int taps, const ck_tiling *g, const float *planes, long plane, long row, long first_channel, long channels, long first,
  long count, const float *bias, float *images);

/// The adjoint of `ck_winograd_output` without bias, A dY A': tiles to planes of [count, channels].
void ck_winograd_output_adjoint(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row);

/// U = G g G' for `count` (at least 16) elements of r x r taps, `tap_row` and `tap_column` floats apart.
void ck_winograd_weight(
  int taps, const float *weight, long tap_row, long tap_column, long count, float *planes, long plane);

/// The adjoint of `ck_winograd_weight`, G' dU G, of the sum of `parts` sets of planes that are `part` floats apart.
void ck_winograd_weight_adjoint(
  int taps, const float *planes, long plane, long part, long parts, long count, float *weight, long tap_row,
  long tap_column);

/// Transformed tiles: (r + 3)^2 planes of rows of channels, one for each tile; distances in floats.
typedef struct {
  const float *start;
  long plane, row;
} ck_planes;

/// Rows that `ck_winograd_correlation` can do at a time.
enum { CK_WINOGRAD_CORRELATION_ROWS = 48 };

/// The weight gradient G' (sum over tiles of left' right) G of 16 to 48 left-hand channels from `left` on and all
/// right-hand ones: `weight` [rows, columns] of the first of r x r taps, `tap_row` and `tap_column` floats apart. Sums stay
/// in registers and those of all planes of a few channels in a first-level cache. For few tiles: all are read again for
/// each 16 columns.
void ck_winograd_correlation(
  int taps, const ck_planes *left, const ck_planes *right, long tiles, long rows, long columns, float *weight,
  long tap_row, long tap_column);

/// Whether the processor has registers for the sums of several rows at a time, which share each load of a right-hand vector;
/// if not, `ck_winograd_correlation` waits for loads and is worth it for very few tiles only.
int ck_winograd_correlation_shares_loads(void);
