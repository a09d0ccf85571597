/* save-bundle.c: see the header. */
#include "app/desk/save-bundle.h"

#include "app/desk/project-work.h"
#include "app/study/output/export.h"

#include <glib/gstdio.h>

void
hf_saved_bundle_clear (HfSavedBundle *self)
{
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
}

/* Everything that stands between the project and the file. */
typedef struct {
  HfProjectWork project;
  HfStudy *study;
  HfStudyTraining *training;
} Work;

static void
work_clear (Work *self)
{
  g_clear_pointer (&self->training, hf_study_training_free);
  g_clear_pointer (&self->study, hf_study_free);
  hf_project_work_clear (&self->project);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static gboolean
train (Work *self, HfProgress *progress, GError **error)
{
  const HfProbeSpec *spec = &self->project.settings->spec;
  const HfStudyTrainingOptions how = {.spec = *spec,
                                      .seed = spec->seed,
                                      .thresholds =
                                          &self->project.settings->thresholds};

  self->study = hf_project_work_study (&self->project, HF_STUDY_LABELLED,
                                       progress, error);
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
  const HfProjectWork *project = &self->project;
  g_autofree char *hash = hf_project_dup_log_sha256 (project->project, error);
  const HfExportOptions how = {.features = &project->how.features,
                               .model_name = project->settings->model_name,
                               .label_log_sha256 = hash,
                               .thresholds = &project->settings->thresholds,
                               .include_model = options->include_model,
                               .leave_out_goldens = !options->include_goldens,
                               .leave_out_rows = !options->include_rows};

  if (hash == NULL)
    return FALSE;
  if (project->model_path != NULL)
    hf_export_warn_model (project->settings->model_name,
                          self->training->warnings);
  return hf_export_save (self->training, self->study, &how, options->output,
                         progress, error);
}

/* The written file, looked at as a stranger would. */
static gboolean
verify (Work *self, const HfSaveBundleOptions *options,
        HfVerification *verification, HfProgress *progress, GError **error)
{
  const HfInspectorOptions how = {.model = self->project.model_path,
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

  if (!hf_project_work_open (&work.project, options->project_path,
                             options->device, options->cache_path, error) ||
      !train (&work, progress, error) ||
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
