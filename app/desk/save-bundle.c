/* save-bundle.c: see the header. */
#include "app/desk/save-bundle.h"

#include "app/models/store.h"
#include "app/study/export.h"
#include "app/study/project-settings.h"

#include <glib/gstdio.h>

void
hf_saved_bundle_clear (HfSavedBundle *self)
{
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

/* Everything that stands between the project and the file. */
typedef struct {
  HfProject *project;
  HfProjectSettings *settings;
  HfSamples *samples;
  GPtrArray
      *prompts; /* char *const *, of each class of the samples; borrowed */
  HfThresholds thresholds;
  char *model_path;
  HfStudyOptions how;
  HfStudy *study;
  HfStudyTraining *training;
} Work;

static void
work_clear (Work *self)
{
  g_clear_pointer (&self->training, hf_study_training_free);
  g_clear_pointer (&self->study, hf_study_free);
  g_clear_pointer (&self->prompts, g_ptr_array_unref);
  g_clear_pointer (&self->samples, hf_samples_free);
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->project, hf_project_close);
  g_clear_pointer (&self->model_path, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
read_thresholds (Work *self, GError **error)
{
  g_autofree char *text = hf_project_dup_setting (self->project, "thresholds");

  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  return text == NULL || hf_thresholds_parse (text, &self->thresholds, error);
}

static gboolean
read_project (Work *self, const char *path, GError **error)
{
  self->project = hf_project_open (path, error);
  if (self->project == NULL || !read_thresholds (self, error))
    return FALSE;
  self->settings = hf_project_settings_new (self->project, error);
  if (self->settings == NULL)
    return FALSE;
  self->samples = hf_project_dup_samples (self->project, error);
  return self->samples != NULL;
}

static gboolean
find_model (Work *self, GError **error)
{
  if (self->settings->blocks == HF_BLOCK_CLASSIC)
    return TRUE;
  self->model_path = hf_store_dup_path (self->settings->model_name, error);
  return self->model_path != NULL;
}

static void
fill_options (Work *self, const HfSaveBundleOptions *options)
{
  const HfProjectSettings *settings = self->settings;

  self->prompts = g_ptr_array_new ();
  for (guint c = 0; c < self->samples->classes->len; c++) {
    const HfSampleClass *class = self->samples->classes->pdata[c];

    g_ptr_array_add (self->prompts, (gpointer) hf_project_settings_get_prompts (
                                        settings, class->name));
  }
  self->how =
      (HfStudyOptions){.features = {.model_path = self->model_path,
                                    .device = options->device,
                                    .precision = settings->precision,
                                    .framing = settings->framing,
                                    .n_views = settings->n_views,
                                    .blocks = settings->blocks,
                                    .background = settings->background},
                       .cache_path = options->cache_path,
                       .prompts = (char *const *const *) self->prompts->pdata,
                       .scope = HF_STUDY_LABELLED};
}

static gboolean
train (Work *self, HfProgress *progress, GError **error)
{
  const HfStudyTrainingOptions how = {.spec = self->settings->spec,
                                      .seed = self->settings->spec.seed,
                                      .thresholds = &self->thresholds};

  self->study = hf_study_new (self->samples, &self->how, progress, error);
  if (self->study == NULL)
    return FALSE;
  self->training = hf_study_training_new (hf_study_get_rows (self->study), &how,
                                          progress, error);
  return self->training != NULL;
}

static gboolean
write_bundle (Work *self, const HfSaveBundleOptions *options,
              HfProgress *progress, GError **error)
{
  g_autofree char *hash = hf_project_dup_log_sha256 (self->project, error);
  const HfExportOptions how = {.features = &self->how.features,
                               .model_name = self->settings->model_name,
                               .label_log_sha256 = hash,
                               .thresholds = &self->thresholds,
                               .include_model = options->include_model,
                               .leave_out_goldens = !options->include_goldens,
                               .leave_out_rows = !options->include_rows};

  if (hash == NULL)
    return FALSE;
  if (self->model_path != NULL)
    hf_export_warn_model (self->settings->model_name, self->training->warnings);
  return hf_export_save (self->training, self->study, &how, options->output,
                         progress, error);
}

/* The written file, looked at as a stranger would. */
static gboolean
verify (Work *self, const HfSaveBundleOptions *options,
        HfVerification *verification, HfProgress *progress, GError **error)
{
  const HfInspectorOptions how = {.model = self->model_path,
                                  .device = options->device};
  g_autoptr (HfInspector) inspector =
      hf_inspector_open (options->output, &how, progress, error);

  if (inspector == NULL)
    return FALSE;
  return hf_inspector_get_content (inspector)->goldens->len == 0 ||
         hf_inspector_verify (inspector, verification, progress, error);
}

gboolean
hf_save_bundle (const HfSaveBundleOptions *options, HfSavedBundle *out,
                HfProgress *progress, GError **error)
{
  g_auto (Work) work = {0};
  g_auto (HfSavedBundle) saved = {0};
  GStatBuf info = {0};

  if (!read_project (&work, options->project_path, error) ||
      !find_model (&work, error))
    return FALSE;
  fill_options (&work, options);
  if (!train (&work, progress, error) ||
      !write_bundle (&work, options, progress, error) ||
      !verify (&work, options, &saved.verification, progress, error))
    return FALSE;
  g_stat (options->output, &info);
  saved.n_rows = work.training->rows->n;
  saved.size_bytes = (guint64) info.st_size;
  saved.warnings = g_ptr_array_ref (work.training->warnings);
  *out = saved;
  saved = (HfSavedBundle){0};
  return TRUE;
}
