/* verb-report.c: handful-cli report. */
#include "app/cli/output.h"
#include "app/cli/verbs/study/evaluation-run.h"
#include "app/report/draft.h"

typedef struct {
  HfStudyArguments arguments;
  char *output, *time_text;
  gint64 n_folds;
  gboolean open_acceptance;
  gint64 time_utc;
  HfProbeKind kind; /* reported in full */
} Options;

static void
options_clear (Options *self)
{
  hf_study_options_clear (&self->arguments);
  g_free (self->output);
  g_free (self->time_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static HfReportSources
get_sources (const Options *options, const HfEvaluationRun *made)
{
  const HfStudyArguments *arguments = &options->arguments;

  return (HfReportSources){.project = arguments->project,
                           .labels = arguments->labels,
                           .samples = arguments->samples,
                           .study = made->study,
                           .features = &arguments->study.features,
                           .model_name = arguments->model_name,
                           .groups = arguments->groups,
                           .prompts = arguments->prompt_set,
                           .spec = &arguments->spec,
                           .kind = options->kind,
                           .thresholds = &arguments->thresholds,
                           .evaluation = made->evaluation,
                           .why = made->why,
                           .acceptance = made->acceptance,
                           .time_utc = options->time_utc};
}

static int
report (const Options *options, const GArray *kinds, HfTask *task)
{
  const HfStudyArguments *arguments = &options->arguments;
  const HfEvaluationRunOptions how = {.n_folds = (int) options->n_folds,
                                      .learning = TRUE,
                                      .with_final = TRUE,
                                      .may_be_none = TRUE};
  g_auto (HfEvaluationRun) made = {0};
  g_autofree char *shown = hf_output_dup_printable (options->output);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfReportDraft) draft = NULL;
  HfReportSources sources;
  int status;

  if (!hf_evaluation_run_start (&made, arguments, &how, kinds, task, &status))
    return status;
  if (options->open_acceptance &&
      !hf_evaluation_run_open (&made, arguments, options->kind, task, &status))
    return status;
  sources = get_sources (options, &made);
  draft = hf_report_draft_new (&sources, &error);
  if (draft == NULL ||
      !hf_report_save (hf_report_draft_get_input (draft), options->output,
                       hf_task_get_progress (task), &error))
    return hf_task_fail (task, error);
  hf_output_printf ("Wrote %s.\n", shown);
  return hf_study_options_end (made.study);
}

/* --time, else SOURCE_DATE_EPOCH, else now. FALSE after a sentence. */
static gboolean
read_time (Options *options, const HfVerb *verb)
{
  const char *epoch = g_getenv ("SOURCE_DATE_EPOCH");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;

  if (options->time_text != NULL) {
    time = g_date_time_new_from_iso8601 (options->time_text, utc);
    if (time == NULL) {
      hf_options_refuse (verb, "--time is like 2026-11-27T12:00:00Z.");
      return FALSE;
    }
    options->time_utc = g_date_time_to_unix (time);
    return TRUE;
  }
  options->time_utc = g_get_real_time () / G_USEC_PER_SEC;
  if (epoch != NULL && !g_ascii_string_to_signed (epoch, 10, 0, G_MAXINT32,
                                                  &options->time_utc, NULL)) {
    hf_options_refuse (verb, "SOURCE_DATE_EPOCH is no number of seconds.");
    return FALSE;
  }
  return TRUE;
}

/* What can be refused before any work is done. */
static gboolean
check (Options *options, const HfVerb *verb)
{
  g_autoptr (GError) error = NULL;
  HfReportFormat format;

  if (options->output == NULL || *options->output == '\0')
    hf_options_refuse (verb, "The output is missing: -o FILE.pdf, FILE.html or "
                             "FILE.json.");
  else if (!hf_report_format_parse (options->output, &format, &error))
    hf_options_refuse (verb, "%s", error->message);
  else if (options->n_folds != 0 &&
           (options->n_folds < 2 || options->n_folds > 1000))
    hf_options_refuse (verb, "--folds is a number from 2 to 1000.");
  else if (options->open_acceptance && options->arguments.project_path == NULL)
    hf_options_refuse (verb, "Only a project has an acceptance set.");
  else
    return read_time (options, verb);
  return FALSE;
}

/* The probes to compare, with the project's own among them, which may be none
 * of those that are compared unasked. NULL after a sentence. */
static GArray *
dup_kinds (Options *options, const HfVerb *verb)
{
  g_autoptr (GArray) kinds =
      hf_evaluation_run_dup_kinds (&options->arguments, verb);

  if (kinds == NULL || !hf_evaluation_run_find_kind (&options->arguments, verb,
                                                     kinds, &options->kind))
    return NULL;
  for (guint i = 0; i < kinds->len; i++)
    if (g_array_index (kinds, HfProbeKind, i) == options->kind)
      return g_steal_pointer (&kinds);
  g_array_append_val (kinds, options->kind);
  return g_steal_pointer (&kinds);
}

int
hf_verb_report (const HfVerb *verb, int argc, char **argv)
{
  g_auto (Options) options = {0};
  const GOptionEntry own[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       "The report to write: .pdf, .html or .json", "FILE"},
      {"folds", 'k', 0, G_OPTION_ARG_INT64, &options.n_folds,
       "How many folds (default: 5, or what the lots allow)", "K"},
      {"open-acceptance", 0, 0, G_OPTION_ARG_NONE, &options.open_acceptance,
       "Also judge the project's sealed acceptance set; it is logged", NULL},
      {"time", 0, 0, G_OPTION_ARG_FILENAME, &options.time_text,
       "The report's time (default: SOURCE_DATE_EPOCH, else now)", "T"},
      {NULL},
  };
  g_autofree GOptionEntry *entries = hf_study_options_dup_entries (
      &options.arguments,
      HF_STUDY_TAKES_LABELS | HF_STUDY_TAKES_PROBE | HF_STUDY_TAKES_MODEL, own);
  g_autoptr (GArray) kinds = NULL;
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (!check (&options, verb))
    return HF_EXIT_USAGE;
  if (!hf_study_options_resolve (&options.arguments, verb, &status))
    return status;
  kinds = dup_kinds (&options, verb);
  if (kinds == NULL)
    return HF_EXIT_USAGE;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.arguments.device))
    return HF_EXIT_USAGE;
  return report (&options, kinds, task);
}
