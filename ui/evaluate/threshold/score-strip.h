/* ui/evaluate/threshold/score-strip.h: every picture that was held out as a dot
 * by its probability of being bad, good parts above a line and others below it;
 * over it the threshold and the two ends of the unsure band, which are dragged
 * or moved by keys, and a dashed line where the threshold in use is.
 *
 * Signal "changed": the user moved something; ask hf_score_strip_get_band.
 * Main thread only. */
#pragma once

#include "app/desk/trial.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_SCORE_STRIP (hf_score_strip_get_type ())
G_DECLARE_FINAL_TYPE (HfScoreStrip, hf_score_strip, HF, SCORE_STRIP, GtkWidget)

/* Copies @dots[@n]. */
void hf_score_strip_set_dots (HfScoreStrip *self, const HfTrialDot *dots,
                              gsize n);

/* Emits nothing. */
void hf_score_strip_set_band (HfScoreStrip *self, const HfBand *band);
void hf_score_strip_get_band (HfScoreStrip *self, HfBand *out);

/* NULL: the most probable class decides, and no line shows it. */
void hf_score_strip_set_in_use (HfScoreStrip *self, const HfBand *band);

G_END_DECLS
