/* acceptance.c: see the header. */
#include "app/study/acceptance.h"

#include "app/jobs/pictures.h"
#include "app/project/suggestions.h"
#include "app/study/output/evaluation-json.h"
#include "evaluate/copies.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)

/* The class of @trained that is called @name, or -1. */
static int
find_class (const HfRows *trained, const char *name)
{
  for (guint c = 0; c < trained->classes->len; c++)
    if (g_str_equal (((HfSampleClass *) trained->classes->pdata[c])->name,
                     name))
      return (int) c;
  return -1;
}

/* Fills truth and samples, and @row: which rows are judged. */
static void
choose (HfAcceptance *self, const HfStudy *sealed, const HfRows *trained,
        gsize *row)
{
  const HfRows *rows = hf_study_get_rows (sealed);
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < trained->n; i++)
    g_hash_table_add (known, trained->sha256[i]);
  for (gsize i = 0; i < rows->n; i++) {
    const HfSampleClass *class = rows->classes->pdata[rows->label[i]];
    const HfSample *sample = hf_study_get_sample (sealed, i);
    int c = find_class (trained, class->name);

    if (g_hash_table_contains (known, rows->sha256[i])) {
      hf_refusals_add (self->left_out, sample->path,
                       _("The probe was trained on this very picture."));
    } else if (c < 0) {
      hf_refusals_add (self->left_out, sample->path,
                       _("The probe was not trained on its class."));
    } else {
      self->samples[self->n] = sample;
      self->truth[self->n] = c;
      row[self->n++] = i;
    }
  }
}

static void
judge (HfAcceptance *self, const HfRows *rows, const HfProbe *probe,
       const HfRows *trained, const gsize *row, const HfThresholds *thresholds)
{
  gsize clip = rows->n_tiles * rows->clip_dim;
  gsize classic = rows->n_tiles * rows->classic_dim;
  int n_classes = hf_probe_get_n_classes (probe);
  g_autofree double *probabilities = g_new0 (double, self->n *n_classes + 1);
  g_autofree double *distances = g_new0 (double, self->n + 1);
  g_autofree int *group = g_new0 (int, self->n + 1);

  for (gsize i = 0; i < self->n; i++) {
    hf_probe_predict (
        probe, rows->clip != NULL ? rows->clip + row[i] * clip : NULL,
        rows->classic != NULL ? rows->classic + row[i] * classic : NULL, 1,
        probabilities + i * n_classes, distances + i);
    group[i] = rows->group[row[i]];
  }
  self->evaluation = hf_probe_evaluation_new (
      "acceptance", self->truth, group, probabilities, distances,
      hf_probe_get_unknown_limit (probe, NULL), NULL, self->n, trained->kinds,
      n_classes, 0, thresholds);
}

/* One array of what both hold, the trained ones first; NULL without rows. */
static float *
join_units (const HfRows *trained, const HfRows *rows)
{
  gsize dim = trained->clip_dim;
  g_autofree float *a =
      hf_rows_dup_unit (trained->clip, trained->n, trained->n_tiles, dim);
  g_autofree float *b =
      hf_rows_dup_unit (rows->clip, rows->n, rows->n_tiles, rows->clip_dim);
  float *joined;

  if (a == NULL || b == NULL || rows->clip_dim != dim)
    return NULL;
  joined = g_new (float, (trained->n + rows->n) * dim);
  memcpy (joined, a, trained->n * dim * sizeof *joined);
  memcpy (joined + trained->n * dim, b, rows->n * dim * sizeof *joined);
  return joined;
}

/* Sets of near-copies among the trained and the sealed pictures, the trained
 * ones first. */
static HfCopies *
find_copies (const HfRows *trained, const HfRows *rows)
{
  gsize n = trained->n + rows->n;
  g_autofree const char **sha256 = g_new (const char *, n + 1);
  g_autofree guint8 *looks = g_new (guint8, n * LOOK_BYTES + 1);
  g_autofree float *units = join_units (trained, rows);
  g_autofree int *label = g_new0 (int, n + 1);
  const HfCopiesInput input = {.n = n,
                               .sha256 = sha256,
                               .looks = looks,
                               .rows = units,
                               .dim = trained->clip_dim,
                               .label = label};

  memcpy (looks, trained->looks, trained->n * LOOK_BYTES);
  memcpy (looks + trained->n * LOOK_BYTES, rows->looks, rows->n * LOOK_BYTES);
  for (gsize i = 0; i < n; i++)
    sha256[i] =
        i < trained->n ? trained->sha256[i] : rows->sha256[i - trained->n];
  return hf_copies_find (&input, NULL, NULL);
}

