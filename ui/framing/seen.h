/* ui/framing/seen.h: a picture as a model is given it: by the code that makes
 * its rows, to the pixel. */
#pragma once

#include "image/framing.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Every square that becomes of @path: of tiles one each, else one for each
 * view. @owner is held and is @callback's source. Errors of
 * hf_image_load. */
void hf_seen_load_async (gpointer owner, const char *path,
                         const HfFraming *framing, int n_views, int side_px,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data);

/* (element-type GdkTexture), each @side_px on both sides. */
GPtrArray *hf_seen_load_finish (GAsyncResult *result,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
