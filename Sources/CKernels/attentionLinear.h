// Linear attention of one head; see attentionTemplate.h. Keys are held as rows of features, [pixels, 64], queries as columns,
// [features, 64 pixels], so that both of their softmaxes run down the lanes.

// Rows [count, width] times a factor as rows 64 floats apart; the other lanes of the vectors in use are zero.
static TARGET void NAME(copy_rows)(
  const float *from, long from_row, long count, long width, float factor, float *to) {
  for (long i = 0; i < count; ++i, from += from_row, to += BLOCK) {
    for (long c = 0; c < width; ++c) to[c] = from[c] * factor;
    for (long c = width; c < VECTORS(width) * LANES; ++c) to[c] = 0;
  }
}

static TARGET void NAME(store_rows)(const float *from, long count, long width, float *to, long to_row) {
  for (long i = 0; i < count; ++i, from += BLOCK, to += to_row)
    for (long c = 0; c < width; ++c) to[c] = from[c];
}

// Softmax over features of queries [count, width], as columns.
static TARGET void NAME(query_weights)(const float *q, long row, long count, long width, float *columns) {
  _Alignas(64) float top[BLOCK], sum[BLOCK], factors[BLOCK];
  for (long i = 0; i < BLOCK; ++i) top[i] = -1e30f, sum[i] = 0, factors[i] = LOG2_E;
  NAME(pack_columns)(q, row, count, width, factors, columns);
  NAME(weigh)(VECTORS(count), width, columns, top, sum, factors);
  for (long u = 0; u < VECTORS(count) * LANES; u += LANES) AT(sum + u) = 1.0f / READ(sum + u);
  NAME(scale_columns)(width, VECTORS(count), sum, columns);
}

static TARGET void NAME(linear_forward)(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, float *o, float *kept, float *scratch) {
  const long width = s->width, vectors = VECTORS(width), blocks = pixel_blocks(s);
  float *context = scratch, *weights = context + BLOCK * BLOCK, *rows = weights + BLOCK * BLOCK;
  _Alignas(64) float top[BLOCK], sum[BLOCK], correction[BLOCK];
  for (long i = 0; i < BLOCK; ++i) top[i] = -1e30f, sum[i] = 0;
  memset(context, 0, width * BLOCK * sizeof(float));
  for (long block = 0; block < blocks; ++block) {
    const long begin = pixel_edge(s, block), n = pixel_edge(s, block + 1) - begin;
    NAME(copy_rows)(k + begin * s->input_row, s->input_row, n, width, LOG2_E, weights);
    NAME(copy_rows)(v + begin * s->input_row, s->input_row, n, width, 1, rows);
    NAME(weigh)(vectors, n, weights, top, sum, correction);
    for (long c = 0; block > 0 && c < width; ++c)
      for (long u = 0; u < vectors * LANES; u += LANES) AT(context + c * BLOCK + u) *= ALL(correction[c]);
    NAME(mix)(vectors, width, n, weights, BLOCK, rows, rows, context);
  }
  for (long c = 0; c < width; ++c) {
    kept[c] = top[c], kept[width + c] = 1 / sum[c];
    for (long e = 0; e < width; ++e) kept[(2 + c) * width + e] = context[c * BLOCK + e] *= kept[width + c];
    for (long u = 0; u < vectors * LANES; u += LANES) AT(context + c * BLOCK + u) *= ALL(s->scale);
  }
  for (long block = 0; block < blocks; ++block) {
    const long begin = pixel_edge(s, block), n = pixel_edge(s, block + 1) - begin;
    NAME(query_weights)(q + begin * s->input_row, s->input_row, n, width, weights);
    memset(rows, 0, n * BLOCK * sizeof(float));
    NAME(mix)(vectors, n, width, weights, BLOCK, context, rows, rows);
    NAME(store_rows)(rows, n, width, o + begin * s->output_row, s->output_row);
  }
}

