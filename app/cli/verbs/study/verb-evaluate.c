/* verb-evaluate.c: handful-cli evaluate. */
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/cli/verbs/study/evaluation-run.h"
#include "app/cli/verbs/study/evaluation-text.h"
#include "app/study/output/evaluation-json.h"
#include "app/study/warnings.h"

typedef struct {
  gint64 n_folds;
  gboolean json, learning, open_acceptance;
  HfProbeKind opening; /* the probe that the acceptance set is opened for */
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

/* What is to be known before the rates are believed (element-type char *;
 * caller unrefs). */
static GPtrArray *
dup_warnings (const Result *result, const HfThresholds *thresholds)
{
  const HfRows *rows = hf_study_get_rows (result->of.study);
  GPtrArray *warnings = g_ptr_array_new_with_free_func (g_free);

  hf_rows_add_warnings (rows, HF_WARN_ON_COMMAND_LINE, warnings);
  hf_thresholds_add_warning (thresholds, rows->classes, warnings);
  return warnings;
}

static HfJson *
new_acceptance (const Result *result, HfProbeKind kind)
{
  HfJson *json = hf_acceptance_to_json (
      result->of.acceptance, hf_study_get_rows (result->of.study)->classes);

  json_object_object_add (
      json, "probe", json_object_new_string (hf_probe_kind_get_name (kind)));
  json_object_object_add (json, "openings",
                          json_object_new_int64 (result->of.n_openings));
  return json;
}

static void
print_json (const Result *result, const Options *options,
            const HfThresholds *thresholds)
{
  g_autoptr (HfJson) json =
      hf_evaluation_to_json (result->of.evaluation, result->of.study);
  g_autoptr (GPtrArray) warnings = dup_warnings (result, thresholds);
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < warnings->len; i++)
    json_object_array_add (list, hf_json_new_string (warnings->pdata[i]));
  json_object_object_add (json, "thresholds",
                          hf_thresholds_to_json (thresholds));
  json_object_object_add (json, "warnings", list);
  if (result->templates != NULL)
    json_object_object_add (json, "templates",
                            hf_template_effects_to_json (result->templates));
  if (result->of.acceptance != NULL)
    json_object_object_add (json, "acceptance",
                            new_acceptance (result, options->opening));
  hf_output_json (json);
}

static void
print (const Result *result, const Options *options,
       const HfThresholds *thresholds)
{
  const GPtrArray *classes = hf_study_get_rows (result->of.study)->classes;
  g_autoptr (GPtrArray) warnings = dup_warnings (result, thresholds);

  hf_evaluation_print (result->of.evaluation, result->of.study);
  if (result->templates != NULL)
    hf_template_effects_print (result->templates);
  if (result->of.acceptance != NULL)
    hf_acceptance_print (result->of.acceptance, classes, options->opening,
                         result->of.n_openings);
  hf_notes_print (warnings);
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
      !hf_evaluation_run_open (&result.of, arguments, options->opening, task,
                               &status))
    return status;
  if (options->json)
    print_json (&result, options, &arguments->thresholds);
  else
    print (&result, options, &arguments->thresholds);
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
  if (kinds == NULL || (options.open_acceptance &&
                        !hf_evaluation_run_find_kind (&arguments, verb, kinds,
                                                      &options.opening)))
    return HF_EXIT_USAGE;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, arguments.device))
    return HF_EXIT_USAGE;
  return run (&arguments, &options, kinds, task);
}
