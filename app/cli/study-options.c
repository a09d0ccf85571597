/* study-options.c: see the header. */
#include "app/cli/study-options.h"

#include "app/cli/output.h"
#include "app/cli/picture-options.h"
#include "app/jobs/cache.h"
#include "app/jobs/pictures.h"
#include "app/models/store.h"
#include "app/project/prompts.h"
#include "app/project/sources.h"
#include "app/study/alike.h"
#include "app/study/project-settings.h"

#include <string.h>

GOptionEntry *
hf_study_options_dup_entries (HfStudyArguments *self, HfStudyTakes takes,
                              const GOptionEntry *own)
{
  const GOptionEntry labels[] = {
      {"labels", 'l', 0, G_OPTION_ARG_FILENAME, &self->labels,
       "A folder with a folder for each class, or a CSV: path,label[,group]",
       "L"},
      {"groups", 'g', 0, G_OPTION_ARG_FILENAME, &self->groups,
       "What makes a lot: folder, csv, or a regular expression over the file "
       "name with a capture",
       "G"},
      {"good", 0, 0, G_OPTION_ARG_FILENAME, &self->good,
       "The class that is good; the others are defects", "NAME"},
      {"template", 't', 0, G_OPTION_ARG_FILENAME_ARRAY, &self->templates,
       "A prompt with {class} in it; may be repeated", "T"},
      {NULL},
  };
  const GOptionEntry probe[] = {
      {"probe", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->probe_names,
       "zero-shot, linear, svm, gda, prompt or auto", "NAME"},
      {"c", 0, 0, G_OPTION_ARG_FILENAME, &self->c_text,
       "Strength of linear and svm (default: by held-out folds)", "C"},
      {"kernel", 0, 0, G_OPTION_ARG_FILENAME, &self->kernel_name,
       "Kernel of svm: linear or rbf (default: by held-out folds)", "K"},
      {"text-pull", 0, 0, G_OPTION_ARG_FILENAME, &self->text_pull_text,
       "How much linear and prompt are pulled towards the written prompts; 0: "
       "not at all",
       "T"},
      {"words", 0, 0, G_OPTION_ARG_INT, &self->n_words,
       "How many words prompt learns, 1 to 16 (default: 4)", "N"},
      {"words-per-class", 0, 0, G_OPTION_ARG_NONE, &self->words_per_class,
       "prompt learns words for each class by itself", NULL},
      {"tune", 0, 0, G_OPTION_ARG_NONE, &self->tunes,
       "auto tries prompt as well, which takes minutes", NULL},
      {"thresholds", 0, 0, G_OPTION_ARG_FILENAME, &self->thresholds_text,
       "Parts that are good with less than R are rejected, from P on passed "
       "(default: the project's, or the most probable class)",
       "R,P"},
      {NULL},
  };
  const GOptionEntry model[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model_name,
       "An installed model, a model file or its folder (default: the "
       "project's, "
       "or starter)",
       "M"},
      {NULL},
  };
  const GOptionEntry common[] = {
      {"project", 'P', 0, G_OPTION_ARG_FILENAME, &self->project_path,
       "A project with its labels and settings", "P"},
      {"features", 'f', 0, G_OPTION_ARG_FILENAME, &self->features_name,
       "clip, classic, clip+classic or auto (default)", "F"},
      {"views", 0, 0, G_OPTION_ARG_FILENAME, &self->views_text,
       "1 (default), or 4 or 8 for parts that lie any way round", "N"},
      {"framing", 0, 0, G_OPTION_ARG_FILENAME, &self->framing_name,
       "crop (default), whole, tiles:CxR, or region:X,Y,W,H[:whole]", "F"},
      {"precision", 'p', 0, G_OPTION_ARG_FILENAME, &self->precision_name,
       HF_OPTIONS_PRECISION_HELP, "P"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &self->device,
       "Device by its number or a part of its name (default: the fastest)",
       "D"},
      {"background", 0, 0, G_OPTION_ARG_FILENAME, &self->background,
       "A picture of the empty place, for a fixed camera", "PICTURE"},
      {"seed", 0, 0, G_OPTION_ARG_FILENAME, &self->seed_text,
       "Number that decides how folds are drawn (default: 0)", "N"},
      {NULL},
  };
  static const GOptionEntry none[] = {{NULL}};

  return hf_options_join ((const GOptionEntry *const[]){
      own, common, takes & HF_STUDY_TAKES_LABELS ? labels : none,
      takes & HF_STUDY_TAKES_PROBE ? probe : none,
      takes & HF_STUDY_TAKES_MODEL ? model : none, NULL});
}

