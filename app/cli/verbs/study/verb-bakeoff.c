/* verb-bakeoff.c: handful-cli bakeoff. */
#include "app/charts/wording.h"
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/models/store.h"
#include "app/study/bakeoff.h"

#include <math.h>

typedef struct {
  HfStudyArguments arguments;
  char **models;
  GPtrArray *paths;   /* char *, of the models */
  GArray *precisions; /* HfPrecision; empty: the one that is set */
  GArray *blocks;     /* HfBlocks */
  GArray *views;      /* int; empty: as many as are set */
  gboolean json;
} Options;

static void
options_clear (Options *self)
{
  hf_study_options_clear (&self->arguments);
  g_strfreev (self->models);
  g_clear_pointer (&self->paths, g_ptr_array_unref);
  g_clear_pointer (&self->precisions, g_array_unref);
  g_clear_pointer (&self->blocks, g_array_unref);
  g_clear_pointer (&self->views, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* "starter, f16, clip", or "classic, 4 views". */
static char *
dup_title (const HfBakeoffCandidate *candidate)
{
  GString *title = g_string_new (NULL);

  if (candidate->model != NULL) {
    g_autofree char *name = hf_output_dup_printable (candidate->model);

    g_string_printf (title, "%s, %s, ", name,
                     hf_precision_get_name (candidate->precision));
  }
  g_string_append (title, hf_blocks_get_name (candidate->blocks));
  if (candidate->n_views > 1)
    g_string_append_printf (title, ", %d views", candidate->n_views);
  return g_string_free (title, FALSE);
}

/* "9 more right, 1 more wrong: +8 (2 to 14), clearly better" */
static void
print_change (const HfPairedChange *change)
{
  const double n = (double) change->n;
  g_autofree char *between = NULL;

  if (isfinite (change->low))
    between = g_strdup_printf (
        ": %+d (%ld to %ld)%s", (int) (change->gained - change->lost),
        lround (n * change->low), lround (n * change->high),
        change->low > 0    ? ", clearly better"
        : change->high < 0 ? ", clearly worse"
                           : "");
  hf_output_printf ("  beside first   %d more right, %d more wrong%s\n",
                    (int) change->gained, (int) change->lost,
                    between != NULL ? between : "");
}

static void
print_entry (const HfBakeoffEntry *entry)
{
  const HfProbeEvaluation *probe = entry->evaluation->probes->pdata[0];
  g_autofree char *title = dup_title (&entry->candidate);
  g_autofree char *accuracy = hf_wording_dup_sentence (&probe->accuracy);
  char ms[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (ms, sizeof ms, "%.1f", entry->ms_per_image);
  hf_output_printf ("%s\n  accuracy       %s\n", title, accuracy);
  if (entry->change.n > 0)
    print_change (&entry->change);
  if (probe->escape_rate.n > 0) {
    g_autofree char *escapes = hf_wording_dup_sentence (&probe->escape_rate);
    g_autofree char *overkill = hf_wording_dup_sentence (&probe->overkill);

    hf_output_printf ("  escape rate    %s\n  overkill       %s\n", escapes,
                      overkill);
  }
  hf_output_printf ("  a picture      %s ms, from file to features\n", ms);
  if (entry->candidate.model != NULL) {
    g_autofree char *size = hf_output_dup_size (entry->size_bytes);

    hf_output_printf ("  size           %s\n", size);
  }
}

/* With each number of views. */
static void
add_candidates (GArray *list, const Options *options,
                HfBakeoffCandidate candidate)
{
  for (guint v = 0; v < options->views->len; v++) {
    candidate.n_views = g_array_index (options->views, int, v);
    g_array_append_val (list, candidate);
  }
}

/* In the order in which they are named; classic features, which are the same
 * for every model, once. (element-type HfBakeoffCandidate), whose texts are the
 * options'. */
static GArray *
list_candidates (const Options *options)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (HfBakeoffCandidate));

  for (guint m = 0; m < options->paths->len; m++)
    for (guint p = 0; p < options->precisions->len; p++)
      for (guint b = 0; b < options->blocks->len; b++) {
        HfBakeoffCandidate candidate = {
            .model = options->models[m],
            .path = options->paths->pdata[m],
            .precision = g_array_index (options->precisions, HfPrecision, p),
            .blocks = g_array_index (options->blocks, HfBlocks, b)};

        if (candidate.blocks == HF_BLOCK_CLASSIC)
          candidate.model = candidate.path = NULL;
        if (candidate.model != NULL || (m == 0 && p == 0))
          add_candidates (list, options, candidate);
      }
  return list;
}

static const HfBakeoffEntry *
measure (HfBakeoff *contest, const HfBakeoffCandidate *candidate, HfTask *task,
         GError **error)
{
  g_autofree char *title = dup_title (candidate);
  const HfBakeoffEntry *entry;

  hf_task_show_bar (task, title, HF_UNIT_PICTURES);
  entry =
      hf_bakeoff_add (contest, candidate, hf_task_get_progress (task), error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return entry;
}

/* Whether others may do what this one failed at: kernels, memory, the range of
 * numbers and prompts are matters of model, precision and features. */
static gboolean
is_own_fault (const GError *error)
{
  static const HfDeviceError own[] = {
      HF_DEVICE_ERROR_PRECISION, HF_DEVICE_ERROR_BUILD, HF_DEVICE_ERROR_MEMORY,
      HF_DEVICE_ERROR_NOT_FINITE};

  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    if (g_error_matches (error, HF_DEVICE_ERROR, (int) own[i]))
      return TRUE;
  return g_error_matches (error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT);
}

/* Names what failed, and returns its place in the list. */
static HfJson *
tell_failure (const HfBakeoffCandidate *candidate, const GError *error)
{
  HfJson *json = hf_bakeoff_candidate_to_json (candidate);
  g_autofree char *title = dup_title (candidate);

  hf_complain ("%s: %s", title, error->message);
  json_object_object_add (json, "error", hf_json_new_string (error->message));
  return json;
}

static int
bakeoff (Options *options, HfTask *task)
{
  HfStudyArguments *arguments = &options->arguments;
  g_autoptr (GArray) candidates = list_candidates (options);
  g_autoptr (HfBakeoff) contest =
      hf_bakeoff_new (arguments->samples, &arguments->study, &arguments->spec,
                      &arguments->thresholds, arguments->spec.seed);
  g_autoptr (HfJson) list = json_object_new_array ();
  gboolean failed = FALSE;
  int status;

  for (guint i = 0; i < candidates->len; i++) {
    const HfBakeoffCandidate *candidate =
        &g_array_index (candidates, HfBakeoffCandidate, i);
    g_autoptr (GError) error = NULL;
    const HfBakeoffEntry *entry = measure (contest, candidate, task, &error);

    if (entry == NULL && !is_own_fault (error))
      return hf_study_options_fail (&options->arguments, task, error);
    failed = failed || entry == NULL;
    json_object_array_add (list, entry != NULL
                                     ? hf_bakeoff_entry_to_json (entry)
                                     : tell_failure (candidate, error));
    if (entry != NULL && !options->json)
      print_entry (entry);
  }
  if (options->json)
    hf_output_json (list);
  status = hf_options_end (hf_bakeoff_get_refusals (contest));
  return failed ? HF_EXIT_FAILED : status;
}

/* Finds every model before the first is measured. */
static gboolean
find_models (Options *options)
{
  g_autoptr (GError) error = NULL;

  options->paths = g_ptr_array_new_with_free_func (g_free);
  for (char **model = options->models; *model != NULL; model++) {
    char *path = hf_store_dup_path (*model, &error);

    if (path == NULL) {
      hf_complain ("%s", error->message);
      return FALSE;
    }
    g_ptr_array_add (options->paths, path);
  }
  return TRUE;
}

/* Takes "f32,int8" apart, and leaves what every verb understands, the first. */
static char **
take_apart (char **list)
{
  char **parts = g_strsplit (*list != NULL ? *list : "", ",", -1);

  if (parts[0] != NULL) {
    g_free (*list);
    *list = g_strdup (parts[0]);
  }
  return parts;
}

static gboolean
read_precisions (Options *options, const HfVerb *verb)
{
  g_auto (GStrv) parts = take_apart (&options->arguments.precision_name);

  options->precisions = g_array_new (FALSE, FALSE, sizeof (HfPrecision));
  for (char **part = parts; *part != NULL; part++) {
    HfPrecision precision;

    if (!hf_options_read_precision (verb, *part, &precision))
      return FALSE;
    g_array_append_val (options->precisions, precision);
  }
  return TRUE;
}

static gboolean
read_blocks (Options *options, const HfVerb *verb)
{
  char **names = &options->arguments.features_name;
  g_auto (GStrv) parts = NULL;
  g_autoptr (GError) error = NULL;

  /* Models are compared by what is their own. */
  if (*names == NULL)
    *names = g_strdup ("clip");
  parts = take_apart (names);
  options->blocks = g_array_new (FALSE, FALSE, sizeof (HfBlocks));
  for (char **part = parts; *part != NULL; part++) {
    HfBlocks blocks;

    if (!hf_blocks_parse (*part, &blocks, &error)) {
      hf_options_refuse (verb, "%s", error->message);
      return FALSE;
    }
    g_array_append_val (options->blocks, blocks);
  }
  return TRUE;
}

static gboolean
read_views (Options *options, const HfVerb *verb)
{
  g_auto (GStrv) parts = take_apart (&options->arguments.views_text);

  options->views = g_array_new (FALSE, FALSE, sizeof (int));
  for (char **part = parts; *part != NULL; part++) {
    int n_views;

    if (!hf_options_read_views (verb, *part, &n_views))
      return FALSE;
    g_array_append_val (options->views, n_views);
  }
  return TRUE;
}

int
hf_verb_bakeoff (const HfVerb *verb, int argc, char **argv)
{
  static const HfProbeKind gda = HF_PROBE_GDA;
  g_auto (Options) options = {0};
  const GOptionEntry own[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME_ARRAY, &options.models,
       "A model to compare, as for embed; repeat it for each", "M"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Print one JSON list",
       NULL},
      {NULL},
  };
  g_autofree GOptionEntry *entries = hf_study_options_dup_entries (
      &options.arguments, HF_STUDY_TAKES_LABELS | HF_STUDY_TAKES_PROBE, own);
  g_autoptr (GArray) kinds = NULL;
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (options.models == NULL)
    return hf_options_refuse (verb, "The models are missing: --model M for "
                                    "each.");
  if (!read_precisions (&options, verb) || !read_blocks (&options, verb) ||
      !read_views (&options, verb))
    return HF_EXIT_USAGE;
  if (!hf_study_options_resolve (&options.arguments, verb, &status))
    return status;
  kinds = hf_study_options_dup_kinds (&options.arguments, verb, &gda, 1);
  if (kinds == NULL)
    return HF_EXIT_USAGE;
  if (kinds->len > 1)
    return hf_options_refuse (verb, "Models are compared by one probe; give "
                                    "one --probe, or use evaluate.");
  options.arguments.spec.kind = g_array_index (kinds, HfProbeKind, 0);
  if (options.blocks->len == 1 &&
      options.arguments.spec.blocks == HF_BLOCK_CLASSIC)
    return hf_options_refuse (verb, "Classic features are the same for every "
                                    "model; compare them with others: "
                                    "clip,classic.");
  if (options.precisions->len == 0)
    g_array_append_val (options.precisions,
                        options.arguments.study.features.precision);
  if (options.views->len == 0)
    g_array_append_val (options.views,
                        options.arguments.study.features.n_views);
  if (!find_models (&options))
    return HF_EXIT_FAILED;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.arguments.device))
    return HF_EXIT_USAGE;
  return bakeoff (&options, task);
}
