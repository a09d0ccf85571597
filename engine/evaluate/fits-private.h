/* evaluate/fits-private.h: many trainings on parts of a dataset, each tried on
 * other rows of it. Folds, the leak and learning curves are lists of them. */
#pragma once

#include "evaluate/folds.h"
#include "evaluate/workers-private.h"
#include "probe/probe.h"

G_BEGIN_DECLS

/* Rows and spec are borrowed; the results are owned, and freed by
 * hf_fit_clear. */
typedef struct {
  const HfProbeSpec *spec;
  const GArray *train; /* gsize, rows */
  const GArray *test;  /* gsize, rows; NULL: the probe itself is wanted */

  HfProbe *probe;        /* only where nothing is tested */
  double *probabilities; /* [n_test][n_classes], 0 for a class that @train
                            lacks */
  double *excess; /* [n_test] distance above the limit of unknown; -INFINITY
                     where the probe has no limit */
  double seconds;
} HfFit;

void hf_fit_clear (HfFit *self);

/* What they count in the progress of workers, together (hf_probe_count_steps).
 */
gint64 hf_fits_count_steps (const HfDataset *data, const HfFit *fits,
                            gsize n_fits);

/* Trains and tries all of @fits[@n_fits]; the result does not depend on
 * the number of @workers' threads. Errors: HfProbeError, G_IO_ERROR_CANCELLED.
 */
gboolean hf_fits_run (const HfDataset *data, HfFit *fits, gsize n_fits,
                      HfWorkers *workers, GError **error);

/* Rows (gsize, ascending; caller unrefs) that fold @fold tests, or those that
 * it trains on: all of which no group is tested by it. */
GArray *hf_fits_select (const HfFolds *folds, gsize n_rows, int fold,
                        gboolean tested) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
