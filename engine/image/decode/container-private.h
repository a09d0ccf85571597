/* image/decode/container-private.h: what must be known of a WebP, BMP or GIF
 * file before a loader may see it. */
#pragma once

#include "image/decode/decoder-private.h"

G_BEGIN_DECLS

typedef struct {
  gint64 width, height; /* the largest picture that the loader will make */
  gsize pixel_bytes;    /* memory that the loader takes for each pixel */
  gsize size;           /* of the file, up to the end of its first picture */
  const char *tail;     /* what the loader must see behind it */
  int orientation;      /* EXIF's */
} HfImageContainer;

/* Reads sizes and finds the pixel data. HF_IMAGE_ERROR_DAMAGED where there is
 * none: gdk-pixbuf would return a blank picture. */
gboolean hf_image_container_read (HfFormat format, const guint8 *data,
                                  gsize size, HfImageContainer *out,
                                  GError **error);

G_END_DECLS
