/* ui/widgets/rate-row.h: a rate as it is read: what it is, in trade words and
 * in plain ones, k of n, percent and interval, and a whisker below.
 *
 * Properties: "title" and "gloss" (strings), "axis" (the whisker has numbers),
 * "compact" (no gloss and no interval, for a narrow strip). Main thread
 * only. */
#pragma once

#include "evaluate/rate.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_RATE_ROW (hf_rate_row_get_type ())
G_DECLARE_FINAL_TYPE (HfRateRow, hf_rate_row, HF, RATE_ROW, GtkWidget)

/* As hf_whisker_set_rate. */
void hf_rate_row_set_rate (HfRateRow *self, const HfRate *rate, double goal,
                           double top);

G_END_DECLS
