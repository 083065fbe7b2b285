#pragma once

// Functions of one number, applied to n of them. `parameter` is the slope of CK_LEAKY_RELU and the exponent's rest of none.
typedef enum {
  CK_NEGATE, CK_EXP, CK_LOG, CK_SQRT, CK_RSQRT, CK_RECIPROCAL, CK_SQUARE, CK_ABS, CK_SIGN, CK_SIN, CK_COS,
  CK_TANH, CK_SIGMOID, CK_SILU, CK_GELU, CK_QUICK_GELU, CK_SOFTPLUS, CK_ERF, CK_RELU, CK_LEAKY_RELU
} ck_unary_function;

// Functions of two numbers. The last ones are derivatives times an incoming gradient b, fused into one pass.
typedef enum {
  CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_MAXIMUM, CK_MINIMUM,
  CK_SILU_GRADIENT, CK_GELU_GRADIENT, CK_SIGMOID_GRADIENT_OF_OUTPUT, CK_TANH_GRADIENT_OF_OUTPUT, CK_STEP_SELECT
} ck_binary_function;

enum { CK_MAX_RANK = 6 };

void ck_unary(ck_unary_function f, long n, const float *x, float parameter, float *y);

// y = scale · x + offset
void ck_affine(long n, const float *x, float scale, float offset, float *y);

// out is contiguous with extents dims[rank]; a and b have element strides (0 = broadcast). CK_STEP_SELECT uses `parameter`:
// b where a > 0, parameter · b elsewhere.
// Works on `count` rows of the last axis from row `first` on, all pointers being those of the whole.
void ck_binary(ck_binary_function f, int rank, const long *dims, const long *strides_a, const long *strides_b,
               long first, long count, const float *a, const float *b, float parameter, float *out);

// out (contiguous) = in read with strides: permutation, broadcast and slicing in one.
void ck_gather_strided(int rank, const long *dims, const long *strides, long first, long count, const float *in,
                       float *out);

// out written with strides = in (contiguous): padding and concatenation.
void ck_scatter_strided(int rank, const long *dims, const long *strides, long first, long count, const float *in,
                        float *out);

// y += x
void ck_accumulate(long n, const float *x, float *y);

// y += t · (x − y)
void ck_interpolate(long n, const float *x, float t, float *y);

// Rows of a table: out[i] = table[rows[i]], and table[rows[i]] += in[i].
void ck_gather_rows(long n, long width, const int *rows, const float *table, float *out);
void ck_scatter_add_rows(long n, long width, const int *rows, const float *in, float *table);

// One step of Adam or AdamW in place; correction1 = 1 − β1^t, correction2 = 1 − β2^t; decay is the decoupled weight decay times lr.
void ck_adam(long n, float *p, float *m, float *v, const float *g, float scale, float lr, float beta1, float beta2,
             float epsilon, float correction1, float correction2, float decay);

// 1 when every number is finite, else 0.
int ck_all_finite(long n, const float *x);
