/* ui/evaluate/confusion-grid.h: what was labelled against what was called, a
 * button for each cell, with its count and up to three of its pictures where
 * something went wrong. Headings are badges where names have no room.
 *
 * A cell activates win.filter with "missed:LABELLED:CALLED" (numbers of
 * classes), one of right answers with "class:LABELLED", and win.show-page.
 * Main thread only. */
#pragma once

#include "app/charts/chart.h"
#include "ui/evaluate/findings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CONFUSION_GRID (hf_confusion_grid_get_type ())
G_DECLARE_FINAL_TYPE (HfConfusionGrid, hf_confusion_grid, HF, CONFUSION_GRID,
                      GtkWidget)

void hf_confusion_grid_show (HfConfusionGrid *self, const HfFindings *findings);

/* The same as a chart, for files and as a table (caller unrefs). */
HfChart *hf_confusion_grid_new_chart (const HfFindings *findings)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
