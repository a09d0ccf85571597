/* ui/label/sidebar/class-row.h: a class in the sidebar: badge, name, how many
 * labels; its menu (secondary button, Menu key, long press) changes it in
 * place. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CLASS_ROW (hf_class_row_get_type ())
G_DECLARE_FINAL_TYPE (HfClassRow, hf_class_row, HF, CLASS_ROW, GtkListBoxRow)

GtkWidget *hf_class_row_new (HfWorkspace *workspace,
                             HfClassItem *item) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed. */
HfClassItem *hf_class_row_get_item (HfClassRow *self);

G_END_DECLS
