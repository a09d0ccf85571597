/* evaluate/known-private.h: a dataset with only the classes that some rows
 * have. A fold that tests all pictures of a class that cannot be tested, with
 * others of their lot, trains on none of it: its probe knows the other classes,
 * and gives this one a probability of 0. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

/* Views the whole dataset, which must outlive it. */
typedef struct {
  HfDataset data;
  int *classes; /* [data.n_classes]: their numbers in the whole, ascending */
  int *label;   /* [n_rows], -1: of no class here */
  HfClassKind *kinds;
  float *text;
} HfKnown;

/* The classes of @rows[@n_rows]; with @all those too that have none there. */
void hf_known_init (HfKnown *self, const HfDataset *whole, const gsize *rows,
                    gsize n_rows, gboolean all);
void hf_known_clear (HfKnown *self);

/* Brings the probabilities @known[@n][data.n_classes] to those of all classes,
 * @out[@n][@n_classes]. */
void hf_known_spread (const HfKnown *self, const double *known, gsize n,
                      int n_classes, double *out);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfKnown, hf_known_clear)
G_END_DECLS
