#pragma once

/// Asks for `rows` rows of `count` floats, to be in the second-level cache when they are needed.
static inline void ck_prefetch(const float *floats, long row, long rows, long count) {
  const long floats_of_line = 16;
  for (; rows > 0; --rows, floats += row)
    for (long i = 0; i < count; i += floats_of_line) __builtin_prefetch(floats + i, 0, 2);
}
