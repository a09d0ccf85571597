/* verb-report.c: handful-cli report. */
#include "app/cli/output.h"
#include "app/cli/verbs/study/evaluation-run.h"
#include "app/models/store.h"
#include "app/places.h"
#include "app/project/suggestions.h"
#include "app/report/report.h"
#include "app/study/export.h"
#include "app/study/warnings.h"

#include <string.h>

typedef struct {
  HfStudyArguments arguments;
  char *output, *time_text;
  gint64 n_folds;
  gboolean open_acceptance;
  gint64 time_utc;
} Options;

static void
options_clear (Options *self)
{
  hf_study_options_clear (&self->arguments);
  g_free (self->output);
  g_free (self->time_text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What the input of a report borrows and nobody else owns. */
typedef struct {
  char *project, *hash, *framing, *groups, *background;
  HfStoredModel *model;
  const HfSample **rows;
  GPtrArray *conflicts; /* const char *, NULL behind the last */
  GPtrArray *openings;  /* HfOpening * */
  GArray *report_openings;
  GPtrArray *templates; /* const char *, NULL behind the last */
  GPtrArray *warnings;  /* char *, the same */
} Facts;

static void
facts_clear (Facts *self)
{
  g_free (self->project);
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
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

/* "bearings" of "/data/bearings.handful" or of a folder of labels. */
static char *
dup_project_name (const HfStudyArguments *arguments)
{
  const char *path = arguments->project != NULL
                         ? hf_project_get_path (arguments->project)
                         : arguments->labels;
  g_autofree char *name = g_path_get_basename (path);

  if (arguments->project != NULL && g_str_has_suffix (name, ".handful"))
    name[strlen (name) - strlen (".handful")] = '\0';
  return g_steal_pointer (&name);
}

static gboolean
read_openings (Facts *self, HfProject *project, GError **error)
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
read_rows (Facts *self, const HfStudy *study, gsize *n_identical)
{
  const GArray *copies = hf_study_get_copies (study);
  gsize n = hf_study_get_rows (study)->n;

  self->rows = g_new (const HfSample *, n + 1);
  for (gsize i = 0; i < n; i++)
    self->rows[i] = hf_study_get_sample (study, i);
  for (guint i = 0; i < copies->len; i++) {
    const HfStudyCopy *copy = &g_array_index (copies, HfStudyCopy, i);

    if (copy->conflict)
      g_ptr_array_add (self->conflicts, copy->sample->path);
    else
      ++*n_identical;
  }
  g_ptr_array_add (self->conflicts, NULL);
}

/* Hash of the labels: the project's log, else the list. */
static gboolean
read_hash (Facts *self, const HfStudyArguments *arguments, GError **error)
{
  g_autofree char *root = NULL;

  if (arguments->project != NULL)
    self->hash = hf_project_dup_log_sha256 (arguments->project, error);
  else {
    root = g_file_test (arguments->labels, G_FILE_TEST_IS_DIR)
               ? g_strdup (arguments->labels)
               : g_path_get_dirname (arguments->labels);
    self->hash = hf_samples_dup_sha256 (arguments->samples, root);
  }
  return self->hash != NULL;
}

/* What train would say, too: an auditor has the report alone. */
static void
read_warnings (Facts *self, const HfStudyArguments *arguments,
               const HfEvaluationRun *made)
{
  if (made->why != NULL)
    g_ptr_array_add (self->warnings, g_strdup (made->why));
  hf_rows_add_warnings (hf_study_get_rows (made->study), HF_WARN_PLAINLY,
                        self->warnings);
  if (arguments->model_path != NULL)
    hf_export_warn_model (arguments->model_name, self->warnings);
  g_ptr_array_add (self->warnings, NULL);
}

static gboolean
facts_init (Facts *self, const HfStudyArguments *arguments,
            const HfEvaluationRun *made, gsize *n_identical, GError **error)
{
  const HfPromptSet *prompts = arguments->prompt_set;

  self->conflicts = g_ptr_array_new ();
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  self->templates = g_ptr_array_new ();
  self->report_openings = g_array_new (FALSE, FALSE, sizeof (HfReportOpening));
  self->project = dup_project_name (arguments);
  self->framing = hf_framing_dup_name (&arguments->study.features.framing);
  self->groups = g_strdup (arguments->groups);
  if (self->groups == NULL && arguments->project != NULL)
    self->groups = hf_project_dup_setting (arguments->project, "groups");
  if (arguments->study.features.background != NULL)
    self->background =
        g_path_get_basename (arguments->study.features.background);
  self->model = hf_store_find (arguments->model_name, NULL);
  for (guint t = 0; t < hf_prompt_set_get_n_templates (prompts); t++)
    if (hf_prompt_set_is_enabled (prompts, t))
      g_ptr_array_add (self->templates,
                       (char *) hf_prompt_set_get_template (prompts, t));
  g_ptr_array_add (self->templates, NULL);
  read_rows (self, made->study, n_identical);
  read_warnings (self, arguments, made);
  if (arguments->project != NULL &&
      !read_openings (self, arguments->project, error))
    return FALSE;
  return read_hash (self, arguments, error);
}

static void
fill_input (HfReportInput *input, const Options *options,
            const HfEvaluationRun *made, const Facts *facts)
{
  const HfStudyArguments *arguments = &options->arguments;
  const HfExtractorOptions *features = &arguments->study.features;

  input->project = facts->project;
  input->time_utc = options->time_utc;
  input->version = hf_places_get_version ();
  if (features->model_path != NULL) {
    input->model_name = arguments->model_name;
    input->model_identity =
        hf_extractor_get_identity (hf_study_get_extractor (made->study));
  }
  if (facts->model != NULL)
    input->model_source = facts->model->source;
  input->precision = features->precision;
  input->framing = facts->framing;
  input->n_views = features->n_views;
  input->background = facts->background;
  input->templates = (const char *const *) facts->templates->pdata;
  input->samples = arguments->samples;
  input->groups = facts->groups;
  input->rows = facts->rows;
  input->n_near = hf_study_get_n_near (made->study);
  input->conflicts = (const char *const *) facts->conflicts->pdata;
  input->refusals = hf_study_get_refusals (made->study);
  input->label_log_sha256 = facts->hash;
  input->evaluation = made->evaluation;
  input->classes = hf_study_get_rows (made->study)->classes;
  input->seed = arguments->spec.seed;
  input->blocks = arguments->spec.blocks;
  input->openings = (const HfReportOpening *) facts->report_openings->data;
  input->n_openings = facts->report_openings->len;
  if (made->acceptance != NULL) {
    input->acceptance = made->acceptance->evaluation;
    input->acceptance_left_out = made->acceptance->left_out;
  }
  input->warnings = (const char *const *) facts->warnings->pdata;
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
  g_auto (Facts) facts = {0};
  g_autofree char *shown = hf_output_dup_printable (options->output);
  g_autoptr (GError) error = NULL;
  HfReportInput input = {0};
  int status;

  if (!hf_evaluation_run_start (&made, arguments, &how, kinds, task, &status))
    return status;
  if (options->open_acceptance &&
      !hf_evaluation_run_open (&made, arguments,
                               g_array_index (kinds, HfProbeKind, 0), task,
                               &status))
    return status;
  if (!facts_init (&facts, arguments, &made, &input.n_identical, &error))
    return hf_task_fail (task, error);
  fill_input (&input, options, &made, &facts);
  if (!hf_report_save (&input, options->output, hf_task_get_progress (task),
                       &error))
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
  kinds = hf_evaluation_run_dup_kinds (&options.arguments, verb);
  if (kinds == NULL)
    return HF_EXIT_USAGE;
  task = hf_task_start (0);
  return report (&options, kinds, task);
}
