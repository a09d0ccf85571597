/* app/charts/forest.h: rates with their intervals, one a row, all on one scale:
 * "2 of 38  ---o------  5 %  1.3-19 %". */
#pragma once

#include "app/charts/chart.h"
#include "evaluate/evaluation.h"

G_BEGIN_DECLS

typedef struct {
  const char *section; /* heading above this row; NULL: the section goes on */
  const char *label;
  const char *note; /* quiet, below the label; or NULL */
  HfRate rate;
  const char *section_note; /* quiet, behind the section; or NULL */
} HfForestRow;

/* @rows[n_rows] are copied. @goal is a rate to be marked on the scale, or
 * NAN. */
HfChart *hf_chart_new_rates (const char *title, const HfForestRow *rows,
                             gsize n_rows,
                             double goal) G_GNUC_WARN_UNUSED_RESULT;

/* Precision and recall of every class; @classes[n_classes] as
 * hf_chart_new_confusion. */
HfChart *hf_chart_new_per_class (const char *const *classes, int n_classes,
                                 const HfProbeEvaluation *probe)
    G_GNUC_WARN_UNUSED_RESULT;

/* Right answers of all probes, with their features, escapes, overkill and
 * seconds; @chosen is the index of the one in use, or -1. Without @timed there
 * are no seconds, which differ from run to run. */
HfChart *hf_chart_new_comparison (const HfEvaluation *evaluation, int chosen,
                                  gboolean timed) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
