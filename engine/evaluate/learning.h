/* evaluate/learning.h: the learning curve of an evaluation that was made
 * without one, afterwards: rates are wanted at once, and the curve takes many
 * times as long. */
#pragma once

#include "evaluate/evaluation.h"

G_BEGIN_DECLS

/* How many labels a class the probes of each point are trained on (int,
 * ascending; caller unrefs): 1, 2, 4, ... and the most that every fold has of
 * every class. */
GArray *hf_learning_dup_sizes (const HfDataset *data,
                               const HfFolds *folds) G_GNUC_WARN_UNUSED_RESULT;

/* HfLearningPoint (caller unrefs) of @spec by the folds of @evaluation: what
 * hf_evaluation_new finds with @options.with_learning, to the digit. @data and
 * @options are those of @evaluation; of the latter seed and n_threads count.
 * Errors: HfProbeError, G_IO_ERROR_CANCELLED. */
GArray *hf_learning_find (const HfEvaluation *evaluation, const HfDataset *data,
                          const HfProbeSpec *spec,
                          const HfEvaluationOptions *options,
                          HfProgress *progress,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
