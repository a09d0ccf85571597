/* json.c: the report for programs: everything, without pictures. */
#include "app/jobs/pictures.h"
#include "app/report/content-private.h"
#include "app/report/facts-private.h"
#include "app/study/output/evaluation-json.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define FORMAT 1

static void
add (HfJson *json, const char *name, HfJson *value)
{
  json_object_object_add (json, name, value);
}

static void
add_string (HfJson *json, const char *name, const char *value)
{
  add (json, name, value != NULL ? hf_json_new_string (value) : NULL);
}

static void
add_int (HfJson *json, const char *name, gint64 value)
{
  add (json, name, json_object_new_int64 (value));
}

static HfJson *
new_strings (const char *const *texts)
{
  HfJson *list = json_object_new_array ();

  for (gsize i = 0; texts != NULL && texts[i] != NULL; i++)
    json_object_array_add (list, hf_json_new_string (texts[i]));
  return list;
}

static HfJson *
new_model (const HfReportInput *input)
{
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  HfJson *json = json_object_new_object ();

  add_string (json, "name", input->model_name);
  add_string (json, "identity", input->model_identity);
  add_string (json, "source", input->model_source);
  add_string (json, "precision", hf_precision_get_name (input->precision));
  add_string (json, "framing", input->framing);
  add_int (json, "views", input->n_views);
  add_string (json, "background", input->background);
  add_string (json, "device", input->device);
  add_string (json, "features", hf_blocks_get_name (input->blocks));
  add_string (json, "features_chosen",
              probe != NULL
                  ? hf_blocks_get_name (hf_probe_evaluation_get_blocks (probe))
                  : NULL);
  add (json, "templates", new_strings (input->templates));
  return json;
}

/* {group: count} of the labels of a class that are not sealed; pictures that
 * stand alone are under "". */
static HfJson *
new_groups (const HfReportInput *input, int c, gint64 *n, gint64 *n_sealed)
{
  HfJson *json = json_object_new_object ();

  for (guint i = 0; i < input->samples->samples->len; i++) {
    const HfSample *sample = input->samples->samples->pdata[i];
    g_autofree char *group = NULL;
    HfJson *before;

    if (sample->label != c)
      continue;
    if (sample->sealed) {
      ++*n_sealed;
      continue;
    }
    ++*n;
    group = hf_json_dup_shown (sample->group != NULL ? sample->group : "");
    before = hf_json_get (json, group);
    add_int (json, group,
             (before != NULL ? json_object_get_int64 (before) : 0) + 1);
  }
  return json;
}

static HfJson *
new_classes (const HfReportInput *input)
{
  HfJson *list = json_object_new_array ();

  for (guint c = 0; c < input->samples->classes->len; c++) {
    const HfSampleClass *class = input->samples->classes->pdata[c];
    HfJson *one = json_object_new_object ();
    gint64 n = 0, n_sealed = 0;
    HfJson *groups = new_groups (input, (int) c, &n, &n_sealed);

    add_string (one, "name", class->name);
    add_string (one, "kind", hf_class_kind_get_name (class->kind));
    add_int (one, "labels", n);
    add_int (one, "sealed", n_sealed);
    add (one, "groups", groups);
    json_object_array_add (list, one);
  }
  return list;
}

static HfJson *
new_reason (const char *path, const char *reason)
{
  HfJson *one = json_object_new_object ();

  add_string (one, "path", path);
  add_string (one, "reason", reason);
  return one;
}

static void
add_refusals (HfJson *list, const GPtrArray *refusals)
{
  for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];

    json_object_array_add (list, new_reason (refusal->path, refusal->reason));
  }
}

static HfJson *
new_left_out (const HfReportInput *input)
{
  HfJson *list = json_object_new_array ();

  for (gsize i = 0; input->conflicts != NULL && input->conflicts[i] != NULL;
       i++)
    json_object_array_add (
        list, new_reason (input->conflicts[i],
                          _("Its bytes are labelled as several classes.")));
  for (guint i = 0;
       input->evaluation != NULL && i < input->evaluation->left_out->len; i++) {
    const HfLeftOut *left = input->evaluation->left_out->pdata[i];

    json_object_array_add (
        list, new_reason (input->rows[left->row]->path, left->reason));
  }
  add_refusals (list, input->refusals);
  return list;
}

static HfJson *
new_pictures (const HfReportInput *input)
{
  HfReportCounts counts = hf_report_count (input->samples);
  HfJson *json = json_object_new_object ();

  add_int (json, "labelled", counts.n_labelled);
  add_int (json, "sealed", counts.n_sealed);
  add_int (json, "unlabelled", counts.n_unlabelled);
  add_int (json, "tested",
           input->evaluation != NULL ? (gint64) input->evaluation->n_tested
                                     : 0);
  add_int (json, "identical_copies", (gint64) input->n_identical);
  add_int (json, "near_copies", (gint64) input->n_near);
  add_string (json, "groups", input->groups);
  add (json, "left_out", new_left_out (input));
  return json;
}

