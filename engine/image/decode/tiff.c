/* tiff.c: the border to libtiff, whose RGBA reader knows bilevel, grey,
 * palette, RGB, CMYK, YCbCr and Lab, planes, strips and tiles. Pieces (strips
 * or tiles) are read one by one, the first page only.
 *
 * The RGBA reader takes the high byte of 16-bit grey; put_grey16 scales by the
 * full range in its place. */
#include "image/decode/decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <tiffio.h>

/* Of strips or tiles; a row each of the tallest picture. */
#define MAX_PIECES HF_IMAGE_MAX_SIDE

typedef struct {
  TIFF *tiff;
  TIFFRGBAImage rgba;
  gboolean has_rgba;
  const guint8 *data;
  gsize size, at;
  char message[256];
} Reader;

static void
reader_clear (Reader *self)
{
  if (self->has_rgba)
    TIFFRGBAImageEnd (&self->rgba);
  if (self->tiff != NULL)
    TIFFClose (self->tiff);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TIFFOpenOptions, TIFFOpenOptionsFree)

static tmsize_t
read_cb (thandle_t handle, void *out, tmsize_t n)
{
  Reader *self = (Reader *) handle;
  gsize left = self->at < self->size ? self->size - self->at : 0;
  gsize part = MIN ((gsize) n, left);

  memcpy (out, self->data + MIN (self->at, self->size), part);
  self->at += part;
  return (tmsize_t) part;
}

static tmsize_t
write_cb (thandle_t handle, void *data, tmsize_t n)
{
  return 0;
}

static toff_t
seek_cb (thandle_t handle, toff_t offset, int whence)
{
  Reader *self = (Reader *) handle;

  if (whence == SEEK_CUR)
    offset += self->at;
  else if (whence == SEEK_END)
    offset += self->size;
  self->at = (gsize) offset;
  return offset;
}

static int
close_cb (thandle_t handle)
{
  return 0;
}

static toff_t
size_cb (thandle_t handle)
{
  return ((Reader *) handle)->size;
}

G_GNUC_PRINTF (4, 0)
static int
error_cb (TIFF *tiff, void *user_data, const char *module, const char *format,
          va_list arguments)
{
  Reader *self = user_data;

  /* The first one is the cause. */
  if (self->message[0] == '\0')
    g_vsnprintf (self->message, sizeof (self->message), format, arguments);
  return 1;
}

G_GNUC_PRINTF (4, 0)
static int
warning_cb (TIFF *tiff, void *user_data, const char *module, const char *format,
            va_list arguments)
{
  return 1;
}

static gboolean
take_error (const Reader *self, HfImageError code, GError **error)
{
  const char *what =
      code == HF_IMAGE_ERROR_DAMAGED ? _("is damaged")
                                     : _("has a form that is not read");

  g_set_error (error, HF_IMAGE_ERROR, (int) code,
               _("the TIFF %s (%s); save it anew as 8-bit RGB"), what,
                  self->message[0] != '\0' ? self->message
                                           : _("no reason given"));
  return FALSE;
}

static gboolean
open_tiff (Reader *self, GError **error)
{
  g_autoptr (TIFFOpenOptions) options = TIFFOpenOptionsAlloc ();

  TIFFOpenOptionsSetErrorHandlerExtR (options, error_cb, self);
  TIFFOpenOptionsSetWarningHandlerExtR (options, warning_cb, self);
  TIFFOpenOptionsSetMaxSingleMemAlloc (options, (tmsize_t) HF_IMAGE_MAX_MEMORY);
  /* m: never by memory mapping. */
  self->tiff =
      TIFFClientOpenExt ("picture", "rm", self, read_cb, write_cb, seek_cb,
                         close_cb, size_cb, NULL, NULL, options);
  return self->tiff != NULL || take_error (self, HF_IMAGE_ERROR_DAMAGED, error);
}

/* Floats have no full range that could be shown as 8 bits. Signed bytes are a
 * slip of the writer: every reader takes them as unsigned. */
