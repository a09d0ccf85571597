/* ui/label/label-keys.h: the keys of the Label page, in one table. They do
 * nothing while somebody types in an entry. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets @page activate its label.* actions by key. Keys of Enter and Space are
 * the pictures' alone: elsewhere they press buttons. @centre holds the
 * pictures. */
void hf_label_keys_attach (GtkWidget *page, GtkWidget *centre);

/* The keys and what they do, for the window of shortcuts: a group of its own
 * (caller sinks). */
GtkWidget *hf_label_keys_new_group (void) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the focus of the window of @widget is where keys mean something of
 * their own: a text, the form of a class, a menu. */
gboolean hf_label_keys_is_typing (GtkWidget *widget);

G_END_DECLS
