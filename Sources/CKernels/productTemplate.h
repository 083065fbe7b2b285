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

// Where a row of sums begins, which rows of A and C a block has, and how k runs: `groups` times `depth` steps.
typedef struct {
  const float *bias;  // NULL for zero
  int accumulates;    // begin with what C holds instead
  long groups, depth, a_column, a_group, b_row;
  // What is prefetched while a block is multiplied: see PREFETCH_ROWS and PREFETCH_PANEL.
  long a_ahead, b_ahead;  // floats to the rows of A and the part of B that come next; or 0
  const float *next;      // what is packed next, rows `b_stride` floats apart; or NULL
  long b_stride;
  float *packed;  // where the first block puts the rows of B that it reads, whole vectors one after another; or NULL
} NAME(course);

// PREFETCH_ROWS: the first panel prefetches the rows of A that follow, and a first block the next part of k.
// PREFETCH_PANEL: the first PREFETCH_BLOCKS blocks of a packed panel prefetch the rows of the next one, each its share, a row
// every few steps; all at once, while it is packed, they would wait for one another.
#define PREFETCH_NOTHING 0
#define PREFETCH_ROWS 1
#define PREFETCH_PANEL 2

// rows, vectors, masked, prefetch and packs are constants at every call, so that the arrays become registers.
static inline __attribute__((always_inline)) TARGET void NAME(block)(
  const int rows, const int vectors, const int masked, MASK mask, const NAME(course) *s, const int prefetch,
  const int packs, long block, const float *const *left, const float *b, long column, float *const *to) {
  NAME(vector) sum[MAX_ROWS][MAX_VECTORS];
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j) {
      const float *from = (s->accumulates ? to[i] : s->bias) + column + j * LANES;
      if (!s->accumulates && !s->bias) sum[i][j] = (NAME(vector)){0};
      else if (masked && j == vectors - 1) sum[i][j] = load_masked(from, mask);
      else sum[i][j] = *(const NAME(vector) *)from;
    }
  }
  // C is fetched while the sums are made: stores that miss the cache are finished one after another. Into the second-level
  // cache; prefetched into the first, and as lines to be written, large results took 4 to 6 % longer.
  if (!s->accumulates)
    UNROLLED for (int i = 0; i < rows; ++i)
      UNROLLED for (int j = 0; j < vectors; ++j) __builtin_prefetch(to[i] + column + j * LANES, 0, 2);
  const float *row[MAX_ROWS];
  UNROLLED for (int i = 0; i < rows; ++i) row[i] = left[i];
  const long a_column = s->a_column, b_row = s->b_row, skip = s->a_group - s->depth * s->a_column;
  long place = 0;
  float *packed = s->packed;
  const long a_ahead = s->a_ahead, b_ahead = block == 0 ? s->b_ahead : 0;
  const float *next = prefetch == PREFETCH_PANEL && block < PREFETCH_BLOCKS ? s->next + block * (s->depth / PREFETCH_BLOCKS) * s->b_stride : 0;
  for (long group = 0; group < s->groups; ++group, place += skip) {
    for (long p = s->depth; p > 0; --p, place += a_column, b += b_row) {
      if (prefetch == PREFETCH_ROWS) {
        if (a_ahead && a_column != 1) __builtin_prefetch(row[0] + place + a_ahead, 0, 2);
        if (a_ahead && a_column == 1 && p % 16 == 0)
          UNROLLED for (int i = 0; i < rows; ++i) __builtin_prefetch(row[i] + place + a_ahead);
        if (b_ahead) UNROLLED for (int j = 0; j < vectors; ++j) __builtin_prefetch(b + b_ahead + j * LANES, 0, 2);
      }
      if (prefetch == PREFETCH_PANEL && next && p % PREFETCH_BLOCKS == 0) {
        UNROLLED for (int j = 0; j < vectors; ++j) __builtin_prefetch(next + j * LANES, 0, 2);
        next += s->b_stride;
      }
      NAME(vector) right[MAX_VECTORS];
      UNROLLED for (int j = 0; j < vectors; ++j) {
        if (masked && j == vectors - 1) right[j] = load_masked(b + j * LANES, mask);
        else right[j] = *(const NAME(vector) *)(b + j * LANES);
        if (packs) *(NAME(vector) *)(packed + j * LANES) = right[j];
      }
      if (packs) {
        // What was prefetched a panel ago may have been displaced: rows a page apart compete for few cache sets.
        UNROLLED for (int j = 0; j < vectors; ++j) __builtin_prefetch(b + ROWS_AHEAD * b_row + j * LANES);
        packed += vectors * LANES;
      }
      UNROLLED for (int i = 0; i < rows; ++i) {
        const NAME(vector) one = row[i][place] - (NAME(vector)){0};  // x - 0 is x in all lanes; 0 + x would cost an add
        UNROLLED for (int j = 0; j < vectors; ++j) sum[i][j] = FMA(one, right[j], sum[i][j]);
      }
    }
  }
  UNROLLED for (int i = 0; i < rows; ++i) {
    UNROLLED for (int j = 0; j < vectors; ++j) {
      float *out = to[i] + column + j * LANES;
      if (masked && j == vectors - 1) store_masked(out, mask, sum[i][j]);
      else *(NAME(vector) *)out = sum[i][j];
    }
  }
}

