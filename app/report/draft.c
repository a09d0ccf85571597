/* draft.c: see the header. */
#include "app/report/draft.h"

#include "app/models/store.h"
#include "app/places.h"
#include "app/project/suggestions.h"
#include "app/study/output/export.h"
#include "app/study/warnings.h"

#include <string.h>

/* What the input borrows and nobody else owns. */
struct _HfReportDraft {
  HfReportInput input;
  char *project, *hash, *framing, *groups, *background;
  char *acceptance_note; /* or NULL */
  HfStoredModel *model;
  const HfSample **rows;
  GPtrArray *conflicts; /* const char *, NULL behind the last */
  GPtrArray *openings;  /* HfOpening * */
  GArray *report_openings;
  GPtrArray *templates; /* const char *, NULL behind the last */
  GPtrArray *warnings;  /* char *, the same */
};

void
hf_report_draft_free (HfReportDraft *self)
{
  if (self == NULL)
    return;
  g_free (self->project);
  g_free (self->acceptance_note);
  g_free (self->hash);
  g_free (self->framing);
  g_free (self->groups);
  g_free (self->background);
  g_clear_pointer (&self->model, hf_stored_model_free);
  g_free (self->rows);
  g_clear_pointer (&self->conflicts, g_ptr_array_unref);
  g_clear_pointer (&self->openings, g_ptr_array_unref);
  g_clear_pointer (&self->report_openings, g_array_unref);
  g_clear_pointer (&self->templates, g_ptr_array_unref);
  g_clear_pointer (&self->warnings, g_ptr_array_unref);
  g_free (self);
}

/* "bearings" of "/data/bearings.handful" or of a folder of labels. */
static char *
dup_project_name (const HfReportSources *sources)
{
  const char *path = sources->project != NULL
                         ? hf_project_get_path (sources->project)
                         : sources->labels;
  g_autofree char *name = g_path_get_basename (path);

  if (sources->project != NULL && g_str_has_suffix (name, ".handful"))
    name[strlen (name) - strlen (".handful")] = '\0';
  return g_steal_pointer (&name);
}

static gboolean
read_openings (HfReportDraft *self, HfProject *project, GError **error)
{
  self->openings = hf_project_dup_openings (project, error);
  if (self->openings == NULL)
    return FALSE;
  for (guint i = 0; i < self->openings->len; i++) {
    const HfOpening *opening = self->openings->pdata[i];
    HfReportOpening one = {opening->time_us / G_USEC_PER_SEC, opening->what};

    g_array_append_val (self->report_openings, one);
  }
  return TRUE;
}

static void
read_rows (HfReportDraft *self, const HfStudy *study)
{
  const GArray *copies = hf_study_get_copies (study);
  gsize n = hf_study_get_rows (study)->n;

  self->rows = g_new (const HfSample *, n + 1);
  for (gsize i = 0; i < n; i++)
    self->rows[i] = hf_study_get_sample (study, i);
  for (guint i = 0; i < copies->len; i++) {
    const HfStudyCopy *copy = &g_array_index (copies, HfStudyCopy, i);

    if (copy->conflict)
      g_ptr_array_add (self->conflicts, (char *) copy->sample->path);
    else
      self->input.n_identical++;
  }
  g_ptr_array_add (self->conflicts, NULL);
}

/* Hash of the labels: the project's log, else the list. */
static gboolean
read_hash (HfReportDraft *self, const HfReportSources *sources, GError **error)
{
  g_autofree char *root = NULL;

  if (sources->project != NULL)
    self->hash = hf_project_dup_log_sha256 (sources->project, error);
  else {
    root = g_file_test (sources->labels, G_FILE_TEST_IS_DIR)
               ? g_strdup (sources->labels)
               : g_path_get_dirname (sources->labels);
    self->hash = hf_samples_dup_sha256 (sources->samples, root);
  }
  return self->hash != NULL;
}

/* What train would say, too: an auditor has the report alone. */
static void
read_warnings (HfReportDraft *self, const HfReportSources *sources)
{
  if (sources->why != NULL)
    g_ptr_array_add (self->warnings, g_strdup (sources->why));
  hf_rows_add_warnings (hf_study_get_rows (sources->study), HF_WARN_PLAINLY,
                        self->warnings);
  hf_thresholds_add_warning (sources->thresholds,
                             hf_study_get_rows (sources->study)->classes,
                             self->warnings);
  if (sources->features->model_path != NULL)
    hf_export_warn_model (sources->model_name, self->warnings);
  g_ptr_array_add (self->warnings, NULL);
}

