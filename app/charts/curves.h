/* app/charts/curves.h: a probe over all its thresholds. */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* The ROC curve as the line reads it: escapes against overkill, both better the
 * nearer they are to zero, with the point in use and its intervals. Zoomed to
 * where the point and the knee are. */
HfChart *
hf_chart_new_roc (const HfProbeEvaluation *probe) G_GNUC_WARN_UNUSED_RESULT;

/* The same while other thresholds are tried: the point in use is hollow, the
 * one tried has the intervals. */
HfChart *hf_chart_new_roc_tried (const HfProbeEvaluation *in_use,
                                 const HfProbeEvaluation *tried)
    G_GNUC_WARN_UNUSED_RESULT;

/* The threshold on good whose point of the curve is nearest to (@x, @y) in a
 * drawing of this size; the middle of all that make the same point. NAN if
 * @self has no curve. */
double hf_chart_find_roc (const HfChart *self, double x, double y, double width,
                          double height, const HfChartTheme *theme);

/* Precision against recall of finding parts that are not good. */
HfChart *hf_chart_new_precision_recall (const HfProbeEvaluation *probe)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
