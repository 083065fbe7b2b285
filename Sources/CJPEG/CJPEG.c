#include "CLineupJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

struct cjpeg_decoder {
  struct jpeg_decompress_struct state;
  struct jpeg_error_mgr errors;
  jmp_buf escape;
  char message[JMSG_LENGTH_MAX];
};

static void fail(j_common_ptr state) {
  struct cjpeg_decoder *decoder = state->client_data;
  state->err->format_message(state, decoder->message);
  longjmp(decoder->escape, 1);
}

// Damage that the library can read over is no error to it, nor to other readers; but of a file cut short it would invent
// the rest in grey.
static void warn(j_common_ptr state, int level) {
  if (level < 0 && state->err->msg_code == JWRN_JPEG_EOF) fail(state);
}

static void stay_silent(j_common_ptr state) { (void)state; }

struct cjpeg_decoder *cjpeg_open(const uint8_t *bytes, size_t count) {
  struct cjpeg_decoder *decoder = calloc(1, sizeof *decoder);
  if (!decoder) return NULL;
  decoder->state.err = jpeg_std_error(&decoder->errors);
  decoder->errors.error_exit = fail;
  decoder->errors.emit_message = warn;
  decoder->errors.output_message = stay_silent;
  decoder->state.client_data = decoder;
  if (setjmp(decoder->escape)) return decoder;
  jpeg_create_decompress(&decoder->state);
  jpeg_mem_src(&decoder->state, bytes, count);
  jpeg_save_markers(&decoder->state, JPEG_APP0 + 1, 0xFFFF);
  jpeg_read_header(&decoder->state, TRUE);
  return decoder;
}

void cjpeg_close(struct cjpeg_decoder *decoder) {
  jpeg_destroy_decompress(&decoder->state);
  free(decoder);
}

const char *cjpeg_error(const struct cjpeg_decoder *decoder) { return decoder->message; }

int cjpeg_width(const struct cjpeg_decoder *decoder) { return (int)decoder->state.image_width; }

int cjpeg_height(const struct cjpeg_decoder *decoder) { return (int)decoder->state.image_height; }

int cjpeg_components(const struct cjpeg_decoder *decoder) { return decoder->state.num_components; }

const uint8_t *cjpeg_exif(const struct cjpeg_decoder *decoder, size_t *count) {
  static const char start[] = "Exif\0";
  for (jpeg_saved_marker_ptr marker = decoder->state.marker_list; marker; marker = marker->next) {
    if (marker->data_length < sizeof start || memcmp(marker->data, start, sizeof start)) continue;
    *count = marker->data_length - sizeof start;
    return marker->data + sizeof start;
  }
  return NULL;
}

int cjpeg_decode(struct cjpeg_decoder *decoder, uint8_t *pixels) {
  if (setjmp(decoder->escape)) return 0;
  jpeg_start_decompress(&decoder->state);
  size_t row = (size_t)decoder->state.output_width * (size_t)decoder->state.output_components;
  while (decoder->state.output_scanline < decoder->state.output_height) {
    JSAMPROW target = pixels + decoder->state.output_scanline * row;
    jpeg_read_scanlines(&decoder->state, &target, 1);
  }
  return jpeg_finish_decompress(&decoder->state) ? 1 : 0;
}

struct encoder {
  struct jpeg_compress_struct state;
  struct jpeg_error_mgr errors;
  jmp_buf escape;
  // Here and not on the stack, where a jump may lose them.
  unsigned char *bytes;
  unsigned long size;
};

static void fail_encoding(j_common_ptr state) {
  struct encoder *encoder = state->client_data;
  longjmp(encoder->escape, 1);
}

int cjpeg_encode(const uint8_t *pixels, int width, int height, int components, int quality, uint8_t **file,
                 size_t *count) {
  struct encoder *encoder = calloc(1, sizeof *encoder);
  if (!encoder) return 0;
  encoder->state.err = jpeg_std_error(&encoder->errors);
  encoder->errors.error_exit = fail_encoding;
  encoder->errors.output_message = stay_silent;
  encoder->state.client_data = encoder;
  int volatile succeeded = 0;
  if (!setjmp(encoder->escape)) {
    jpeg_create_compress(&encoder->state);
    jpeg_mem_dest(&encoder->state, &encoder->bytes, &encoder->size);
    encoder->state.image_width = (JDIMENSION)width;
    encoder->state.image_height = (JDIMENSION)height;
    encoder->state.input_components = components;
    encoder->state.in_color_space = components == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&encoder->state);
    jpeg_set_quality(&encoder->state, quality, TRUE);
    encoder->state.dct_method = JDCT_ISLOW;
    encoder->state.optimize_coding = TRUE;
    // Colours at full resolution.
    encoder->state.comp_info[0].h_samp_factor = encoder->state.comp_info[0].v_samp_factor = 1;
    jpeg_start_compress(&encoder->state, TRUE);
    while (encoder->state.next_scanline < encoder->state.image_height) {
      JSAMPROW row = (JSAMPROW)pixels + (size_t)encoder->state.next_scanline * (size_t)width * (size_t)components;
      jpeg_write_scanlines(&encoder->state, &row, 1);
    }
    jpeg_finish_compress(&encoder->state);
    succeeded = 1;
  }
  jpeg_destroy_compress(&encoder->state);
  if (succeeded) {
    *file = encoder->bytes;
    *count = encoder->size;
  } else {
    free(encoder->bytes);
  }
  free(encoder);
  return succeeded;
}
