/* export.c: see the header. */
#include "app/study/output/export.h"

#include "app/models/store.h"
#include "app/study/output/evaluation-json.h"
#include "app/study/output/goldens.h"
#include "base/file.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfBundleContent, hf_bundle_content_clear)

char *
hf_samples_dup_sha256 (const HfSamples *samples, const char *root)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize root_length = strlen (root);

  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    const HfSampleClass *class;
    g_autofree char *line = NULL;
    const char *path = sample->path;

    if (sample->label < 0)
      continue;
    if (g_str_has_prefix (path, root))
      path += root_length;
    while (*path == '/')
      path++;
    class = samples->classes->pdata[sample->label];
    line = g_strdup_printf ("%s\t%s\t%s\n", path, class->name,
                            sample->group != NULL ? sample->group : "");
    g_checksum_update (sum, (const guchar *) line, (gssize) strlen (line));
  }
  return g_strdup (g_checksum_get_string (sum));
}

void
hf_export_warn_model (const char *model_name, GPtrArray *warnings)
{
  g_autoptr (HfStoredModel) model =
      model_name != NULL ? hf_store_find (model_name, NULL) : NULL;
  char *sentence = NULL;

  if (model_name == NULL)
    return;
  if (model != NULL && model->built_in)
    sentence = g_strdup (_("The starter model is a small one to begin with: a "
                           "larger model tells more apart (handful-cli models "
                           "list)."));
  else if (model == NULL)
    sentence =
        g_strdup_printf (_("The model %s is not in the store, so nobody "
                           "checked its numbers (handful-cli models add)."),
                            model_name);
  else if (model->verified_as == NULL)
    sentence = g_strdup_printf (_("The model %s is not verified: its numbers "
                                  "were compared with no published ones."),
                                   model_name);
  if (sentence != NULL)
    g_ptr_array_add (warnings, sentence);
}

static void
count_row (HfJson *counts, const char *name)
{
  g_autofree char *shown = hf_json_dup_shown (name);
  HfJson *old = hf_json_get (counts, shown);
  gint64 n = old != NULL ? json_object_get_int64 (old) : 0;

  json_object_object_add (counts, shown, json_object_new_int64 (n + 1));
}

/* Labels by class and by group; pictures that stand alone are in no group. */
static HfJson *
new_counts (const HfRows *rows)
{
  HfJson *json = json_object_new_object ();
  HfJson *classes = json_object_new_object ();
  HfJson *groups = json_object_new_object ();

  for (gsize i = 0; i < rows->n; i++) {
    const HfSampleClass *class = rows->classes->pdata[rows->label[i]];
    g_autofree char *group = NULL;

    count_row (classes, class->name);
    if (rows->group_name[i] == NULL)
      continue;
    group = hf_json_dup_shown (rows->group_name[i]);
    if (hf_json_get (groups, group) == NULL)
      json_object_object_add (groups, group, json_object_new_object ());
    count_row (hf_json_get (groups, group), class->name);
  }
  json_object_object_add (json, "images",
                          json_object_new_int64 ((gint64) rows->n));
  json_object_object_add (json, "classes", classes);
  json_object_object_add (json, "groups", groups);
  return json;
}

static HfJson *
new_leak (const HfEvaluation *evaluation)
{
  HfJson *leak;

  if (evaluation->leak_random.n == 0)
    return NULL;
  leak = json_object_new_object ();
  json_object_object_add (leak, "grouped",
                          hf_rate_to_json (&evaluation->leak_grouped));
  json_object_object_add (leak, "random",
                          hf_rate_to_json (&evaluation->leak_random));
  return leak;
}

static HfJson *
new_changes (const HfStudyTraining *training)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < training->changes->len; i++) {
    const HfStudyTrainingChange *change = training->changes->pdata[i];
    HfJson *one = json_object_new_object ();

    json_object_object_add (one, "class", hf_json_new_string (change->name));
    json_object_object_add (one, "before", hf_rate_to_json (&change->before));
    json_object_object_add (one, "after", hf_rate_to_json (&change->after));
    json_object_array_add (list, one);
  }
  return list;
}

