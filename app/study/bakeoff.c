/* bakeoff.c: see the header. Near-copies are told by the rows, too, so those of
 * the first candidate decide for all: the folds are the same. */
#include "app/study/bakeoff.h"

#include "app/jobs/pictures.h"
#include "app/study/output/evaluation-json.h"

#include <glib/gstdio.h>
#include <string.h>

/* Enough for a full batch and for all decoding threads to be busy. */
#define N_TIMED 32

struct _HfBakeoff {
  const HfSamples *samples;
  const HfStudyOptions *options;
  const HfProbeSpec *spec;
  const HfThresholds *thresholds; /* or NULL */
  guint64 seed;
  GPtrArray *entries;  /* HfBakeoffEntry * */
  GPtrArray *refusals; /* HfRefusal * */
  int *cluster;        /* [n_rows] of the first candidate */
  gsize n_rows;
};

static void
entry_free (gpointer data)
{
  HfBakeoffEntry *entry = data;

  g_free (entry->candidate.model);
  g_free (entry->candidate.path);
  g_clear_pointer (&entry->evaluation, hf_evaluation_free);
  g_free (entry);
}

HfBakeoff *
hf_bakeoff_new (const HfSamples *samples, const HfStudyOptions *options,
                const HfProbeSpec *spec, const HfThresholds *thresholds,
                guint64 seed)
{
  HfBakeoff *self = g_new0 (HfBakeoff, 1);

  self->samples = samples;
  self->options = options;
  self->spec = spec;
  self->thresholds = thresholds;
  self->seed = seed;
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->refusals = hf_refusals_new ();
  return self;
}

void
hf_bakeoff_free (HfBakeoff *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->entries);
  g_ptr_array_unref (self->refusals);
  g_free (self->cluster);
  g_free (self);
}

const GPtrArray *
hf_bakeoff_get_refusals (const HfBakeoff *self)
{
  return self->refusals;
}

/* Bytes of the file @path, or of the files in the folder @path; of nothing, if
 * it is NULL. */
static guint64
get_size (const char *path)
{
  g_autoptr (GDir) folder = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  const char *name;
  guint64 sum = 0;
  GStatBuf info;

  if (path == NULL)
    return 0;
  if (folder == NULL)
    return g_stat (path, &info) == 0 ? (guint64) info.st_size : 0;
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *file = g_build_filename (path, name, NULL);

    if (g_stat (file, &info) == 0 && S_ISREG (info.st_mode))
      sum += (guint64) info.st_size;
  }
  return sum;
}

static gboolean
ignore_cb (gsize index, const HfFeatureRow *row, const GError *refused,
           gpointer data, GError **error)
{
  return TRUE;
}

/* Times pictures that could be read, past the cache, after one that warms the
 * device up. */
static gboolean
time_model (const HfStudy *study, const HfExtractorOptions *features,
            double *ms_per_image, HfProgress *progress, GError **error)
{
  gsize n = MIN (hf_study_get_rows (study)->n, N_TIMED);
  g_autofree const char **paths = g_new0 (const char *, n + 1);
  g_autoptr (HfExtractor) extractor = NULL;
  gint64 start_us;

  *ms_per_image = NAN;
  if (n == 0)
    return TRUE;
  for (gsize i = 0; i < n; i++)
    paths[i] = hf_study_get_sample (study, i)->path;
  extractor = hf_extractor_open (features, NULL, progress, error);
  if (extractor == NULL ||
      !hf_extractor_run (extractor, paths, n, ignore_cb, NULL, progress, error))
    return FALSE;
  start_us = g_get_monotonic_time ();
  if (!hf_extractor_run (extractor, paths, n, ignore_cb, NULL, progress, error))
    return FALSE;
  *ms_per_image =
      (double) (g_get_monotonic_time () - start_us) / 1e3 / (double) n;
  return TRUE;
}

static HfEvaluation *
evaluate (HfBakeoff *self, const HfStudy *study, HfBlocks blocks,
          HfProgress *progress, GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  HfDataset data = rows->data;
  HfProbeSpec spec = *self->spec;
  HfEvaluationOptions how = {.seed = self->seed,
                             .audited = rows->audited,
                             .thresholds = self->thresholds};

  if (self->cluster == NULL) {
    self->n_rows = rows->n;
    self->cluster = g_memdup2 (rows->cluster, rows->n * sizeof (int));
  }
  /* A picture that vanished between two: no common folds any more. */
  if (rows->n == self->n_rows)
    data.cluster = self->cluster;
  spec.blocks = blocks;
  return hf_evaluation_new (&data, &spec, NULL, 1, &how, progress, error);
}

/* (caller frees) */
static gboolean *
dup_right (const HfEvaluation *evaluation)
{
  const HfProbeEvaluation *probe = evaluation->probes->pdata[0];
  gboolean *right = g_new0 (gboolean, evaluation->n_tested + 1);

  for (gsize i = 0; i < evaluation->n_tested; i++)
    right[i] = probe->predicted[i] == evaluation->truth[i];
  return right;
}

