/* predictions.c: see the header. */
#include "evaluate/predictions.h"

#include "evaluate/workers-private.h"

/* Rows of a part: always the same, so that sums do not depend on threads. */
#define PART_ROWS 1024

typedef struct {
  const HfProbe *probe;
  const float *clip, *classic;
  gsize n;
  double *probabilities, *distances;
} Run;

static const float *
skip (const float *block, gsize row, gsize row_floats)
{
  return block != NULL ? block + row * row_floats : NULL;
}

static gboolean
predict_part (gsize index, gpointer data, HfProgress *progress, GError **error)
{
  const Run *run = data;
  gsize first = index * PART_ROWS, n = MIN (PART_ROWS, run->n - first);
  gsize n_tiles = hf_probe_get_n_tiles (run->probe);

  hf_probe_predict (
      run->probe,
      skip (run->clip, first, n_tiles * hf_probe_get_clip_dim (run->probe)),
      skip (run->classic, first,
            n_tiles * hf_probe_get_classic_dim (run->probe)),
      n,
      run->probabilities + first * (gsize) hf_probe_get_n_classes (run->probe),
      run->distances != NULL ? run->distances + first : NULL);
  return TRUE;
}

gboolean
hf_predictions_make (const HfProbe *probe, const float *clip,
                     const float *classic, gsize n, int n_threads,
                     HfProgress *progress, double *probabilities,
                     double *distances, GError **error)
{
  Run run = {probe, clip, classic, n, probabilities, distances};
  HfWorkers workers = {n_threads, progress};

  return hf_workers_run (&workers, (n + PART_ROWS - 1) / PART_ROWS, NULL,
                         predict_part, &run, error);
}
