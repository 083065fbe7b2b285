#ifndef CJPEG_H
#define CJPEG_H

// What Swift needs from libjpeg and cannot call by itself: the library leaves a function that fails by a jump of the
// caller's, which Swift must not make.

#include <stddef.h>
#include <stdint.h>

/// A decoding under way, or its failure.
struct cjpeg_decoder;

/// Reads the header of a JPEG file that stays in memory until `cjpeg_close`. Returns NULL only when there is no memory.
struct cjpeg_decoder *cjpeg_open(const uint8_t *bytes, size_t count);

void cjpeg_close(struct cjpeg_decoder *decoder);

/// The reason why the last call failed, or an empty text.
const char *cjpeg_error(const struct cjpeg_decoder *decoder);

int cjpeg_width(const struct cjpeg_decoder *decoder);
int cjpeg_height(const struct cjpeg_decoder *decoder);

/// Components in the file: 1 is grey, 3 are colours, 4 are inks.
int cjpeg_components(const struct cjpeg_decoder *decoder);

/// The note on how the camera was held and the like (EXIF), from its byte order on; the bytes live until decoding. NULL
/// where there is none.
const uint8_t *cjpeg_exif(const struct cjpeg_decoder *decoder, size_t *count);

/// Decodes into `[height, width, components]` bytes: grey; red, green and blue; or cyan, magenta, yellow and black as
/// they are stored. Returns 0 where that failed.
int cjpeg_decode(struct cjpeg_decoder *decoder, uint8_t *pixels);

/// Encodes `[height, width, components]` bytes, 1 of grey or 3 of colours at full resolution, as a JPEG file, which the
/// caller frees. Returns 0 where that failed, and then there is nothing to free.
int cjpeg_encode(const uint8_t *pixels, int width, int height, int components, int quality, uint8_t **file,
                 size_t *count);

#endif
