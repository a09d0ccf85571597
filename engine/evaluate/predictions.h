/* evaluate/predictions.h: a probe over many rows, on a few threads. */
#pragma once

#include "probe/probe.h"

G_BEGIN_DECLS

/* hf_probe_predict on @n_threads (0: one for each core; no effect on the
 * result), in parts, between which @progress (may be NULL) is asked whether to
 * go on. FALSE only with G_IO_ERROR_CANCELLED. */
gboolean hf_predictions_make (const HfProbe *probe, const float *clip,
                              const float *classic, gsize n, int n_threads,
                              HfProgress *progress, double *probabilities,
                              double *distances, GError **error);

G_END_DECLS