// Rows of A and C: at constant distances, or at the given offsets.
typedef struct {
  const float *a;
  float *c;
  long a_row, c_row;
  const long *a_offsets, *c_offsets;
} NAME(rows);

// The rows from `i` on of one panel of `vectors` vectors of columns.
#define STRIP(ROWS, VECTORS, MASKED, PREFETCH, PACKS)                                                           \
  for (; i + ROWS <= m; i += ROWS) {                                                                        \
    const float *left[MAX_ROWS];                                                                            \
    float *to[MAX_ROWS];                                                                                    \
    UNROLLED for (int k = 0; k < ROWS; ++k) {                                                               \
      left[k] = r->a + (r->a_offsets ? r->a_offsets[i + k] : (i + k) * r->a_row);                           \
      to[k] = r->c + (r->c_offsets ? r->c_offsets[i + k] : (i + k) * r->c_row);                             \
    }                                                                                                       \
    NAME(block)(ROWS, VECTORS, MASKED, mask, s, PREFETCH, PACKS, i / ROWS, left, b, column, to);                \
  }
#define PANEL(VECTORS, MASKED)                                                                              \
  static TARGET __attribute__((noinline)) void NAME(panel_##VECTORS##_##MASKED)(                            \
    MASK mask, const NAME(course) *s, long i, long m, const NAME(rows) *r, const float *b, long column) {   \
    if (s->packed) STRIP(MAX_ROWS, VECTORS, MASKED, PREFETCH_PANEL, 1)                                           \
    if (s->a_ahead || s->b_ahead) STRIP(MAX_ROWS, VECTORS, MASKED, PREFETCH_ROWS, 0)                            \
    if (s->next) STRIP(MAX_ROWS, VECTORS, MASKED, PREFETCH_PANEL, 0)                                             \
    STRIP(MAX_ROWS, VECTORS, MASKED, PREFETCH_NOTHING, 0)                                                        \
    STRIP(4, VECTORS, MASKED, PREFETCH_NOTHING, 0)                                                               \
    STRIP(2, VECTORS, MASKED, PREFETCH_NOTHING, 0)                                                               \
    STRIP(1, VECTORS, MASKED, PREFETCH_NOTHING, 0)                                                               \
  }

PANEL(1, 0)
PANEL(1, 1)
PANEL(2, 0)
PANEL(2, 1)
#if MAX_VECTORS == 3
PANEL(3, 0)
PANEL(3, 1)
#endif

// Rows i ..< m of one panel.
static TARGET void NAME(panel)(
  const NAME(course) *s, long i, long m, const NAME(rows) *r, const float *b, long column, long width) {
  const long vectors = (width + LANES - 1) / LANES, tail = width - (vectors - 1) * LANES;
  const MASK mask = mask_of(tail);
  switch (vectors * 2 + (tail < LANES)) {
    case 2: NAME(panel_1_0)(mask, s, i, m, r, b, column); break;
    case 3: NAME(panel_1_1)(mask, s, i, m, r, b, column); break;
    case 4: NAME(panel_2_0)(mask, s, i, m, r, b, column); break;
    case 5: NAME(panel_2_1)(mask, s, i, m, r, b, column); break;
#if MAX_VECTORS == 3
    case 6: NAME(panel_3_0)(mask, s, i, m, r, b, column); break;
    case 7: NAME(panel_3_1)(mask, s, i, m, r, b, column); break;
#endif
  }
}

