/* app/desk/learning.h: the learning curve of numbers, which comes after all
 * others: it takes many fits and says little that changes from one label to the
 * next. The numbers are only read; any thread. */
#pragma once

#include "app/desk/numbers.h"

G_BEGIN_DECLS

/* The labels a class (int; caller unrefs) that the curve of @numbers would have
 * points at. NULL where it would have less than two, or where labels make no
 * difference: without a rate, and for zero-shot. */
GArray *
hf_desk_dup_learning_sizes (const HfNumbers *numbers) G_GNUC_WARN_UNUSED_RESULT;

/* The curve of the probe in use (HfLearningPoint; caller unrefs), as `evaluate
 * --learning` says it. @numbers are such that have sizes. Works in half of the
 * cores, so that a window draws meanwhile. Errors of hf_learning_find. */
GArray *hf_desk_learn (const HfNumbers *numbers, HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether both have the same probe over the same rows in the same folds, and so
 * the same curve. */
gboolean hf_desk_learns_alike (const HfNumbers *one, const HfNumbers *other);

G_END_DECLS
