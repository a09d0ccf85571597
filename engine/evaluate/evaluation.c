/* evaluation.c: see the header. One list of fits serves all probes and the
 * leak, so that threads are busy to the end; then each probe's predictions are
 * put in the order of the tested rows and looked at. */
#include "evaluate/evaluation.h"

#include "evaluate/fits-private.h"
#include "evaluate/folds-private.h"
#include "evaluate/learning-private.h"
#include "probe/units.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* A job while it is worked on. */
typedef struct {
  const HfDataset *data;
  const HfProbeSpec *specs;
  const char *const *names;
  gsize n_specs;
  const HfEvaluationOptions *options;
  HfWorkers workers;

  int *unit; /* [n_rows] what stays together */
  int n_units;
  gsize *place;     /* [n_rows] of a tested row among the tested ones */
  HfFolds *random;  /* for the leak, or NULL */
  GPtrArray *lists; /* GArray of rows, of the fits */
  /* HfFit: where the final probes are wanted [n_specs] first, since they take
   * longest; then [n_specs][n_folds], then the leak's. */
  GArray *fits;
  gsize n_finals;
} Job;

static void
job_clear (Job *self)
{
  g_free (self->unit);
  g_free (self->place);
  g_clear_pointer (&self->random, hf_folds_free);
  g_clear_pointer (&self->lists, g_ptr_array_unref);
  g_clear_pointer (&self->fits, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Job, job_clear)

static void
left_out_free (HfLeftOut *self)
{
  g_free (self->reason);
  g_free (self);
}

/* Number of different values in @key among the rows that are tested. */
static int
count_groups (const int *key, const HfEvaluation *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < self->n_tested; i++)
    g_hash_table_add (seen, GINT_TO_POINTER (key[self->tested[i]]));
  return (int) g_hash_table_size (seen);
}

/* Why row @row has no fold. */
static const char *
explain_left_out (const Job *job, gsize row)
{
  const HfDataset *data = job->data;

  for (gsize i = 0; i < data->n_rows; i++)
    if (data->label[i] == data->label[row] && job->unit[i] != job->unit[row])
      return _("All good pictures are in one group, which can therefore not be "
               "held out, and no two other groups have its class.");
  return _("All pictures of its class are in one group: a probe that has not "
           "seen this group does not know the class.");
}

/* Parts rows into those that are tested and those that cannot be. */
static void
list_rows (HfEvaluation *self, Job *job)
{
  const HfDataset *data = job->data;

  self->n_rows = data->n_rows;
  self->n_classes = data->n_classes;
  self->tested = g_new (gsize, data->n_rows);
  self->truth = g_new (int, data->n_rows);
  job->place = g_new0 (gsize, data->n_rows);
  self->left_out =
      g_ptr_array_new_with_free_func ((GDestroyNotify) left_out_free);
  for (gsize i = 0; i < data->n_rows; i++) {
    HfLeftOut *left_out;

    if (self->folds->fold[i] >= 0) {
      job->place[i] = self->n_tested;
      self->truth[self->n_tested] = data->label[i];
      self->tested[self->n_tested++] = i;
      continue;
    }
    left_out = g_new0 (HfLeftOut, 1);
    left_out->row = i;
    left_out->reason = g_strdup (explain_left_out (job, i));
    g_ptr_array_add (self->left_out, left_out);
  }
  self->n_groups = count_groups (data->group, self);
}

/* Adds what each fold trains on and tests; fits of all specs share the lists.
 */
static void
add_fits (Job *self, const HfFolds *folds, gsize n_specs)
{
  guint first = self->lists->len;

  for (int f = 0; f < folds->n_folds; f++) {
    g_ptr_array_add (self->lists,
                     hf_fits_select (folds, self->data->n_rows, f, FALSE));
    g_ptr_array_add (self->lists,
                     hf_fits_select (folds, self->data->n_rows, f, TRUE));
  }
  for (gsize s = 0; s < n_specs; s++)
    for (int f = 0; f < folds->n_folds; f++) {
      guint list = first + 2 * (guint) f;
      HfFit fit = {.spec = &self->specs[s],
                   .train = g_ptr_array_index (self->lists, list),
                   .test = g_ptr_array_index (self->lists, list + 1)};

      g_array_append_val (self->fits, fit);
    }
}