static gboolean
check_samples (const Reader *self, GError **error)
{
  guint16 format = SAMPLEFORMAT_UINT, bits = 1;

  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_SAMPLEFORMAT, &format);
  TIFFGetFieldDefaulted (self->tiff, TIFFTAG_BITSPERSAMPLE, &bits);
  if (format == SAMPLEFORMAT_UINT || format == SAMPLEFORMAT_VOID ||
      (format == SAMPLEFORMAT_INT && bits <= 8))
    return TRUE;
  g_set_error (
      error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_UNSUPPORTED,
      _("the TIFF holds %u-bit %s samples, which have no agreed black and "
        "white; save it as 8-bit or 16-bit unsigned"),
         bits,
         format == SAMPLEFORMAT_IEEEFP ? _("floating-point")
                                       : _("signed or complex"));
  return FALSE;
}

/* libtiff's pixel writer for 16-bit grey: @x, @y, @width and @height are the
 * piece, @skip_in and @skip_out what lies between its rows. */
static void
put_grey16 (TIFFRGBAImage *rgba, guint32 *out, guint32 x, guint32 y,
            guint32 width, guint32 height, gint32 skip_in, gint32 skip_out,
            unsigned char *in)
{
  guint16 invert = rgba->photometric == PHOTOMETRIC_MINISWHITE ? 0xffff : 0;

  for (guint32 r = 0; r < height; r++) {
    for (guint32 i = 0; i < width; i++) {
      guint16 sample;
      guint32 grey;

      memcpy (&sample, in, sizeof (sample));
      grey = ((guint32) (sample ^ invert) + 128) / 257;
      *out++ = grey | grey << 8 | grey << 16 | 0xff000000u;
      in += 2 * rgba->samplesperpixel;
    }
    out += skip_out;
    in += (gssize) skip_in * 2 * rgba->samplesperpixel;
  }
}

static gboolean
begin_rgba (Reader *self, GError **error)
{
  TIFFRGBAImage *rgba = &self->rgba;
  char message[1024] = "";

  if (!TIFFRGBAImageOK (self->tiff, message) ||
      !TIFFRGBAImageBegin (rgba, self->tiff, 1, message)) {
    if (self->message[0] == '\0')
      g_strlcpy (self->message, message, sizeof (self->message));
    return take_error (self, HF_IMAGE_ERROR_UNSUPPORTED, error);
  }
  self->has_rgba = TRUE;
  /* Pixels as they are stored: turning is the caller's. */
  rgba->orientation = ORIENTATION_TOPLEFT;
  rgba->req_orientation = ORIENTATION_TOPLEFT;
  if (rgba->bitspersample == 16 && rgba->isContig && rgba->alpha == 0 &&
      (rgba->photometric == PHOTOMETRIC_MINISBLACK ||
       rgba->photometric == PHOTOMETRIC_MINISWHITE))
    rgba->put.contig = put_grey16;
  return TRUE;
}

/* Rows that one piece holds: those of a strip or of a row of tiles. */
static guint32
get_band_rows (const Reader *self)
{
  guint32 n_rows = 0;

  if (TIFFIsTiled (self->tiff))
    TIFFGetField (self->tiff, TIFFTAG_TILELENGTH, &n_rows);
  else
    TIFFGetFieldDefaulted (self->tiff, TIFFTAG_ROWSPERSTRIP, &n_rows);
  return MIN (n_rows, self->rgba.height);
}

/* A strip may be as large as the picture, and pieces may share their bytes:
 * memory and reading are bounded before the first of them is touched. */
