#include "winogradTransforms.h"

// Which rows and columns of a square of values exist; the others read as zero and are not written.
typedef struct { long row_begin, row_end, column_begin, column_end; } extent;

// Both dimensions of a transform: value (y, x) is at `from + y * from_row + x * from_column`, and likewise `to`. `terms`
// values `term` floats apart are added up where each is read; `bias` (may be NULL) is added to each that is written.
// `kind`, `taps` and which extents are NULL are constants at every call, so that the arrays become registers.
INLINE void transform_square(
  transform kind, int taps, const float *from, long from_row, long from_column, const extent *inside, long terms,
  long term, float *to, long to_row, long to_column, const extent *target, const float *bias) {
  const int n = taken(kind, taps), m = given(kind, taps);
  const vector shift = bias ? LOAD(bias) : (vector){0};
  vector half[MOST][MOST];
  UNROLLED for (int x = 0; x < n; ++x) {
    vector d[MOST], t[MOST];
    UNROLLED for (int y = 0; y < n; ++y) {
      const float *place = from + y * from_row + x * from_column;
      const int exists = !inside || (x >= inside->column_begin && x < inside->column_end && y >= inside->row_begin
                                     && y < inside->row_end);
      if (exists) d[y] = LOAD(place);
      else d[y] = (vector){0};
      for (long k = 1; k < terms; ++k) d[y] += LOAD(place + k * term);
    }
    transform_line(taps, kind, d, t);
    UNROLLED for (int y = 0; y < m; ++y) half[y][x] = t[y];
  }
  UNROLLED for (int y = 0; y < m; ++y) {
    vector t[MOST];
    transform_line(taps, kind, half[y], t);
    if (target && (y < target->row_begin || y >= target->row_end)) continue;
    UNROLLED for (int x = 0; x < m; ++x)
      if (!target || (x >= target->column_begin && x < target->column_end))
        STORE(to + y * to_row + x * to_column, bias ? t[x] + shift : t[x]);
  }
}

// A tile's place: its number, the rows and columns of tiles of its kind, and which it is.
typedef struct { long index; extent tiles; long image, y, x; } place;

// The kinds in the order of `ck_tiling`.
INLINE extent tiles_of_kind(const ck_tiling *g, int kind) {
  const int short_in_rows = kind >= 2, short_in_columns = kind == 0 || kind == 3;
  return (extent){
    short_in_rows ? g->whole_y : 0, short_in_rows ? g->tiles_y : g->whole_y, short_in_columns ? g->whole_x : 0,
    short_in_columns ? g->tiles_x : g->whole_x};
}

INLINE place find_place(const ck_tiling *g, long index) {
  long i = index;
  for (int kind = 0; kind < 4; ++kind) {
    const extent e = tiles_of_kind(g, kind);
    const long rows = e.row_end - e.row_begin, columns = e.column_end - e.column_begin, count = g->batch * rows * columns;
    if (i < count)
      return (place){index, e, i / (rows * columns), e.row_begin + i / columns % rows, e.column_begin + i % columns};
    i -= count;
  }
  return (place){.index = index};  // after the last
}

INLINE void advance(const ck_tiling *g, place *p) {
  ++p->index;
  if (++p->x < p->tiles.column_end) return;
  p->x = p->tiles.column_begin;
  if (++p->y < p->tiles.row_end) return;
  p->y = p->tiles.row_begin;
  if (++p->image < g->batch) return;
  *p = find_place(g, p->index);
}

// Where a tile lies in the images, in floats (outside of them at the border), and which of its pixels exist.
typedef struct { long offset; extent inside; } tile;

// The least number of steps of one or two pixels, at most `high`, that lead `distance` pixels on.
INLINE long steps(long distance, long stride, long high) {
  const long n = (distance + stride - 1) >> (stride - 1);
  return n < 0 ? 0 : n > high ? high : n;
}

// Pixels before a row or column of tiles.
INLINE long pixels_before(long index, long whole) { return index < whole ? 4 * index : 3 * index + whole; }

// `size` is how many values a whole tile has, those around it included or not.
INLINE tile locate(const ck_tiling *g, place p, long size) {
  const long s = g->stride;
  const long y = pixels_before(p.y, g->whole_y) * s - g->pad_top, x = pixels_before(p.x, g->whole_x) * s - g->pad_left;
  const long rows = p.y < g->whole_y ? size : size - 1, columns = p.x < g->whole_x ? size : size - 1;
  return (tile){
    .offset = ((p.image * g->height + y) * g->width + x) * g->channels,
    .inside = {
      steps(-y, s, rows), steps(g->height - y, s, rows), steps(-x, s, columns), steps(g->width - x, s, columns)}};
}

// Pixels come in rows too short to be foreseen: while one tile is transformed, those of the one so many tiles later are
// prefetched. Into the second-level cache: in the first, they came no sooner than without.
#define TILES_AHEAD 4

