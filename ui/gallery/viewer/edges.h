/* ui/gallery/viewer/edges.h: where a picture changes: Sobel's magnitude, laid
 * over the picture in white. Any thread. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

/* The magnitude of Sobel's gradient of @grey, guint8[@height][@width], into
 * @out of the same shape, which may be @grey. At the border the outermost
 * pixels count on. A hundredth of the pixels is at the full value; noise of a
 * few values is not drawn up to it. */
void hf_edges_find (const guint8 *grey, int width, int height, guint8 *out);

/* White, as opaque as the edge is strong. @pixels as HfLevels' pixels. */
GdkTexture *hf_edges_new_texture (GBytes *pixels, int width,
                                  int height) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
