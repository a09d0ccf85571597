/* ui/evaluate/threshold/threshold-pane.h: where a threshold is tried: a point
 * dragged along the curve of escapes against overkill, a line and two ends
 * dragged over the scores, and a sentence on what would happen. What is in use
 * stays marked until "Use".
 *
 * Signals: "use" (const char *text: as hf_thresholds_dup_name, or NULL for
 * none): the user wants these; "chart-changed". Actions: threshold.use,
 * threshold.fewest-escapes, threshold.balanced, threshold.clear. Main thread
 * only. */
#pragma once

#include "app/charts/chart.h"
#include "app/desk/trial.h"
#include "ui/evaluate/findings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_THRESHOLD_PANE (hf_threshold_pane_get_type ())
G_DECLARE_FINAL_TYPE (HfThresholdPane, hf_threshold_pane, HF, THRESHOLD_PANE,
                      GtkWidget)

/* What is being tried stays, unless other thresholds came into use. */
void hf_threshold_pane_show (HfThresholdPane *self, const HfFindings *findings);

/* Tries @band. */
void hf_threshold_pane_try (HfThresholdPane *self, const HfBand *band);
void hf_threshold_pane_get_band (HfThresholdPane *self, HfBand *out);

/* The curve as it is shown, or NULL. Borrowed. */
HfChart *hf_threshold_pane_get_chart (HfThresholdPane *self);
/* "At 0.44: 1 of 38 escapes, ...", as markup. Borrowed. */
const char *hf_threshold_pane_get_sentence (HfThresholdPane *self);

G_END_DECLS
