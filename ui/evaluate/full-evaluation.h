/* ui/evaluate/full-evaluation.h: the numbers of the page that take long: other
 * probes over the same folds, the learning curve, the leak of lots. Computed in
 * the workspace's thread for numbers, with a job; what is stale is cancelled,
 * and the old result stays until there is a new one.
 *
 * Signal "changed": running, result or error is another now. Main thread
 * only. */
#pragma once

#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

#define HF_TYPE_FULL_EVALUATION (hf_full_evaluation_get_type ())
G_DECLARE_FINAL_TYPE (HfFullEvaluation, hf_full_evaluation, HF, FULL_EVALUATION,
                      GObject)

HfFullEvaluation *hf_full_evaluation_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Computes it for the newest numbers of @workspace; a run of before is
 * cancelled. */
void hf_full_evaluation_start (HfFullEvaluation *self, HfWorkspace *workspace);
void hf_full_evaluation_cancel (HfFullEvaluation *self);
/* Another project: nothing is known any more. */
void hf_full_evaluation_clear (HfFullEvaluation *self);

gboolean hf_full_evaluation_is_running (HfFullEvaluation *self);
/* NULL before the first result. Borrowed. */
const HfEvaluation *hf_full_evaluation_get (HfFullEvaluation *self);
/* The numbers that result is of, or NULL. Borrowed. */
HfNumbers *hf_full_evaluation_get_numbers (HfFullEvaluation *self);
/* Why the newest run has none; NULL. Borrowed. */
const char *hf_full_evaluation_get_error (HfFullEvaluation *self);

/* From now on prompts are tuned too, which takes minutes and is not done
 * unasked, but where the project's probe is prompt. */
void hf_full_evaluation_set_tunes (HfFullEvaluation *self, gboolean tunes);
gboolean hf_full_evaluation_get_tunes (HfFullEvaluation *self);

G_END_DECLS
