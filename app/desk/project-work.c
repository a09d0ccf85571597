/* project-work.c: see the header. */
#include "app/desk/project-work.h"

#include "app/models/store.h"

void
hf_project_work_clear (HfProjectWork *self)
{
  g_clear_pointer (&self->prompts, g_ptr_array_unref);
  g_clear_pointer (&self->samples, hf_samples_free);
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->project, hf_project_close);
  g_clear_pointer (&self->model_path, g_free);
}

static gboolean
read_project (HfProjectWork *self, const char *path, GError **error)
{
  self->project = hf_project_open (path, error);
  if (self->project == NULL)
    return FALSE;
  self->settings = hf_project_settings_new (self->project, error);
  if (self->settings == NULL)
    return FALSE;
  self->samples = hf_project_dup_samples (self->project, error);
  return self->samples != NULL;
}

static gboolean
find_model (HfProjectWork *self, GError **error)
{
  if (self->settings->blocks == HF_BLOCK_CLASSIC)
    return TRUE;
  self->model_path = hf_store_dup_path (self->settings->model_name, error);
  return self->model_path != NULL;
}

static void
find_prompts (HfProjectWork *self)
{
  self->prompts = g_ptr_array_new ();
  for (guint c = 0; c < self->samples->classes->len; c++) {
    const HfSampleClass *class = self->samples->classes->pdata[c];

    g_ptr_array_add (self->prompts, (gpointer) hf_project_settings_get_prompts (
                                        self->settings, class->name));
  }
}

gboolean
hf_project_work_open (HfProjectWork *self, const char *project_path,
                      const char *device, const char *cache_path,
                      GError **error)
{
  const HfProjectSettings *settings;

  if (!read_project (self, project_path, error) || !find_model (self, error))
    return FALSE;
  find_prompts (self);
  settings = self->settings;
  self->how =
      (HfStudyOptions){.features = {.model_path = self->model_path,
                                    .device = device,
                                    .precision = settings->precision,
                                    .framing = settings->framing,
                                    .n_views = settings->n_views,
                                    .blocks = settings->blocks,
                                    .background = settings->background},
                       .cache_path = cache_path,
                       .prompts = (char *const *const *) self->prompts->pdata,
                       .scope = HF_STUDY_LABELLED,
                       .tunes = settings->spec.kind == HF_PROBE_PROMPT};
  return TRUE;
}

HfStudy *
hf_project_work_study (const HfProjectWork *self, HfStudyScope scope,
                       HfProgress *progress, GError **error)
{
  HfStudyOptions how = self->how;

  how.scope = scope;
  return hf_study_new (self->samples, &how, progress, error);
}
