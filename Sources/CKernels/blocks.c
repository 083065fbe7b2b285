#include "include/blocks.h"
#include "vector.h"

CK_DISPATCH
void ck_enlarge(long rows, long width, long channels, long factor, const float *restrict in, float *restrict out) {
  const long length = width * factor * channels;
  for (long row = 0; row < rows; row++, in += width * channels, out += factor * length) {
    float *to = out;
    for (long x = 0; x < width; x++)
      for (long k = 0; k < factor; k++, to += channels)
        for (long c = 0; c < channels; c++) to[c] = in[x * channels + c];
    for (long k = 1; k < factor; k++) memcpy(out + k * length, out, (size_t)length * sizeof(float));
  }
}

CK_DISPATCH
void ck_sum_blocks(long rows, long width, long channels, long factor, const float *restrict in, float *restrict out) {
  const long length = width * factor * channels;
  for (long row = 0; row < rows; row++, in += factor * length) {
    for (long x = 0; x < width; x++, out += channels) {
      const float *block = in + x * factor * channels;
      if (factor == 2) {
        const float *below = block + length;
        for (long c = 0; c < channels; c++)
          out[c] = (block[c] + block[c + channels]) + (below[c] + below[c + channels]);
        continue;
      }
      for (long c = 0; c < channels; c++) out[c] = 0;
      for (long k = 0; k < factor; k++)
        for (long j = 0; j < factor; j++)
          for (long c = 0; c < channels; c++) out[c] += block[k * length + j * channels + c];
    }
  }
}
