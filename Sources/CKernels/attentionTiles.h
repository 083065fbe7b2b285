// Products of attention's blocks and its elementary functions; see attentionTemplate.h.

// C [rows, vectors] = start + A [rows, k] B [k, vectors]. All but k, the pointers and some strides are constants at every
// call, so that the sums become registers. `pairs` takes two steps of k at once: two adjacent elements of a row of A are
// multiplied with the even and the odd lanes of B, whose sums the caller adds.
INLINE void NAME(tile)(
  const int rows, const int vectors, const int pairs, const int accumulates, long k, const float *a, const long a_row,
  const long a_column, const float *b, const long b_row, const float *start, float *c, const long c_row) {
  NAME(vector) sum[ROWS_1][MAX_VECTORS];
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j)
      sum[i][j] = READ((accumulates ? c + i * c_row : start) + j * LANES);
  }
  for (; k > 0; --k, a += a_column, b += b_row) {
    NAME(vector) right[MAX_VECTORS];
    UNROLLED for (int j = 0; j < vectors; ++j) right[j] = READ(b + j * LANES);
    UNROLLED for (int i = 0; i < rows; ++i) {
      NAME(vector) one;
      if (pairs) {
        double two;
        memcpy(&two, a + i * a_row, sizeof two);
        one = (NAME(vector))(two - (NAME(doubles)){0});
      } else {
        one = ALL(a[i * a_row]);
      }
      UNROLLED for (int j = 0; j < vectors; ++j) sum[i][j] = FMA(one, right[j], sum[i][j]);
    }
  }
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j) AT(c + i * c_row + j * LANES) = sum[i][j];
  }
}

#define STRIP(ROWS, VECTORS, PAIRS, ACCUMULATES, A_ROW, A_COLUMN, B_ROW, C_ROW)                                        \
  for (; i + ROWS <= m; i += ROWS)                                                                                     \
    NAME(tile)(                                                                                                        \
      ROWS, VECTORS, PAIRS, ACCUMULATES, k, a + i * A_ROW, A_ROW, A_COLUMN, b, B_ROW, start, c + i * C_ROW, C_ROW);