void
hf_study_options_clear (HfStudyArguments *self)
{
  g_clear_pointer (&self->prompts, g_ptr_array_unref);
  g_clear_pointer (&self->prompt_set, hf_prompt_set_free);
  g_clear_pointer (&self->samples, hf_samples_free);
  g_clear_pointer (&self->project, hf_project_close);
  g_free (self->project_path);
  g_free (self->labels);
  g_free (self->model_name);
  g_free (self->device);
  g_free (self->precision_name);
  g_free (self->framing_name);
  g_free (self->views_text);
  g_free (self->features_name);
  g_free (self->kernel_name);
  g_free (self->background);
  g_free (self->groups);
  g_free (self->good);
  g_strfreev (self->probe_names);
  g_strfreev (self->templates);
  g_free (self->seed_text);
  g_free (self->c_text);
  g_free (self->text_pull_text);
  g_free (self->thresholds_text);
  g_free (self->model_path);
  g_free (self->cache_path);
}

/* Says what is wrong with a value; always FALSE. */
static gboolean
refuse (const HfVerb *verb, const GError *error)
{
  hf_options_refuse (verb, "%s", error->message);
  return FALSE;
}

/* Fills *@value from the project where nothing was written. */
static void
take_setting (HfStudyArguments *self, const char *key, char **value)
{
  if (*value == NULL && self->project != NULL)
    *value = hf_project_dup_setting (self->project, key);
}

static gboolean
read_seed (HfStudyArguments *self, const HfVerb *verb)
{
  g_autoptr (GError) error = NULL;

  return self->seed_text == NULL ||
         hf_settings_parse_seed (self->seed_text, &self->spec.seed, &error) ||
         refuse (verb, error);
}

/* A finite number from 0 on, but not 0 itself where @above; an option that was
 * not given leaves @value as it was. */
static gboolean
read_strength (const HfVerb *verb, const char *option, const char *text,
               gboolean above, double *value)
{
  char *end;
  double read;

  if (text == NULL)
    return TRUE;
  read = g_ascii_strtod (text, &end);
  if (end != text && *end == '\0' && isfinite (read) &&
      (read > 0 || (read == 0 && !above))) {
    *value = read;
    return TRUE;
  }
  hf_options_refuse (verb, "%s is a number %s, not \"%s\".", option,
                     above ? "above 0" : "from 0 on", text);
  return FALSE;
}

static gboolean
read_strengths (HfStudyArguments *self, const HfVerb *verb)
{
  const char *kernel = self->kernel_name;

  if (self->n_words < 0 || self->n_words > HF_TUNER_MAX_VECTORS) {
    hf_options_refuse (verb, "--words is a number from 1 to %d.",
                       HF_TUNER_MAX_VECTORS);
    return FALSE;
  }
  self->spec.n_vectors = self->n_words;
  self->spec.per_class = self->words_per_class;
  if (!read_strength (verb, "--c", self->c_text, TRUE, &self->spec.c) ||
      !read_strength (verb, "--text-pull", self->text_pull_text, FALSE,
                      &self->spec.text_pull))
    return FALSE;
  if (kernel == NULL)
    return TRUE;
  if (!g_str_equal (kernel, "linear") && !g_str_equal (kernel, "rbf")) {
    hf_options_refuse (verb, "There is no kernel \"%s\"; use linear or rbf.",
                       kernel);
    return FALSE;
  }
  self->spec.kernel =
      g_str_equal (kernel, "rbf") ? HF_KERNEL_RBF : HF_KERNEL_LINEAR;
  return TRUE;
}

static gboolean
read_thresholds (HfStudyArguments *self, const HfVerb *verb)
{
  g_autoptr (GError) error = NULL;

  take_setting (self, "thresholds", &self->thresholds_text);
  if (self->thresholds_text == NULL ||
      hf_thresholds_parse (self->thresholds_text, &self->thresholds, &error))
    return TRUE;
  return refuse (verb, error);
}

/* What decides the numbers of a picture, but for the model. */
static gboolean
read_features (HfStudyArguments *self, const HfVerb *verb)
{
  HfExtractorOptions *features = &self->study.features;
  g_autoptr (GError) error = NULL;

  take_setting (self, "precision", &self->precision_name);
  take_setting (self, "framing", &self->framing_name);
  take_setting (self, "views", &self->views_text);
  take_setting (self, "blocks", &self->features_name);
  take_setting (self, "background", &self->background);
  if (!hf_options_read_precision (verb, self->precision_name,
                                  &features->precision) ||
      !hf_options_read_views (verb, self->views_text, &features->n_views))
    return FALSE;
  features->framing = (HfFraming) HF_FRAMING_INIT;
  if (self->framing_name != NULL &&
      !hf_framing_parse (self->framing_name, &features->framing, &error))
    return refuse (verb, error);
  if (self->features_name != NULL &&
      !hf_blocks_parse (self->features_name, &features->blocks, &error))
    return refuse (verb, error);
  self->spec.blocks = features->blocks;
  features->device = self->device;
  features->background = self->background;
  features->log = hf_task_log;
  return TRUE;
}

