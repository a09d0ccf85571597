/* ui/framing/framing-canvas.h: a picture with what a model sees of it: the rest
 * is darkened. A region is drawn and pulled with the pointer: a press inside
 * moves it, on an edge or a corner changes its size, outside begins another
 * one. With the keyboard arrows move it by 1 % of the picture, with Ctrl its
 * lower right corner, with Shift ten times as far. Main thread only.
 *
 * Signal "region-changed": by the user. */
#pragma once

#include "image/framing.h"
#include "ui/gallery/viewer/levels.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_FRAMING_CANVAS (hf_framing_canvas_get_type ())
G_DECLARE_FINAL_TYPE (HfFramingCanvas, hf_framing_canvas, HF, FRAMING_CANVAS,
                      GtkWidget)

/* NULL: no picture. */
void hf_framing_canvas_set_levels (HfFramingCanvas *self, HfLevels *levels);

/* Copied. Only the region of HF_FRAMING_REGION can be changed by the user. */
void hf_framing_canvas_set_framing (HfFramingCanvas *self,
                                    const HfFraming *framing);
const HfFraming *hf_framing_canvas_get_framing (HfFramingCanvas *self);

/* Where the picture lies in the widget; FALSE without one. */
gboolean hf_framing_canvas_get_place (HfFramingCanvas *self,
                                      graphene_rect_t *place);

G_END_DECLS
