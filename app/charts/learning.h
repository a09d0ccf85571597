/* app/charts/learning.h: what more labels bring. */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* Right answers (balanced over the classes) against labels a class, with the
 * spread over the repeats as a band. @zero_shot is the probe without labels to
 * compare with, or NULL. */
HfChart *hf_chart_new_learning (const HfProbeEvaluation *probe,
                                const HfProbeEvaluation *zero_shot)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
