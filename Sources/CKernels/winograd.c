#include "include/winograd.h"

// Sixteen channels at a time. The last group of channels ends at the last channel and may overlap the one before: it
// computes the same values again, which is cheaper than masks.
enum { LANES = CK_WINOGRAD_LANES, OUTPUTS = 4, MOST = 6 };
typedef float vector __attribute__((vector_size(LANES * 4), aligned(4)));

#if defined(__x86_64__)
#define DISPATCHED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), min_vector_width(512)))
#else
#define DISPATCHED
#endif
#define INLINE static inline __attribute__((always_inline))
#define UNROLLED _Pragma("clang loop unroll(full)")

#define LOAD(p) (*(const vector *)(p))
#define STORE(p, v) (*(vector *)(p) = (v))

INLINE long group(long c, long channels) { return c + LANES <= channels ? c : channels - LANES; }

// The one-dimensional transforms by interpolation at 0, a, -a, b, -b and infinity for three taps, and at a, -a, b, -b and
// infinity for two. With points as close together as 5/8 and 3/2 (which squares and products keep exact) rounding errors
// are less than half of those at the usual 1 and 2. Sums and products of two may fuse; nothing relies on it.

typedef enum { INPUT, OUTPUT, OUTPUT_ADJOINT, WEIGHT, WEIGHT_ADJOINT } transform;

#define A3 0.625f
#define B3 1.5f
#define A2 0.375f
#define B2 1.25f
#define SQUARE(x) ((x) * (x))
#define CUBE(x) ((x) * (x) * (x))

INLINE void transform_3(transform kind, const vector d[MOST], vector t[MOST]) {
  const float a = A3, b = B3, aa = SQUARE(A3), bb = SQUARE(B3);
  // 1 over the products of the differences to all other points.
  const float zero = 1 / (SQUARE(A3) * SQUARE(B3)), near = 0.5f / (SQUARE(A3) * (SQUARE(A3) - SQUARE(B3)));
  const float far = 0.5f / (SQUARE(B3) * (SQUARE(B3) - SQUARE(A3)));
  switch (kind) {
    case INPUT: {
      const vector even = d[4] - bb * d[2], odd = d[3] - bb * d[1], even2 = d[4] - aa * d[2], odd2 = d[3] - aa * d[1];
      t[0] = aa * bb * d[0] - (aa + bb) * d[2] + d[4];
      t[1] = even + a * odd;
      t[2] = even - a * odd;
      t[3] = even2 + b * odd2;
      t[4] = even2 - b * odd2;
      t[5] = aa * bb * d[1] - (aa + bb) * d[3] + d[5];
      break;
    }
    case OUTPUT: {
      const vector sum1 = d[1] + d[2], difference1 = d[1] - d[2], sum2 = d[3] + d[4], difference2 = d[3] - d[4];
      t[0] = d[0] + sum1 + sum2;
      t[1] = a * difference1 + b * difference2;
      t[2] = aa * sum1 + bb * sum2;
      t[3] = CUBE(A3) * difference1 + CUBE(B3) * difference2 + d[5];
      break;
    }
    case OUTPUT_ADJOINT: {
      const vector even = d[0] + aa * d[2], odd = a * d[1] + CUBE(A3) * d[3];
      const vector even2 = d[0] + bb * d[2], odd2 = b * d[1] + CUBE(B3) * d[3];
      t[0] = d[0];
      t[1] = even + odd;
      t[2] = even - odd;
      t[3] = even2 + odd2;
      t[4] = even2 - odd2;
      t[5] = d[3];
      break;
    }
    case WEIGHT: {
      const vector even = near * d[0] + near * aa * d[2], odd = near * a * d[1];
      const vector even2 = far * d[0] + far * bb * d[2], odd2 = far * b * d[1];
      t[0] = zero * d[0];
      t[1] = even + odd;
      t[2] = even - odd;
      t[3] = even2 + odd2;
      t[4] = even2 - odd2;
      t[5] = d[2];
      break;
    }
    case WEIGHT_ADJOINT: {
      const vector sum1 = near * (d[1] + d[2]), sum2 = far * (d[3] + d[4]);
      t[0] = zero * d[0] + sum1 + sum2;
      t[1] = near * a * (d[1] - d[2]) + far * b * (d[3] - d[4]);
      t[2] = aa * sum1 + bb * sum2 + d[5];
      break;
    }
  }
}

