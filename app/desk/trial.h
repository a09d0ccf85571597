/* app/desk/trial.h: thresholds tried on the held-out predictions of a probe,
 * before they are used.
 *
 * Here everything is on the probability that a part is bad, as a user reads a
 * score: up to @low a part passes, above @high it is rejected, between them it
 * goes to a person. HfThresholds say the same of the probability of good.
 *
 * Read-only once made: any number of threads. */
#pragma once

#include "evaluate/evaluation.h"

G_BEGIN_DECLS

typedef struct _HfTrial HfTrial;

/* 0..1, low <= high. */
typedef struct {
  double low, high;
} HfBand;

/* A picture that was held out. */
typedef struct {
  double bad;
  HfClassKind kind; /* of its label */
} HfTrialDot;

/* Copies what it needs. @group is int[n_rows] and @kinds [n_classes] of the
 * rows that @evaluation is of; @probe is one of its probes. */
HfTrial *hf_trial_new (const HfEvaluation *evaluation,
                       const HfProbeEvaluation *probe, const int *group,
                       const HfClassKind *kinds) G_GNUC_WARN_UNUSED_RESULT;
void hf_trial_free (HfTrial *self);

/* Every number of the probe at these thresholds (free with
 * hf_probe_evaluation_free). */
HfProbeEvaluation *hf_trial_evaluate (const HfTrial *self, const HfBand *band)
    G_GNUC_WARN_UNUSED_RESULT;

/* The threshold with the fewest escapes on these pictures, and the least
 * overkill that they can be had with; the middle of where it may lie. */
HfBand hf_trial_find_fewest_escapes (const HfTrial *self);
/* The one whose larger rate of escapes and overkill is the smallest. */
HfBand hf_trial_find_balanced (const HfTrial *self);

/* Whether there are both good parts and defects: else nothing is to be
 * chosen. */
gboolean hf_trial_has_both (const HfTrial *self);

/* [n_dots], in the order of what was tested. Borrowed. */
const HfTrialDot *hf_trial_get_dots (const HfTrial *self, gsize *n_dots);

/* There and back, to six digits behind the point. */
HfThresholds hf_band_to_thresholds (const HfBand *self);
HfBand hf_band_from_thresholds (const HfThresholds *thresholds);

/* The middle, which stands for both. */
double hf_band_get_middle (const HfBand *self);

/* "0.44"; more digits only where two do not say it (caller frees). */
char *hf_band_dup_number (double share) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTrial, hf_trial_free)
G_END_DECLS
