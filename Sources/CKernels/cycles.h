// Channel-wise loops over rows of channels run over cycles: as many whole rows as make a multiple of 64 floats, at least
// 128. A cycle fills vectors whatever the number of channels is (28 channels would leave a quarter of the lanes idle, 3
// most of them), and its sums are far enough apart not to wait for one another. What is left over is less than a cycle.
#pragma once

enum { CYCLE_LIMIT = 4096, LONG_ROW = 8192 };

static inline long cycle_of(long channels) {
  long cycle = channels;
  while (cycle % 64 != 0 || cycle < 128) {
    cycle += channels;
    if (cycle > CYCLE_LIMIT) return channels;
  }
  return cycle;
}

// The values of each channel, for each float of a cycle.
static inline void repeat(const float *values, long channels, long cycle, float *out) {
  for (long start = 0; start < cycle; start += channels)
    for (long c = 0; c < channels; c++) out[start + c] = values[c];
}

// The sums of each channel from those of a cycle's floats, added to `out`.
static inline void fold(const float *sums, long channels, long cycle, double *out) {
  for (long start = 0; start < cycle; start += channels)
    for (long c = 0; c < channels; c++) out[c] += sums[start + c];
}

// Runs BODY with `length` = the cycle for every whole cycle of `count` floats, then once for the rest; `i` is the place of
// a cycle's first float.
#define CYCLES(BODY)                                                              \
  {                                                                               \
    long i = 0;                                                                   \
    for (; i + cycle <= count; i += cycle) { const long length = cycle; BODY }    \
    if (i < count) { const long length = count - i; BODY }                        \
  }
