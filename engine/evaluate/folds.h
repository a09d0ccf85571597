/* evaluate/folds.h: which picture is tested when: stratified, groups whole. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

#define HF_EVALUATE_ERROR (hf_evaluate_error_quark ())

typedef enum {
  HF_EVALUATE_ERROR_TOO_FEW, /* no two classes can be tested */
} HfEvaluateError;

GQuark hf_evaluate_error_quark (void);

typedef struct {
  int n_folds;
  int *fold; /* [n_rows], -1: cannot be tested, left out */
  int *held; /* [n_rows] the fold that tests something of the row's group, and
                trains on nothing of it; -1: none does */
  gboolean leave_one_group; /* each fold is one group */
} HfFolds;

/* Folds over all rows of @data. K = @n_wanted (0: 5), or the number of groups
 * of the rarest class if that is smaller, at least 2; leave-one-group-out where
 * all groups together are fewer than 20 and nothing was wanted. Groups stay
 * whole, and so do near-copies, which join groups. A class whose pictures are
 * all in one group is left out (fold -1): its rows are trained on, but by the
 * fold that tests others of their group. So is every picture in the one group
 * that holds all good ones, if one does: tested, its defects could not pass.
 * HF_EVALUATE_ERROR_TOO_FEW if fewer than two classes can be tested. The same
 * for the same seed. */
HfFolds *hf_folds_new (const HfDataset *data, int n_wanted, guint64 seed,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_folds_free (HfFolds *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFolds, hf_folds_free)
G_END_DECLS
