/* evaluate/learning-private.h: what more labels have brought. */
#pragma once

#include "evaluate/evaluation.h"
#include "evaluate/workers-private.h"

G_BEGIN_DECLS

/* HfLearningPoint (caller unrefs) for one probe, by the same folds as its
 * rates: for each fold the training part is put in an order drawn by lot, group
 * behind group, and the first 1, 2, 4, ... rows of each class are trained on,
 * up to what every fold has of every class. NULL with @error set. */
GArray *hf_learning_new (const HfDataset *data, const int *unit, int n_units,
                         const HfFolds *folds, const HfProbeSpec *spec,
                         guint64 seed, HfWorkers *workers,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many trainings that takes. */
gsize hf_learning_count (const HfDataset *data, const HfFolds *folds);

G_END_DECLS
