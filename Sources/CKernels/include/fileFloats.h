#pragma once

/// Numbers of half precision (IEEE binary16) as floats, exactly; whether the thread treats denormals as zero or not. `in` may lie at any byte.
void ck_widen_half(long count, const void *in, float *out);

/// Numbers of the format bfloat16 as floats, exactly.
void ck_widen_bfloat(long count, const void *in, float *out);

/// Some rows of weights [outputs, inputs, taps], as files of PyTorch hold them, laid into [taps, inputs, outputs]: `rows`
/// output channels from `in`, the first of which is at `out`.
void ck_lay_weights(long rows, long inputs, long taps, const float *in, long outputs, float *out);
