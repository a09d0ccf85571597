/* ui/preferences/shortcuts.h: the keys of the window, in one table: what is
 * installed is what is shown. A page has keys of its own. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void hf_shortcuts_install (GtkApplication *application);

/* The window that lists them. */
GtkWidget *hf_shortcuts_new_window (void);

G_END_DECLS
