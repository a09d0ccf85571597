/* evaluate/folds-private.h: what must stay together, by number. */
#pragma once

#include "evaluate/folds.h"

G_BEGIN_DECLS

/* Numbers 0, 1, ... in the order of first appearance, for @n rows: groups
 * joined by the sets in @cluster (may be NULL). int[n], caller frees. */
int *hf_folds_dup_units (const int *group, const int *cluster, gsize n,
                         int *n_units) G_GNUC_WARN_UNUSED_RESULT;

/* As hf_folds_new, by units. Rows where @allowed (may be NULL) is FALSE get
 * fold -1. */
HfFolds *hf_folds_new_by_units (const HfDataset *data, const int *unit,
                                int n_units, const gboolean *allowed,
                                int n_wanted, guint64 seed,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
