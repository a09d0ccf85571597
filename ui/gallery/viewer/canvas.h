/* ui/gallery/viewer/canvas.h: one picture, as large as wanted: zoomed about the
 * pointer (Ctrl and scrolling, pinching), moved by dragging, fitted or at 100 %
 * by pressing twice; with the part that a model sees in brackets, and with its
 * edges. Main thread only.
 *
 * Signal "view-changed": the zoom is another. */
#pragma once

#include "image/framing.h"
#include "ui/gallery/viewer/levels.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CANVAS (hf_canvas_get_type ())
G_DECLARE_FINAL_TYPE (HfCanvas, hf_canvas, HF, CANVAS, GtkWidget)

/* A small picture in place of one of @width x @height pixels that is still to
 * come; NULL: nothing is known of it. Where a picture has the size of the one
 * before, zoom and place stay, so that the same place of many parts can be
 * compared. */
void hf_canvas_set_preview (HfCanvas *self, GdkTexture *texture, int width,
                            int height);
void hf_canvas_set_levels (HfCanvas *self, HfLevels *levels);
gboolean hf_canvas_has_levels (HfCanvas *self);

/* NULL: nothing in brackets. Copied. */
void hf_canvas_set_framing (HfCanvas *self, const HfFraming *framing);
void hf_canvas_set_edges (HfCanvas *self, gboolean shows_edges);
/* Whether edges are on the screen, for tests. */
gboolean hf_canvas_has_edges (HfCanvas *self);

/* By this factor about the middle. */
void hf_canvas_zoom (HfCanvas *self, double factor);
void hf_canvas_fit (HfCanvas *self);
/* Looks so many steps to the right and down, as far as the picture goes; a step
 * is a part of what is seen. */
void hf_canvas_look (HfCanvas *self, int across, int down);
/* The pixel of the picture in the middle of what is seen. */
void hf_canvas_get_middle (HfCanvas *self, double *x, double *y);
/* Device pixels for each pixel of the picture. */
double hf_canvas_get_scale (HfCanvas *self);
gboolean hf_canvas_is_fitted (HfCanvas *self);

G_END_DECLS
