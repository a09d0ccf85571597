/* export-facts.c: see the header. */
#include "ui/export/export-facts.h"

#include "app/project/suggestions.h"

HfExportFacts *
hf_export_facts_new (HfProject *project, GError **error)
{
  g_autoptr (HfExportFacts) self = g_new0 (HfExportFacts, 1);
  g_autofree char *thresholds = hf_project_dup_setting (project, "thresholds");
  g_autoptr (GPtrArray) openings = NULL;

  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  self->settings = hf_project_settings_new (project, error);
  if (self->settings == NULL ||
      (thresholds != NULL &&
       !hf_thresholds_parse (thresholds, &self->thresholds, error)) ||
      !hf_project_count_sealed (project, &self->n_sealed, error) ||
      !hf_project_count_known_sealed (project, &self->n_known_sealed, error))
    return NULL;
  openings = hf_project_dup_openings (project, error);
  if (openings == NULL)
    return NULL;
  self->n_openings = openings->len;
  self->model = hf_store_find (self->settings->model_name, NULL);
  return g_steal_pointer (&self);
}

void
hf_export_facts_free (HfExportFacts *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->model, hf_stored_model_free);
  g_free (self);
}
