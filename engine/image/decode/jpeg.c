/* jpeg.c: the border to libjpeg-turbo. Its errors arrive by longjmp, so every
 * function that calls it sets its own jump first and owns nothing that a jump
 * could lose; what must be freed hangs on HfJpeg.
 *
 * libjpeg reads on after damage and paints what is missing grey; such pictures
 * are refused. A progressive file can repeat scans without end, so the work is
 * bounded: every scan visits every block of the picture once. */
#include "image/decode/jpeg-private.h"

#include "image/decode/decoder-private.h"

#include <glib/gi18n-lib.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* In this order: what jpeglib.h defines decides the numbers in jerror.h. */
#include <jpeglib.h>

#include <jerror.h>

/* Encoders write 10 scans, for four components 18. */
#define MAX_SCANS 64
/* Scans times megapixels; about 2 s of work. */
#define MAX_SCAN_MEGAPIXELS 1200.0
#define MIN_SCANS 20

#define EXIF_HEADER "Exif\0\0"
#define EXIF_HEADER_BYTES 6

struct _HfJpeg {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf jump;
  gsize size;
  HfClaim *claim;
  int orientation;
  gboolean is_damaged; /* pixels were lost */
  gboolean has_ended_early;
  gboolean is_too_much;
  guint8 *cmyk; /* one row, or NULL */
};

static HfJpeg *
get_self (j_common_ptr info)
{
  return info->client_data;
}

static void
error_cb (j_common_ptr info)
{
  longjmp (get_self (info)->jump, 1);
}

static void
message_cb (j_common_ptr info, int level)
{
  HfJpeg *self = get_self (info);
  int code = info->err->msg_code;
  gboolean is_damage = code == JWRN_HIT_MARKER || code == JWRN_HUFF_BAD_CODE ||
                       code == JWRN_ARITH_BAD_CODE ||
                       code == JWRN_MUST_RESYNC ||
                       code == JWRN_BOGUS_PROGRESSION;

  if (level >= 0)
    return;
  self->is_damaged |= is_damage;
  self->has_ended_early |= code == JWRN_JPEG_EOF;
}

static void
progress_cb (j_common_ptr info)
{
  HfJpeg *self = get_self (info);
  const struct jpeg_decompress_struct *decoder = &self->decoder;
  int scans = decoder->input_scan_number;
  double megapixels =
      (double) decoder->image_width * decoder->image_height / 1e6;

  if (scans <= MIN_SCANS ||
      (scans <= MAX_SCANS && scans * megapixels <= MAX_SCAN_MEGAPIXELS))
    return;
  self->is_too_much = TRUE;
  longjmp (self->jump, 1);
}

/* The one place where libjpeg's codes become errors. */
static gboolean
take_error (HfJpeg *self, GError **error)
{
  char message[JMSG_LENGTH_MAX];
  int code = HF_IMAGE_ERROR_DAMAGED;

  if (self->is_too_much) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("the JPEG repeats its scans (%d so far), which takes too "
                   "long to decode; save it anew"),
                    self->decoder.input_scan_number);
    return FALSE;
  }
  switch (self->errors.msg_code) {
  case JERR_OUT_OF_MEMORY:
  case JERR_NO_BACKING_STORE:
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("decoding this progressive JPEG takes more than %d MiB of "
                   "memory, so save it smaller or as a baseline JPEG"),
                    (int) (HF_IMAGE_MAX_MEMORY >> 20));
    return FALSE;
#if JPEG_LIB_VERSION < 70 /* Ubuntu's is 80 and has no such code */
  case JERR_ARITH_NOTIMPL:
#endif
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_CONVERSION_NOTIMPL:
    code = HF_IMAGE_ERROR_UNSUPPORTED;
    break;
  default:
    break;
  }
  self->errors.format_message ((j_common_ptr) &self->decoder, message);
  g_set_error (
      error, HF_IMAGE_ERROR, code,
      code == HF_IMAGE_ERROR_DAMAGED
      ? _("the JPEG is damaged (%s); copy it again from where it came")
      : _("the JPEG has a form that is not read (%s); save it anew"), message);
  return FALSE;
}

