/* ui/framing/framing-window.h: what of each picture the model sees: the centre,
 * the whole, a region drawn on the picture, tiles; views for parts that lie any
 * way round; a background. Beside it the squares that the model is given, to
 * the pixel. Nothing is changed before Apply, which a toast can undo.
 *
 * Property "workspace" (HfWorkspace or NULL). Main thread only. */
#pragma once

#include "ui/framing/framing-canvas.h"
#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_FRAMING_WINDOW (hf_framing_window_get_type ())
G_DECLARE_FINAL_TYPE (HfFramingWindow, hf_framing_window, HF, FRAMING_WINDOW,
                      AdwWindow)

GtkWidget *hf_framing_window_new (HfWorkspace *workspace);

/* For tests: the picture, and the squares shown for it, of GdkTexture; NULL
 * while they are on the way. Borrowed. */
HfFramingCanvas *hf_framing_window_get_canvas (HfFramingWindow *self);
const GPtrArray *hf_framing_window_get_seen (HfFramingWindow *self);

G_END_DECLS
