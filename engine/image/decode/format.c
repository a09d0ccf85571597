/* format.c: the format by the first bytes, and the way to its decoder. */
#include "image/decode/decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  HfFormat format;
  gsize offset;
  const char *magic;
  gsize n;
} Signature;

static const Signature signatures[] = {
    {HF_FORMAT_JPEG, 0, "\xff\xd8\xff", 3},
    {HF_FORMAT_PNG, 0, "\x89PNG\r\n\x1a\n", 8},
    {HF_FORMAT_TIFF, 0, "II*\0", 4},
    {HF_FORMAT_TIFF, 0, "MM\0*", 4},
    {HF_FORMAT_TIFF, 0, "II+\0", 4}, /* BigTIFF */
    {HF_FORMAT_TIFF, 0, "MM\0+", 4},
    {HF_FORMAT_WEBP, 8, "WEBP", 4},
    {HF_FORMAT_GIF, 0, "GIF87a", 6},
    {HF_FORMAT_GIF, 0, "GIF89a", 6},
    {HF_FORMAT_BMP, 0, "BM", 2},
};

/* What people have under a picture's name that is none; only to say so. */
static const struct {
  gsize offset;
  const char *magic;
  const char *name;
} strangers[] = {
    {4, "ftyp", N_("a HEIC, AVIF or video file; save it as JPEG or PNG")},
     {0, "version https://git-lfs", N_("a Git LFS pointer; run git lfs pull")},
      {0, "%PDF", N_("a PDF; save its pictures as JPEG or PNG")},
       {0, "\x1f\x8b", N_("a gzip archive; unpack it first")},
        {0, "PK\x03\x04", N_("a zip archive; unpack it first")},
         {0, "<",
          N_("a text file such as SVG or a web page, not a photograph")},
          {0, "/* XPM", N_("an XPM picture; save it as PNG")},
           {0, "8BPS", N_("a Photoshop file; save it as TIFF or PNG")},
};

static gboolean
is_at (const guint8 *data, gsize size, gsize offset, const char *magic, gsize n)
{
  return size >= offset + n && memcmp (data + offset, magic, n) == 0;
}

gboolean
hf_format_sniff (const guint8 *data, gsize size, HfFormat *out, GError **error)
{
  const char *what =
      _("in none of the formats that are read: JPEG, PNG, WebP, TIFF, BMP and "
        "GIF");

  for (gsize i = 0; i < G_N_ELEMENTS (signatures); i++) {
    const Signature *s = &signatures[i];

    if (is_at (data, size, s->offset, s->magic, s->n)) {
      *out = s->format;
      return TRUE;
    }
  }
  for (gsize i = 0; i < G_N_ELEMENTS (strangers); i++)
    if (is_at (data, size, strangers[i].offset, strangers[i].magic,
               strlen (strangers[i].magic)))
      what = _(strangers[i].name);
  g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_FORMAT,
               _("the file is %s"), size == 0 ? _("empty") : what);
  return FALSE;
}

static HfImage *
decode_stored (HfFormat format, const guint8 *data, gsize size, HfClaim *claim,
               int *orientation, GError **error)
{
  switch (format) {
  case HF_FORMAT_JPEG:
    return hf_jpeg_decode (data, size, claim, orientation, error);
  case HF_FORMAT_PNG:
    return hf_png_decode (data, size, claim, orientation, error);
  case HF_FORMAT_TIFF:
    return hf_tiff_decode (data, size, claim, orientation, error);
  case HF_FORMAT_WEBP:
  case HF_FORMAT_BMP:
  case HF_FORMAT_GIF:
    break;
  }
  return hf_pixbuf_decode (format, data, size, claim, orientation, error);
}

HfImage *
hf_image_decode_bytes (const guint8 *data, gsize size, HfClaim *claim,
                       GError **error)
{
  g_autoptr (HfImage) self = NULL;
  HfFormat format;
  int orientation = 1;

  if (!hf_format_sniff (data, size, &format, error))
    return NULL;
  self = decode_stored (format, data, size, claim, &orientation, error);
  if (self == NULL)
    return NULL;
  if (orientation > 4 &&
      !hf_image_check_size (self->width, self->height, HF_IMAGE_TURN_BYTES,
                            size, error))
    return NULL;
  if (!hf_image_orient (self, orientation, error))
    return NULL;
  return g_steal_pointer (&self);
}
