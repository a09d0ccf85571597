/* app/charts/calibration.h: whether "90 %" is right nine times of ten. */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* Stated probability of the class that was called against how often it was
 * right, by tenths, each with its interval and its number of pictures. */
HfChart *hf_chart_new_calibration (const HfProbeEvaluation *probe)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
