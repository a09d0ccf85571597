/* verb-evaluate.c: handful-cli evaluate. */
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/project/suggestions.h"
#include "app/cli/verbs/study/evaluation-text.h"
#include "app/study/evaluation-json.h"

typedef struct {
  gint64 n_folds;
  gboolean json, learning, open_acceptance;
} Options;

/* What one run makes; parts that were not asked for stay NULL. */
typedef struct {
  HfStudy *study;
  HfEvaluation *evaluation;
  HfTemplateEffects *templates;
  HfStudy *sealed;
  HfAcceptance *acceptance;
  gint64 n_openings;
} Result;

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->acceptance, hf_acceptance_free);
  g_clear_pointer (&self->sealed, hf_study_free);
  g_clear_pointer (&self->templates, hf_template_effects_free);
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->study, hf_study_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

/* All that are trained on labels, the default first, and zero-shot beside them
 * where there is something for prompts to be compared with. */
static GArray *
dup_kinds (const HfStudyArguments *arguments, const HfVerb *verb)
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

static HfEvaluation *
evaluate (const HfStudyArguments *arguments, const Options *options,
          const GArray *kinds, const HfStudy *study, HfProgress *progress,
          GError **error)
{
  const HfRows *rows = hf_study_get_rows (study);
  const HfEvaluationOptions how = {.n_folds = (int) options->n_folds,
                                   .seed = arguments->spec.seed,
                                   .cluster = rows->cluster,
                                   .audited = rows->audited,
                                   .with_learning = options->learning,
                                   .with_leak = hf_rows_have_groups (rows)};
  g_autofree HfProbeSpec *specs = g_new0 (HfProbeSpec, kinds->len);

  for (guint i = 0; i < kinds->len; i++) {
    specs[i] = arguments->spec;
    specs[i].kind = g_array_index (kinds, HfProbeKind, i);
  }
  return hf_evaluation_new (&rows->data, specs, NULL, kinds->len, &how,
                            progress, error);
}

/* The first probe, trained on all labels, on the sealed pictures. That they
 * were looked at is written down before anything is shown. */
static gboolean
open_acceptance (const HfStudyArguments *arguments, HfProbeKind kind,
                 Result *result, HfTask *task, int *status)
{
  HfProbeSpec spec = arguments->spec;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProbe) probe = NULL;

  spec.kind = kind;
  result->sealed =
      hf_study_options_open (arguments, HF_STUDY_SEALED, task, status);
  if (result->sealed == NULL)
    return FALSE;
  probe = hf_probe_train (hf_study_get_dataset (result->study), NULL,
                          hf_study_get_rows (result->study)->n, &spec,
                          hf_task_get_progress (task), &error);
  if (probe == NULL || !hf_project_log_opening (arguments->project,
                                                hf_probe_kind_get_name (kind),
                                                &result->n_openings, &error)) {
    *status = hf_task_fail (task, error);
    return FALSE;
  }
  result->acceptance = hf_acceptance_new (result->sealed, probe,
                                          hf_study_get_rows (result->study));
  return TRUE;
}

static void
print_json (const Result *result)
{
  const GPtrArray *classes = hf_study_get_rows (result->study)->classes;
  g_autoptr (HfJson) json =
      hf_evaluation_to_json (result->evaluation, result->study);

  if (result->templates != NULL)
    json_object_object_add (json, "templates",
                            hf_template_effects_to_json (result->templates));
  if (result->acceptance != NULL) {
    HfJson *acceptance = hf_acceptance_to_json (result->acceptance, classes);

    json_object_object_add (acceptance, "openings",
                            json_object_new_int64 (result->n_openings));
    json_object_object_add (json, "acceptance", acceptance);
  }
  hf_output_json (json);
}

static void
print (const Result *result)
{
  const GPtrArray *classes = hf_study_get_rows (result->study)->classes;

  hf_evaluation_print (result->evaluation, result->study);
  if (result->templates != NULL)
    hf_template_effects_print (result->templates);
  if (result->acceptance != NULL)
    hf_acceptance_print (result->acceptance, classes, result->n_openings);
}

static gboolean
has_kind (const GArray *kinds, HfProbeKind kind)
{
  for (guint i = 0; i < kinds->len; i++)
    if (g_array_index (kinds, HfProbeKind, i) == kind)
      return TRUE;
  return FALSE;
}

/* With one template there is nothing to compare. */
static gboolean
measure_templates (const HfStudyArguments *arguments, const GArray *kinds,
                   Result *result, GError **error)
{
  const GPtrArray *names = arguments->template_names;

  if (names->len < 2 || !has_kind (kinds, HF_PROBE_ZERO_SHOT) ||
      hf_study_get_rows (result->study)->clip == NULL)
    return TRUE;
  result->templates = hf_template_effects_new (
      result->study, (const char *const *) names->pdata, names->len, error);
  return result->templates != NULL;
}

static int
run (const HfStudyArguments *arguments, const Options *options,
     const GArray *kinds, HfTask *task)
{
  g_auto (Result) result = {0};
  g_autoptr (GError) error = NULL;
  int status;

  result.study =
      hf_study_options_open (arguments, HF_STUDY_LABELLED, task, &status);
  if (result.study == NULL)
    return status;
  hf_task_show_bar (task, "Evaluating", HF_UNIT_PICTURES);
  result.evaluation = evaluate (arguments, options, kinds, result.study,
                                hf_task_get_progress (task), &error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  if (result.evaluation == NULL ||
      !measure_templates (arguments, kinds, &result, &error))
    return hf_task_fail (task, error);
  if (options->open_acceptance &&
      !open_acceptance (arguments, g_array_index (kinds, HfProbeKind, 0),
                        &result, task, &status))
    return status;
  if (options->json)
    print_json (&result);
  else
    print (&result);
  return hf_study_options_end (result.study);
}

int
hf_verb_evaluate (const HfVerb *verb, int argc, char **argv)
{
  Options options = {0};
  const GOptionEntry own[] = {
      {"folds", 'k', 0, G_OPTION_ARG_INT64, &options.n_folds,
       "How many folds (default: 5, or what the lots allow)", "K"},
      {"learning", 0, 0, G_OPTION_ARG_NONE, &options.learning,
       "Also the learning curve: how much more labels would help", NULL},
      {"open-acceptance", 0, 0, G_OPTION_ARG_NONE, &options.open_acceptance,
       "Also judge the project's sealed acceptance set; it is logged", NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON object",
       NULL},
      {NULL},
  };
  g_auto (HfStudyArguments) arguments = {0};
  g_autofree GOptionEntry *entries = hf_study_options_dup_entries (
      &arguments,
      HF_STUDY_TAKES_LABELS | HF_STUDY_TAKES_PROBE | HF_STUDY_TAKES_MODEL, own);
  g_autoptr (GArray) kinds = NULL;
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (options.n_folds != 0 && (options.n_folds < 2 || options.n_folds > 1000))
    return hf_options_refuse (verb, "--folds is a number from 2 to 1000.");
  if (options.open_acceptance && arguments.project_path == NULL)
    return hf_options_refuse (verb, "Only a project has an acceptance set.");
  if (!hf_study_options_resolve (&arguments, verb, &status))
    return status;
  kinds = dup_kinds (&arguments, verb);
  if (kinds == NULL)
    return HF_EXIT_USAGE;
  task = hf_task_start (0);
  return run (&arguments, &options, kinds, task);
}