static gboolean
check_pieces (Reader *self, guint32 band_rows, HfClaim *claim, GError **error)
{
  const TIFFRGBAImage *rgba = &self->rgba;
  gboolean is_tiled = TIFFIsTiled (self->tiff);
  guint32 n_pieces = is_tiled ? TIFFNumberOfTiles (self->tiff)
                              : TIFFNumberOfStrips (self->tiff);
  gint64 piece_bytes =
      is_tiled ? TIFFTileSize64 (self->tiff) : TIFFStripSize64 (self->tiff);
  guint64 stored_bytes = 0;

  if (band_rows == 0 || n_pieces == 0 || n_pieces > MAX_PIECES ||
      piece_bytes <= 0 || piece_bytes > G_MAXINT32) {
    g_strlcpy (self->message, _("its strips or tiles have no sensible size"),
                                 sizeof (self->message));
    return take_error (self, HF_IMAGE_ERROR_DAMAGED, error);
  }
  if (!rgba->isContig)
    piece_bytes *= rgba->samplesperpixel;
  if (!hf_image_reserve (claim, rgba->width, rgba->height, 3,
                         self->size + (gsize) piece_bytes +
                             (gsize) band_rows * rgba->width,
                         error))
    return FALSE;
  for (guint32 i = 0; i < n_pieces; i++)
    stored_bytes += TIFFGetStrileByteCount (self->tiff, i);
  if (stored_bytes / 2 <= self->size)
    return TRUE;
  g_strlcpy (self->message, _("its strips or tiles claim more than the file "
                              "has"),
                               sizeof (self->message));
  return take_error (self, HF_IMAGE_ERROR_DAMAGED, error);
}

/* Composites @n pixels with premultiplied alpha over white. Each pixel is read
 * before @rgb, which never runs ahead of @rgba, is written. */
static void
flatten_row (const guint32 *rgba, gsize n, guint8 *rgb)
{
  for (gsize i = 0; i < n; i++) {
    guint32 pixel = rgba[i];
    guint white = 255 - TIFFGetA (pixel);

    rgb[i * 3] = (guint8) MIN (TIFFGetR (pixel) + white, 255);
    rgb[i * 3 + 1] = (guint8) MIN (TIFFGetG (pixel) + white, 255);
    rgb[i * 3 + 2] = (guint8) MIN (TIFFGetB (pixel) + white, 255);
  }
}

/* Each band is decoded at four bytes a pixel at the place in the buffer where
 * it ends at three, so that a band as large as the picture needs no second
 * buffer. */
static gboolean
read_bands (Reader *self, guint32 band_rows, HfImage *image, GError **error)
{
  gsize width = self->rgba.width, height = self->rgba.height;

  for (gsize y = 0; y < height; y += band_rows) {
    gsize n_rows = MIN (band_rows, height - y);
    guint8 *rgb = image->rgb + y * width * 3;
    guint32 *raster = (guint32 *) (((guintptr) rgb + 3) & ~(guintptr) 3);

    self->rgba.row_offset = (int) y;
    if (!TIFFRGBAImageGet (&self->rgba, raster, (guint32) width,
                           (guint32) n_rows) ||
        self->message[0] != '\0')
      return take_error (self, HF_IMAGE_ERROR_DAMAGED, error);
    flatten_row (raster, n_rows * width, rgb);
  }
  return TRUE;
}

HfImage *
hf_tiff_decode (const guint8 *data, gsize size, HfClaim *claim,
                int *orientation, GError **error)
{
  g_auto (Reader) self = {.data = data, .size = size};
  g_autoptr (HfImage) image = NULL;
  guint32 width = 0, height = 0, band_rows;
  guint16 turned = 1;

  if (!open_tiff (&self, error))
    return NULL;
  TIFFGetField (self.tiff, TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField (self.tiff, TIFFTAG_IMAGELENGTH, &height);
  TIFFGetFieldDefaulted (self.tiff, TIFFTAG_ORIENTATION, &turned);
  if (!hf_image_check_size (width, height, 3, size, error) ||
      !check_samples (&self, error) || !begin_rgba (&self, error))
    return NULL;
  band_rows = get_band_rows (&self);
  if (!check_pieces (&self, band_rows, claim, error))
    return NULL;
  image = hf_image_new ((int) width, (int) height,
                        (gsize) width * (height * 3 + band_rows) + 4, error);
  if (image == NULL || !read_bands (&self, band_rows, image, error))
    return NULL;
  *orientation = turned >= 1 && turned <= 8 ? turned : 1;
  return g_steal_pointer (&image);
}
