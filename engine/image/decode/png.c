/* png.c: the border to libpng. Its errors arrive by longjmp; what must be freed
 * hangs on Reader. Only the chunks that make the picture are read: profiles and
 * texts, which can swell to any size, are skipped unread. */
#include "image/decode/decoder-private.h"

#include <glib/gi18n-lib.h>
#include <setjmp.h>
#include <string.h>

#include <png.h>

typedef struct {
  png_structp png;
  png_infop info;
  const guint8 *data;
  gsize size, at;
  png_bytep *rows; /* [height] into the picture's buffer */
  char message[128];
} Reader;

static void
reader_clear (Reader *self)
{
  if (self->png != NULL)
    png_destroy_read_struct (&self->png, &self->info, NULL);
  g_free (self->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
read_cb (png_structp png, png_bytep out, size_t n)
{
  Reader *self = png_get_io_ptr (png);

  if (n > self->size - self->at)
    png_error (png, _("the data end too early"));
  memcpy (out, self->data + self->at, n);
  self->at += n;
}

G_NORETURN static void
error_cb (png_structp png, png_const_charp message)
{
  Reader *self = png_get_error_ptr (png);

  g_strlcpy (self->message, message, sizeof (self->message));
  longjmp (*png_set_longjmp_fn (png, longjmp, sizeof (jmp_buf)), 1);
}

static void
warning_cb (png_structp png, png_const_charp message)
{
}

static gboolean
take_error (const Reader *self, GError **error)
{
  g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED,
               _("the PNG is damaged (%s); copy it again from where it came"),
                  self->message);
  return FALSE;
}

/* Asks for 8-bit RGB or RGBA; 16 bits are scaled by their full range. */
static void
set_transforms (Reader *self)
{
  png_set_expand (self->png);
  png_set_scale_16 (self->png);
  png_set_gray_to_rgb (self->png);
  png_set_interlace_handling (self->png);
  png_read_update_info (self->png, self->info);
}

static gboolean
read_header (Reader *self, GError **error)
{
  /* Everything that libpng knows, but for PLTE, tRNS and the critical ones. */
  static const guint8 skipped[] = "bKGD\0cHRM\0eXIf\0gAMA\0hIST\0iCCP\0iTXt\0"
                                  "oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sPLT\0sRGB\0"
                                  "tEXt\0tIME\0zTXt";

  if (setjmp (png_jmpbuf (self->png)) != 0)
    return take_error (self, error);
  png_set_keep_unknown_chunks (self->png, PNG_HANDLE_CHUNK_NEVER, skipped,
                               sizeof (skipped) / 5);
  png_set_user_limits (self->png, HF_IMAGE_MAX_SIDE, HF_IMAGE_MAX_SIDE);
  png_set_read_fn (self->png, self, read_cb);
  png_read_info (self->png, self->info);
  return TRUE;
}

static gboolean
read_rows (Reader *self, GError **error)
{
  if (setjmp (png_jmpbuf (self->png)) != 0)
    return take_error (self, error);
  png_read_image (self->png, self->rows);
  return TRUE;
}

static gboolean
update_info (Reader *self, GError **error)
{
  if (setjmp (png_jmpbuf (self->png)) != 0)
    return take_error (self, error);
  set_transforms (self);
  return TRUE;
}

/* eXIf may stand before or behind the pixels, so the chunks are walked. */
static int
find_orientation (const guint8 *data, gsize size)
{
  gsize at = 8;

  while (size - at >= 12) {
    gsize length = (gsize) data[at] << 24 | data[at + 1] << 16 |
                   data[at + 2] << 8 | data[at + 3];

    if (length > size - at - 12)
      break;
    if (memcmp (data + at + 4, "eXIf", 4) == 0)
      return hf_exif_get_orientation (data + at + 8, length);
    at += 12 + length;
  }
  return 1;
}

static HfImage *
decode (Reader *self, HfClaim *claim, GError **error)
{
  g_autoptr (HfImage) image = NULL;
  gint64 width, height;
  gsize n_channels;

  if (!read_header (self, error))
    return NULL;
  width = png_get_image_width (self->png, self->info);
  height = png_get_image_height (self->png, self->info);
  if (!hf_image_reserve (claim, width, height, 4, self->size, error) ||
      !update_info (self, error))
    return NULL;
  n_channels = png_get_channels (self->png, self->info);
  image = hf_image_new ((int) width, (int) height,
                        (gsize) (width * height) * n_channels, error);
  if (image == NULL)
    return NULL;
  self->rows = g_new (png_bytep, height);
  for (gint64 y = 0; y < height; y++)
    self->rows[y] = image->rgb + (gsize) (y * width) * n_channels;
  if (!read_rows (self, error))
    return NULL;
  if (n_channels == 4)
    hf_image_flatten (image->rgb, (gsize) (width * height), image->rgb);
  return g_steal_pointer (&image);
}

HfImage *
hf_png_decode (const guint8 *data, gsize size, HfClaim *claim, int *orientation,
               GError **error)
{
  g_auto (Reader) self = {.data = data, .size = size};

  self.png = png_create_read_struct (PNG_LIBPNG_VER_STRING, &self, error_cb,
                                     warning_cb);
  self.info = self.png != NULL ? png_create_info_struct (self.png) : NULL;
  if (self.info == NULL) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("there is no memory to read a PNG"));
    return NULL;
  }
  *orientation = find_orientation (data, size);
  return decode (&self, claim, error);
}
