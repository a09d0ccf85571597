/* image/small.h: pictures made small to be looked at, not to be judged: the
 * whole picture, upright, its proportions kept. Any number of threads. */
#pragma once

#include "image/image.h"

G_BEGIN_DECLS

/* Decodes @path so that both sides are at most @side_px; a smaller picture
 * stays as it is. A large JPEG is decoded at 1/2 or 1/4 first. *@width and
 * *@height (may be NULL) are those of the whole picture. Free with
 * hf_image_free. Errors as hf_image_load. */
HfImage *hf_small_load (const char *path, int side_px, int *width, int *height,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same of a picture in memory. */
HfImage *hf_small_from_image (const HfImage *image, int side_px,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
