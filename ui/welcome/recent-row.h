/* ui/welcome/recent-row.h: one project in the list of the welcome page. One
 * that is gone is dim and offers to be found again. */
#pragma once

#include "ui/welcome/recents.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_RECENT_ROW (hf_recent_row_get_type ())
G_DECLARE_FINAL_TYPE (HfRecentRow, hf_recent_row, HF, RECENT_ROW, GtkListBoxRow)

GtkWidget *hf_recent_row_new (HfRecentItem *item);

HfRecentItem *hf_recent_row_get_item (HfRecentRow *self);

G_END_DECLS
