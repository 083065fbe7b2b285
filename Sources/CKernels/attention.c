// Softmax attention in blocks whose scores never leave the caches: Dao et al. 2022, "FlashAttention".
//
// Scores are held transposed, [keys, 64]: queries lie side by side in the lanes of vectors. So each product with keys or
// values reads these as scalars, row by row, where they are, however narrow the head is; maxima and sums over keys need no
// operations across lanes; and keys need no padding. Lanes without a query hold zeros or what is never read.
#include "include/attention.h"
#include <string.h>
#include "exp2.h"
#include "transpose.h"

// Keys in a block: their scores for 64 queries fill half of a first-level cache; the gradient holds two such blocks.
#define FORWARD_KEYS 128
#define GRADIENT_KEYS 64
#define LOG2_E 1.44269504088896341f

typedef float two_transposed8 __attribute__((vector_size(64), aligned(4)));

// The queries of one block, packed for the gradient.
typedef struct {
  long first, count;
  float *queries, *slopes;         // [width, 64]: scaled queries; gradients of their results, times p's factors
  float *query_rows, *slope_rows;  // the same as rows, as `collect` takes them
  float *gradient;                 // [width, 64]
  // What the products begin with: minus p's shift, and minus the results times their gradients.
  float shift[CK_ATTENTION_BLOCK], dot[CK_ATTENTION_BLOCK];
} attention_block;

static inline long least(long a, long b) { return a < b ? a : b; }

// Blocks of at most 64 pixels, nearly equal, cut at multiples of 8.
static inline long pixel_blocks(const ck_linear_attention *s) {
  return (s->pixels + CK_ATTENTION_BLOCK - 1) / CK_ATTENTION_BLOCK;
}
static inline long pixel_edge(const ck_linear_attention *s, long block) {
  return least((s->pixels + 7) / 8 * block / pixel_blocks(s) * 8, s->pixels);
}

#if defined(__x86_64__)
// AVX-512: 32 registers hold 6 x 4 sums, 4 vectors of B and the element of A. See products.c for `min_vector_width`.
#define NAME(x) avx512_##x
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define LANES 16
#define MAX_VECTORS 4
#define ROWS_1 16
#define ROWS_2 12
#define ROWS_3 8
#define ROWS_4 6
#define FMA(x, y, z) __builtin_elementwise_fma(x, y, z)
#include "attentionTemplate.h"

// AVX2: 16 registers hold 6 x 2 sums.
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define MAX_VECTORS 2
#define ROWS_1 8
#define ROWS_2 6
#define FMA(x, y, z) __builtin_elementwise_fma(x, y, z)
#include "attentionTemplate.h"
#endif

#define NAME(x) portable_##x
#define TARGET
#define LANES 4
#define MAX_VECTORS 2
#define ROWS_1 8
#define ROWS_2 6
#define FMA(x, y, z) ((x) * (y) + (z))
#include "attentionTemplate.h"

#if defined(__x86_64__)
#define DISPATCH(FUNCTION, ...)                                                                                        \
  if (s->lanes == 16 || (s->lanes == 0 && __builtin_cpu_supports("x86-64-v4"))) avx512_##FUNCTION(__VA_ARGS__);        \
  else if (s->lanes == 8 || (s->lanes == 0 && __builtin_cpu_supports("x86-64-v3"))) avx2_##FUNCTION(__VA_ARGS__);      \
  else portable_##FUNCTION(__VA_ARGS__)
#else
#define DISPATCH(FUNCTION, ...) portable_##FUNCTION(__VA_ARGS__)
#endif

long ck_attention_scratch(const ck_attention *s) { return (2 * s->width + FORWARD_KEYS) * CK_ATTENTION_BLOCK; }

void ck_attention_forward(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, float *o, float *shift,
  float *factor, float *scratch) {
  for (long done = 0; done < count; done += CK_ATTENTION_BLOCK) {
    const long rows = least(CK_ATTENTION_BLOCK, count - done);
    DISPATCH(forward, s, first + done, rows, q, k, v, o, shift, factor, scratch);
  }
}

// Floats in a row of any instruction set's `features`, at most.
static long widest(const ck_attention *s) { return 2 * s->width + 16; }

long ck_attention_gradient_scratch(const ck_attention *s) {
  return 2 * s->keys * widest(s) + 2 * GRADIENT_KEYS * CK_ATTENTION_BLOCK
       + CK_ATTENTION_PASS * (3 * s->width + 2 * widest(s));
}

void ck_attention_gradient(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, const float *o,
  const float *shift, const float *factor, const float *go, float *gq, float *gk, float *gv, float *scratch) {
  DISPATCH(gradient, s, first, count, q, k, v, o, shift, factor, go, gq, gk, gv, scratch);
}

long ck_linear_attention_kept(const ck_linear_attention *s) { return (s->width + 2) * s->width; }

void ck_linear_attention_forward(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, float *o, float *kept, float *scratch) {
  DISPATCH(linear_forward, s, q, k, v, o, kept, scratch);
}

void ck_linear_attention_gradient(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, const float *kept, const float *go,
  float *gq, float *gk, float *gv, float *scratch) {
  DISPATCH(linear_gradient, s, q, k, v, kept, go, gq, gk, gv, scratch);
}
