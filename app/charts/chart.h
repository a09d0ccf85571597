/* app/charts/chart.h: a picture drawn from data, for the window and for files
 * alike, with the same data as a table.
 *
 * Made by hf_chart_new_* of the other headers, which copy what they need; then
 * read-only: any number of threads may draw it, each into its own cairo_t. */
#pragma once

#include "app/charts/table.h"
#include "app/charts/theme.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct _HfChart HfChart;

HfChart *hf_chart_ref (HfChart *self);
void hf_chart_unref (HfChart *self);

/* Draws into the rectangle 0, 0, @width, @height of @cr, at any size; what does
 * not fit is cut with an ellipsis or left out, never drawn outside. Without
 * data the reason is drawn in words. The ground is not painted, but must be of
 * the theme's colour. Does not draw the title. */
void hf_chart_draw (const HfChart *self, cairo_t *cr, double width,
                    double height, const HfChartTheme *theme);

/* The height that shows everything at @width, for charts made of rows; for the
 * others a pleasing one. */
double hf_chart_measure (const HfChart *self, double width,
                         const HfChartTheme *theme);

/* "Confusion"; borrowed. */
const char *hf_chart_get_title (const HfChart *self);

/* Why there is nothing to draw, a sentence; NULL where there is. Borrowed. */
const char *hf_chart_get_reason (const HfChart *self);

/* What the chart says, in a sentence, for a screen reader and under the chart
 * in a report; borrowed. */
const char *hf_chart_get_summary (const HfChart *self);

/* The data, in full; borrowed. */
const HfTable *hf_chart_get_table (const HfChart *self);

/* That table as lines to be read aloud (caller frees). */
char *hf_chart_dup_text (const HfChart *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfChart, hf_chart_unref)
G_END_DECLS
