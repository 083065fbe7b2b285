// The matrix product for one instruction set. The includer defines
//   NAME(x)           a name with the instruction set's suffix
//   TARGET            the function attributes that enable it
//   LANES             floats in a vector
//   MAX_VECTORS       vectors of a row of C held in registers
//   MAX_ROWS          rows of C held in registers
//   FMA(x, y, z)      x * y + z, rounded once where the processor can
//   MASK, mask_of(n)  a mask of the first n lanes; load_masked(p, mask) and store_masked(p, mask, v)
//
// A block of MAX_ROWS x MAX_VECTORS vectors of C stays in registers while k runs; each step loads one row of B and
// broadcasts one element of A per row. The elements of A need no packing. B is read in place unless its columns are not
// adjacent or its rows are so far apart that they compete for the same cache sets.

typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4)));

#define UNROLLED _Pragma("clang loop unroll(full)")

// rows, vectors and masked are constants at every call, so that the arrays become registers.
static inline __attribute__((always_inline)) TARGET void NAME(block)(
  const int rows, const int vectors, const int masked, MASK mask, long k, const float *a, long a_row, long a_column,
  const float *b, long b_row, const float *start, long start_row, float *c, long c_row) {
  NAME(vector) sum[MAX_ROWS][MAX_VECTORS];
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j) {
      const float *from = start + i * start_row + j * LANES;
      if (!start) sum[i][j] = (NAME(vector)){0};
      else if (masked && j == vectors - 1) sum[i][j] = load_masked(from, mask);
      else sum[i][j] = *(const NAME(vector) *)from;
    }
  }
  for (long p = 0; p < k; ++p, a += a_column, b += b_row) {
    NAME(vector) right[MAX_VECTORS];
    UNROLLED for (int j = 0; j < vectors; ++j) {
      if (masked && j == vectors - 1) right[j] = load_masked(b + j * LANES, mask);
      else right[j] = *(const NAME(vector) *)(b + j * LANES);
    }
    UNROLLED for (int i = 0; i < rows; ++i) {
      const NAME(vector) left = (NAME(vector)){0} + a[i * a_row];
      UNROLLED for (int j = 0; j < vectors; ++j) sum[i][j] = FMA(left, right[j], sum[i][j]);
    }
  }
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j) {
      float *to = c + i * c_row + j * LANES;
      if (masked && j == vectors - 1) store_masked(to, mask, sum[i][j]);
      else *(NAME(vector) *)to = sum[i][j];
    }
  }
}

// All rows of one panel of `vectors` vectors of columns.
#define PANEL(VECTORS, MASKED)                                                                              \
  static TARGET __attribute__((noinline)) void NAME(panel_##VECTORS##_##MASKED)(                            \
    MASK mask, long m, long k, const float *a, long a_row, long a_column, const float *b, long b_row,       \
    const float *start, long start_row, float *c, long c_row) {                                             \
    long i = 0;                                                                                             \
    STRIP(MAX_ROWS, VECTORS, MASKED)                                                                        \
    STRIP(4, VECTORS, MASKED)                                                                               \
    STRIP(2, VECTORS, MASKED)                                                                               \
    STRIP(1, VECTORS, MASKED)                                                                               \
  }
#define STRIP(ROWS, VECTORS, MASKED)                                                                        \
  for (; i + ROWS <= m; i += ROWS)                                                                          \
    NAME(block)(ROWS, VECTORS, MASKED, mask, k, a + i * a_row, a_row, a_column, b, b_row,                   \
      start ? start + i * start_row : start, start_row, c + i * c_row, c_row);

PANEL(1, 0)
PANEL(1, 1)
PANEL(2, 0)
PANEL(2, 1)
#if MAX_VECTORS == 3
PANEL(3, 0)
PANEL(3, 1)
#endif

static TARGET void NAME(multiply)(
  long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *start, long start_row, float *c, long c_row) {
  _Alignas(64) float packed[DEPTH * MAX_VECTORS * LANES];
  const int packs = b_column != 1 || (b_row >= 1024 && m >= 32);
  const long all = (n + LANES - 1) / LANES, panels = (all + MAX_VECTORS - 1) / MAX_VECTORS;
  for (long p = 0; p == 0 || p < k; p += DEPTH) {
    const long depth = k - p < DEPTH ? k - p : DEPTH;
    if (p > 0) start = c, start_row = c_row;
    for (long panel = 0; panel < panels; ++panel) {
      const long first = all * panel / panels, vectors = all * (panel + 1) / panels - first;
      const long column = first * LANES, width = n - column < vectors * LANES ? n - column : vectors * LANES;
      const long tail = width - (vectors - 1) * LANES;
      const float *right = b + p * b_row + column * b_column;
      long right_row = b_row;
      if (packs) {
        if (b_column == 1) {
          for (long q = 0; q < depth; ++q)
            for (long j = 0; j < width; ++j) packed[q * width + j] = right[q * b_row + j];
        } else {
          for (long j = 0; j < width; ++j)
            for (long q = 0; q < depth; ++q) packed[q * width + j] = right[q * b_row + j * b_column];
        }
        right = packed, right_row = width;
      }
      const MASK mask = mask_of(tail);
      const float *from = start ? start + column : start;
      const float *left = a + p * a_column;
      float *to = c + column;
#define CALL(VECTORS, MASKED)                                                                               \
  NAME(panel_##VECTORS##_##MASKED)(mask, m, depth, left, a_row, a_column, right, right_row, from, start_row, to, c_row)
      switch (vectors * 2 + (tail < LANES)) {
        case 2: CALL(1, 0); break;
        case 3: CALL(1, 1); break;
        case 4: CALL(2, 0); break;
        case 5: CALL(2, 1); break;
#if MAX_VECTORS == 3
        case 6: CALL(3, 0); break;
        case 7: CALL(3, 1); break;
#endif
      }
    }
  }
}

#undef CALL
#undef STRIP
#undef PANEL
#undef UNROLLED
#undef NAME
#undef TARGET
#undef LANES
#undef MAX_VECTORS
#undef MAX_ROWS
#undef FMA
#undef MASK
#undef mask_of
#undef load_masked
#undef store_masked
