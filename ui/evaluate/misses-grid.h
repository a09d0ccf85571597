/* ui/evaluate/misses-grid.h: the worst misses as tiles: picture, label, what it
 * was called. A tile activates win.filter and win.show-page as a cell of the
 * confusion does. Main thread only; pictures are loaded in threads. */
#pragma once

#include "app/charts/table.h"
#include "ui/evaluate/findings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_MISSES_GRID (hf_misses_grid_get_type ())
G_DECLARE_FINAL_TYPE (HfMissesGrid, hf_misses_grid, HF, MISSES_GRID, GtkWidget)

/* Shows up to six. Returns how many misses there are in all. */
guint hf_misses_grid_show (HfMissesGrid *self, const HfFindings *findings);

/* All of them (free with hf_table_free). */
HfTable *
hf_misses_grid_new_table (const HfFindings *findings) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