/* What needs no model stands beside every model. */
static gboolean
is_comparable (const char *path, const char *other)
{
  return path == NULL || other == NULL || g_str_equal (path, other);
}

/* If the same pictures were tested. */
static HfPairedChange
find_change (const HfBakeoff *self, const char *path,
             const HfEvaluation *evaluation, const int *group)
{
  const HfEvaluation *first = NULL;
  const gsize n = evaluation->n_tested;
  g_autofree int *groups = g_new0 (int, n + 1);
  g_autofree gboolean *before = NULL;
  g_autofree gboolean *after = dup_right (evaluation);

  for (guint i = 0; first == NULL && i < self->entries->len; i++) {
    const HfBakeoffEntry *entry = self->entries->pdata[i];

    if (is_comparable (path, entry->candidate.path))
      first = entry->evaluation;
  }
  if (first == NULL || first->n_tested != n)
    return hf_paired_change_new (NULL, NULL, NULL, 0);
  before = dup_right (first);
  for (gsize i = 0; i < n; i++)
    groups[i] = group[evaluation->tested[i]];
  return hf_paired_change_new (before, after, groups, n);
}

const HfBakeoffEntry *
hf_bakeoff_add (HfBakeoff *self, const HfBakeoffCandidate *candidate,
                HfProgress *progress, GError **error)
{
  HfStudyOptions options = *self->options;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfEvaluation) evaluation = NULL;
  HfBakeoffEntry *entry;
  double ms_per_image;

  options.features.model_path = candidate->path;
  options.features.precision = candidate->precision;
  options.features.n_views = candidate->n_views;
  options.features.blocks =
      candidate->blocks == HF_BLOCKS_AUTO ? HF_BLOCKS_BOTH : candidate->blocks;
  study = hf_study_new (self->samples, &options, progress, error);
  if (study == NULL)
    return NULL;
  if (self->entries->len == 0)
    for (guint i = 0; i < hf_study_get_refusals (study)->len; i++) {
      const HfRefusal *refusal = hf_study_get_refusals (study)->pdata[i];

      hf_refusals_add (self->refusals, refusal->path, refusal->reason);
    }
  evaluation = evaluate (self, study, candidate->blocks, progress, error);
  if (evaluation == NULL ||
      !time_model (study, &options.features, &ms_per_image, progress, error))
    return NULL;
  entry = g_new0 (HfBakeoffEntry, 1);
  entry->candidate = *candidate;
  entry->candidate.model = g_strdup (candidate->model);
  entry->candidate.path = g_strdup (candidate->path);
  entry->change = find_change (self, candidate->path, evaluation,
                               hf_study_get_rows (study)->group);
  entry->evaluation = g_steal_pointer (&evaluation);
  entry->ms_per_image = ms_per_image;
  entry->size_bytes = get_size (candidate->path);
  g_ptr_array_add (self->entries, entry);
  return entry;
}

HfJson *
hf_bakeoff_candidate_to_json (const HfBakeoffCandidate *self)
{
  const char *precision = hf_precision_get_name (self->precision);
  HfJson *json = json_object_new_object ();

  json_object_object_add (json, "model",
                          self->model != NULL ? hf_json_new_string (self->model)
                                              : NULL);
  json_object_object_add (
      json, "precision",
      self->model != NULL ? json_object_new_string (precision) : NULL);
  json_object_object_add (
      json, "features",
      json_object_new_string (hf_blocks_get_name (self->blocks)));
  json_object_object_add (json, "views", json_object_new_int (self->n_views));
  return json;
}

HfJson *
hf_bakeoff_entry_to_json (const HfBakeoffEntry *self)
{
  const HfProbeEvaluation *probe = self->evaluation->probes->pdata[0];
  HfJson *json = hf_bakeoff_candidate_to_json (&self->candidate);

  json_object_object_add (json, "probe", hf_json_new_string (probe->name));
  json_object_object_add (json, "accuracy", hf_rate_to_json (&probe->accuracy));
  json_object_object_add (
      json, "escape_rate",
      probe->escape_rate.n > 0 ? hf_rate_to_json (&probe->escape_rate) : NULL);
  json_object_object_add (
      json, "overkill",
      probe->overkill.n > 0 ? hf_rate_to_json (&probe->overkill) : NULL);
  json_object_object_add (
      json, "folds", json_object_new_int (self->evaluation->folds->n_folds));
  if (self->change.n > 0) {
    json_object_object_add (json, "gained",
                            json_object_new_int64 (self->change.gained));
    json_object_object_add (json, "lost",
                            json_object_new_int64 (self->change.lost));
    json_object_object_add (json, "change_low",
                            hf_json_new_number (self->change.low, 6));
    json_object_object_add (json, "change_high",
                            hf_json_new_number (self->change.high, 6));
  }
  json_object_object_add (json, "ms_per_image",
                          hf_json_new_number (self->ms_per_image, 4));
  json_object_object_add (json, "bytes",
                          json_object_new_uint64 (self->size_bytes));
  return json;
}