#define PANEL(KIND, VECTORS, ...)                                                                                      \
  static TARGET __attribute__((noinline)) void NAME(KIND##_##VECTORS)(                                                 \
    long m, long k, const float *a, long stride, const float *b, const float *start, float *c) {                       \
    long i = 0;                                                                                                        \
    STRIP(ROWS_##VECTORS, VECTORS, __VA_ARGS__)                                                                        \
    STRIP(4, VECTORS, __VA_ARGS__)                                                                                     \
    STRIP(2, VECTORS, __VA_ARGS__)                                                                                     \
    STRIP(1, VECTORS, __VA_ARGS__)                                                                                     \
  }
// All vectors of the columns, cut into nearly equal panels.
#define PRODUCT(KIND, MORE)                                                                                            \
  static TARGET void NAME(KIND)(                                                                                       \
    long vectors, long m, long k, const float *a, long stride, const float *b, const float *start, float *c) {         \
    for (long panels = (vectors + MAX_VECTORS - 1) / MAX_VECTORS; panels > 0; --panels) {                              \
      const long n = (vectors + panels - 1) / panels;                                                                  \
      switch (n) {                                                                                                     \
        case 1: NAME(KIND##_1)(m, k, a, stride, b, start, c); break;                                                   \
        case 2: NAME(KIND##_2)(m, k, a, stride, b, start, c); break;                                                   \
        MORE                                                                                                           \
      }                                                                                                                \
      vectors -= n, b += n * LANES, start += n * LANES, c += n * LANES;                                                \
    }                                                                                                                  \
  }
#if MAX_VECTORS == 4
#define PRODUCTS(KIND, ...)                                                                                            \
  PANEL(KIND, 1, __VA_ARGS__)                                                                                          \
  PANEL(KIND, 2, __VA_ARGS__)                                                                                          \
  PANEL(KIND, 3, __VA_ARGS__)                                                                                          \
  PANEL(KIND, 4, __VA_ARGS__)                                                                                          \
  PRODUCT(KIND, case 3: NAME(KIND##_3)(m, k, a, stride, b, start, c); break;                                           \
                case 4: NAME(KIND##_4)(m, k, a, stride, b, start, c); break;)
#else
#define PRODUCTS(KIND, ...)                                                                                            \
  PANEL(KIND, 1, __VA_ARGS__)                                                                                          \
  PANEL(KIND, 2, __VA_ARGS__)                                                                                          \
  PRODUCT(KIND, )
#endif

// c [m keys, 64] = start [64] + rows of keys or values, `stride` apart, times queries or slopes [k features, 64].
PRODUCTS(score, 0, 0, stride, 1, BLOCK, BLOCK)
// c [m features, 64] += columns of keys or values, whose rows are `stride` apart, times weights [k keys, 64].
PRODUCTS(mix, 0, 1, 1, stride, BLOCK, BLOCK)
// c [m keys, stride] += weights [m keys, 64] times rows of queries or slopes [k, stride].
PRODUCTS(collect, 0, 1, BLOCK, 1, stride, stride)
// The same for rows woven in pairs.
PRODUCTS(collect_pairs, 1, 1, BLOCK, 2, stride, stride)

#undef STRIP
#undef PANEL
#undef PRODUCT
#undef PRODUCTS

// 2^x to 2e-7 of its value for x <= 0, and 0 below -126; NaN for NaN.
INLINE NAME(vector) NAME(exp2)(NAME(vector) x) {
  const NAME(vector) shifted = x + 12582912.0f;  // 1.5 * 2^23: the last bits are those of the nearest integer
  const NAME(vector) r = x - (shifted - 12582912.0f);
  NAME(vector) p = FMA(r, ALL(EXP2_6), ALL(EXP2_5));
  p = FMA(p, r, ALL(EXP2_4));
  p = FMA(p, r, ALL(EXP2_3));
  p = FMA(p, r, ALL(EXP2_2));
  p = FMA(p, r, ALL(EXP2_1));
  p = FMA(p, r, ALL(1.0f));
  const NAME(integers) scaled = (NAME(integers))p + ((NAME(integers))shifted << 23);
  return (NAME(vector))(scaled & ~(NAME(integers))(x < -126.0f));
}

// The greater of two; y where either is NaN. (The compiler makes it one instruction.)
INLINE NAME(vector) NAME(maximum)(NAME(vector) x, NAME(vector) y) {
  const NAME(integers) takes = x > y;
  return (NAME(vector))(((NAME(integers))x & takes) | ((NAME(integers))y & ~takes));
}

// Columns [width, 64] in `vectors` vectors, times a factor for each lane.
INLINE void NAME(scale_columns)(long width, long vectors, const float *factors, float *columns) {
  for (long c = 0; c < width; ++c)
    for (long u = 0; u < vectors * LANES; u += LANES) AT(columns + c * BLOCK + u) *= READ(factors + u);
}

// As many rows as fill a vector of columns, or the first `present` of them and zeros, as columns times a factor for each. A
// vector is stored whole: read before it has left for the cache, two halves would have to be waited for.
INLINE void NAME(turn_rows)(
  const int whole, long present, const float *from, long from_row, long width, const float *factors, float *to) {
  const long columns = width / 8 * 8;
  for (long j = 0; j < columns; j += 8) {
    transposed8 r[TURNED];
    UNROLLED for (int i = 0; i < TURNED; ++i)
      r[i] = whole || i < present ? *(const transposed8 *)(from + i * from_row + j) : (transposed8){0};
    UNROLLED for (int i = 0; i < TURNED; i += 8) transpose_registers(r + i);
    UNROLLED for (int i = 0; i < 8; ++i) {
      float *out = to + (j + i) * BLOCK;
#if TURNED == 16
      *(two_transposed8 *)out =
        __builtin_shufflevector(r[i], r[i + 8], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
        * *(const two_transposed8 *)factors;
#else
      *(transposed8 *)out = r[i] * *(const transposed8 *)factors;
#endif
    }
  }
  for (long j = columns; j < width; ++j)
    for (long i = 0; i < TURNED; ++i) to[j * BLOCK + i] = i < present ? from[i * from_row + j] * factors[i] : 0;
}

// Rows [count, width] as columns [width, 64] times a factor for each row; the other lanes of the vectors in use are zero.
static TARGET void NAME(pack_columns)(
  const float *from, long from_row, long count, long width, const float *factors, float *to) {
  for (long i = 0; i < count; i += TURNED, from += TURNED * from_row, factors += TURNED, to += TURNED) {
    if (i + TURNED <= count) NAME(turn_rows)(1, TURNED, from, from_row, width, factors, to);
    else NAME(turn_rows)(0, count - i, from, from_row, width, factors, to);
  }
}

// Columns [width, 64] as rows [count, width] times a factor for each row.
static TARGET void NAME(unpack_columns)(
  const float *from, long count, long width, const float *factors, float *to, long to_row) {
  const long columns = width / 8 * 8;
  for (long i = 0; i < count; i += 8, from += 8, factors += 8, to += 8 * to_row) {
    const long present = least(8, count - i);
    for (long j = 0; j < columns; j += 8) {
      transposed8 r[8];
      UNROLLED for (int k = 0; k < 8; ++k) r[k] = *(const transposed8 *)(from + (j + k) * BLOCK);
      transpose_registers(r);
      UNROLLED for (int k = 0; k < 8; ++k)
        if (k < present) *(transposed8 *)(to + k * to_row + j) = r[k] * factors[k];
    }
    for (long j = columns; j < width; ++j)
      for (long k = 0; k < present; ++k) to[k * to_row + j] = from[j * BLOCK + k] * factors[k];
  }
}

// The vectors of columns [width, 64] that are in use become zero.
INLINE void NAME(clear_columns)(long width, long vectors, float *columns) {
  for (long c = 0; c < width; ++c)
    for (long u = 0; u < vectors * LANES; u += LANES) AT(columns + c * BLOCK + u) = (NAME(vector)){0};
}

// Hides from the queries first, first + 1, … the keys after them: scores [count, 64] of the keys from j on.
static TARGET void NAME(hide)(long first, long j, long count, float *scores) {
  for (; count > 0; --count, ++j, scores += BLOCK)
    for (long lane = 0; lane < BLOCK && first + lane < j; ++lane) scores[lane] = -1e30f;
}