INLINE void transform_2(transform kind, const vector d[MOST], vector t[MOST]) {
  const float a = A2, b = B2, aa = SQUARE(A2), bb = SQUARE(B2);
  const float near = 0.5f / (A2 * (SQUARE(A2) - SQUARE(B2))), far = 0.5f / (B2 * (SQUARE(B2) - SQUARE(A2)));
  switch (kind) {
    case INPUT: {
      const vector even = d[2] - bb * d[0], odd = d[3] - bb * d[1], even2 = d[2] - aa * d[0], odd2 = d[3] - aa * d[1];
      t[0] = a * even + odd;
      t[1] = a * even - odd;
      t[2] = b * even2 + odd2;
      t[3] = b * even2 - odd2;
      t[4] = aa * bb * d[0] - (aa + bb) * d[2] + d[4];
      break;
    }
    case OUTPUT: {
      const vector sum1 = d[0] + d[1], difference1 = d[0] - d[1], sum2 = d[2] + d[3], difference2 = d[2] - d[3];
      t[0] = sum1 + sum2;
      t[1] = a * difference1 + b * difference2;
      t[2] = aa * sum1 + bb * sum2;
      t[3] = CUBE(A2) * difference1 + CUBE(B2) * difference2 + d[4];
      break;
    }
    case OUTPUT_ADJOINT: {
      const vector even = d[0] + aa * d[2], odd = a * d[1] + CUBE(A2) * d[3];
      const vector even2 = d[0] + bb * d[2], odd2 = b * d[1] + CUBE(B2) * d[3];
      t[0] = even + odd;
      t[1] = even - odd;
      t[2] = even2 + odd2;
      t[3] = even2 - odd2;
      t[4] = d[3];
      break;
    }
    case WEIGHT: {
      const vector even = near * d[0], odd = near * a * d[1], even2 = far * d[0], odd2 = far * b * d[1];
      t[0] = even + odd;
      t[1] = even - odd;
      t[2] = even2 + odd2;
      t[3] = even2 - odd2;
      t[4] = d[1];
      break;
    }
    case WEIGHT_ADJOINT:
      t[0] = near * (d[0] + d[1]) + far * (d[2] + d[3]);
      t[1] = near * a * (d[0] - d[1]) + far * b * (d[2] - d[3]) + d[4];
      break;
  }
}

// How many values a one-dimensional transform takes and gives.
INLINE int taken(transform kind, int taps) {
  return kind == OUTPUT_ADJOINT ? OUTPUTS : kind == WEIGHT ? taps : OUTPUTS + taps - 1;
}
INLINE int given(transform kind, int taps) {
  return kind == OUTPUT ? OUTPUTS : kind == WEIGHT_ADJOINT ? taps : OUTPUTS + taps - 1;
}

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
    if (taps == 3) transform_3(kind, d, t);
    else transform_2(kind, d, t);
    UNROLLED for (int y = 0; y < m; ++y) half[y][x] = t[y];
  }
  UNROLLED for (int y = 0; y < m; ++y) {
    vector t[MOST];
    if (taps == 3) transform_3(kind, half[y], t);
    else transform_2(kind, half[y], t);
    if (target && (y < target->row_begin || y >= target->row_end)) continue;
    UNROLLED for (int x = 0; x < m; ++x)
      if (!target || (x >= target->column_begin && x < target->column_end))
        STORE(to + y * to_row + x * to_column, bias ? t[x] + shift : t[x]);
  }
}

// A tile's place in the batch.
typedef struct { long image, y, x; } place;

INLINE place first_place(const ck_tiling *g, long index) {
  return (place){index / (g->tiles_x * g->tiles_y), index / g->tiles_x % g->tiles_y, index % g->tiles_x};
}

INLINE void advance(const ck_tiling *g, place *p) {
  if (++p->x < g->tiles_x) return;
  p->x = 0;
  if (++p->y < g->tiles_y) return;
  p->y = 0;
  ++p->image;
}

// Where a tile lies in the images, in floats (outside of them at the border), and which of its pixels exist.
typedef struct { long offset; extent inside; } tile;

// The least number of steps of one or two pixels, at most `high`, that lead `distance` pixels on.
INLINE long steps(long distance, long stride, long high) {
  const long n = (distance + stride - 1) >> (stride - 1);
  return n < 0 ? 0 : n > high ? high : n;
}

INLINE tile locate(const ck_tiling *g, place p, long size) {
  const long s = g->stride, y = p.y * OUTPUTS * s - g->pad_top, x = p.x * OUTPUTS * s - g->pad_left;
  return (tile){
    .offset = ((p.image * g->height + y) * g->width + x) * g->channels,
    .inside = {
      steps(-y, s, size), steps(g->height - y, s, size), steps(-x, s, size), steps(g->width - x, s, size)}};
}

INLINE int is_whole(extent e, long size) {
  return e.row_begin == 0 && e.column_begin == 0 && e.row_end == size && e.column_end == size;
}

INLINE void images_to_planes(
  transform kind, int taps, const ck_tiling *g, const float *images, long first, long count, float *planes, long plane,
  long row) {
  const int size = taken(kind, taps), planes_of_row = given(kind, taps);
  const long channels = g->channels, pixel = g->stride * channels, line = pixel * g->width;
  place p = first_place(g, first);
  for (long i = 0; i < count; ++i, advance(g, &p)) {
    const tile t = locate(g, p, size);
    const int whole = is_whole(t.inside, size);
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *from = images + t.offset + c;
      float *to = planes + i * row + c;
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
  place p = first_place(g, first);
  for (long i = 0; i < count; ++i, advance(g, &p)) {
    const tile t = locate(g, p, OUTPUTS);
    const int whole = is_whole(t.inside, OUTPUTS);
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *from = planes + i * row + c;
      float *to = images + t.offset + c;
      const float *shift = bias ? bias + c : 0;
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

void ck_winograd_prefetch(const ck_tiling *g, const float *images, long first, long count) {
  const long floats_of_line = 16;
  place p = first_place(g, first);
  for (long i = 0; i < count; ++i, advance(g, &p)) {
    const tile t = locate(g, p, OUTPUTS);
    const long begin = t.inside.column_begin * g->stride * g->channels;
    const long end = ((t.inside.column_end - 1) * g->stride + 1) * g->channels;
    for (long y = t.inside.row_begin; y < t.inside.row_end; ++y) {
      const float *row = images + t.offset + y * g->stride * g->width * g->channels;
      for (long j = begin; j < end; j += floats_of_line) __builtin_prefetch(row + j);
    }
  }
}
