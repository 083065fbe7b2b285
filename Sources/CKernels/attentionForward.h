// The results of one block of queries; see attentionTemplate.h.

// Scores [keys, 64] to weights: `top` rises to their maxima, `sum` of all weights so far shrinks by `correction` and grows.
static TARGET void NAME(weigh)(
  long vectors, long keys, float *scores, float *top, float *sum, float *correction) {
  for (long u = 0; u < vectors * LANES; u += LANES) {
    NAME(vector) most = READ(top + u), total = {0};
    for (long j = 0; j < keys; ++j) most = NAME(maximum)(most, READ(scores + j * BLOCK + u));
    for (long j = 0; j < keys; ++j) {
      const NAME(vector) p = NAME(exp2)(READ(scores + j * BLOCK + u) - most);
      AT(scores + j * BLOCK + u) = p;
      total += p;
    }
    const NAME(vector) shrinkage = NAME(exp2)(READ(top + u) - most);
    AT(correction + u) = shrinkage;
    AT(sum + u) = READ(sum + u) * shrinkage + total;
    AT(top + u) = most;
  }
}

static TARGET void NAME(forward)(
  const ck_attention *s, long first, long count, const float *q, const float *k, const float *v, float *o, float *shift,
  float *factor, float *scratch) {
  const long width = s->width, vectors = VECTORS(count), keys = s->causal ? least(first + count, s->keys) : s->keys;
  float *queries = scratch, *mixed = queries + width * BLOCK, *scores = mixed + width * BLOCK;
  _Alignas(64) float top[BLOCK], sum[BLOCK], correction[BLOCK], zeros[BLOCK], scales[BLOCK];
  for (long i = 0; i < BLOCK; ++i) top[i] = -1e30f, sum[i] = zeros[i] = 0, scales[i] = s->scale * LOG2_E;
  NAME(pack_columns)(q + first * s->query_row, s->query_row, count, width, scales, queries);
  NAME(clear_columns)(width, vectors, mixed);
  const long blocks = (keys + FORWARD_KEYS - 1) / FORWARD_KEYS;
  for (long block = 0; block < blocks; ++block) {
    const long begin = keys * block / blocks, n = keys * (block + 1) / blocks - begin;
    NAME(score)(vectors, n, width, k + begin * s->key_row, s->key_row, queries, zeros, scores);
    if (s->causal && begin + n > first) NAME(hide)(first, begin, n, scores);
    NAME(weigh)(vectors, n, scores, top, sum, correction);
    if (block > 0) NAME(scale_columns)(width, vectors, correction, mixed);
    NAME(mix)(vectors, width, n, v + begin * s->value_row, s->value_row, scores, zeros, mixed);
  }
  for (long u = 0; u < vectors * LANES; u += LANES) AT(sum + u) = 1.0f / READ(sum + u);
  NAME(unpack_columns)(mixed, count, width, sum, o + first * s->output_row, s->output_row);
  memcpy(shift + first, top, count * sizeof(float));
  memcpy(factor + first, sum, count * sizeof(float));
}