/* What the rates mean stands beside them, for whoever has only the bundle. */
static HfJson *
new_evaluation (const HfStudyTraining *training)
{
  const HfEvaluation *evaluation = training->evaluation;
  HfJson *json;

  if (evaluation == NULL)
    return NULL;
  json = hf_probe_evaluation_to_json (evaluation->probes->pdata[0],
                                      training->rows->classes);
  json_object_object_del (json, "seconds");
  json_object_object_add (
      json, "of",
      json_object_new_string (
          "cross-validation: the rates, on new parts of lots like these, of "
          "probes trained on the other folds; intervals of 95 %"));
  json_object_object_add (json, "folds",
                          json_object_new_int (evaluation->folds->n_folds));
  json_object_object_add (
      json, "left_out", json_object_new_int ((int) evaluation->left_out->len));
  json_object_object_add (json, "leak", new_leak (evaluation));
  if (training->changes->len > 0)
    json_object_object_add (json, "update", new_changes (training));
  return json;
}

static GBytes *
read_background (const char *path, GError **error)
{
  GMappedFile *file = hf_file_map (path, error);
  GBytes *bytes;

  if (file == NULL)
    return NULL;
  bytes = g_mapped_file_get_bytes (file);
  g_mapped_file_unref (file);
  return bytes;
}

static void
fill_model (HfBundleContent *content, const HfStudy *study,
            const HfExportOptions *options)
{
  const char *identity =
      hf_extractor_get_identity (hf_study_get_extractor (study));
  g_autoptr (HfStoredModel) model = NULL;
  g_autofree char *base = NULL;

  if (identity == NULL || options->features->blocks == HF_BLOCK_CLASSIC)
    return;
  model = hf_store_find (options->model_name, NULL);
  base = g_path_get_basename (options->model_name);
  content->model_identity = g_strdup (identity);
  content->model_name = g_strdup (model != NULL ? model->name : base);
  content->model_source =
      model != NULL && !model->built_in ? g_strdup (model->source) : NULL;
}

/* What no bundle needs is not put inside. */
static void
fill_model_folder (HfBundleContent *content, HfStudyTraining *training,
                   const HfExportOptions *options)
{
  if (!options->include_model)
    return;
  if (hf_probe_get_spec (training->probe)->blocks & HF_BLOCK_CLIP)
    content->model_folder = g_strdup (options->features->model_path);
  else
    g_ptr_array_add (training->warnings,
                     g_strdup (_("The probe looks at classic features alone "
                                 "and needs no model, so none is inside.")));
}

static void
fill_classes (HfBundleContent *content, const HfRows *rows)
{
  guint n = rows->classes->len;

  content->classes = g_new0 (char *, n + 1);
  content->kinds = g_new0 (HfClassKind, n);
  for (guint c = 0; c < n; c++) {
    const HfSampleClass *class = rows->classes->pdata[c];

    content->classes[c] = g_strdup (class->name);
    content->kinds[c] = class->kind;
  }
}

static char **
dup_warnings (const HfStudyTraining *training)
{
  char **copy = g_new0 (char *, training->warnings->len + 1);

  for (guint i = 0; i < training->warnings->len; i++)
    copy[i] = g_strdup (training->warnings->pdata[i]);
  return copy;
}

gboolean
hf_export_save (HfStudyTraining *training, const HfStudy *study,
                const HfExportOptions *options, const char *path,
                HfProgress *progress, GError **error)
{
  const HfExtractorOptions *features = options->features;
  g_auto (HfBundleContent) content = {
      .precision = features->precision,
      .framing = features->framing,
      .n_views = features->n_views,
      .thresholds = HF_THRESHOLDS_NONE,
  };

  if (options->thresholds != NULL)
    content.thresholds = *options->thresholds;
  if (features->background != NULL) {
    content.background = read_background (features->background, error);
    if (content.background == NULL)
      return FALSE;
  }
  content.goldens =
      options->leave_out_goldens
          ? g_ptr_array_new ()
          : hf_goldens_new (study, training->probe, progress, error);
  if (content.goldens == NULL)
    return FALSE;
  fill_classes (&content, training->rows);
  fill_model (&content, study, options);
  fill_model_folder (&content, training, options);
  content.label_log_sha256 = g_strdup (options->label_log_sha256);
  content.evaluation = new_evaluation (training);
  content.counts = new_counts (training->rows);
  content.warnings = dup_warnings (training);
  content.probe = hf_probe_ref (training->probe);
  if (!options->leave_out_rows)
    content.training = hf_rows_dup_tensors (training->rows);
  return hf_bundle_save (&content, path, progress, error);
}