INLINE void prefetch_pixels(const float *corner, long line, long pixel, int begin, int end) {
  UNROLLED for (int y = begin; y < end; ++y)
    UNROLLED for (int x = begin; x < end; ++x) __builtin_prefetch(corner + y * line + x * pixel, 0, 2);
}

INLINE int is_whole(extent e, long size) {
  return e.row_begin == 0 && e.column_begin == 0 && e.row_end == size && e.column_end == size;
}

INLINE void images_to_planes(
  transform kind, int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane,
  long row) {
  const int size = taken(kind, taps), planes_of_row = given(kind, taps);
  const long channels = g->channels, pixel = g->stride * channels, line = pixel * g->width;
  place p = find_place(g, first), ahead = find_place(g, first + TILES_AHEAD);
  for (long i = 0; i < count; ++i, advance(g, &p), advance(g, &ahead)) {
    const tile t = locate(g, p, size);
    const int whole = is_whole(t.inside, size);
    const float *coming = images + locate(g, ahead, size).offset;
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *from = images + t.offset + c;
      float *to = planes + i * row + c;
      prefetch_pixels(coming + c, line, pixel, size - OUTPUTS, size);  // what tiles share comes with the one before
      if (whole)
        transform_square(kind, taps, from, line, pixel, 0, 1, 0, to, planes_of_row * plane, plane, 0, 0);
      else
        transform_square(kind, taps, from, line, pixel, &t.inside, 1, 0, to, planes_of_row * plane, plane, 0, 0);
    }
  }
}

DISPATCHED
void ck_winograd_input(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row) {
  if (taps == 3) images_to_planes(INPUT, 3, g, images, first, count, planes, plane, row);
  else images_to_planes(INPUT, 2, g, images, first, count, planes, plane, row);
}

DISPATCHED
void ck_winograd_output_adjoint(
  int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane, long row) {
  if (taps == 3) images_to_planes(OUTPUT_ADJOINT, 3, g, images, first, count, planes, plane, row);
  else images_to_planes(OUTPUT_ADJOINT, 2, g, images, first, count, planes, plane, row);
}

INLINE void planes_to_images(
  int taps, const ck_tiling *g, const float *planes, long plane, long row, long channels, long first, long count,
  const float *bias, float *images) {
  const int planes_of_row = taken(OUTPUT, taps);
  const long pixel = g->stride * g->channels, line = pixel * g->width;
  place p = find_place(g, first), ahead = find_place(g, first + TILES_AHEAD);
  for (long i = 0; i < count; ++i, advance(g, &p), advance(g, &ahead)) {
    const tile t = locate(g, p, OUTPUTS);
    const int whole = is_whole(t.inside, OUTPUTS);
    const float *coming = images + locate(g, ahead, OUTPUTS).offset;
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *from = planes + i * row + c;
      float *to = images + t.offset + c;
      const float *shift = bias ? bias + c : 0;
      prefetch_pixels(coming + c, line, pixel, 0, OUTPUTS);
      if (whole)
        transform_square(OUTPUT, taps, from, planes_of_row * plane, plane, 0, 1, 0, to, line, pixel, 0, shift);
      else
        transform_square(OUTPUT, taps, from, planes_of_row * plane, plane, 0, 1, 0, to, line, pixel, &t.inside, shift);
    }
  }
}

DISPATCHED
void ck_winograd_output(
  int taps, const ck_tiling *g, const float *planes, long plane, long row, long first_channel, long channels, long first,
  long count, const float *bias, float *images) {
  images += first_channel;
  if (bias) bias += first_channel;
  if (taps == 3) planes_to_images(3, g, planes, plane, row, channels, first, count, bias, images);
  else planes_to_images(2, g, planes, plane, row, channels, first, count, bias, images);
}

INLINE void weights(
  transform kind, int taps, const float *from, long from_row, long from_column, long terms, long term, long count,
  float *to, long to_row, long to_column) {
  for (long next = 0; next < count; next += LANES) {
    const long c = group(next, count);
    transform_square(
      kind, taps, from + c, from_row, from_column, 0, terms, term, to + c, to_row, to_column, 0, 0);
  }
}

DISPATCHED
void ck_winograd_weight(
  int taps, const float *weight, long tap_row, long tap_column, long count, float *planes, long plane) {
  if (taps == 3) weights(WEIGHT, 3, weight, tap_row, tap_column, 1, 0, count, planes, 6 * plane, plane);
  else weights(WEIGHT, 2, weight, tap_row, tap_column, 1, 0, count, planes, 5 * plane, plane);
}

DISPATCHED
void ck_winograd_weight_adjoint(
  int taps, const float *planes, long plane, long part, long parts, long count, float *weight, long tap_row,
  long tap_column) {
  if (taps == 3)
    weights(WEIGHT_ADJOINT, 3, planes, 6 * plane, plane, parts, part, count, weight, tap_row, tap_column);
  else weights(WEIGHT_ADJOINT, 2, planes, 5 * plane, plane, parts, part, count, weight, tap_row, tap_column);
}
