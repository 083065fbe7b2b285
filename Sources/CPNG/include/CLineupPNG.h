#ifndef CPNG_H
#define CPNG_H

// What Swift needs from libpng's full interface and cannot call by itself: the library leaves a function that fails by a
// jump of the caller's, which Swift must not make. The simplified interface, which makes none, converts what it reads to
// linear light and back where depths or channels change; here values stay as they are stored.

#include <stddef.h>
#include <stdint.h>

/// A decoding under way, or its failure.
struct cpng_decoder;

/// Reads up to the pixels of a PNG file that stays in memory until `cpng_close`. Returns NULL only when there is no memory.
struct cpng_decoder *cpng_open(const uint8_t *bytes, size_t count);

void cpng_close(struct cpng_decoder *decoder);

/// The reason why the last call failed, or an empty text.
const char *cpng_error(const struct cpng_decoder *decoder);

uint32_t cpng_width(const struct cpng_decoder *decoder);
uint32_t cpng_height(const struct cpng_decoder *decoder);

/// 3, or 4 where the file holds transparency of any kind.
int cpng_channels(const struct cpng_decoder *decoder);

/// Decodes into `[height, width, channels]` bytes of red, green, blue and opacity: palettes looked up, fewer than eight
/// bits stretched, of sixteen the upper eight. Returns 0 where that failed.
int cpng_decode(struct cpng_decoder *decoder, uint8_t *pixels);

/// After decoding, the chunk `eXIf`: its bytes live as long as the decoder. NULL where there is none.
const uint8_t *cpng_exif(struct cpng_decoder *decoder, size_t *count);

#endif
