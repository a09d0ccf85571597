/* ui/label/sidebar/source-row.h: a folder in the sidebar; one that is gone says
 * so, and offers to be found again. Main thread only. */
#pragma once

#include "ui/workspace/source-item.h"
#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_SOURCE_ROW (hf_source_row_get_type ())
G_DECLARE_FINAL_TYPE (HfSourceRow, hf_source_row, HF, SOURCE_ROW, GtkListBoxRow)

GtkWidget *hf_source_row_new (HfWorkspace *workspace,
                              HfSourceItem *item) G_GNUC_WARN_UNUSED_RESULT;
/* Borrowed. */
HfSourceItem *hf_source_row_get_item (HfSourceRow *self);

G_END_DECLS
