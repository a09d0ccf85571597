/* ui/widgets/whisker.h: a rate on a scale from 0: the interval as a bar, the
 * rate as a disc, the goal as a dotted tick; below it the numbers of the scale
 * where they are wanted. Of one group of rates all have the same scale. Main
 * thread only. */
#pragma once

#include "evaluate/rate.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_WHISKER (hf_whisker_get_type ())
G_DECLARE_FINAL_TYPE (HfWhisker, hf_whisker, HF, WHISKER, GtkWidget)

/* @rate is copied; NULL or n = 0: the scale alone. @goal may be NAN. @top ends
 * the scale. */
void hf_whisker_set_rate (HfWhisker *self, const HfRate *rate, double goal,
                          double top);
void hf_whisker_set_axis (HfWhisker *self, gboolean axis);

/* A scale for @rates[@n] that shows all they reach, and @goal. */
double hf_whisker_find_top (const HfRate *const *rates, gsize n, double goal);

G_END_DECLS
