#include "include/elementwise.h"
#include "vector.h"

#define UNARY(CASE, EXPRESSION) \
  case CASE:                    \
    for (long i = 0; i < n; i++) { const float v = x[i]; y[i] = (EXPRESSION); } \
    break;

CK_DISPATCH
void ck_unary(ck_unary_function f, long n, const float *x, float parameter, float *y) {
  switch (f) {
    UNARY(CK_NEGATE, -v)
    UNARY(CK_EXP, ck_fast_exp(v))
    UNARY(CK_LOG, logf(v))
    UNARY(CK_SQRT, __builtin_elementwise_sqrt(v))
    UNARY(CK_RSQRT, 1.0f / __builtin_elementwise_sqrt(v))
    UNARY(CK_RECIPROCAL, 1.0f / v)
    UNARY(CK_SQUARE, v * v)
    UNARY(CK_ABS, v < 0 ? -v : v)
    UNARY(CK_SIGN, (v > 0 ? 1.0f : 0.0f) - (v < 0 ? 1.0f : 0.0f))
    UNARY(CK_SIN, sinf(v))
    UNARY(CK_COS, cosf(v))
    UNARY(CK_TANH, ck_fast_tanh(v))
    UNARY(CK_SIGMOID, ck_fast_sigmoid(v))
    UNARY(CK_SILU, ck_fast_silu(v))
    UNARY(CK_GELU, ck_fast_gelu(v))
    UNARY(CK_QUICK_GELU, v * ck_fast_sigmoid(1.702f * v))
    UNARY(CK_SOFTPLUS, (v > 0 ? v : 0.0f) + log1pf(expf(v > 0 ? -v : v)))
    UNARY(CK_ERF, ck_fast_erf(v))
    UNARY(CK_RELU, v < 0 ? 0.0f : v)
    UNARY(CK_LEAKY_RELU, v > 0 ? v : parameter * v)
  }
}

CK_DISPATCH
void ck_affine(long n, const float *x, float scale, float offset, float *y) {
  for (long i = 0; i < n; i++) y[i] = x[i] * scale + offset;
}

#define ROW(EXPRESSION)                                                                            \
  if (sa == 1 && sb == 1) {                                                                        \
    for (long i = 0; i < n; i++) { const float u = a[i], v = b[i]; out[i] = (EXPRESSION); }        \
  } else if (sa == 1 && sb == 0) {                                                                 \
    const float v = b[0];                                                                          \
    for (long i = 0; i < n; i++) { const float u = a[i]; out[i] = (EXPRESSION); }                  \
  } else if (sa == 0 && sb == 1) {                                                                 \
    const float u = a[0];                                                                          \
    for (long i = 0; i < n; i++) { const float v = b[i]; out[i] = (EXPRESSION); }                  \
  } else {                                                                                         \
    for (long i = 0; i < n; i++) { const float u = a[i * sa], v = b[i * sb]; out[i] = (EXPRESSION); } \
  }

// Visits the rows (last axis) of a strided pair; the counters of the outer axes run like an odometer.
#define ROWS(EXPRESSION)                                              \
  for (long row = 0; row < count; row++) {                            \
    ROW(EXPRESSION)                                                   \
    out += n;                                                         \
    for (int axis = rank - 2; axis >= 0; axis--) {                    \
      a += strides_a[axis];                                           \
      b += strides_b[axis];                                           \
      if (++index[axis] < dims[axis]) break;                          \
      a -= strides_a[axis] * dims[axis];                              \
      b -= strides_b[axis] * dims[axis];                              \
      index[axis] = 0;                                                \
    }                                                                 \
  }

// The counters of the outer axes at row `first`, and the offset of that row.
static inline long start_odometer(int rank, const long *dims, const long *strides, long first, long *index) {
  long offset = 0;
  for (int axis = rank - 2; axis >= 0; axis--) {
    index[axis] = first % dims[axis];
    first /= dims[axis];
    offset += index[axis] * strides[axis];
  }
  return offset;
}

#define BINARY(CASE, EXPRESSION) case CASE: ROWS(EXPRESSION) break;