/* What trains on every row, tested or not. */
static void
add_finals (Job *self)
{
  GArray *all = g_array_new (FALSE, FALSE, sizeof (gsize));

  g_ptr_array_add (self->lists, all);
  for (gsize i = 0; i < self->data->n_rows; i++)
    g_array_append_val (all, i);
  for (gsize s = 0; s < self->n_specs; s++) {
    HfFit fit = {.spec = &self->specs[s], .train = all};

    g_array_append_val (self->fits, fit);
  }
  self->n_finals = self->n_specs;
}

/* Folds over the same rows that do not care what belongs together; none where
 * nothing does. */
static gboolean
make_random_folds (Job *self, const HfEvaluation *evaluation, GError **error)
{
  const HfDataset *data = self->data;
  g_autofree int *alone = g_new (int, data->n_rows);
  g_autofree gboolean *allowed = g_new (gboolean, data->n_rows);

  if (!self->options->with_leak ||
      (gsize) evaluation->n_groups == evaluation->n_tested)
    return TRUE;
  for (gsize i = 0; i < data->n_rows; i++) {
    alone[i] = (int) i;
    allowed[i] = evaluation->folds->fold[i] >= 0;
  }
  self->random = hf_folds_new_by_units (data, alone, (int) data->n_rows,
                                        allowed, evaluation->folds->n_folds,
                                        self->options->seed, error);
  return self->random != NULL;
}

/* Brings the predictions of one set of folds into the order of tested rows. */
static void
scatter (const Job *self, const HfFit *fits, int n_folds, double *probabilities,
         double *excess, double *seconds)
{
  gsize n_classes = (gsize) self->data->n_classes;

  *seconds = 0;
  for (int f = 0; f < n_folds; f++) {
    *seconds += fits[f].seconds;
    for (guint i = 0; i < fits[f].test->len; i++) {
      gsize to = self->place[g_array_index (fits[f].test, gsize, i)];

      memcpy (probabilities + to * n_classes,
              fits[f].probabilities + i * n_classes,
              n_classes * sizeof *probabilities);
      excess[to] = fits[f].excess[i];
    }
  }
}

/* @values of the tested rows, in their order. NULL stays NULL. */
static int *
select_tested (const HfEvaluation *self, const int *values)
{
  int *selected;

  if (values == NULL)
    return NULL;
  selected = g_new (int, self->n_tested);
  for (gsize i = 0; i < self->n_tested; i++)
    selected[i] = values[self->tested[i]];
  return selected;
}

static HfProbeEvaluation *
look_at (const Job *self, const HfEvaluation *evaluation, const HfFit *fits,
         const HfFolds *folds, const char *name)
{
  const HfDataset *data = self->data;
  gsize n = evaluation->n_tested;
  g_autofree int *group = select_tested (evaluation, self->unit);
  g_autofree gboolean *audited =
      select_tested (evaluation, self->options->audited);
  g_autofree double *probabilities = g_new (double, n *(gsize) data->n_classes);
  g_autofree double *excess = g_new (double, n);
  HfProbeEvaluation *probe;
  double seconds;

  scatter (self, fits, folds->n_folds, probabilities, excess, &seconds);
  probe = hf_probe_evaluation_new (
      name, evaluation->truth, group, probabilities, excess, 0, audited, n,
      data->kinds, data->n_classes, folds->n_folds, self->options->thresholds);
  probe->seconds = seconds;
  return probe;
}

static void
look_at_probes (const Job *self, HfEvaluation *evaluation)
{
  const HfFit *finals = (const HfFit *) self->fits->data;
  const HfFit *fits = finals + self->n_finals;

  for (gsize s = 0; s < self->n_specs; s++) {
    const char *name = self->names != NULL ? self->names[s] : NULL;
    HfProbeEvaluation *probe = look_at (
        self, evaluation, fits + s * (gsize) evaluation->folds->n_folds,
        evaluation->folds,
        name != NULL ? name : hf_probe_kind_get_name (self->specs[s].kind));

    probe->spec = self->specs[s];
    if (self->n_finals > 0) {
      probe->final = hf_probe_ref (finals[s].probe);
      probe->reason = g_strdup (hf_probe_get_reason (probe->final));
    }
    g_ptr_array_add (evaluation->probes, probe);
  }
}

