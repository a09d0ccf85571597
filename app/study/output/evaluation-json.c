/* evaluation-json.c: see the header. Numbers have so many digits that they read
 * back to what decided: probabilities 9, rates 9. */
#include "app/study/output/evaluation-json.h"

#include "app/jobs/pictures.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define DIGITS 9

static void
add_number (HfJson *json, const char *name, double value)
{
  json_object_object_add (json, name, hf_json_new_number (value, DIGITS));
}

static void
add_int (HfJson *json, const char *name, gint64 value)
{
  json_object_object_add (json, name, json_object_new_int64 (value));
}

static void
add_string (HfJson *json, const char *name, const char *value)
{
  json_object_object_add (json, name,
                          value != NULL ? hf_json_new_string (value) : NULL);
}

static const char *
get_class_name (const GPtrArray *classes, int c)
{
  return ((const HfSampleClass *) classes->pdata[c])->name;
}

HfJson *
hf_thresholds_to_json (const HfThresholds *self)
{
  HfJson *json;

  if (!hf_thresholds_are_set (self))
    return NULL;
  json = json_object_new_object ();
  add_number (json, "reject", self->reject);
  add_number (json, "pass", self->pass);
  return json;
}

HfJson *
hf_rate_to_json (const HfRate *rate)
{
  HfJson *json = json_object_new_object ();

  add_int (json, "k", rate->k);
  add_int (json, "n", rate->n);
  add_number (json, "rate", rate->rate);
  add_number (json, "low", rate->low);
  add_number (json, "high", rate->high);
  add_number (json, "n_eff", rate->n_eff);
  add_int (json, "groups", rate->n_groups);
  if (rate->k == 0)
    add_number (json, "upper", rate->upper);
  return json;
}

/* Null where there is nothing to count. */
static void
add_rate (HfJson *json, const char *name, const HfRate *rate, gboolean known)
{
  json_object_object_add (json, name, known ? hf_rate_to_json (rate) : NULL);
}

static HfJson *
new_per_class (const HfProbeEvaluation *self, const GPtrArray *classes)
{
  HfJson *json = json_object_new_object ();

  for (guint c = 0; c < classes->len; c++) {
    g_autofree char *name =
        hf_json_dup_shown (get_class_name (classes, (int) c));
    HfJson *one = json_object_new_object ();

    add_rate (one, "precision", &self->precision[c], TRUE);
    add_rate (one, "recall", &self->recall[c], TRUE);
    json_object_object_add (json, name, one);
  }
  return json;
}

static HfJson *
new_confusion (const HfProbeEvaluation *self, const GPtrArray *classes)
{
  HfJson *json = json_object_new_object ();
  HfJson *names = json_object_new_array ();
  HfJson *counts = json_object_new_array ();

  for (guint r = 0; r < classes->len; r++) {
    HfJson *row = json_object_new_array ();

    json_object_array_add (
        names, hf_json_new_string (get_class_name (classes, (int) r)));
    for (guint c = 0; c < classes->len; c++)
      json_object_array_add (
          row, json_object_new_int64 (self->confusion[r * classes->len + c]));
    json_object_array_add (counts, row);
  }
  json_object_object_add (json, "classes", names);
  json_object_object_add (json, "counts", counts);
  return json;
}

