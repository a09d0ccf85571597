/* verb-suggest.c: handful-cli suggest and doubt: what to label next, and which
 * labels to look at again. */
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/project/suggestions.h"
#include "app/study/next.h"

typedef struct {
  HfStudyArguments arguments;
  gint64 n_wanted;
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  hf_study_options_clear (&self->arguments);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* Parses the options that both verbs have, and finds the probe that is meant:
 * the project's, or gda. FALSE with *@status if the verb shall end. */
static gboolean
read_options (Options *options, const HfVerb *verb, int argc, char **argv,
              int *status)
{
  static const HfProbeKind gda = HF_PROBE_GDA;
  HfStudyArguments *arguments = &options->arguments;
  const GOptionEntry own[] = {
      {"number", 'n', 0, G_OPTION_ARG_INT64, &options->n_wanted,
       "How many (default: 10)", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options->json,
       "Print one JSON line a picture", NULL},
      {NULL},
  };
  g_autofree GOptionEntry *entries =
      hf_study_options_dup_entries (arguments, 0, own);
  g_autoptr (GArray) kinds = NULL;

  if (!hf_options_parse (verb, entries, argc, argv, status))
    return FALSE;
  *status = HF_EXIT_USAGE;
  if (arguments->project_path == NULL) {
    hf_options_refuse (verb, "The project is missing: --project P.");
    return FALSE;
  }
  if (options->n_wanted < 1 || options->n_wanted > 100000) {
    hf_options_refuse (verb, "-n is a number from 1 to 100000.");
    return FALSE;
  }
  if (!hf_study_options_resolve (arguments, verb, status))
    return FALSE;
  *status = HF_EXIT_USAGE;
  kinds = hf_study_options_dup_kinds (arguments, verb, &gda, 1);
  if (kinds == NULL)
    return FALSE;
  arguments->spec.kind = g_array_index (kinds, HfProbeKind, 0);
  return TRUE;
}

static HfJson *
new_path_json (const HfSample *sample)
{
  HfJson *json = json_object_new_object ();

  json_object_object_add (json, "path", hf_output_new_string (sample->path));
  return json;
}

static void
add_name (HfJson *json, const char *key, const char *name)
{
  json_object_object_add (json, key,
                          name != NULL ? hf_output_new_string (name) : NULL);
}

static void
print_next (const HfNext *next, gboolean json)
{
  g_autofree char *path = NULL;
  g_autoptr (HfJson) line = NULL;

  if (!json) {
    path = hf_output_dup_printable (next->sample->path);
    hf_output_printf ("%s\n  %s\n", path, next->reason);
    return;
  }
  line = new_path_json (next->sample);
  add_name (line, "why", hf_suggested_why_get_name (next->suggestion.why));
  add_name (line, "reason", next->reason);
  add_name (line, "first", next->first);
  add_name (line, "second", next->second);
  json_object_object_add (
      line, "margin",
      next->first != NULL ? hf_output_new_number (next->suggestion.margin, 9)
                          : NULL);
  hf_output_json (line);
}

/* Remembers that these were shown, and which audit draws are due from now on,
 * before anything is printed. A project that can only be read gets no labels
 * either, so nothing is lost there; on a full disk an audit draw would be. */
static gboolean
remember (HfProject *project, const GPtrArray *list, GError **error)
{
  g_autoptr (GArray) shown =
      g_array_new (FALSE, FALSE, sizeof (HfShownSuggestion));
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < list->len; i++) {
    const HfNext *next = list->pdata[i];
    const HfShownSuggestion one = {.image_id = next->sample->image_id,
                                   .why = next->suggestion.why};

    g_array_append_val (shown, one);
  }
  if (hf_project_log_suggestions (project, shown, &local))
    return TRUE;
  if (g_error_matches (local, HF_PROJECT_ERROR, HF_PROJECT_ERROR_READ_ONLY)) {
    hf_complain ("The project can only be read, so it does not remember what "
                 "was suggested.");
    return TRUE;
  }
  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Why nothing is suggested: sealed pictures never are, labelled or not. */
static void
print_none (const HfSamples *samples)
{
  guint n_sealed = 0;

  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    n_sealed += sample->sealed && sample->label < 0 ? 1 : 0;
  }
  if (n_sealed == 0)
    hf_output_text ("Every picture has a label.\n");
  else
    hf_output_printf ("Every picture has a label but %u of the acceptance set, "
                      "which is never suggested.\n",
                      n_sealed);
}

static int
suggest (Options *options, HfTask *task)
{
  HfStudyArguments *arguments = &options->arguments;
  HfProject *project = arguments->project;
  HfNextOptions how = {.spec = arguments->spec, .seed = arguments->spec.seed};
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) due = NULL;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) list = NULL;
  int status;

  study = hf_study_options_open (arguments, HF_STUDY_ALL, task, &status);
  if (study == NULL)
    return status;
  due = hf_project_dup_due_audits (project, &how.n_shown, &error);
  if (due == NULL)
    return hf_task_fail (task, error);
  how.due_ids = (const gint64 *) (void *) due->data;
  how.n_due = due->len;
  list =
      hf_next_find (study, arguments->samples, &how, (gsize) options->n_wanted,
                    hf_task_get_progress (task), &error);
  if (list == NULL || !remember (project, list, &error))
    return hf_task_fail (task, error);
  for (guint i = 0; i < list->len; i++)
    print_next (list->pdata[i], options->json);
  if (list->len == 0 && !options->json)
    print_none (arguments->samples);
  return hf_study_options_end (study);
}

int
hf_verb_suggest (const HfVerb *verb, int argc, char **argv)
{
  g_auto (Options) options = {.n_wanted = 10};
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!read_options (&options, verb, argc, argv, &status))
    return status;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.arguments.device))
    return HF_EXIT_USAGE;
  return suggest (&options, task);
}

static void
print_doubtful (const HfDoubtful *doubtful, gboolean json)
{
  g_autofree char *path = NULL;
  g_autoptr (HfJson) line = NULL;

  if (!json) {
    path = hf_output_dup_printable (doubtful->sample->path);
    hf_output_printf ("%s\n  %s\n", path, doubtful->reason);
    return;
  }
  line = new_path_json (doubtful->sample);
  add_name (line, "label", doubtful->label);
  add_name (line, "likely", doubtful->likely);
  json_object_object_add (line, "probability",
                          hf_output_new_number (doubtful->probability, 9));
  add_name (line, "reason", doubtful->reason);
  hf_output_json (line);
}

static int
doubt (Options *options, HfTask *task)
{
  HfStudyArguments *arguments = &options->arguments;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (GPtrArray) list = NULL;
  int status;

  study = hf_study_options_open (arguments, HF_STUDY_LABELLED, task, &status);
  if (study == NULL)
    return status;
  list = hf_doubtful_find (study, &arguments->spec, arguments->spec.seed,
                           hf_task_get_progress (task), &error);
  if (list == NULL)
    return hf_task_fail (task, error);
  for (guint i = 0; i < MIN (list->len, options->n_wanted); i++)
    print_doubtful (list->pdata[i], options->json);
  if (list->len == 0 && !options->json)
    hf_output_text ("A probe that did not see it agrees with every label.\n");
  return hf_study_options_end (study);
}

int
hf_verb_doubt (const HfVerb *verb, int argc, char **argv)
{
  g_auto (Options) options = {.n_wanted = 10};
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!read_options (&options, verb, argc, argv, &status))
    return status;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.arguments.device))
    return HF_EXIT_USAGE;
  return doubt (&options, task);
}