// Columns of C are cut into panels of nearly equal numbers of vectors: (first column, end).
static inline long NAME(panels)(long n) {
  return ((n + LANES - 1) / LANES + MAX_VECTORS - 1) / MAX_VECTORS;
}

static inline long NAME(edge)(long n, long panel) {
  const long edge = (n + LANES - 1) / LANES * panel / NAME(panels)(n) * LANES;
  return edge < n ? edge : n;
}

// Turns `depth` columns of a panel of B into rows, one after another.
static TARGET void NAME(pack)(long depth, long width, const float *b, long b_row, long b_column, float *packed) {
  if (b_row == 1) return transpose(b, b_column, width, depth, packed, width);
  for (long j = 0; j < width; ++j)
    for (long q = 0; q < depth; ++q) packed[q * width + j] = b[q * b_row + j * b_column];
}

static TARGET void NAME(multiply)(
  long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *bias, int accumulates, float *c, long c_row) {
  _Alignas(64) float packed[DEPTH * MAX_VECTORS * LANES];
  const int packs = b_column != 1 || (b_row >= 1024 && m >= 32);
  for (long p = 0; p == 0 || p < k; p += DEPTH) {
    NAME(course) s = {
      .bias = bias, .accumulates = accumulates || p > 0, .groups = 1, .depth = k - p < DEPTH ? k - p : DEPTH,
      .a_column = a_column, .b_row = b_row, .b_stride = b_row};
    const NAME(rows) r = {.a = a + p * a_column, .c = c, .a_row = a_row, .c_row = c_row};
    const int more = p + DEPTH < k;
    for (long panel = 0; panel < NAME(panels)(n); ++panel) {
      const long column = NAME(edge)(n, panel), end = NAME(edge)(n, panel + 1), width = end - column;
      const float *right = b + p * b_row + column * b_column;
      if (a_column == 1) s.a_ahead = panel == 0 && m >= 64 && k >= 48 ? MAX_ROWS * a_row : 0;
      else s.a_ahead = panel == 0 && more ? DEPTH * a_column : 0;
      s.b_ahead = more && !packs ? DEPTH * b_row : 0;
      s.b_row = b_row, s.next = 0;
      long begun = 0;
      if (packs && b_column == 1) {
        // The first rows of A take B where it lies and leave it packed for the rest.
        s.next = end < n ? right + width : more ? b + (p + DEPTH) * b_row : 0;
        s.packed = packed, begun = MAX_ROWS;
        NAME(panel)(&s, 0, begun, &r, right, column, width);
        s.packed = 0, s.b_row = (width + LANES - 1) / LANES * LANES, right = packed;
      } else if (packs) {
        // Of columns to be turned into rows the next panel's are prefetched at once.
        if (b_row == 1)
          for (long j = width; j < 2 * width && column + j < n; ++j)
            for (long q = 0; q < s.depth; q += 16) __builtin_prefetch(right + j * b_column + q, 0, 2);
        NAME(pack)(s.depth, width, right, b_row, b_column, packed);
        s.b_row = width, right = packed;
      }
      NAME(panel)(&s, begun, m, &r, right, column, width);
    }
  }
}

static TARGET void NAME(multiply_gathered)(
  long m, long n, long groups, long depth, const float *a, const long *a_offsets, long a_column, long a_group,
  const float *b, const float *bias, int accumulates, float *c, const long *c_offsets) {
  const NAME(course) s = {
    .bias = bias, .accumulates = accumulates, .groups = groups, .depth = depth, .a_column = a_column,
    .a_group = a_group, .b_row = n};
  const NAME(rows) r = {.a = a, .c = c, .a_offsets = a_offsets, .c_offsets = c_offsets};
  for (long panel = 0; panel < NAME(panels)(n); ++panel) {
    const long column = NAME(edge)(n, panel);
    NAME(panel)(&s, 0, m, &r, b + column, column, NAME(edge)(n, panel + 1) - column);
  }
}

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
