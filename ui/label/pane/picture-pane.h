/* ui/label/pane/picture-pane.h: what is said of the picture in the viewer: the
 * verdict in words, probabilities, a button for each label, the labelled
 * pictures that are most like it. Buttons activate label.set and label.clear.
 * Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_PICTURE_PANE (hf_picture_pane_get_type ())
G_DECLARE_FINAL_TYPE (HfPicturePane, hf_picture_pane, HF, PICTURE_PANE,
                      GtkWidget)

/* Both may be NULL. Asks the desk anew, also for the same picture. */
void hf_picture_pane_show (HfPicturePane *self, HfWorkspace *workspace,
                           HfPicture *picture);

G_END_DECLS