/* How many of the judged pictures the probe may know from others. */
static void
count_known (HfAcceptance *self, const HfRows *rows, const HfRows *trained,
             const gsize *row)
{
  g_autoptr (HfCopies) copies = find_copies (trained, rows);
  g_autoptr (GHashTable) sets = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) lots = g_hash_table_new (g_str_hash, g_str_equal);

  for (gsize i = 0; i < trained->n; i++) {
    g_hash_table_add (sets, GINT_TO_POINTER (copies->cluster[i]));
    if (trained->group_name[i] != NULL)
      g_hash_table_add (lots, trained->group_name[i]);
  }
  for (gsize i = 0; i < self->n; i++) {
    const char *lot = rows->group_name[row[i]];
    int set = copies->cluster[trained->n + row[i]];

    self->n_near += g_hash_table_contains (sets, GINT_TO_POINTER (set));
    self->n_of_lots += lot != NULL && g_hash_table_contains (lots, lot);
  }
}

char *
hf_acceptance_dup_note (const HfAcceptance *self)
{
  if (self->n_near == 0 && self->n_of_lots == 0)
    return NULL;
  if (self->n_of_lots == 0)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "Of %zu judged, %zu picture nearly equals one that was "
                     "trained on: these rates flatter.",
                     "Of %zu judged, %zu pictures nearly equal one that was "
                     "trained on: these rates flatter.",
                     self->n_near),
        self->n, self->n_near);
  if (self->n_near == 0)
    return g_strdup_printf (
        g_dngettext (GETTEXT_PACKAGE,
                     "Of %zu judged, %zu picture is of a lot that was trained "
                     "on: these rates flatter.",
                     "Of %zu judged, %zu pictures are of a lot that was "
                     "trained on: these rates flatter.",
                     self->n_of_lots),
        self->n, self->n_of_lots);
  return g_strdup_printf (
      _("Pictures judged: %zu; nearly equal to one that was trained on: %zu; "
        "of a lot that was: %zu. These rates flatter."),
         self->n, self->n_near, self->n_of_lots);
}

HfAcceptance *
hf_acceptance_new (const HfStudy *sealed, const HfProbe *probe,
                   const HfRows *trained, const HfThresholds *thresholds)
{
  HfAcceptance *self = g_new0 (HfAcceptance, 1);
  const HfRows *rows = hf_study_get_rows (sealed);
  g_autofree gsize *row = g_new0 (gsize, rows->n + 1);

  self->samples = g_new0 (const HfSample *, rows->n + 1);
  self->truth = g_new0 (int, rows->n + 1);
  self->left_out = hf_refusals_new ();
  choose (self, sealed, trained, row);
  judge (self, rows, probe, trained, row, thresholds);
  count_known (self, rows, trained, row);
  return self;
}

HfAcceptance *
hf_acceptance_open (HfProject *project, const HfStudy *study,
                    const HfStudy *sealed, const HfProbeSpec *spec,
                    const HfThresholds *thresholds, gint64 *n_openings,
                    HfProgress *progress, GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  g_autoptr (HfProbe) probe = hf_probe_train (
      hf_study_get_dataset (study), NULL, rows->n, spec, progress, error);

  if (probe == NULL ||
      !hf_project_log_opening (project, hf_probe_kind_get_name (spec->kind),
                               n_openings, error))
    return NULL;
  return hf_acceptance_new (sealed, probe, rows, thresholds);
}

void
hf_acceptance_free (HfAcceptance *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->evaluation, hf_probe_evaluation_free);
  g_free (self->samples);
  g_free (self->truth);
  g_ptr_array_unref (self->left_out);
  g_free (self);
}

HfJson *
hf_acceptance_to_json (const HfAcceptance *self, const GPtrArray *classes)
{
  HfJson *json = hf_probe_evaluation_to_json (self->evaluation, classes);
  HfJson *left_out = json_object_new_array ();

  json_object_object_add (json, "predictions",
                          hf_predictions_to_json (self->evaluation,
                                                  self->samples, self->truth,
                                                  NULL, self->n, classes));
  for (guint i = 0; i < self->left_out->len; i++) {
    const HfRefusal *refusal = self->left_out->pdata[i];
    HfJson *one = json_object_new_object ();

    json_object_object_add (one, "path", hf_json_new_string (refusal->path));
    json_object_object_add (one, "reason",
                            hf_json_new_string (refusal->reason));
    json_object_array_add (left_out, one);
  }
  json_object_object_add (json, "left_out", left_out);
  json_object_object_add (json, "near_copies_of_trained",
                          json_object_new_int64 ((gint64) self->n_near));
  json_object_object_add (json, "of_trained_lots",
                          json_object_new_int64 ((gint64) self->n_of_lots));
  return json;
}
