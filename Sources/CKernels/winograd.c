#include "include/winograd.h"

// Sixteen channels at a time. The last group of channels ends at the last channel and may overlap the one before: it
// computes the same values again, which is cheaper than masks.
enum { LANES = CK_WINOGRAD_LANES };
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

// The one-dimensional transforms. Sums and products of two may fuse; nothing here relies on it.

INLINE void input_1d(const vector d[6], vector t[6]) {
  const vector even = d[4] - 4 * d[2], odd = d[3] - 4 * d[1], even2 = d[4] - d[2], odd2 = 2 * (d[3] - d[1]);
  t[0] = 4 * d[0] - 5 * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = even2 + odd2;
  t[4] = even2 - odd2;
  t[5] = 4 * d[1] - 5 * d[3] + d[5];
}

INLINE void output_1d(const vector m[6], vector y[4]) {
  const vector sum1 = m[1] + m[2], difference1 = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  y[0] = m[0] + sum1 + sum2;
  y[1] = difference1 + 2 * difference2;
  y[2] = sum1 + 4 * sum2;
  y[3] = difference1 + 8 * difference2 + m[5];
}

INLINE void output_adjoint_1d(const vector y[4], vector m[6]) {
  const vector even = y[0] + y[2], odd = y[1] + y[3], even2 = y[0] + 4 * y[2], odd2 = 2 * y[1] + 8 * y[3];
  m[0] = y[0];
  m[1] = even + odd;
  m[2] = even - odd;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = y[3];
}

INLINE void weight_1d(const vector g[3], vector u[6]) {
  const vector even = (g[0] + g[2]) * (-1.0f / 6), odd = g[1] * (-1.0f / 6);
  const vector even2 = g[0] * (1.0f / 24) + g[2] * (1.0f / 6), odd2 = g[1] * (1.0f / 12);
  u[0] = g[0] * 0.25f;
  u[1] = even + odd;
  u[2] = even - odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

INLINE void weight_adjoint_1d(const vector u[6], vector g[3]) {
  const vector sum1 = (u[1] + u[2]) * (-1.0f / 6), sum2 = u[3] + u[4];
  g[0] = u[0] * 0.25f + sum1 + sum2 * (1.0f / 24);
  g[1] = (u[1] - u[2]) * (-1.0f / 6) + (u[3] - u[4]) * (1.0f / 12);
  g[2] = sum1 + sum2 * (1.0f / 6) + u[5];
}

// Where a tile of `size` x `size` pixels lies, and which of its rows and columns are inside the image.
typedef struct {
  long offset;  // of its pixel (0, 0), in floats; outside of the image at the border
  long row_begin, row_end, column_begin, column_end;
} tile;

INLINE long clamp(long x, long low, long high) { return x < low ? low : x > high ? high : x; }

INLINE tile locate(const ck_tiling *g, long index, long size) {
  const long tx = index % g->tiles_x, ty = index / g->tiles_x % g->tiles_y, image = index / (g->tiles_x * g->tiles_y);
  const long y = ty * 4 - g->pad_top, x = tx * 4 - g->pad_left;
  return (tile){
    .offset = ((image * g->height + y) * g->width + x) * g->channels,
    .row_begin = clamp(-y, 0, size),
    .row_end = clamp(g->height - y, 0, size),
    .column_begin = clamp(-x, 0, size),
    .column_end = clamp(g->width - x, 0, size),
  };
}

INLINE int is_whole(tile t, long size) {
  return t.row_begin == 0 && t.column_begin == 0 && t.row_end == size && t.column_end == size;
}

// A tile at the border: its pixels between zeros, for one group of channels.
INLINE void gather(const ck_tiling *g, tile t, const float *source, long size, vector *patch) {
  for (long i = 0; i < size * size; ++i) patch[i] = (vector){0};
  for (long y = t.row_begin; y < t.row_end; ++y)
    for (long x = t.column_begin; x < t.column_end; ++x)
      patch[y * size + x] = LOAD(source + (y * g->width + x) * g->channels);
}

INLINE void input_2d(const float *source, long row, long column, float *to, long plane) {
  vector half[6][6];
  UNROLLED for (int x = 0; x < 6; ++x) {
    vector d[6], t[6];
    UNROLLED for (int y = 0; y < 6; ++y) d[y] = LOAD(source + y * row + x * column);
    input_1d(d, t);
    UNROLLED for (int y = 0; y < 6; ++y) half[y][x] = t[y];
  }
  UNROLLED for (int y = 0; y < 6; ++y) {
    vector t[6];
    input_1d(half[y], t);
    UNROLLED for (int x = 0; x < 6; ++x) STORE(to + (y * 6 + x) * plane, t[x]);
  }
}

DISPATCHED
void ck_winograd_input(const ck_tiling *g, const float *images, long first, long count, float *planes, long plane) {
  vector patch[36];
  const long channels = g->channels;
  for (long i = 0; i < count; ++i) {
    const tile t = locate(g, first + i, 6);
    const int whole = is_whole(t, 6);
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *source = images + t.offset + c;
      float *to = planes + i * channels + c;
      if (whole) {
        input_2d(source, g->width * channels, channels, to, plane);
      } else {
        gather(g, t, source, 6, patch);
        input_2d((const float *)patch, 6 * LANES, LANES, to, plane);
      }
    }
  }
}