static gboolean
find_model (HfStudyArguments *self)
{
  take_setting (self, "model", &self->model_name);
  if (self->model_name == NULL)
    self->model_name = g_strdup (HF_STORE_STARTER);
  if (self->study.features.blocks == HF_BLOCK_CLASSIC)
    return TRUE;
  self->model_path = hf_options_dup_model (self->model_name);
  self->study.features.model_path = self->model_path;
  return self->model_path != NULL;
}

static gboolean
open_project (HfStudyArguments *self, GError **error)
{
  self->project = hf_project_open (self->project_path, error);
  if (self->project == NULL)
    return FALSE;
  self->samples = hf_project_dup_samples (self->project, error);
  return self->samples != NULL;
}

/* Whether the mistake is in what was written on the command line. */
static gboolean
is_usage (const GError *error)
{
  return error->domain == G_OPTION_ERROR ||
         g_error_matches (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_CLASS);
}

/* What a list or class folders had that was not taken as it stands. */
static void
settle_labels (HfSamples *samples)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);

  hf_samples_note_links (samples, notes);
  hf_samples_join_alike (samples, NULL, notes);
  for (guint i = 0; i < notes->len; i++)
    hf_complain ("%s", (char *) notes->pdata[i]);
}

/* A pattern that fits no name, or not all of them, makes lots of one picture,
 * and nothing else would show it. */
static void
tell_alone (HfStudyArguments *self)
{
  const GPtrArray *samples = self->samples->samples;
  g_autofree char *groups = g_strdup (self->groups);
  g_autofree char *shown = NULL;
  guint n_labelled = 0, n_alone = 0;

  take_setting (self, "groups", &groups);
  if (groups == NULL || g_str_equal (groups, "folder") ||
      g_str_equal (groups, "csv"))
    return;
  for (guint i = 0; i < samples->len; i++) {
    const HfSample *sample = samples->pdata[i];

    n_labelled += sample->label >= 0;
    n_alone += sample->label >= 0 && sample->group == NULL;
  }
  shown = hf_output_dup_printable (groups);
  if (n_alone > 0)
    hf_complain ("The pattern \"%s\" gives no lot to %u of %u labelled %s: "
                 "each of these counts as a lot of its own.",
                 shown, n_alone, n_labelled,
                 hf_output_get_noun (n_labelled, "picture", "pictures"));
}

static gboolean
read_samples (HfStudyArguments *self, const HfVerb *verb, int *status)
{
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if ((self->project_path == NULL) == (self->labels == NULL)) {
    *status = hf_options_refuse (
        verb, "Say where the labels are: with --project, or with --labels.");
    return FALSE;
  }
  if (self->project_path != NULL &&
      (self->groups != NULL || self->good != NULL)) {
    *status = hf_options_refuse (
        verb, "A project has its own groups and kinds of classes: leave out "
              "--groups and --good.");
    return FALSE;
  }
  if (self->project_path != NULL) {
    ok = open_project (self, &error);
  } else {
    self->samples =
        hf_samples_load (self->labels, self->groups, self->good, &error);
    ok = self->samples != NULL;
    if (ok)
      settle_labels (self->samples);
  }
  if (ok) {
    tell_alone (self);
    return TRUE;
  }
  if (error->domain == G_REGEX_ERROR) {
    *status = hf_options_refuse (verb,
                                 "The groups are no regular expression: "
                                 "%s.",
                                 error->message);
    return FALSE;
  }
  if (is_usage (error)) {
    *status = hf_options_refuse (verb, "%s", error->message);
    return FALSE;
  }
  hf_complain ("%s", error->message);
  *status = HF_EXIT_FAILED;
  return FALSE;
}

/* Prompts of @classes by --template, or by the project. */
static HfPromptSet *
new_prompt_set (const HfStudyArguments *self, const char *const *classes,
                GError **error)
{
  if (self->templates == NULL && self->project != NULL)
    return hf_project_dup_prompt_set (self->project, classes, error);
  return hf_prompt_set_new_from_texts (classes,
                                       (const char *const *) self->templates);
}

