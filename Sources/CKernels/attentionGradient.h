// The gradients of a range of queries and of all keys and values; see attentionTemplate.h.

// Sums over queries lie in the lanes of features. Where these fill a vector by half or less, as in heads of 8, two queries
// are woven into one row: features c of both at 2c and 2c + 1.
INLINE int NAME(weaves)(long width) { return VECTORS(2 * width) < 2 * VECTORS(width); }

// Floats in such a row.
INLINE long NAME(features)(long width) { return VECTORS(NAME(weaves)(width) ? 2 * width : width) * LANES; }

// Rows [count, width], times a factor each, as rows of `features` floats, woven or not; the rest is zero.
static TARGET void NAME(pack_rows)(
  const float *from, long from_row, long count, long width, const float *factors, float *to) {
  const long features = NAME(features)(width);
  if (!NAME(weaves)(width)) {
    for (long i = 0; i < count; ++i, from += from_row, to += features) {
      for (long c = 0; c < width; ++c) to[c] = from[c] * factors[i];
      for (long c = width; c < features; ++c) to[c] = 0;
    }
    return;
  }
  for (long i = 0; i < count; i += 2, from += 2 * from_row, to += features) {
    const float *even = from, *odd = i + 1 < count ? from + from_row : from;
    const float f = factors[i], g = i + 1 < count ? factors[i + 1] : 0;
    long c = 0;
    for (; c + 8 <= width; c += 8) {
      const transposed8 x = *(const transposed8 *)(even + c) * f, y = *(const transposed8 *)(odd + c) * g;
      *(two_transposed8 *)(to + 2 * c) = __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    }
    for (; c < width; ++c) to[2 * c] = even[c] * f, to[2 * c + 1] = odd[c] * g;
    for (c = 2 * width; c < features; ++c) to[c] = 0;
  }
}

// Sums [count, features] over such rows as rows [count, width], times a factor.
static TARGET void NAME(unpack_rows)(const float *from, long count, long width, float factor, float *to, long to_row) {
  const long features = NAME(features)(width);
  const int weaves = NAME(weaves)(width);
  for (long i = 0; i < count; ++i, from += features, to += to_row) {
    long c = 0;
    if (!weaves) {
      for (; c < width; ++c) to[c] = from[c] * factor;
      continue;
    }
    for (; c + 8 <= width; c += 8) {
      const two_transposed8 x = *(const two_transposed8 *)(from + 2 * c);
      *(transposed8 *)(to + c) = (__builtin_shufflevector(x, x, 0, 2, 4, 6, 8, 10, 12, 14)
                                  + __builtin_shufflevector(x, x, 1, 3, 5, 7, 9, 11, 13, 15)) * factor;
    }
    for (; c < width; ++c) to[c] = (from[2 * c] + from[2 * c + 1]) * factor;
  }
}

// Minus the products of rows a and b [count, width] times a factor for each, in whole blocks of 8.
static TARGET void NAME(dot_rows)(
  const float *a, const float *b, long row, long count, long width, const float *factors, float *dot) {
  const long columns = width / 8 * 8;
  for (long i = 0; i < count; i += 8, a += 8 * row, b += 8 * row) {
    transposed8 sum[8], total = {0};
    UNROLLED for (int k = 0; k < 8; ++k) {
      sum[k] = (transposed8){0};
      if (i + k >= count) continue;
      for (long c = 0; c < columns; c += 8)
        sum[k] += *(const transposed8 *)(a + k * row + c) * *(const transposed8 *)(b + k * row + c);
      for (long c = columns; c < width; ++c) sum[k][0] += a[k * row + c] * b[k * row + c];
    }
    transpose_registers(sum);
    UNROLLED for (int k = 0; k < 8; ++k) total += sum[k];
    *(transposed8 *)(dot + i) = -total * *(const transposed8 *)(factors + i);
  }
}

// Packs the queries of `r` into memory from `next` on and returns its end.
static TARGET float *NAME(pack)(
  const ck_attention *s, attention_block *r, const float *q, const float *o, const float *shift, const float *factor,
  const float *go, float *next) {
  const long width = s->width, count = r->count, features = NAME(features)(width);
  r->queries = next, r->slopes = r->queries + width * BLOCK, r->gradient = r->slopes + width * BLOCK;
  r->query_rows = r->gradient + width * BLOCK, r->slope_rows = r->query_rows + BLOCK * features;
  _Alignas(64) float factors[BLOCK] = {0}, scales[BLOCK], ones[BLOCK];
  for (long i = 0; i < BLOCK; ++i) r->shift[i] = r->dot[i] = 0, ones[i] = 1, scales[i] = s->scale * LOG2_E;
  for (long i = 0; i < count; ++i) factors[i] = factor[r->first + i], r->shift[i] = -shift[r->first + i];
  q += r->first * s->query_row, o += r->first * s->output_row, go += r->first * s->output_row;
  NAME(dot_rows)(o, go, s->output_row, count, width, factors, r->dot);
  NAME(pack_columns)(q, s->query_row, count, width, scales, r->queries);
  NAME(pack_columns)(go, s->output_row, count, width, factors, r->slopes);
  NAME(clear_columns)(width, VECTORS(count), r->gradient);
  NAME(pack_rows)(q, s->query_row, count, width, ones, r->query_rows);
  NAME(pack_rows)(go, s->output_row, count, width, factors, r->slope_rows);
  return r->slope_rows + BLOCK * features;
}

