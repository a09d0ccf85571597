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

/* Precision against recall of finding parts that are not good. */
HfChart *hf_chart_new_precision_recall (const HfProbeEvaluation *probe)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
