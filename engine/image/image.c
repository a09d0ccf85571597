/* image.c: files and memory of pictures; the decoders are in decode/. */
#include "image/image.h"

#include "base/file.h"
#include "image/decode/decoder-private.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

G_DEFINE_QUARK (hf_image_error_quark, hf_image_error)

gboolean
hf_image_check_size (gint64 width, gint64 height, gsize pixel_bytes,
                     gsize other_bytes, GError **error)
{
  if (width < 1 || height < 1) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED,
                 _("it claims to be %lld x %lld pixels, which is no picture"),
                    (long long) width, (long long) height);
    return FALSE;
  }
  if (width > HF_IMAGE_MAX_SIDE || height > HF_IMAGE_MAX_SIDE ||
      width * height > HF_IMAGE_MAX_PIXELS) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("it is %lld x %lld pixels; the limit is %d megapixels, so "
                   "save it smaller"),
                    (long long) width, (long long) height,
                    (int) (HF_IMAGE_MAX_PIXELS / 1000000));
    return FALSE;
  }
  if ((gsize) (width * height) * pixel_bytes + other_bytes >
      HF_IMAGE_MAX_MEMORY) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("decoding %lld x %lld pixels of this kind takes more than "
                   "%d MiB of memory, so save it smaller or as a JPEG"),
                    (long long) width, (long long) height,
                    (int) (HF_IMAGE_MAX_MEMORY >> 20));
    return FALSE;
  }
  return TRUE;
}

gboolean
hf_image_reserve (HfClaim *claim, gint64 width, gint64 height,
                  gsize pixel_bytes, gsize other_bytes, GError **error)
{
  if (!hf_image_check_size (width, height, pixel_bytes, other_bytes, error))
    return FALSE;
  hf_claim_take (claim, (gsize) (width * height) *
                                MAX (pixel_bytes, HF_IMAGE_TURN_BYTES) +
                            other_bytes);
  return TRUE;
}

HfImage *
hf_image_new (int width, int height, gsize rgb_bytes, GError **error)
{
  g_autoptr (HfImage) self = g_new0 (HfImage, 1);

  self->width = width;
  self->height = height;
  self->rgb = g_try_malloc (rgb_bytes);
  if (self->rgb == NULL) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("there is no memory for its %d x %d pixels; close other "
                   "programs or save it smaller"),
                    width, height);
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
hf_image_free (HfImage *self)
{
  if (self == NULL)
    return;
  g_free (self->rgb);
  g_free (self);
}

void
hf_image_flatten (const guint8 *rgba, gsize n, guint8 *rgb)
{
  for (gsize i = 0; i < n; i++) {
    guint alpha = rgba[i * 4 + 3];

    for (int c = 0; c < 3; c++) {
      guint sum = rgba[i * 4 + c] * alpha + 255 * (255 - alpha) + 128;

      /* sum / 255, rounded, for every sum that can occur here. */
      rgb[i * 3 + c] = (guint8) ((sum + (sum >> 8)) >> 8);
    }
  }
}

static gboolean
read_fully (int fd, guint8 *data, gsize size)
{
  while (size > 0) {
    gssize n = read (fd, data, size);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    data += n;
    size -= (gsize) n;
  }
  return TRUE;
}

/* Read, not mapped: a mapped file that another program cuts short ends the
 * process with a signal. */
guint8 *
hf_image_read_file (const char *path, gsize *size, GError **error)
{
  g_autofree guint8 *data = NULL;
  g_autofree char *shown = g_filename_display_name (path);
  gint64 size_bytes = 0;
  gboolean is_read;
  int fd = hf_file_open (path, &size_bytes, error);

  if (fd < 0)
    return NULL;
  if (size_bytes > (gint64) HF_IMAGE_MAX_FILE_BYTES) {
    close (fd);
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("%s: the file has %lld MiB; the limit for a picture is %d "
                   "MiB."),
                    shown, (long long) size_bytes >> 20,
                    (int) (HF_IMAGE_MAX_FILE_BYTES >> 20));
    return NULL;
  }
  data = g_try_malloc ((gsize) size_bytes + 1);
  is_read = data != NULL && read_fully (fd, data, (gsize) size_bytes);
  close (fd);
  if (data == NULL) {
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_LIMIT,
                 _("%s: there is no memory for the file's %lld MiB; close "
                   "other programs."),
                    shown, (long long) size_bytes >> 20);
    return NULL;
  }
  if (!is_read) {
    g_set_error (
        error, G_FILE_ERROR, G_FILE_ERROR_IO,
        _("%s: the file cannot be read to its end; is another program still "
          "writing it?"),
           shown);
    return NULL;
  }
  *size = (gsize) size_bytes;
  return g_steal_pointer (&data);
}

void
hf_image_prefix_error (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);
  char *message;

  if (error == NULL || *error == NULL)
    return;
  message = g_strdup_printf (_("%s: %s."), shown, (*error)->message);
  g_free ((*error)->message);
  (*error)->message = message;
}

HfImage *
hf_image_load (const char *path, GError **error)
{
  g_auto (HfClaim) claim = {0};
  g_autofree guint8 *data = NULL;
  g_autoptr (HfImage) self = NULL;
  gsize size = 0;

  g_return_val_if_fail (path != NULL, NULL);

  data = hf_image_read_file (path, &size, error);
  if (data == NULL)
    return NULL;
  self = hf_image_decode_bytes (data, size, &claim, error);
  if (self == NULL)
    hf_image_prefix_error (path, error);
  return g_steal_pointer (&self);
}