static void
read_templates (HfReportDraft *self, const HfPromptSet *prompts)
{
  for (guint t = 0; t < hf_prompt_set_get_n_templates (prompts); t++)
    if (hf_prompt_set_is_enabled (prompts, t))
      g_ptr_array_add (self->templates,
                       (char *) hf_prompt_set_get_template (prompts, t));
  g_ptr_array_add (self->templates, NULL);
}

/* The rule that was asked for, else the project's; a list has groups of its
 * own. */
static char *
dup_groups (const HfReportSources *sources)
{
  const GPtrArray *samples = sources->samples->samples;

  if (sources->groups != NULL)
    return g_strdup (sources->groups);
  if (sources->project != NULL)
    return hf_project_dup_setting (sources->project, "groups");
  for (guint i = 0; i < samples->len; i++)
    if (((const HfSample *) samples->pdata[i])->group != NULL)
      return g_strdup ("csv");
  return NULL;
}

static gboolean
gather (HfReportDraft *self, const HfReportSources *sources, GError **error)
{
  self->project = dup_project_name (sources);
  self->framing = hf_framing_dup_name (&sources->features->framing);
  self->groups = dup_groups (sources);
  if (sources->features->background != NULL)
    self->background = g_path_get_basename (sources->features->background);
  self->model = hf_store_find (sources->model_name, NULL);
  read_templates (self, sources->prompts);
  read_rows (self, sources->study);
  read_warnings (self, sources);
  if (sources->project != NULL &&
      !read_openings (self, sources->project, error))
    return FALSE;
  return read_hash (self, sources, error);
}

static guint
find_reported (const HfReportSources *sources)
{
  const HfEvaluation *evaluation = sources->evaluation;

  for (guint i = 0; evaluation != NULL && i < evaluation->probes->len; i++) {
    const HfProbeEvaluation *probe = evaluation->probes->pdata[i];

    if (probe->spec.kind == sources->kind)
      return i;
  }
  return 0;
}

/* How a picture becomes numbers. */
static void
fill_method (HfReportInput *input, const HfReportDraft *self,
             const HfReportSources *sources)
{
  const HfExtractorOptions *features = sources->features;

  if (features->model_path != NULL) {
    input->model_name = sources->model_name;
    input->model_identity =
        hf_extractor_get_identity (hf_study_get_extractor (sources->study));
  }
  if (self->model != NULL)
    input->model_source = self->model->source;
  input->precision = features->precision;
  input->framing = self->framing;
  input->n_views = features->n_views;
  input->background = self->background;
  input->templates = (const char *const *) self->templates->pdata;
}

static void
fill_input (HfReportInput *input, const HfReportDraft *self,
            const HfReportSources *sources)
{
  fill_method (input, self, sources);
  input->project = self->project;
  input->time_utc = sources->time_utc;
  input->version = hf_places_get_version ();
  input->samples = sources->samples;
  input->groups = self->groups;
  input->rows = self->rows;
  input->n_near = hf_study_get_n_near (sources->study);
  input->conflicts = (const char *const *) self->conflicts->pdata;
  input->refusals = hf_study_get_refusals (sources->study);
  input->label_log_sha256 = self->hash;
  input->evaluation = sources->evaluation;
  input->probe = find_reported (sources);
  input->classes = hf_study_get_rows (sources->study)->classes;
  input->thresholds = sources->thresholds;
  input->seed = sources->spec->seed;
  input->blocks = sources->spec->blocks;
  input->openings = (const HfReportOpening *) self->report_openings->data;
  input->n_openings = self->report_openings->len;
  if (sources->acceptance != NULL) {
    input->acceptance = sources->acceptance->evaluation;
    input->acceptance_left_out = sources->acceptance->left_out;
    input->acceptance_note = self->acceptance_note;
  }
  input->warnings = (const char *const *) self->warnings->pdata;
}

HfReportDraft *
hf_report_draft_new (const HfReportSources *sources, GError **error)
{
  g_autoptr (HfReportDraft) self = g_new0 (HfReportDraft, 1);

  self->conflicts = g_ptr_array_new ();
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->templates = g_ptr_array_new ();
  self->report_openings = g_array_new (FALSE, FALSE, sizeof (HfReportOpening));
  if (!gather (self, sources, error))
    return NULL;
  if (sources->acceptance != NULL)
    self->acceptance_note = hf_acceptance_dup_note (sources->acceptance);
  fill_input (&self->input, self, sources);
  return g_steal_pointer (&self);
}

const HfReportInput *
hf_report_draft_get_input (const HfReportDraft *self)
{
  return &self->input;
}
