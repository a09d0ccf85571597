/* pixbuf.c: the border to gdk-pixbuf for WebP, BMP and GIF. The loader is
 * chosen by name, so that the bytes cannot choose another one, and gets to see
 * only what container.c has checked. */
#include "image/decode/container-private.h"
#include "image/decode/decoder-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

/* gdk-pixbuf copies what it is given; small portions keep that small. */
#define PORTION_BYTES ((gsize) 64 << 10)

static const char *
get_name (HfFormat format)
{
  switch (format) {
  case HF_FORMAT_WEBP:
    return "webp";
  case HF_FORMAT_GIF:
    return "gif";
  default:
    return "bmp";
  }
}

static gboolean
take_error (HfFormat format, GError *cause, GError **error)
{
  g_autofree char *name = g_ascii_strup (get_name (format), -1);
  gboolean is_missing =
      g_error_matches (cause, GDK_PIXBUF_ERROR, GDK_PIXBUF_ERROR_UNKNOWN_TYPE);

  if (is_missing)
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_UNSUPPORTED,
                 _("gdk-pixbuf has no loader for %s here; install %s"), name,
                    format == HF_FORMAT_WEBP ? "webp-pixbuf-loader"
                                             : _("its loaders"));
  else
    g_set_error (error, HF_IMAGE_ERROR, HF_IMAGE_ERROR_DAMAGED,
                 _("the %s is damaged (%s); copy it again from where it came"),
                    name,
                    cause != NULL ? cause->message : _("it has no picture"));
  g_clear_error (&cause);
  return FALSE;
}

static gboolean
feed (GdkPixbufLoader *loader, const guint8 *data, gsize size, GError **cause)
{
  for (gsize at = 0; at < size; at += PORTION_BYTES)
    if (!gdk_pixbuf_loader_write (loader, data + at,
                                  MIN (PORTION_BYTES, size - at), cause))
      return FALSE;
  return TRUE;
}

static HfImage *
copy_pixels (const GdkPixbuf *pixbuf, GError **error)
{
  int width = gdk_pixbuf_get_width (pixbuf);
  int height = gdk_pixbuf_get_height (pixbuf);
  gsize row_bytes = (gsize) width * 3;
  gsize stride = (gsize) gdk_pixbuf_get_rowstride (pixbuf);
  const guint8 *pixels = gdk_pixbuf_read_pixels (pixbuf);
  g_autoptr (HfImage) image =
      hf_image_new (width, height, row_bytes * height, error);

  for (int y = 0; image != NULL && y < height; y++) {
    guint8 *rgb = image->rgb + y * row_bytes;

    if (gdk_pixbuf_get_has_alpha (pixbuf))
      hf_image_flatten (pixels + y * stride, (gsize) width, rgb);
    else
      memcpy (rgb, pixels + y * stride, row_bytes);
  }
  return g_steal_pointer (&image);
}

/* The first picture of the file, with a reference of its own. */
static GdkPixbuf *
load_pixbuf (HfFormat format, const guint8 *data,
             const HfImageContainer *container, GError **error)
{
  GError *cause = NULL;
  g_autoptr (GdkPixbufLoader) loader =
      gdk_pixbuf_loader_new_with_type (get_name (format), &cause);
  GdkPixbuf *pixbuf = NULL;
  gboolean is_fed;

  if (loader == NULL) {
    take_error (format, cause, error);
    return NULL;
  }
  is_fed = feed (loader, data, container->size, &cause) &&
           feed (loader, (const guint8 *) container->tail,
                 strlen (container->tail), &cause);
  /* A loader must be closed in any case; its first complaint is the cause. */
  if (gdk_pixbuf_loader_close (loader, is_fed ? &cause : NULL) && is_fed)
    pixbuf = gdk_pixbuf_loader_get_pixbuf (loader);
  if (pixbuf == NULL) {
    take_error (format, cause, error);
    return NULL;
  }
  return g_object_ref (pixbuf);
}

HfImage *
hf_pixbuf_decode (HfFormat format, const guint8 *data, gsize size,
                  HfClaim *claim, int *orientation, GError **error)
{
  HfImageContainer container = {0};
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  if (!hf_image_container_read (format, data, size, &container, error) ||
      !hf_image_reserve (claim, container.width, container.height,
                         container.pixel_bytes, 2 * size, error))
    return NULL;
  *orientation = container.orientation;
  pixbuf = load_pixbuf (format, data, &container, error);
  if (pixbuf == NULL)
    return NULL;
  return copy_pixels (pixbuf, error);
}
