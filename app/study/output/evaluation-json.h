/* app/study/output/evaluation-json.h: evaluations as JSON: what `evaluate
 * --json` prints, a bundle's manifest holds and a report in JSON says. Every
 * object belongs to the caller until it is added to a parent. */
#pragma once

#include "app/study/study.h"
#include "base/json.h"

G_BEGIN_DECLS

/* {k, n, rate, low, high, n_eff}, and where k is 0 the one-sided `upper`. */
HfJson *hf_rate_to_json (const HfRate *rate) G_GNUC_WARN_UNUSED_RESULT;

/* {reject, pass}, or NULL where none are set. */
HfJson *
hf_thresholds_to_json (const HfThresholds *self) G_GNUC_WARN_UNUSED_RESULT;

/* The rates, per_class, confusion and curves of one probe, without its
 * predictions. @classes as in HfRows. escape_rate and overkill are null without
 * a good class. */
HfJson *hf_probe_evaluation_to_json (const HfProbeEvaluation *self,
                                     const GPtrArray *classes)
    G_GNUC_WARN_UNUSED_RESULT;

/* The whole of `evaluate --json` for the rows of @study, predictions too. */
HfJson *hf_evaluation_to_json (const HfEvaluation *self,
                               const HfStudy *study) G_GNUC_WARN_UNUSED_RESULT;

/* The list of what was predicted for the pictures @samples[n] (HfSample), one
 * object each; @fold is int[n] or NULL. */
HfJson *
hf_predictions_to_json (const HfProbeEvaluation *self,
                        const HfSample *const *samples, const int *truth,
                        const int *fold, gsize n,
                        const GPtrArray *classes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