static gboolean
read_prompts (HfStudyArguments *self, const HfVerb *verb)
{
  const GPtrArray *classes = self->samples->classes;
  g_autofree const char **names = g_new0 (const char *, classes->len + 1);
  g_autoptr (GError) error = NULL;

  for (guint c = 0; c < classes->len; c++)
    names[c] = ((HfSampleClass *) classes->pdata[c])->name;
  self->prompt_set = new_prompt_set (self, names, &error);
  if (self->prompt_set == NULL)
    return refuse (verb, error);
  self->prompts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  for (guint c = 0; c < classes->len; c++) {
    char **prompts = hf_prompt_set_dup_class (self->prompt_set, c, &error);

    if (prompts == NULL)
      return refuse (verb, error);
    g_ptr_array_add (self->prompts, prompts);
  }
  self->study.prompts = (char *const *const *) self->prompts->pdata;
  return TRUE;
}

gboolean
hf_study_options_resolve (HfStudyArguments *self, const HfVerb *verb,
                          int *status)
{
  *status = HF_EXIT_USAGE;
  self->spec = (HfProbeSpec) HF_PROBE_SPEC_INIT;
  self->thresholds = (HfThresholds) HF_THRESHOLDS_NONE;
  if (!read_strengths (self, verb) || !read_samples (self, verb, status))
    return FALSE;
  *status = HF_EXIT_USAGE;
  take_setting (self, "seed", &self->seed_text);
  if (!read_seed (self, verb) || !read_thresholds (self, verb) ||
      !read_features (self, verb) || !read_prompts (self, verb))
    return FALSE;
  *status = HF_EXIT_FAILED;
  self->cache_path = hf_cache_dup_path ();
  self->study.cache_path = self->cache_path;
  return find_model (self);
}

GArray *
hf_study_options_dup_kinds (HfStudyArguments *self, const HfVerb *verb,
                            const HfProbeKind *defaults, gsize n_defaults)
{
  g_autoptr (GArray) kinds = g_array_new (FALSE, FALSE, sizeof (HfProbeKind));
  g_autoptr (GError) error = NULL;
  g_autofree char *setting = NULL;
  char *of_project[] = {NULL, NULL};
  char **names = self->probe_names;

  if (names == NULL && n_defaults == 1 && self->project != NULL)
    setting = hf_project_dup_setting (self->project, "probe");
  of_project[0] = setting;
  if (setting != NULL)
    names = of_project;
  if (names == NULL)
    g_array_append_vals (kinds, defaults, (guint) n_defaults);
  for (char **name = names; name != NULL && *name != NULL; name++) {
    HfProbeKind kind;

    if (!hf_probe_kind_parse (*name, &kind, &error)) {
      refuse (verb, error);
      return NULL;
    }
    g_array_append_val (kinds, kind);
  }
  self->study.tunes = self->tunes;
  for (guint i = 0; i < kinds->len; i++)
    if (g_array_index (kinds, HfProbeKind, i) == HF_PROBE_PROMPT)
      self->study.tunes = TRUE;
  return g_steal_pointer (&kinds);
}

int
hf_study_options_fail (const HfStudyArguments *self, HfTask *task,
                       const GError *error)
{
  /* A folder that is gone is why there is nothing. */
  if (g_error_matches (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_EMPTY) &&
      self->samples->refusals->len > 0)
    return hf_options_end (self->samples->refusals);
  return hf_task_fail (task, error);
}

/* A label may be of what a file held before. */
static void
tell_others (const HfStudyArguments *self, const HfStudy *study)
{
  const HfRows *rows = hf_study_get_rows (study);
  g_autofree gint64 *ids = g_new0 (gint64, rows->n + 1);
  g_autoptr (GArray) others = NULL;

  if (self->project == NULL)
    return;
  for (gsize i = 0; i < rows->n; i++)
    ids[i] = hf_study_get_sample (study, i)->image_id;
  others = hf_project_find_others (
      self->project, ids, (const char *const *) rows->sha256, rows->n, NULL);
  if (others != NULL)
    hf_picture_options_tell_others (self->project, others);
}

HfStudy *
hf_study_options_open (const HfStudyArguments *self, HfStudyScope scope,
                       HfTask *task, int *status)
{
  HfStudyOptions options = self->study;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfStudy) study = NULL;

  options.scope = scope;
  hf_task_show_bar (task, "Embedding", HF_UNIT_PICTURES);
  study = hf_study_new (self->samples, &options, hf_task_get_progress (task),
                        &error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  if (study == NULL) {
    *status = hf_study_options_fail (self, task, error);
    return NULL;
  }
  tell_others (self, study);
  *status = HF_EXIT_DONE;
  if (scope == HF_STUDY_ALL || hf_study_get_rows (study)->n > 0)
    return g_steal_pointer (&study);
  *status = hf_study_options_end (study);
  if (*status == HF_EXIT_DONE) {
    hf_complain (
        "Every labelled picture has a twin with another label; correct "
        "the labels.");
    *status = HF_EXIT_FAILED;
  }
  return NULL;
}

int
hf_study_options_end (const HfStudy *study)
{
  return hf_options_end (hf_study_get_refusals (study));
}