DISPATCHED
void ck_winograd_output(
  const ck_tiling *g, const float *planes, long plane, long first, long count, const float *bias, float *images) {
  const long channels = g->channels;
  for (long i = 0; i < count; ++i) {
    const tile t = locate(g, first + i, 4);
    const int whole = is_whole(t, 4);
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *source = planes + i * channels + c;
      const vector shift = bias ? LOAD(bias + c) : (vector){0};
      vector half[4][6];
      UNROLLED for (int x = 0; x < 6; ++x) {
        vector m[6], y[4];
        UNROLLED for (int k = 0; k < 6; ++k) m[k] = LOAD(source + (k * 6 + x) * plane);
        output_1d(m, y);
        UNROLLED for (int k = 0; k < 4; ++k) half[k][x] = y[k];
      }
      float *to = images + t.offset + c;
      UNROLLED for (int k = 0; k < 4; ++k) {
        vector y[4];
        output_1d(half[k], y);
        float *row = to + k * g->width * channels;
        if (whole) {
          UNROLLED for (int x = 0; x < 4; ++x) STORE(row + x * channels, y[x] + shift);
        } else if (k >= t.row_begin && k < t.row_end) {
          UNROLLED for (int x = 0; x < 4; ++x)
            if (x >= t.column_begin && x < t.column_end) STORE(row + x * channels, y[x] + shift);
        }
      }
    }
  }
}

INLINE void output_adjoint_2d(const float *source, long row, long column, float *to, long plane) {
  vector half[6][4];
  UNROLLED for (int x = 0; x < 4; ++x) {
    vector y[4], m[6];
    UNROLLED for (int k = 0; k < 4; ++k) y[k] = LOAD(source + k * row + x * column);
    output_adjoint_1d(y, m);
    UNROLLED for (int k = 0; k < 6; ++k) half[k][x] = m[k];
  }
  UNROLLED for (int k = 0; k < 6; ++k) {
    vector m[6];
    output_adjoint_1d(half[k], m);
    UNROLLED for (int x = 0; x < 6; ++x) STORE(to + (k * 6 + x) * plane, m[x]);
  }
}

DISPATCHED
void ck_winograd_output_adjoint(
  const ck_tiling *g, const float *images, long first, long count, float *planes, long plane) {
  vector patch[16];
  const long channels = g->channels;
  for (long i = 0; i < count; ++i) {
    const tile t = locate(g, first + i, 4);
    const int whole = is_whole(t, 4);
    for (long next = 0; next < channels; next += LANES) {
      const long c = group(next, channels);
      const float *source = images + t.offset + c;
      float *to = planes + i * channels + c;
      if (whole) {
        output_adjoint_2d(source, g->width * channels, channels, to, plane);
      } else {
        gather(g, t, source, 4, patch);
        output_adjoint_2d((const float *)patch, 4 * LANES, LANES, to, plane);
      }
    }
  }
}

DISPATCHED
void ck_winograd_weight(const float *weight, long size, long first, long count, float *planes, long plane) {
  for (long next = 0; next < count; next += LANES) {
    const long place = first + group(next, count);
    vector half[6][3];
    UNROLLED for (int x = 0; x < 3; ++x) {
      vector g[3], u[6];
      UNROLLED for (int y = 0; y < 3; ++y) g[y] = LOAD(weight + (y * 3 + x) * size + place);
      weight_1d(g, u);
      UNROLLED for (int y = 0; y < 6; ++y) half[y][x] = u[y];
    }
    UNROLLED for (int y = 0; y < 6; ++y) {
      vector u[6];
      weight_1d(half[y], u);
      UNROLLED for (int x = 0; x < 6; ++x) STORE(planes + (y * 6 + x) * plane + place, u[x]);
    }
  }
}

DISPATCHED
void ck_winograd_weight_adjoint(
  const float *planes, long plane, long first, long count, float *weight, long size) {
  for (long next = 0; next < count; next += LANES) {
    const long place = first + group(next, count);
    vector half[3][6];
    UNROLLED for (int x = 0; x < 6; ++x) {
      vector u[6], g[3];
      UNROLLED for (int y = 0; y < 6; ++y) u[y] = LOAD(planes + (y * 6 + x) * plane + place);
      weight_adjoint_1d(u, g);
      UNROLLED for (int y = 0; y < 3; ++y) half[y][x] = g[y];
    }
    UNROLLED for (int y = 0; y < 3; ++y) {
      vector g[3];
      weight_adjoint_1d(half[y], g);
      UNROLLED for (int x = 0; x < 3; ++x) STORE(weight + (y * 3 + x) * size + place, g[x]);
    }
  }
}