static void
look_at_leak (const Job *self, HfEvaluation *evaluation)
{
  g_autoptr (HfProbeEvaluation) random = NULL;
  const HfProbeEvaluation *first;
  gsize n_before =
      self->n_finals + self->n_specs * (gsize) evaluation->folds->n_folds;

  evaluation->leak_grouped = evaluation->leak_random =
      hf_rate_new (NULL, NULL, 0, 0);
  if (self->random == NULL)
    return;
  random =
      look_at (self, evaluation, (const HfFit *) self->fits->data + n_before,
               self->random, "random");
  first = g_ptr_array_index (evaluation->probes, 0);
  evaluation->leak_grouped = first->accuracy;
  evaluation->leak_random = random->accuracy;
}

/* A curve is some hundred fits, which of prompts would take hours. */
static gboolean
has_learning (const Job *self, gsize spec)
{
  return self->options->with_learning &&
         !hf_probe_may_tune (self->data, &self->specs[spec]);
}

static gboolean
add_learning (Job *self, HfEvaluation *evaluation, GError **error)
{
  for (gsize s = 0; s < self->n_specs; s++) {
    HfProbeEvaluation *probe = g_ptr_array_index (evaluation->probes, s);
    GArray *points;

    if (!has_learning (self, s))
      continue;
    points = hf_learning_new (self->data, self->unit, self->n_units,
                              evaluation->folds, &self->specs[s],
                              self->options->seed, &self->workers, error);
    if (points == NULL)
      return FALSE;
    g_array_unref (probe->learning);
    probe->learning = points;
  }
  return TRUE;
}

static gboolean
job_run (Job *self, HfEvaluation *evaluation, GError **error)
{
  const HfDataset *data = self->data;

  self->unit =
      hf_units_dup (data->group, data->cluster, data->n_rows, &self->n_units);
  evaluation->folds = hf_folds_new_by_units (data, self->unit, self->n_units,
                                             NULL, self->options->n_folds,
                                             self->options->seed, error);
  if (evaluation->folds == NULL)
    return FALSE;
  list_rows (evaluation, self);
  if (!make_random_folds (self, evaluation, error))
    return FALSE;
  if (self->options->with_final)
    add_finals (self);
  add_fits (self, evaluation->folds, self->n_specs);
  if (self->random != NULL)
    add_fits (self, self->random, 1);
  self->workers.n_total = hf_fits_count_steps (
      data, (const HfFit *) self->fits->data, self->fits->len);
  for (gsize s = 0; s < self->n_specs; s++)
    if (has_learning (self, s))
      self->workers.n_total +=
          (gint64) hf_learning_count (data, evaluation->folds);
  if (!hf_fits_run (data, (HfFit *) self->fits->data, self->fits->len,
                    &self->workers, error))
    return FALSE;
  look_at_probes (self, evaluation);
  look_at_leak (self, evaluation);
  return add_learning (self, evaluation, error);
}

HfEvaluation *
hf_evaluation_new (const HfDataset *data, const HfProbeSpec *specs,
                   const char *const *names, gsize n_specs,
                   const HfEvaluationOptions *options, HfProgress *progress,
                   GError **error)
{
  g_auto (Job) job = {.data = data,
                      .specs = specs,
                      .names = names,
                      .n_specs = n_specs,
                      .options = options,
                      .workers = {options->n_threads, progress}};
  g_autoptr (HfEvaluation) self = g_new0 (HfEvaluation, 1);

  g_return_val_if_fail (n_specs > 0, NULL);
  self->probes = g_ptr_array_new_with_free_func (
      (GDestroyNotify) hf_probe_evaluation_free);
  job.lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  job.fits = g_array_new (FALSE, TRUE, sizeof (HfFit));
  g_array_set_clear_func (job.fits, (GDestroyNotify) hf_fit_clear);
  if (!job_run (&job, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_evaluation_free (HfEvaluation *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->folds, hf_folds_free);
  g_free (self->tested);
  g_free (self->truth);
  g_clear_pointer (&self->left_out, g_ptr_array_unref);
  g_clear_pointer (&self->probes, g_ptr_array_unref);
  g_free (self);
}
