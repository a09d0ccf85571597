/* ui/label/selection-bar.h: how many pictures are selected, a button for each
 * class, and what the keys do. Buttons activate label.set. Properties:
 * "narrow": the buttons share the row evenly, keys above names, and nothing
 * else is shown. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_SELECTION_BAR (hf_selection_bar_get_type ())
G_DECLARE_FINAL_TYPE (HfSelectionBar, hf_selection_bar, HF, SELECTION_BAR,
                      GtkWidget)

/* @workspace may be NULL. */
void hf_selection_bar_set_workspace (HfSelectionBar *self,
                                     HfWorkspace *workspace);
void hf_selection_bar_set_n_selected (HfSelectionBar *self, guint n);

G_END_DECLS
