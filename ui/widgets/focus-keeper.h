/* ui/widgets/focus-keeper.h: the keyboard keeps its place. A button that has
 * done its work may be hidden or switched off, a row may be removed: GTK leaves
 * the window without a focus then, and Tab begins at its top again. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on what lies nearest to a focused widget of @window that goes gets
 * the focus, unless somebody gives it to another one first. */
void hf_focus_keep (GtkWindow *window);

G_END_DECLS