// The gradients of the queries begin ..< begin + n, and what they say about the context's, added to `slopes`.
static TARGET void NAME(linear_queries)(
  const ck_linear_attention *s, long begin, long n, const float *context, const float *q, const float *go, float *gq,
  float *slopes, float *scratch) {
  const long width = s->width, lanes = VECTORS(n) * LANES;
  float *weights = scratch, *columns = weights + BLOCK * BLOCK, *rows = columns + BLOCK * BLOCK;
  _Alignas(64) float dot[BLOCK] = {0}, zeros[BLOCK] = {0}, ones[BLOCK];
  for (long i = 0; i < BLOCK; ++i) ones[i] = 1;
  q += begin * s->input_row, go += begin * s->output_row, gq += begin * s->input_row;
  NAME(query_weights)(q, s->input_row, n, width, weights);
  NAME(copy_rows)(go, s->output_row, n, width, 1, rows);
  NAME(collect)(VECTORS(width), width, n, weights, BLOCK, rows, zeros, slopes);
  NAME(pack_columns)(go, s->output_row, n, width, ones, columns);
  NAME(score)(VECTORS(n), width, width, context, BLOCK, columns, zeros, rows);
  for (long c = 0; c < width * BLOCK; c += BLOCK)
    for (long u = 0; u < lanes; u += LANES) AT(dot + u) += READ(weights + c + u) * READ(rows + c + u);
  for (long c = 0; c < width * BLOCK; c += BLOCK)
    for (long u = 0; u < lanes; u += LANES)
      AT(rows + c + u) = READ(weights + c + u) * (READ(rows + c + u) - READ(dot + u));
  transpose(rows, BLOCK, width, n, gq, s->input_row);
}

// The gradients of the keys and values begin ..< begin + n from the context's, `slopes`, whose transpose is `turned`.
static TARGET void NAME(linear_keys)(
  const ck_linear_attention *s, long begin, long n, const float *slopes, const float *turned, const float *dot,
  const float *top, const float *factor, const float *k, const float *v, float *gk, float *gv, float *scratch) {
  const long width = s->width, vectors = VECTORS(width);
  float *weights = scratch, *results = weights + BLOCK * BLOCK;
  _Alignas(64) float zeros[BLOCK] = {0};
  k += begin * s->input_row, v += begin * s->input_row, gk += begin * s->input_row, gv += begin * s->input_row;
  NAME(copy_rows)(k, s->input_row, n, width, LOG2_E, weights);
  for (long i = 0; i < n * BLOCK; i += BLOCK)
    for (long u = 0; u < vectors * LANES; u += LANES)
      AT(weights + i + u) = NAME(exp2)(READ(weights + i + u) - READ(top + u)) * READ(factor + u);
  NAME(score)(vectors, n, width, weights, BLOCK, slopes, zeros, results);
  NAME(store_rows)(results, n, width, gv, s->input_row);
  NAME(score)(vectors, n, width, v, s->input_row, turned, dot, results);
  for (long i = 0; i < n * BLOCK; i += BLOCK)
    for (long u = 0; u < vectors * LANES; u += LANES) AT(results + i + u) *= READ(weights + i + u);
  NAME(store_rows)(results, n, width, gk, s->input_row);
}

static TARGET void NAME(linear_gradient)(
  const ck_linear_attention *s, const float *q, const float *k, const float *v, const float *kept, const float *go,
  float *gq, float *gk, float *gv, float *scratch) {
  const long width = s->width, blocks = pixel_blocks(s);
  float *context = scratch, *slopes = context + BLOCK * BLOCK, *turned = slopes + BLOCK * BLOCK;
  float *rest = turned + BLOCK * BLOCK;
  _Alignas(64) float top[BLOCK] = {0}, factor[BLOCK] = {0}, dot[BLOCK] = {0};
  memset(slopes, 0, 2 * BLOCK * BLOCK * sizeof(float));
  NAME(copy_rows)(kept + 2 * width, width, width, width, s->scale, context);
  for (long block = 0; block < blocks; ++block) {
    const long begin = pixel_edge(s, block);
    NAME(linear_queries)(s, begin, pixel_edge(s, block + 1) - begin, context, q, go, gq, slopes, rest);
  }
  for (long c = 0; c < width; ++c) {
    // The sum over pixels of weights times their gradients is one of the context times its own.
    for (long e = 0; e < width; ++e) dot[c] -= slopes[c * BLOCK + e] * context[c * BLOCK + e];
    for (long e = 0; e < width; ++e) slopes[c * BLOCK + e] *= s->scale;
    top[c] = kept[c], factor[c] = kept[width + c];
  }
  transpose(slopes, BLOCK, width, width, turned, BLOCK);
  for (long block = 0; block < blocks; ++block) {
    const long begin = pixel_edge(s, block);
    NAME(linear_keys)(
      s, begin, pixel_edge(s, block + 1) - begin, slopes, turned, dot, top, factor, k, v, gk, gv, rest);
  }
}
