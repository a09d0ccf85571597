/* image/pixels-private.h: hf_pixels_load on bytes, for tests and fuzzing. */
#pragma once

#include "image/pixels.h"

G_BEGIN_DECLS

/* As hf_pixels_load; messages do not name a file. */
gboolean hf_pixels_decode_bytes (const guint8 *data, gsize size,
                                 const HfFraming *framing, int side_px,
                                 guint8 *out, GError **error);

G_END_DECLS
