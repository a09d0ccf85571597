/* evaluation-run.c: see the header. */
#include "app/cli/verbs/study/evaluation-run.h"

void
hf_evaluation_run_clear (HfEvaluationRun *self)
{
  g_clear_pointer (&self->acceptance, hf_acceptance_free);
  g_clear_pointer (&self->sealed, hf_study_free);
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->study, hf_study_free);
  g_clear_pointer (&self->why, g_free);
}

GArray *
hf_evaluation_run_dup_kinds (HfStudyArguments *arguments, const HfVerb *verb)
{
  static const HfProbeKind all[] = {HF_PROBE_GDA, HF_PROBE_LINEAR, HF_PROBE_SVM,
                                    HF_PROBE_ZERO_SHOT};
  gboolean has_clip = arguments->study.features.blocks != HF_BLOCK_CLASSIC;
  GArray *kinds = hf_study_options_dup_kinds (
      arguments, verb, all, G_N_ELEMENTS (all) - (has_clip ? 0 : 1));

  for (guint i = 1; kinds != NULL && i < kinds->len; i++)
    for (guint j = 0; j < i; j++)
      if (g_array_index (kinds, HfProbeKind, i) ==
          g_array_index (kinds, HfProbeKind, j)) {
        hf_options_refuse (
            verb, "The probe \"%s\" is named twice.",
            hf_probe_kind_get_name (g_array_index (kinds, HfProbeKind, i)));
        g_array_unref (kinds);
        return NULL;
      }
  return kinds;
}

gboolean
hf_evaluation_run_find_kind (HfStudyArguments *arguments, const HfVerb *verb,
                             const GArray *kinds, HfProbeKind *kind)
{
  const HfProbeKind first = g_array_index (kinds, HfProbeKind, 0);
  g_autoptr (GArray) used = NULL;

  *kind = first;
  if (arguments->probe_names != NULL)
    return TRUE;
  used = hf_study_options_dup_kinds (arguments, verb, &first, 1);
  if (used == NULL)
    return FALSE;
  *kind = g_array_index (used, HfProbeKind, 0);
  return TRUE;
}

static HfEvaluation *
evaluate (const HfStudyArguments *arguments,
          const HfEvaluationRunOptions *options, const GArray *kinds,
          const HfStudy *study, HfProgress *progress, GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  const HfEvaluationOptions how = {.n_folds = options->n_folds,
                                   .seed = arguments->spec.seed,
                                   .audited = rows->audited,
                                   .thresholds = &arguments->thresholds,
                                   .with_learning = options->learning,
                                   .with_final = options->with_final,
                                   .with_leak = hf_rows_have_groups (rows)};
  g_autofree HfProbeSpec *specs = g_new0 (HfProbeSpec, kinds->len);

  for (guint i = 0; i < kinds->len; i++) {
    specs[i] = arguments->spec;
    specs[i].kind = g_array_index (kinds, HfProbeKind, i);
  }
  return hf_evaluation_new (&rows->data, specs, NULL, kinds->len, &how,
                            progress, error);
}

gboolean
hf_evaluation_run_start (HfEvaluationRun *self,
                         const HfStudyArguments *arguments,
                         const HfEvaluationRunOptions *options,
                         const GArray *kinds, HfTask *task, int *status)
{
  g_autoptr (GError) error = NULL;

  self->study =
      hf_study_options_open (arguments, HF_STUDY_LABELLED, task, status);
  if (self->study == NULL)
    return FALSE;
  hf_task_show_bar (task, "Evaluating", HF_UNIT_PICTURES);
  self->evaluation = evaluate (arguments, options, kinds, self->study,
                               hf_task_get_progress (task), &error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  if (self->evaluation != NULL)
    return TRUE;
  if (options->may_be_none &&
      g_error_matches (error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW)) {
    self->why = g_strdup (error->message);
    return TRUE;
  }
  *status = hf_task_fail (task, error);
  return FALSE;
}

gboolean
hf_evaluation_run_open (HfEvaluationRun *self,
                        const HfStudyArguments *arguments, HfProbeKind kind,
                        HfTask *task, int *status)
{
  HfProbeSpec spec = arguments->spec;
  g_autoptr (GError) error = NULL;

  spec.kind = kind;
  self->sealed =
      hf_study_options_open (arguments, HF_STUDY_SEALED, task, status);
  if (self->sealed == NULL)
    return FALSE;
  self->acceptance =
      hf_acceptance_open (arguments->project, self->study, self->sealed, &spec,
                          &arguments->thresholds, &self->n_openings,
                          hf_task_get_progress (task), &error);
  if (self->acceptance != NULL)
    return TRUE;
  *status = hf_task_fail (task, error);
  return FALSE;
}
