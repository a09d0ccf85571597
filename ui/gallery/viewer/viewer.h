/* ui/gallery/viewer/viewer.h: one picture in place of the grid: its name, zoom,
 * what a model sees of it, its edges, and the pictures around it in a strip.
 * Decoded in full off the main thread, one at a time; until then the thumbnail
 * is shown.
 *
 * Properties: "shows-framing", "shows-edges" (gboolean, both may be bound).
 * Signals: "picture-changed" (the user stepped); "left": back to the grid.
 * Actions, with keys while the viewer has the focus: viewer.next (right),
 * viewer.previous (left), viewer.zoom-in (+), viewer.zoom-out (-), viewer.fit,
 * viewer.framing, viewer.edges (E), viewer.leave (Escape, F). Main thread
 * only. */
#pragma once

#include "image/framing.h"
#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_VIEWER (hf_viewer_get_type ())
G_DECLARE_FINAL_TYPE (HfViewer, hf_viewer, HF, VIEWER, GtkWidget)

GtkWidget *hf_viewer_new (void);

/* Of HfPicture; the list that the grid shows. */
void hf_viewer_set_model (HfViewer *self, GListModel *model);

/* NULL: shows nothing and holds nothing. */
void hf_viewer_set_picture (HfViewer *self, HfPicture *picture);
/* Borrowed. */
HfPicture *hf_viewer_get_picture (HfViewer *self);

/* @by places on in the list; FALSE at its ends. A picture that has left the
 * list, as by a label under a filter, leaves its place to the next one. */
gboolean hf_viewer_step (HfViewer *self, int by);

/* What the brackets show. Copied; NULL: nothing. */
void hf_viewer_set_framing (HfViewer *self, const HfFraming *framing);
/* Shows the framing of @workspace's settings, now and when they change; NULL:
 * none. */
void hf_viewer_set_workspace (HfViewer *self, HfWorkspace *workspace);

/* Whether the picture is shown at this place, or why there is none. */
gboolean hf_viewer_is_on_picture (HfViewer *self, double x, double y);

/* Whether the picture is there in full, or cannot be had: for tests. */
gboolean hf_viewer_is_loading (HfViewer *self);

G_END_DECLS