// From scores to weights p, and from the weights' gradients to those of the scores, both [keys, 64].
static TARGET void NAME(differentiate)(long vectors, long keys, float *weights, float *gradients) {
  for (long j = 0; j < keys; ++j, weights += BLOCK, gradients += BLOCK)
    for (long u = 0; u < vectors * LANES; u += LANES) {
      const NAME(vector) p = NAME(exp2)(READ(weights + u));
      AT(weights + u) = p;
      AT(gradients + u) *= p;
    }
}

// Adds what the queries of `r` and the keys begin ..< begin + n have to say to each other to the gradients of both.
static TARGET void NAME(confront)(
  const ck_attention *s, attention_block *r, long begin, long n, const float *k, const float *v, float *weights,
  float *to_keys, float *to_values) {
  const long width = s->width, vectors = VECTORS(r->count), features = NAME(features)(width);
  float *gradients = weights + GRADIENT_KEYS * BLOCK;
  k += begin * s->key_row, v += begin * s->value_row, to_keys += begin * features, to_values += begin * features;
  NAME(score)(vectors, n, width, k, s->key_row, r->queries, r->shift, weights);
  if (s->causal && begin + n > r->first) NAME(hide)(r->first, begin, n, weights);
  NAME(score)(vectors, n, width, v, s->value_row, r->slopes, r->dot, gradients);
  NAME(differentiate)(vectors, n, weights, gradients);
  NAME(mix)(vectors, width, n, k, s->key_row, gradients, r->shift, r->gradient);
  if (NAME(weaves)(width)) {
    const long pairs = (r->count + 1) / 2;
    NAME(collect_pairs)(features / LANES, n, pairs, weights, features, r->slope_rows, r->slope_rows, to_values);
    NAME(collect_pairs)(features / LANES, n, pairs, gradients, features, r->query_rows, r->query_rows, to_keys);
  } else {
    NAME(collect)(features / LANES, n, r->count, weights, features, r->slope_rows, r->slope_rows, to_values);
    NAME(collect)(features / LANES, n, r->count, gradients, features, r->query_rows, r->query_rows, to_keys);
  }
}

static TARGET void NAME(gradient)(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, const float *o,
  const float *shift, const float *factor, const float *go, float *gq, float *gk, float *gv, float *scratch) {
  const long sums = s->keys * NAME(features)(s->width), blocks = (s->keys + GRADIENT_KEYS - 1) / GRADIENT_KEYS;
  float *to_keys = scratch, *to_values = to_keys + sums, *weights = to_values + sums;
  _Alignas(64) float scales[BLOCK];
  for (long i = 0; i < BLOCK; ++i) scales[i] = s->scale;
  memset(scratch, 0, 2 * sums * sizeof(float));
  const long end = first + count;
  while (first < end) {
    attention_block rows[CK_ATTENTION_PASS / BLOCK];
    long held = 0;
    float *next = weights + 2 * GRADIENT_KEYS * BLOCK;
    for (; first < end && held < CK_ATTENTION_PASS / BLOCK; first += BLOCK) {
      attention_block *r = &rows[held++];
      r->first = first, r->count = least(BLOCK, end - first);
      next = NAME(pack)(s, r, q, o, shift, factor, go, next);
    }
    for (long block = 0; block < blocks; ++block) {
      const long begin = s->keys * block / blocks, n = s->keys * (block + 1) / blocks - begin;
      for (attention_block *r = rows; r < rows + held; ++r)
        if (!s->causal || begin < r->first + r->count)
          NAME(confront)(s, r, begin, n, k, v, weights, to_keys, to_values);
    }
    for (attention_block *r = rows; r < rows + held; ++r)
      NAME(unpack_columns)(r->gradient, r->count, s->width, scales, gq + r->first * s->query_row, s->query_row);
  }
  NAME(unpack_rows)(to_keys, s->keys, s->width, s->scale, gk, s->key_row);
  NAME(unpack_rows)(to_values, s->keys, s->width, 1, gv, s->value_row);
}