/* Walks the segments before the first scan to the EXIF block. libjpeg could
 * keep them, but a file can hold half a gigabyte of them. */
static int
find_orientation (const guint8 *data, gsize size)
{
  gsize at = 2;

  while (at + 4 <= size && data[at] == 0xff) {
    int marker = data[at + 1];
    gsize length = (gsize) data[at + 2] << 8 | data[at + 3];

    if (marker == 0xff) {
      at++; /* fill byte */
      continue;
    }
    if (marker == 0xda || length < 2 || at + 2 + length > size)
      break;
    if (marker == 0xe1 && length >= 2 + EXIF_HEADER_BYTES &&
        memcmp (data + at + 4, EXIF_HEADER, EXIF_HEADER_BYTES) == 0)
      return hf_exif_get_orientation (data + at + 4 + EXIF_HEADER_BYTES,
                                      length - 2 - EXIF_HEADER_BYTES);
    at += 2 + length;
  }
  return 1;
}

static gboolean
read_header (HfJpeg *self, const guint8 *data, gsize size, GError **error)
{
  if (setjmp (self->jump) != 0)
    return take_error (self, error);
  jpeg_create_decompress (&self->decoder);
  /* jpeg_create_decompress clears all but the error handler and this. */
  jpeg_mem_src (&self->decoder, data, size);
  jpeg_read_header (&self->decoder, TRUE);
  return TRUE;
}

HfJpeg *
hf_jpeg_open (const guint8 *data, gsize size, HfClaim *claim, GError **error)
{
  g_autoptr (HfJpeg) self = g_new0 (HfJpeg, 1);

  self->size = size;
  self->claim = claim;
  self->decoder.err = jpeg_std_error (&self->errors);
  self->decoder.client_data = self;
  self->errors.error_exit = error_cb;
  self->errors.emit_message = message_cb;
  self->progress.progress_monitor = progress_cb;
  if (!read_header (self, data, size, error))
    return NULL;
  if (!hf_image_check_size (self->decoder.image_width,
                            self->decoder.image_height, 0, size, error))
    return NULL;
  self->orientation = find_orientation (data, size);
  return g_steal_pointer (&self);
}

void
hf_jpeg_free (HfJpeg *self)
{
  if (self == NULL)
    return;
  jpeg_destroy_decompress (&self->decoder);
  g_free (self->cmyk);
  g_free (self);
}

int
hf_jpeg_get_width (const HfJpeg *self)
{
  return (int) self->decoder.image_width;
}

int
hf_jpeg_get_height (const HfJpeg *self)
{
  return (int) self->decoder.image_height;
}

int
hf_jpeg_get_orientation (const HfJpeg *self)
{
  return self->orientation;
}

static gboolean
start (HfJpeg *self, GError **error)
{
  if (setjmp (self->jump) != 0)
    return take_error (self, error);
  jpeg_start_decompress (&self->decoder);
  return TRUE;
}

/* What libjpeg keeps of all scans until the last one is there. */
static gsize
count_coefficient_bytes (struct jpeg_decompress_struct *decoder)
{
  gsize n = 0;

  if (!jpeg_has_multiple_scans (decoder))
    return 0;
  for (int i = 0; i < decoder->num_components; i++)
    n += (gsize) decoder->comp_info[i].width_in_blocks *
         decoder->comp_info[i].height_in_blocks * sizeof (JBLOCK);
  return n;
}

