/* ui/label/sidebar/class-form.h: name, kind, key and colour of a class, to be
 * made or changed where it stands. What cannot be is said below the name.
 * Main thread only. Signal "ended": it was granted or given up. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CLASS_FORM (hf_class_form_get_type ())
G_DECLARE_FINAL_TYPE (HfClassForm, hf_class_form, HF, CLASS_FORM, GtkWidget)

/* Begins anew: with what @item is, or for @item NULL with proposals for a new
 * class. @part, "name", "key" or "colour", gets the focus. */
void hf_class_form_begin (HfClassForm *self, HfWorkspace *workspace,
                          HfClassItem *item, const char *part);

G_END_DECLS
