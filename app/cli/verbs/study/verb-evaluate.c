/* verb-evaluate.c: handful-cli evaluate. */
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/cli/verbs/study/evaluation-run.h"
#include "app/cli/verbs/study/evaluation-text.h"
#include "app/study/output/evaluation-json.h"

typedef struct {
  gint64 n_folds;
  gboolean json, learning, open_acceptance;
} Options;

/* What one run makes; parts that were not asked for stay NULL. */
typedef struct {
  HfEvaluationRun of;
  HfTemplateEffects *templates;
} Result;

static void
result_clear (Result *self)
{
  g_clear_pointer (&self->templates, hf_template_effects_free);
  hf_evaluation_run_clear (&self->of);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static void
print_json (const Result *result)
{
  const GPtrArray *classes = hf_study_get_rows (result->of.study)->classes;
  g_autoptr (HfJson) json =
      hf_evaluation_to_json (result->of.evaluation, result->of.study);

  if (result->templates != NULL)
    json_object_object_add (json, "templates",
                            hf_template_effects_to_json (result->templates));
  if (result->of.acceptance != NULL) {
    HfJson *acceptance = hf_acceptance_to_json (result->of.acceptance, classes);

    json_object_object_add (acceptance, "openings",
                            json_object_new_int64 (result->of.n_openings));
    json_object_object_add (json, "acceptance", acceptance);
  }
  hf_output_json (json);
}

static void
print (const Result *result)
{
  const GPtrArray *classes = hf_study_get_rows (result->of.study)->classes;

  hf_evaluation_print (result->of.evaluation, result->of.study);
  if (result->templates != NULL)
    hf_template_effects_print (result->templates);
  if (result->of.acceptance != NULL)
    hf_acceptance_print (result->of.acceptance, classes, result->of.n_openings);
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
                   Result *result, HfProgress *progress, GError **error)
{
  const HfRows *rows = hf_study_get_rows (result->of.study);

  if (hf_prompt_set_get_n_templates (arguments->prompt_set) < 2 ||
      !has_kind (kinds, HF_PROBE_ZERO_SHOT) || rows->clip == NULL)
    return TRUE;
  result->templates =
      hf_template_effects_new (rows, hf_study_get_extractor (result->of.study),
                               arguments->prompt_set, progress, error);
  return result->templates != NULL;
}

static int
run (const HfStudyArguments *arguments, const Options *options,
     const GArray *kinds, HfTask *task)
{
  g_auto (Result) result = {0};
  g_autoptr (GError) error = NULL;
  const HfEvaluationRunOptions how = {.n_folds = (int) options->n_folds,
                                      .learning = options->learning};
  int status;

  if (!hf_evaluation_run_start (&result.of, arguments, &how, kinds, task,
                                &status))
    return status;
  if (!measure_templates (arguments, kinds, &result,
                          hf_task_get_progress (task), &error))
    return hf_task_fail (task, error);
  if (options->open_acceptance &&
      !hf_evaluation_run_open (&result.of, arguments,
                               g_array_index (kinds, HfProbeKind, 0), task,
                               &status))
    return status;
  if (options->json)
    print_json (&result);
  else
    print (&result);
  return hf_study_options_end (result.of.study);
}

int
hf_verb_evaluate (const HfVerb *verb, int argc, char **argv)
{
  Options options = {0};
  const GOptionEntry own[] = {
      {"folds", 'k', 0, G_OPTION_ARG_INT64, &options.n_folds,
       "How many folds (default: 5, or what the lots allow)", "K"},
      {"learning", 0, 0, G_OPTION_ARG_NONE, &options.learning,
       "Also the learning curve: how much more labels would help; none of "
       "prompt",
       NULL},
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
  kinds = hf_evaluation_run_dup_kinds (&arguments, verb);
  if (kinds == NULL)
    return HF_EXIT_USAGE;
  task = hf_task_start (0);
  return run (&arguments, &options, kinds, task);
}