static HfJson *
new_curve (const GArray *points, const char *x, const char *y)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; points != NULL && i < points->len; i++) {
    const HfCurvePoint *point = &g_array_index (points, HfCurvePoint, i);
    HfJson *one = json_object_new_object ();

    add_number (one, x, point->x);
    add_number (one, y, point->y);
    add_number (one, "threshold", point->threshold);
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_calibration (const HfProbeEvaluation *self)
{
  HfJson *list = json_object_new_array ();

  for (int b = 0; b < HF_CALIBRATION_BINS; b++) {
    const HfCalibrationBin *bin = &self->calibration[b];
    HfJson *one = json_object_new_object ();

    add_int (one, "n", bin->n);
    add_number (one, "mean_probability",
                bin->n > 0 ? bin->mean_probability : NAN);
    add_rate (one, "right", &bin->right, bin->n > 0);
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_learning (const GArray *points)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; points != NULL && i < points->len; i++) {
    const HfLearningPoint *point = &g_array_index (points, HfLearningPoint, i);
    HfJson *one = json_object_new_object ();

    add_int (one, "labels", point->n_labels);
    add_int (one, "repeats", point->n_repeats);
    add_number (one, "balanced_accuracy", point->accuracy);
    add_number (one, "low", point->accuracy_low);
    add_number (one, "high", point->accuracy_high);
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_audited (const HfProbeEvaluation *self, gboolean good)
{
  HfJson *json;

  if (self->audited_accuracy.n == 0)
    return NULL;
  json = json_object_new_object ();
  add_rate (json, "accuracy", &self->audited_accuracy, TRUE);
  add_rate (json, "escape_rate", &self->audited_escape_rate, good);
  add_rate (json, "overkill", &self->audited_overkill, good);
  return json;
}

HfJson *
hf_probe_evaluation_to_json (const HfProbeEvaluation *self,
                             const GPtrArray *classes)
{
  HfJson *json = json_object_new_object ();
  gboolean good = hf_sample_classes_have_good (classes);

  add_rate (json, "accuracy", &self->accuracy, TRUE);
  add_number (json, "balanced_accuracy", self->balanced_accuracy);
  add_rate (json, "escape_rate", &self->escape_rate, good);
  add_rate (json, "overkill", &self->overkill, good);
  add_rate (json, "unknown", &self->unknown, self->unknown.n > 0);
  add_rate (json, "unsure", &self->unsure, self->unsure.n > 0);
  json_object_object_add (json, "audited", new_audited (self, good));
  json_object_object_add (json, "per_class", new_per_class (self, classes));
  json_object_object_add (json, "confusion", new_confusion (self, classes));
  add_number (json, "auc", self->auc);
  add_number (json, "average_precision", self->average_precision);
  add_number (json, "ece", self->ece);
  add_number (json, "ece_expected", self->ece_expected);
  json_object_object_add (json, "calibration", new_calibration (self));
  json_object_object_add (json, "roc",
                          new_curve (self->roc, "overkill", "detected"));
  json_object_object_add (json, "pr",
                          new_curve (self->pr, "recall", "precision"));
  json_object_object_add (json, "learning", new_learning (self->learning));
  add_string (json, "reason", self->reason);
  add_number (json, "seconds", self->seconds);
  return json;
}

HfJson *
hf_predictions_to_json (const HfProbeEvaluation *self,
                        const HfSample *const *samples, const int *truth,
                        const int *fold, gsize n, const GPtrArray *classes)
{
  HfJson *list = json_object_new_array ();

  for (gsize i = 0; i < n; i++) {
    HfJson *one = json_object_new_object ();
    HfJson *all = json_object_new_object ();

    for (guint c = 0; c < classes->len; c++) {
      g_autofree char *name =
          hf_json_dup_shown (get_class_name (classes, (int) c));

      add_number (all, name, self->probabilities[i * classes->len + c]);
    }
    add_string (one, "path", samples[i]->path);
    add_string (one, "truth", get_class_name (classes, truth[i]));
    add_string (one, "predicted", get_class_name (classes, self->predicted[i]));
    json_object_object_add (one, "probabilities", all);
    if (fold != NULL)
      add_int (one, "fold", fold[i]);
    add_string (one, "verdict", hf_verdict_get_name (self->verdicts[i]));
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_left_out (const HfEvaluation *self, const HfStudy *study)
{
  HfJson *list = json_object_new_array ();
  const GArray *copies = hf_study_get_copies (study);

  for (guint i = 0; i < self->left_out->len; i++) {
    const HfLeftOut *left_out = self->left_out->pdata[i];
    HfJson *one = json_object_new_object ();

    add_string (one, "path", hf_study_get_sample (study, left_out->row)->path);
    add_string (one, "reason", left_out->reason);
    json_object_array_add (list, one);
  }
  for (guint i = 0; i < copies->len; i++) {
    const HfStudyCopy *copy = &g_array_index (copies, HfStudyCopy, i);
    HfJson *one;

    if (!copy->conflict)
      continue;
    one = json_object_new_object ();
    add_string (one, "path", copy->sample->path);
    add_string (
        one, "reason",
        _("The same picture has several labels; correct one of them."));
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_refused (const HfStudy *study)
{
  const GPtrArray *refusals = hf_study_get_refusals (study);
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];
    HfJson *one = json_object_new_object ();

    add_string (one, "path", refusal->path);
    add_string (one, "reason", refusal->reason);
    json_object_array_add (list, one);
  }
  return list;
}

static gint64
count_duplicates (const HfStudy *study)
{
  const GArray *copies = hf_study_get_copies (study);
  gint64 n = 0;

  for (guint i = 0; i < copies->len; i++)
    n += !g_array_index (copies, HfStudyCopy, i).conflict;
  return n;
}

static void
add_leak (HfJson *json, const HfEvaluation *self)
{
  HfJson *leak = NULL;

  if (self->leak_random.n > 0) {
    leak = json_object_new_object ();
    add_rate (leak, "grouped", &self->leak_grouped, TRUE);
    add_rate (leak, "random", &self->leak_random, TRUE);
  }
  json_object_object_add (json, "leak", leak);
}

static HfJson *
new_probes (const HfEvaluation *self, const HfStudy *study)
{
  const GPtrArray *classes = hf_study_get_rows (study)->classes;
  g_autofree const HfSample **samples =
      g_new0 (const HfSample *, self->n_tested + 1);
  g_autofree int *fold = g_new0 (int, self->n_tested + 1);
  HfJson *json = json_object_new_object ();

  for (gsize i = 0; i < self->n_tested; i++) {
    samples[i] = hf_study_get_sample (study, self->tested[i]);
    fold[i] = self->folds->fold[self->tested[i]];
  }
  for (guint p = 0; p < self->probes->len; p++) {
    const HfProbeEvaluation *probe = self->probes->pdata[p];
    HfJson *one = hf_probe_evaluation_to_json (probe, classes);

    json_object_object_add (one, "predictions",
                            hf_predictions_to_json (probe, samples, self->truth,
                                                    fold, self->n_tested,
                                                    classes));
    json_object_object_add (json, probe->name, one);
  }
  return json;
}

HfJson *
hf_evaluation_to_json (const HfEvaluation *self, const HfStudy *study)
{
  const HfRows *rows = hf_study_get_rows (study);
  HfJson *json = json_object_new_object ();
  HfJson *classes = json_object_new_array ();
  HfJson *left_out = new_left_out (self, study);
  gint64 n_copies = count_duplicates (study);

  for (guint c = 0; c < rows->classes->len; c++)
    json_object_array_add (
        classes, hf_json_new_string (get_class_name (rows->classes, (int) c)));
  add_int (json, "images",
           (gint64) (self->n_tested + json_object_array_length (left_out)) +
               n_copies);
  json_object_object_add (json, "classes", classes);
  add_int (json, "groups", hf_rows_have_groups (rows) ? self->n_groups : 0);
  add_int (json, "folds", self->folds->n_folds);
  add_int (json, "duplicates", n_copies);
  add_int (json, "near_copies", (gint64) hf_study_get_n_near (study));
  json_object_object_add (json, "left_out", left_out);
  json_object_object_add (json, "refused", new_refused (study));
  json_object_object_add (json, "probes", new_probes (self, study));
  add_leak (json, self);
  return json;
}
