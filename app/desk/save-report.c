/* save-report.c: see the header. */
#include "app/desk/save-report.h"

#include "app/desk/project-work.h"
#include "app/project/prompts.h"
#include "app/report/draft.h"

typedef struct {
  HfProjectWork project;
  HfPromptSet *prompts;
  HfStudy *study;
  HfEvaluation *evaluation;
  char *why; /* there is none */
} Work;

static void
work_clear (Work *self)
{
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->study, hf_study_free);
  g_clear_pointer (&self->prompts, hf_prompt_set_free);
  hf_project_work_clear (&self->project);
  g_free (self->why);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

/* Those of the command line, in its order, and that in use where it is none of
 * them. */
static GArray *
dup_specs (const Work *self)
{
  static const HfProbeKind kinds[] = {HF_PROBE_GDA, HF_PROBE_LINEAR,
                                      HF_PROBE_SVM, HF_PROBE_ZERO_SHOT};
  const HfProbeSpec *used = &self->project.settings->spec;
  GArray *specs = g_array_new (FALSE, FALSE, sizeof (HfProbeSpec));
  gboolean has_clip = used->blocks != HF_BLOCK_CLASSIC;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds) - (has_clip ? 0 : 1); i++) {
    HfProbeSpec spec = *used;

    spec.kind = kinds[i];
    g_array_append_val (specs, spec);
  }
  if (used->kind == HF_PROBE_AUTO || used->kind == HF_PROBE_PROMPT)
    g_array_append_val (specs, *used);
  return specs;
}

/* Too few labels are no error: the report says so. */
static gboolean
evaluate (Work *self, HfProgress *progress, GError **error)
{
  g_autoptr (GArray) specs = dup_specs (self);
  g_autoptr (GError) local = NULL;
  const HfRows *rows = hf_study_get_rows (self->study);
  const HfEvaluationOptions how = {.seed = self->project.settings->spec.seed,
                                   .audited = rows->audited,
                                   .thresholds =
                                       &self->project.settings->thresholds,
                                   .with_learning = TRUE,
                                   .with_final = TRUE,
                                   .with_leak = hf_rows_have_groups (rows)};

  self->evaluation =
      hf_evaluation_new (&rows->data, (const HfProbeSpec *) specs->data, NULL,
                         specs->len, &how, progress, &local);
  if (self->evaluation != NULL)
    return TRUE;
  if (!g_error_matches (local, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  self->why = g_strdup (local->message);
  return TRUE;
}

static gboolean
prepare (Work *self, const HfSaveReportOptions *options, HfProgress *progress,
         GError **error)
{
  if (!hf_project_work_open (&self->project, options->project_path,
                             options->device, options->cache_path, error))
    return FALSE;
  self->prompts =
      hf_project_dup_prompt_set (self->project.project, NULL, error);
  if (self->prompts == NULL)
    return FALSE;
  self->study = hf_project_work_study (&self->project, HF_STUDY_LABELLED,
                                       progress, error);
  return self->study != NULL;
}

gboolean
hf_save_report (const HfSaveReportOptions *options, HfProgress *progress,
                GError **error)
{
  g_auto (Work) work = {0};
  g_autoptr (HfReportDraft) draft = NULL;
  HfReportSources sources = {.time_utc = options->time_utc};

  if (!prepare (&work, options, progress, error) ||
      !evaluate (&work, progress, error))
    return FALSE;
  sources.project = work.project.project;
  sources.samples = work.project.samples;
  sources.study = work.study;
  sources.features = &work.project.how.features;
  sources.model_name = work.project.settings->model_name;
  sources.prompts = work.prompts;
  sources.spec = &work.project.settings->spec;
  sources.thresholds = &work.project.settings->thresholds;
  sources.kind = work.project.settings->spec.kind;
  sources.evaluation = work.evaluation;
  sources.why = work.why;
  draft = hf_report_draft_new (&sources, error);
  return draft != NULL && hf_report_save (hf_report_draft_get_input (draft),
                                          options->output, progress, error);
}
