/* fits.c: see the header. A fit writes to its own struct alone, so that threads
 * share nothing but the dataset, which nobody changes. */
#include "evaluate/fits-private.h"

#include "evaluate/known-private.h"

#include <math.h>
#include <string.h>

typedef struct {
  const HfDataset *data;
  HfFit *fits;
} Run;

void
hf_fit_clear (HfFit *self)
{
  g_clear_pointer (&self->probe, hf_probe_unref);
  g_clear_pointer (&self->probabilities, g_free);
  g_clear_pointer (&self->excess, g_free);
}

/* Copies the wanted rows of a block, [n_tiles][dim] each, one behind the
 * other. NULL where there is no such block. */
static float *
gather (const float *block, gsize row_floats, const GArray *rows)
{
  float *out;

  if (block == NULL || row_floats == 0)
    return NULL;
  out = g_new (float, rows->len *row_floats);
  for (guint i = 0; i < rows->len; i++)
    memcpy (out + i * row_floats,
            block + g_array_index (rows, gsize, i) * row_floats,
            row_floats * sizeof *out);
  return out;
}

/* @known is what the probe knows of @data. */
static void
predict (const HfProbe *probe, const HfDataset *data, const HfKnown *known,
         HfFit *fit)
{
  g_autofree float *clip =
      gather (data->clip, data->n_tiles * data->clip_dim, fit->test);
  g_autofree float *classic =
      gather (data->classic, data->n_tiles * data->classic_dim, fit->test);
  g_autofree double *probabilities =
      g_new (double, fit->test->len *(gsize) known->data.n_classes);
  double limit = hf_probe_get_unknown_limit (probe, NULL);

  fit->probabilities = g_new (double, fit->test->len *(gsize) data->n_classes);
  fit->excess = g_new (double, fit->test->len);
  hf_probe_predict (probe, clip, classic, fit->test->len, probabilities,
                    fit->excess);
  hf_known_spread (known, probabilities, fit->test->len, data->n_classes,
                   fit->probabilities);
  /* Every fold has a limit of its own; what is above it is comparable. */
  for (guint i = 0; i < fit->test->len; i++)
    fit->excess[i] -= limit;
}

/* Zero-shot knows every class by its texts, and a probe that is wanted itself
 * must know them all. */
static void
init_known (HfKnown *known, const HfDataset *data, const HfFit *fit)
{
  gboolean all = fit->test == NULL || fit->spec->kind == HF_PROBE_ZERO_SHOT;

  hf_known_init (known, data, (const gsize *) fit->train->data, fit->train->len,
                 all);
}

static gboolean
run_fit (gsize index, gpointer user_data, HfProgress *progress, GError **error)
{
  Run *run = user_data;
  HfFit *fit = &run->fits[index];
  gint64 start_us = g_get_monotonic_time ();
  g_autoptr (HfProbe) probe = NULL;
  g_auto (HfKnown) known = {0};

  init_known (&known, run->data, fit);
  probe = hf_probe_train (&known.data, (const gsize *) fit->train->data,
                          fit->train->len, fit->spec, progress, error);
  if (probe == NULL)
    return FALSE;
  if (fit->test == NULL)
    fit->probe = g_steal_pointer (&probe);
  else
    predict (probe, run->data, &known, fit);
  fit->seconds = (double) (g_get_monotonic_time () - start_us) / 1e6;
  return TRUE;
}

/* What each fit counts in the progress (caller frees). */
static gint64 *
dup_steps (const HfDataset *data, const HfFit *fits, gsize n_fits)
{
  gint64 *steps = g_new (gint64, MAX (n_fits, 1));

  for (gsize i = 0; i < n_fits; i++) {
    g_auto (HfKnown) known = {0};

    init_known (&known, data, &fits[i]);
    steps[i] =
        hf_probe_count_steps (&known.data, (const gsize *) fits[i].train->data,
                              fits[i].train->len, fits[i].spec);
  }
  return steps;
}

gint64
hf_fits_count_steps (const HfDataset *data, const HfFit *fits, gsize n_fits)
{
  g_autofree gint64 *steps = dup_steps (data, fits, n_fits);
  gint64 sum = 0;

  for (gsize i = 0; i < n_fits; i++)
    sum += steps[i];
  return sum;
}

gboolean
hf_fits_run (const HfDataset *data, HfFit *fits, gsize n_fits,
             HfWorkers *workers, GError **error)
{
  Run run = {data, fits};
  g_autofree gint64 *steps = dup_steps (data, fits, n_fits);

  return hf_workers_run (workers, n_fits, steps, run_fit, &run, error);
}

GArray *
hf_fits_select (const HfFolds *folds, gsize n_rows, int fold, gboolean tested)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));

  for (gsize i = 0; i < n_rows; i++)
    if (tested ? folds->fold[i] == fold : folds->held[i] != fold)
      g_array_append_val (rows, i);
  return rows;
}
