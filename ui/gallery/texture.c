/* texture.c: see the header. */
#include "ui/gallery/texture.h"

GdkTexture *
hf_texture_new (const HfImage *image)
{
  gsize n = (gsize) image->width * image->height;
  guint32 *pixels = g_malloc_n (n, sizeof (guint32));
  const guint8 *rgb = image->rgb;
  g_autoptr (GBytes) bytes = NULL;

  /* Opaque, in the machine's byte order: GDK_MEMORY_DEFAULT. */
  for (gsize i = 0; i < n; i++, rgb += 3)
    pixels[i] =
        0xff000000u | (guint32) rgb[0] << 16 | (guint32) rgb[1] << 8 | rgb[2];
  bytes = g_bytes_new_take (pixels, n * sizeof (guint32));
  return gdk_memory_texture_new (image->width, image->height,
                                 GDK_MEMORY_DEFAULT, bytes,
                                 (gsize) image->width * sizeof (guint32));
}