static HfJson *
new_predictions (const HfReportInput *input, const HfProbeEvaluation *probe)
{
  const HfEvaluation *evaluation = input->evaluation;
  g_autofree const HfSample **samples =
      g_new (const HfSample *, evaluation->n_tested + 1);
  g_autofree int *fold = g_new (int, evaluation->n_tested + 1);

  for (gsize i = 0; i < evaluation->n_tested; i++) {
    samples[i] = input->rows[evaluation->tested[i]];
    fold[i] = evaluation->folds->fold[evaluation->tested[i]];
  }
  return hf_predictions_to_json (probe, samples, evaluation->truth, fold,
                                 evaluation->n_tested,
                                 hf_report_get_classes (input));
}

/* As `evaluate --json` has them, but for the seconds, which differ from run to
 * run. */
static HfJson *
new_probes (const HfReportInput *input)
{
  HfJson *json = json_object_new_object ();

  for (guint i = 0; i < input->evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = input->evaluation->probes->pdata[i];
    HfJson *one =
        hf_probe_evaluation_to_json (probe, hf_report_get_classes (input));

    json_object_object_del (one, "seconds");
    if (i == input->probe)
      add (one, "predictions", new_predictions (input, probe));
    add (json, probe->name, one);
  }
  return json;
}

static HfJson *
new_leak (const HfEvaluation *evaluation)
{
  HfJson *json;

  if (evaluation->leak_grouped.n == 0)
    return NULL;
  json = json_object_new_object ();
  add (json, "grouped", hf_rate_to_json (&evaluation->leak_grouped));
  add (json, "random", hf_rate_to_json (&evaluation->leak_random));
  return json;
}

static HfJson *
new_acceptance (const HfReportInput *input)
{
  HfJson *json = json_object_new_object ();
  HfJson *openings = json_object_new_array ();
  HfJson *left_out = json_object_new_array ();

  for (gsize i = 0; i < input->n_openings; i++) {
    g_autofree char *time =
        hf_report_dup_time (input->openings[i].time_utc, TRUE);
    HfJson *one = json_object_new_object ();

    add_string (one, "time", time);
    add_string (one, "by", input->openings[i].text);
    json_object_array_add (openings, one);
  }
  add_refusals (left_out, input->acceptance_left_out);
  add (json, "openings", openings);
  add (json, "left_out", left_out);
  add (json, "note",
       input->acceptance_note != NULL
           ? hf_json_new_string (input->acceptance_note)
           : NULL);
  add (json, "result",
       input->acceptance != NULL
           ? hf_probe_evaluation_to_json (input->acceptance,
                                          hf_report_get_classes (input))
           : NULL);
  return json;
}

static void
add_evaluation (HfJson *json, const HfReportInput *input)
{
  const HfEvaluation *evaluation = input->evaluation;
  const HfProbeEvaluation *probe = hf_report_get_probe (input);
  g_autofree char *words = hf_report_dup_words (probe);

  add_string (json, "probe", probe != NULL ? probe->name : NULL);
  add_string (json, "probe_reason", probe != NULL ? probe->reason : NULL);
  add_string (json, "learned_words", words);
  add (json, "thresholds",
       input->thresholds != NULL ? hf_thresholds_to_json (input->thresholds)
                                 : NULL);
  add (json, "seed", json_object_new_uint64 (input->seed));
  if (evaluation == NULL) {
    add (json, "probes", NULL);
    return;
  }
  add_int (json, "folds", evaluation->folds->n_folds);
  add_int (json, "lots_tested", evaluation->n_groups);
  add (json, "probes", new_probes (input));
  add (json, "leak", new_leak (evaluation));
}

GBytes *
hf_report_write_json (const HfReportInput *input)
{
  g_autoptr (HfJson) json = json_object_new_object ();
  g_autofree char *time = hf_report_dup_time (input->time_utc, TRUE);
  const char *text;

  add_int (json, "report", FORMAT);
  add_string (json, "project", input->project);
  add_string (json, "time", time);
  add_string (json, "handful", input->version);
  add (json, "model", new_model (input));
  add_string (json, "label_log_sha256", input->label_log_sha256);
  add (json, "pictures", new_pictures (input));
  add (json, "classes", new_classes (input));
  add_evaluation (json, input);
  add (json, "acceptance", new_acceptance (input));
  add (json, "warnings", new_strings (input->warnings));
  text = json_object_to_json_string_ext (
      json, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
                JSON_C_TO_STRING_NOSLASHESCAPE);
  return g_bytes_new_take (g_strconcat (text, "\n", NULL), strlen (text) + 1);
}
