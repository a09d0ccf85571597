/* evaluate/folds-private.h: folds of anything that must stay together. */
#pragma once

#include "evaluate/folds.h"

G_BEGIN_DECLS

/* As hf_folds_new, by units (probe/units.h). Rows where @allowed (may be NULL)
 * is FALSE get fold -1. */
HfFolds *hf_folds_new_by_units (const HfDataset *data, const int *unit,
                                int n_units, const gboolean *allowed,
                                int n_wanted, guint64 seed,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
