#include "CLineupPNG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

struct cpng_decoder {
  png_structp state;
  png_infop info;
  const uint8_t *bytes;
  size_t count;
  size_t place;
  jmp_buf escape;
  char message[128];
};

static void fail(png_structp state, const char *message) {
  struct cpng_decoder *decoder = png_get_error_ptr(state);
  snprintf(decoder->message, sizeof decoder->message, "%s", message);
  longjmp(decoder->escape, 1);
}

static void stay_silent(png_structp state, const char *message) {
  (void)state;
  (void)message;
}

static void take(png_structp state, png_bytep target, size_t count) {
  struct cpng_decoder *decoder = png_get_io_ptr(state);
  if (count > decoder->count - decoder->place) png_error(state, "the file was cut short");
  memcpy(target, decoder->bytes + decoder->place, count);
  decoder->place += count;
}

// Texts and colour profiles change no stored value, and a thousand small ones could unpack to gigabytes.
static const png_byte unread[] = "tEXt\0zTXt\0iTXt\0iCCP";

struct cpng_decoder *cpng_open(const uint8_t *bytes, size_t count) {
  struct cpng_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  decoder->bytes = bytes;
  decoder->count = count;
  if (setjmp(decoder->escape)) return decoder;
  decoder->state = png_create_read_struct(PNG_LIBPNG_VER_STRING, decoder, fail, stay_silent);
  if (decoder->state) decoder->info = png_create_info_struct(decoder->state);
  if (!decoder->info) {
    snprintf(decoder->message, sizeof decoder->message, "there is no memory to decode it");
    return decoder;
  }
  png_set_read_fn(decoder->state, decoder, take);
  png_set_keep_unknown_chunks(decoder->state, PNG_HANDLE_CHUNK_NEVER, unread, 4);
  png_read_info(decoder->state, decoder->info);
  png_set_expand(decoder->state);
  png_set_strip_16(decoder->state);
  png_set_gray_to_rgb(decoder->state);
  png_set_interlace_handling(decoder->state);
  png_read_update_info(decoder->state, decoder->info);
  return decoder;
}

void cpng_close(struct cpng_decoder *decoder) {
  png_destroy_read_struct(&decoder->state, &decoder->info, NULL);
  free(decoder);
}

const char *cpng_error(const struct cpng_decoder *decoder) { return decoder->message; }

uint32_t cpng_width(const struct cpng_decoder *decoder) { return png_get_image_width(decoder->state, decoder->info); }

uint32_t cpng_height(const struct cpng_decoder *decoder) { return png_get_image_height(decoder->state, decoder->info); }

int cpng_channels(const struct cpng_decoder *decoder) { return png_get_channels(decoder->state, decoder->info); }

int cpng_decode(struct cpng_decoder *decoder, uint8_t *pixels) {
  size_t height = cpng_height(decoder);
  size_t row = png_get_rowbytes(decoder->state, decoder->info);
  png_bytep *volatile rows = malloc(height * sizeof *rows);
  if (!rows) {
    snprintf(decoder->message, sizeof decoder->message, "there is no memory to decode it");
    return 0;
  }
  if (setjmp(decoder->escape)) {
    free(rows);
    return 0;
  }
  for (size_t index = 0; index < height; index++) rows[index] = pixels + index * row;
  png_read_image(decoder->state, rows);
  png_read_end(decoder->state, decoder->info);
  free(rows);
  return 1;
}

const uint8_t *cpng_exif(struct cpng_decoder *decoder, size_t *count) {
  png_uint_32 size = 0;
  png_bytep bytes = NULL;
  if (setjmp(decoder->escape)) return NULL;
  if (!png_get_eXIf_1(decoder->state, decoder->info, &size, &bytes)) return NULL;
  *count = size;
  return bytes;
}