CK_DISPATCH
void ck_binary(ck_binary_function f, int rank, const long *dims, const long *strides_a, const long *strides_b,
               long first, long count, const float *restrict a, const float *restrict b, float parameter,
               float *restrict out) {
  long index[CK_MAX_RANK];
  a += start_odometer(rank, dims, strides_a, first, index);
  b += start_odometer(rank, dims, strides_b, first, index);
  out += first * dims[rank - 1];
  const long n = dims[rank - 1], sa = strides_a[rank - 1], sb = strides_b[rank - 1];
  switch (f) {
    BINARY(CK_ADD, u + v)
    BINARY(CK_SUBTRACT, u - v)
    BINARY(CK_MULTIPLY, u * v)
    BINARY(CK_DIVIDE, u / v)
    BINARY(CK_MAXIMUM, u > v ? u : v)
    BINARY(CK_MINIMUM, u < v ? u : v)
    BINARY(CK_SILU_GRADIENT, ck_fast_silu_gradient(u, v))
    BINARY(CK_GELU_GRADIENT, ck_fast_gelu_gradient(u, v))
    BINARY(CK_SIGMOID_GRADIENT_OF_OUTPUT, v * u * (1.0f - u))
    BINARY(CK_TANH_GRADIENT_OF_OUTPUT, v * (1.0f - u * u))
    BINARY(CK_STEP_SELECT, u > 0 ? v : parameter * v)
  }
}

CK_DISPATCH
void ck_gather_strided(int rank, const long *dims, const long *strides, long first, long count,
                       const float *restrict in, float *restrict out) {
  long index[CK_MAX_RANK];
  in += start_odometer(rank, dims, strides, first, index);
  out += first * dims[rank - 1];
  const long n = dims[rank - 1], s = strides[rank - 1];
  for (long row = 0; row < count; row++) {
    if (s == 1) {
      for (long i = 0; i < n; i++) out[i] = in[i];
    } else if (s == 0) {
      for (long i = 0; i < n; i++) out[i] = in[0];
    } else {
      for (long i = 0; i < n; i++) out[i] = in[i * s];
    }
    out += n;
    for (int axis = rank - 2; axis >= 0; axis--) {
      in += strides[axis];
      if (++index[axis] < dims[axis]) break;
      in -= strides[axis] * dims[axis];
      index[axis] = 0;
    }
  }
}

CK_DISPATCH
void ck_scatter_strided(int rank, const long *dims, const long *strides, long first, long count,
                       const float *restrict in, float *restrict out) {
  long index[CK_MAX_RANK];
  out += start_odometer(rank, dims, strides, first, index);
  in += first * dims[rank - 1];
  const long n = dims[rank - 1], s = strides[rank - 1];
  for (long row = 0; row < count; row++) {
    if (s == 1) {
      for (long i = 0; i < n; i++) out[i] = in[i];
    } else {
      for (long i = 0; i < n; i++) out[i * s] = in[i];
    }
    in += n;
    for (int axis = rank - 2; axis >= 0; axis--) {
      out += strides[axis];
      if (++index[axis] < dims[axis]) break;
      out -= strides[axis] * dims[axis];
      index[axis] = 0;
    }
  }
}

CK_DISPATCH
void ck_accumulate(long n, const float *restrict x, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] += x[i];
}

CK_DISPATCH
void ck_interpolate(long n, const float *restrict x, float t, float *restrict y) {
  for (long i = 0; i < n; i++) y[i] += t * (x[i] - y[i]);
}

void ck_gather_rows(long n, long width, const int *rows, const float *table, float *out) {
  for (long i = 0; i < n; i++) memcpy(out + i * width, table + (long)rows[i] * width, (size_t)width * sizeof(float));
}

CK_DISPATCH
void ck_scatter_add_rows(long n, long width, const int *restrict rows, const float *restrict in, float *restrict table) {
  for (long i = 0; i < n; i++) {
    float *target = table + (long)rows[i] * width;
    for (long j = 0; j < width; j++) target[j] += in[i * width + j];
  }
}

CK_DISPATCH
void ck_adam(long n, float *restrict p, float *restrict m, float *restrict v, const float *restrict g, float scale,
             float lr, float beta1, float beta2, float epsilon, float correction1, float correction2, float decay) {
  const float step = lr / correction1;
  const float root = 1.0f / __builtin_elementwise_sqrt(correction2);
  for (long i = 0; i < n; i++) {
    const float gradient = g[i] * scale;
    m[i] = beta1 * m[i] + (1.0f - beta1) * gradient;
    v[i] = beta2 * v[i] + (1.0f - beta2) * gradient * gradient;
    p[i] = p[i] - decay * p[i] - step * m[i] / (__builtin_elementwise_sqrt(v[i]) * root + epsilon);
  }
}

CK_DISPATCH
int ck_all_finite(long n, const float *x) {
  int bad = 0;
  for (long i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, x + i, 4);
    bad |= (bits & 0x7f800000u) == 0x7f800000u;
  }
  return !bad;
}
