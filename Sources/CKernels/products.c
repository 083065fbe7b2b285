#include "include/products.h"
#include "transpose.h"

// Depth of a panel of B: 256 rows of 48 floats fill a 48 KiB first-level cache.
#define DEPTH 256
// Blocks that share in prefetching the next panel.
#define PREFETCH_BLOCKS 8
// Rows of B that are prefetched before the one in use while a panel is packed.
#define ROWS_AHEAD 12

#if defined(__x86_64__)
#include <immintrin.h>

// AVX-512: 32 registers hold 8 x 3 sums, 3 vectors of B and the element of A. Without `min_vector_width` clang splits
// 512-bit vectors in two, which costs a factor of three here.
#define NAME(x) avx512_##x
#define TARGET __attribute__((target("arch=x86-64-v4"), min_vector_width(512)))
#define LANES 16
#define MAX_VECTORS 3
#define MAX_ROWS 8
#define FMA(x, y, z) __builtin_elementwise_fma(x, y, z)
#define MASK __mmask16
#define mask_of(n) ((__mmask16)((1u << (n)) - 1))
#define load_masked(p, mask) ((avx512_vector)_mm512_maskz_loadu_ps(mask, p))
#define store_masked(p, mask, v) _mm512_mask_storeu_ps(p, mask, (__m512)(v))
#include "productTemplate.h"

// AVX2: 16 registers hold 6 x 2 sums, 2 vectors of B and the element of A.
#define NAME(x) avx2_##x
#define TARGET __attribute__((target("arch=x86-64-v3")))
#define LANES 8
#define MAX_VECTORS 2
#define MAX_ROWS 6
#define FMA(x, y, z) __builtin_elementwise_fma(x, y, z)
#define MASK __m256i
#define mask_of(n) ((__m256i)(((__v8si){0, 1, 2, 3, 4, 5, 6, 7}) < (__v8si){0} + (int)(n)))
#define load_masked(p, mask) ((avx2_vector)_mm256_maskload_ps(p, mask))
#define store_masked(p, mask, v) _mm256_maskstore_ps(p, mask, (__m256)(v))
#include "productTemplate.h"
#endif

// Any processor: four lanes in portable vector arithmetic.
typedef struct { long lanes; } portable_mask;
typedef float four __attribute__((vector_size(16), aligned(4)));

static inline four portable_load(const float *p, portable_mask mask) {
  four v = {0};
  for (long i = 0; i < mask.lanes; ++i) v[i] = p[i];
  return v;
}

static inline void portable_store(float *p, portable_mask mask, four v) {
  for (long i = 0; i < mask.lanes; ++i) p[i] = v[i];
}

#define NAME(x) portable_##x
#define TARGET
#define LANES 4
#define MAX_VECTORS 2
#define MAX_ROWS 6
#define FMA(x, y, z) ((x) * (y) + (z))
#define MASK portable_mask
#define mask_of(n) ((portable_mask){n})
#define load_masked(p, mask) portable_load(p, mask)
#define store_masked(p, mask, v) portable_store(p, mask, v)
#include "productTemplate.h"

#if defined(__x86_64__)
#define DISPATCH(FUNCTION, ...)                                                        \
  if (__builtin_cpu_supports("x86-64-v4")) return avx512_##FUNCTION(__VA_ARGS__);      \
  if (__builtin_cpu_supports("x86-64-v3")) return avx2_##FUNCTION(__VA_ARGS__);        \
  portable_##FUNCTION(__VA_ARGS__)
#else
#define DISPATCH(FUNCTION, ...) portable_##FUNCTION(__VA_ARGS__)
#endif

void ck_multiply(
  long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *bias, int accumulates, float *c, long c_row) {
  if (m <= 0 || n <= 0) return;
  DISPATCH(multiply, m, n, k, a, a_row, a_column, b, b_row, b_column, bias, accumulates, c, c_row);
}

void ck_multiply_gathered(
  long m, long n, long groups, long depth, const float *a, const long *a_offsets, long a_column, long a_group,
  const float *b, const float *bias, int accumulates, float *c, const long *c_offsets) {
  if (m <= 0 || n <= 0) return;
  DISPATCH(
    multiply_gathered, m, n, groups, depth, a, a_offsets, a_column, a_group, b, bias, accumulates, c, c_offsets);
}

int ck_multiply_with_lanes(
  int lanes, long m, long n, long k, const float *a, long a_row, long a_column, const float *b, long b_row, long b_column,
  const float *bias, int accumulates, float *c, long c_row) {
#if defined(__x86_64__)
  if (lanes == 16 && __builtin_cpu_supports("x86-64-v4"))
    return avx512_multiply(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, accumulates, c, c_row), 1;
  if (lanes == 8 && __builtin_cpu_supports("x86-64-v3"))
    return avx2_multiply(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, accumulates, c, c_row), 1;
#endif
  if (lanes != 4) return 0;
  portable_multiply(m, n, k, a, a_row, a_column, b, b_row, b_column, bias, accumulates, c, c_row);
  return 1;
}

const char *ck_instruction_set(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("x86-64-v4")) return "AVX-512";
  if (__builtin_cpu_supports("x86-64-v3")) return "AVX2";
#endif
  return "baseline";
}
