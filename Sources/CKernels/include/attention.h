#pragma once

/// One head of softmax attention: o_i = sum_j p_ij v_j with p_ij = exp(scale q_i k_j) / sum_j exp(scale q_i k_j) (Vaswani et
/// al. 2017, equation 1). Queries and results are [queries, width], keys and values [keys, width], each with its own
/// distance from row to row, so that heads and slices of one projection are read where they lie.
typedef struct {
  long queries, keys, width;
  long query_row, key_row, value_row, output_row;
  float scale;
  int causal;  ///< Query i sees the keys j <= i only.
  int lanes;   ///< Floats in a vector: 0 for the most that the processor has; 4, 8 or 16 for tests.
} ck_attention;

/// Queries whose scores are worked on together, and the most that share one pass over the keys.
enum { CK_ATTENTION_BLOCK = 64, CK_ATTENTION_PASS = 256 };

/// Floats of scratch, aligned to 64 bytes, that the functions below need.
long ck_attention_scratch(const ck_attention *s);
long ck_attention_gradient_scratch(const ck_attention *s);

/// Results of the queries first ..< first + count. `shift` and `factor` [queries] keep what p is computed from again:
/// p_ij = exp2(scale log2(e) q_i k_j - shift_i) factor_i.
void ck_attention_forward(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, float *o, float *shift,
  float *factor, float *scratch);

/// Gradients from that of the results, `go`, for the queries first ..< first + count: `gq` in these rows, and in all rows
/// of `gk` and `gv` what these queries contribute. Rows are as far apart as those of what the gradient is of.
void ck_attention_gradient(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, const float *o,
  const float *shift, const float *factor, const float *go, float *gq, float *gk, float *gv, float *scratch);

/// One head of linear attention over an image's pixels (Shen et al. 2021, "Efficient attention"): o = scale softmax(q) c
/// with the context c = softmax(k)' v [width, width]; queries are normalised over features, keys over pixels. All are
/// [pixels, width]; rows of queries, keys, values and their gradients are `input_row` apart.
typedef struct {
  long pixels, width;  ///< `width` is at most CK_LINEAR_ATTENTION_WIDTH.
  long input_row, output_row;
  float scale;
  int lanes;  ///< As in `ck_attention`.
} ck_linear_attention;

/// The widest head, and the floats of scratch, aligned to 64 bytes, that the functions below need.
enum { CK_LINEAR_ATTENTION_WIDTH = 64, CK_LINEAR_ATTENTION_SCRATCH = 6 * 64 * 64 };

/// Floats kept for the way back: the context, and what the keys' weights are computed from again.
long ck_linear_attention_kept(const ck_linear_attention *s);

void ck_linear_attention_forward(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, float *o, float *kept, float *scratch);

/// Gradients of queries, keys and values from that of the results, `go`.
void ck_linear_attention_gradient(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, const float *kept, const float *go,
  float *gq, float *gk, float *gv, float *scratch);
