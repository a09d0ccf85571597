/* ui/widgets/context-menu.h: the menu of a row or a picture, opened as
 * everywhere on the desktop: by the secondary button, a long press, the Menu
 * key and Shift+F10. When it closes the keyboard is where it was. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Makes the menu that @widget is asked for (caller unrefs), or returns NULL for
 * none. @at is what the menu will lie beside, in the coordinates of @widget:
 * the pointer, or if @by_keyboard all of @widget; the function may change it.
 */
typedef GMenuModel *(*HfContextMenuFunc) (GtkWidget *widget,
                                          gboolean by_keyboard,
                                          GdkRectangle *at, gpointer data);

/* @widget needs a layout manager, which places the menu, and has @data for as
 * long as it lives. */
void hf_context_menu_add (GtkWidget *widget, HfContextMenuFunc func,
                          gpointer data);

G_END_DECLS