gboolean
hf_jpeg_start (HfJpeg *self, int shrink, gsize other_bytes, GError **error)
{
  struct jpeg_decompress_struct *decoder = &self->decoder;
  gboolean is_cmyk = decoder->jpeg_color_space == JCS_CMYK ||
                     decoder->jpeg_color_space == JCS_YCCK;

  if (self->size + other_bytes > HF_IMAGE_MAX_MEMORY - (1 << 20)) {
    self->errors.msg_code = JERR_OUT_OF_MEMORY;
    return take_error (self, error);
  }
  /* The caller's part twice, since it may be turned. */
  hf_claim_take (self->claim, self->size + 2 * other_bytes +
                                  count_coefficient_bytes (decoder));
  decoder->mem->max_memory_to_use =
      (long) (HF_IMAGE_MAX_MEMORY - self->size - other_bytes);
  decoder->progress = &self->progress;
  decoder->scale_num = 8 / (guint) shrink;
  decoder->scale_denom = 8;
  decoder->out_color_space = is_cmyk ? JCS_CMYK : JCS_RGB;
  if (!start (self, error))
    return FALSE;
  if (is_cmyk)
    self->cmyk = g_malloc ((gsize) decoder->output_width * 4);
  return TRUE;
}

/* Ink to light without a profile. Adobe's programs store the ink inverted and
 * leave their marker; others store it as it is. */
static void
convert_cmyk (const HfJpeg *self, guint8 *rgb)
{
  guint invert = self->decoder.saw_Adobe_marker ? 255 : 0;

  for (guint i = 0; i < self->decoder.output_width; i++) {
    const guint8 *ink = self->cmyk + i * 4;
    guint white = 255 - (ink[3] ^ invert);

    for (int c = 0; c < 3; c++) {
      guint dark = (ink[c] ^ invert) * white + 128;

      rgb[i * 3 + c] = (guint8) (white - ((dark + (dark >> 8)) >> 8));
    }
  }
}

gboolean
hf_jpeg_read (HfJpeg *self, guint8 *rgb, int n_rows, GError **error)
{
  gsize row_bytes = (gsize) self->decoder.output_width * 3;

  if (setjmp (self->jump) != 0)
    return take_error (self, error);
  for (int r = 0; r < n_rows; r++) {
    guint8 *row = self->cmyk != NULL ? self->cmyk : rgb + r * row_bytes;

    jpeg_read_scanlines (&self->decoder, &row, 1);
    if (self->cmyk != NULL)
      convert_cmyk (self, rgb + r * row_bytes);
  }
  return TRUE;
}

gboolean
hf_jpeg_finish (HfJpeg *self, GError **error)
{
  /* A progressive file that ends early lacks scans, though not rows; others
   * lack their end marker and nothing else. */
  if (!self->is_damaged &&
      !(self->has_ended_early && jpeg_has_multiple_scans (&self->decoder)))
    return TRUE;
  g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED,
               _("the JPEG is damaged or cut short, and a part of the picture "
                 "is missing; copy it again from where it came"));
  return FALSE;
}

HfImage *
hf_jpeg_decode (const guint8 *data, gsize size, HfClaim *claim,
                int *orientation, GError **error)
{
  g_autoptr (HfJpeg) jpeg = hf_jpeg_open (data, size, claim, error);
  g_autoptr (HfImage) image = NULL;
  gsize rgb_bytes;

  if (jpeg == NULL)
    return NULL;
  rgb_bytes = (gsize) hf_jpeg_get_width (jpeg) * hf_jpeg_get_height (jpeg) * 3;
  if (!hf_jpeg_start (jpeg, 1, rgb_bytes, error))
    return NULL;
  image = hf_image_new (hf_jpeg_get_width (jpeg), hf_jpeg_get_height (jpeg),
                        rgb_bytes, error);
  if (image == NULL || !hf_jpeg_read (jpeg, image->rgb, image->height, error) ||
      !hf_jpeg_finish (jpeg, error))
    return NULL;
  *orientation = hf_jpeg_get_orientation (jpeg);
  return g_steal_pointer (&image);
}
