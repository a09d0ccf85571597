/* app/charts/learning.h: what more labels bring. */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* Right answers (balanced over the classes) against labels a class, with the
 * spread over the repeats as a band: @points (HfLearningPoint, or NULL) of the
 * probe @name (NULL: none is known). @zero_shot is the probe without labels to
 * compare with, or NULL. */
HfChart *hf_chart_new_learning (const char *name, const GArray *points,
                                const HfProbeEvaluation *zero_shot)
    G_GNUC_WARN_UNUSED_RESULT;

/* What @n_more labels in all, spread over @n_classes classes, are likely to
 * bring: a change of the balanced share of right answers, with a 95 % interval
 * from the spread of the repeats. Right answers are taken to grow by as much
 * with each doubling of the labels as they did in the last one. FALSE where
 * @points (HfLearningPoint) do not say it. */
gboolean hf_learning_find_gain (const GArray *points, int n_classes, int n_more,
                                double *gain, double *low, double *high);

G_END_DECLS
