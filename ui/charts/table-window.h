/* ui/charts/table-window.h: the data behind a chart as a table to walk through
 * with keys, and to be read aloud. Main thread only. */
#pragma once

#include "app/charts/table.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_TABLE_WINDOW (hf_table_window_get_type ())
G_DECLARE_FINAL_TYPE (HfTableWindow, hf_table_window, HF, TABLE_WINDOW,
                      AdwWindow)

/* Copies @table, which stays as it was when numbers change later. */
GtkWidget *hf_table_window_new (const char *title, const HfTable *table);

G_END_DECLS
