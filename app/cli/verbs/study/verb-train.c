/* verb-train.c: handful-cli train. */
#include "app/charts/wording.h"
#include "app/cli/output.h"
#include "app/cli/study-options.h"
#include "app/cli/verbs/study/evaluation-text.h"
#include "app/inspect/model-finder.h"
#include "app/study/output/export.h"
#include "app/study/training.h"
#include "app/study/update.h"
#include "probe/given.h"

#include <string.h>

typedef struct {
  HfStudyArguments arguments;
  char *output, *update;
  char *good; /* where an old bundle may know the class */
  gboolean include_model;
  const char *model_label; /* of the old bundle, whose model is used */
} Options;

static void
options_clear (Options *self)
{
  hf_study_options_clear (&self->arguments);
  g_free (self->output);
  g_free (self->update);
  g_free (self->good);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static void
say_words (const HfWords *words)
{
  g_autofree char *hint = words != NULL ? hf_words_dup_hint (words) : NULL;
  g_autofree char *shown = hint != NULL ? hf_output_dup_printable (hint) : NULL;

  if (shown != NULL)
    hf_output_printf ("Learned words are nearest to: %s (a hint, no more)\n",
                      shown);
}

static void
say_training (const HfStudyTraining *training)
{
  const GPtrArray *classes = training->rows->classes;

  hf_output_printf ("Trained on %" G_GSIZE_FORMAT " pictures of %u classes: ",
                    training->rows->n, classes->len);
  hf_output_printf (
      "%s, features %s.\n",
      hf_probe_kind_get_name (hf_probe_get_spec (training->probe)->kind),
      hf_blocks_get_name (hf_probe_get_spec (training->probe)->blocks));
  if (hf_probe_get_reason (training->probe) != NULL)
    hf_output_printf ("%s\n", hf_probe_get_reason (training->probe));
  say_words (hf_probe_get_words (training->probe));
  if (training->evaluation == NULL)
    return;
  hf_output_text ("\nOn pictures that were held out (95 % intervals):\n");
  hf_evaluation_print_rates (training->evaluation->probes->pdata[0], classes);
}

static void
say_changes (const HfStudyTraining *training)
{
  if (training->changes->len > 0)
    hf_output_text ("\nThe old pictures, held out, without and with the new "
                    "labels:\n");
  for (guint i = 0; i < training->changes->len; i++) {
    const HfStudyTrainingChange *change = training->changes->pdata[i];
    g_autofree char *name = hf_output_dup_printable (change->name);
    g_autofree char *before = hf_wording_dup_sentence (&change->before);
    g_autofree char *after = hf_wording_dup_sentence (&change->after);

    hf_output_printf ("%s\n  %-14s %s\n  %-14s %s\n", name, "found before",
                      before, "found now", after);
  }
}

static void
say_next (const HfStudyTraining *training, const char *output)
{
  g_autofree char *shown = hf_output_dup_printable (output);
  g_autofree char *quoted = g_shell_quote (shown);

  hf_notes_print (training->warnings);
  hf_output_printf ("\nWrote %s. Judge pictures with it:\n"
                    "  handful-cli predict %s PATH...\n",
                    shown, quoted);
}

/* Hash of the labels of this run: the project's log, else the list. */
static char *
dup_fresh_hash (const HfStudyArguments *arguments, GError **error)
{
  g_autofree char *root = NULL;

  if (arguments->project != NULL)
    return hf_project_dup_log_sha256 (arguments->project, error);
  root = g_file_test (arguments->labels, G_FILE_TEST_IS_DIR)
             ? g_strdup (arguments->labels)
             : g_path_get_dirname (arguments->labels);
  return hf_samples_dup_sha256 (arguments->samples, root);
}

/* What the bundle names: after an update, the hash of both hashes' lines. */
static char *
dup_label_hash (const HfStudyArguments *arguments, const HfUpdate *update,
                GError **error)
{
  g_autofree char *fresh = dup_fresh_hash (arguments, error);
  g_autofree char *lines = NULL;

  if (fresh == NULL || update == NULL)
    return g_steal_pointer (&fresh);
  lines = g_strdup_printf (
      "%s\n%s\n", hf_update_get_content (update)->label_log_sha256, fresh);
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, lines, -1);
}

static gboolean
save (const Options *options, const HfUpdate *update, HfStudyTraining *training,
      const HfStudy *study, HfProgress *progress, GError **error)
{
  const HfStudyArguments *arguments = &options->arguments;
  g_autofree char *hash = dup_label_hash (arguments, update, error);
  const char *label = options->model_label != NULL ? options->model_label
                                                   : arguments->model_name;
  const HfExportOptions how = {.features = &arguments->study.features,
                               .model_name = label,
                               .label_log_sha256 = hash,
                               .include_model = options->include_model,
                               .thresholds = &arguments->thresholds};

  if (hash == NULL)
    return FALSE;
  if (arguments->model_path != NULL)
    hf_export_warn_model (label, training->warnings);
  return hf_export_save (training, study, &how, options->output, progress,
                         error);
}

/* The model inside the old bundle, else the installed one of its identity.
 * Where there is neither, what is said of a model that is not there is said
 * later. */
static void
take_old_model (Options *options, const HfUpdate *update)
{
  const HfBundleContent *old = hf_update_get_content (update);
  g_autofree char *words = NULL;
  char *path = NULL;

  if (options->arguments.model_name != NULL || old->model_identity == NULL)
    return;
  path = hf_model_finder_dup_path (hf_update_get_bundle (update), NULL, NULL,
                                   &words, NULL, NULL);
  if (path == NULL)
    return;
  options->arguments.model_name = path;
  options->model_label = old->model_name;
}

/* What was not written is as it was in the old bundle. */
static void
take_old (Options *options, const HfUpdate *update)
{
  HfStudyArguments *arguments = &options->arguments;
  const HfBundleContent *old = hf_update_get_content (update);
  const HfProbeSpec *spec = hf_probe_get_spec (old->probe);

  if (arguments->probe_names == NULL) {
    arguments->probe_names = g_new0 (char *, 2);
    arguments->probe_names[0] = g_strdup (hf_probe_kind_get_name (spec->kind));
    if (arguments->n_words == 0 && !arguments->words_per_class) {
      arguments->n_words = spec->n_vectors;
      arguments->words_per_class = spec->per_class;
    }
    if (arguments->text_pull_text == NULL &&
        hf_probe_has_given_pull (old->probe))
      arguments->text_pull_text =
          g_ascii_dtostr (g_malloc (G_ASCII_DTOSTR_BUF_SIZE),
                          G_ASCII_DTOSTR_BUF_SIZE, spec->text_pull);
  }
  if (arguments->features_name == NULL)
    arguments->features_name =
        g_strdup (hf_blocks_get_name (hf_update_get_blocks (update)));
  /* A project has its own, which must agree. */
  if (arguments->project_path != NULL)
    return;
  options->good = g_steal_pointer (&arguments->good);
  if (arguments->framing_name == NULL)
    arguments->framing_name = hf_framing_dup_name (&old->framing);
  if (arguments->precision_name == NULL)
    arguments->precision_name =
        g_strdup (hf_precision_get_name (old->precision));
  if (arguments->views_text == NULL)
    arguments->views_text = g_strdup_printf ("%d", old->n_views);
  if (arguments->thresholds_text == NULL &&
      hf_thresholds_are_set (&old->thresholds))
    arguments->thresholds_text = hf_thresholds_dup_name (&old->thresholds);
  take_old_model (options, update);
}

static int
run (Options *options, const HfUpdate *update, HfTask *task)
{
  HfStudyArguments *arguments = &options->arguments;
  HfProgress *progress = hf_task_get_progress (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfStudy) study = NULL;
  g_autoptr (HfStudyTraining) training = NULL;
  HfStudyTrainingOptions how = {.spec = arguments->spec,
                                .seed = arguments->spec.seed,
                                .thresholds = &arguments->thresholds};
  int status;

  study = hf_study_options_open (arguments, HF_STUDY_LABELLED, task, &status);
  if (study == NULL)
    return status;
  if (update != NULL) {
    if (!hf_update_check (update, study, &arguments->study.features, &error))
      return hf_task_fail (task, error);
    how.old = hf_update_get_rows (update);
  }
  hf_task_show_bar (task, "Training", HF_UNIT_PICTURES);
  training =
      hf_study_training_new (hf_study_get_rows (study), &how, progress, &error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  if (training == NULL ||
      !save (options, update, training, study, progress, &error))
    return hf_task_fail (task, error);
  say_training (training);
  say_changes (training);
  say_next (training, options->output);
  return hf_study_options_end (study);
}

/* Makes sense of the options, with those of @update for what is missing. */
static gboolean
resolve (Options *options, HfUpdate *update, const HfVerb *verb, int *status)
{
  static const HfProbeKind gda = HF_PROBE_GDA;
  HfStudyArguments *arguments = &options->arguments;
  g_autoptr (GArray) kinds = NULL;
  g_autoptr (GError) error = NULL;

  if (update != NULL)
    take_old (options, update);
  if (!hf_study_options_resolve (arguments, verb, status))
    return FALSE;
  *status = HF_EXIT_USAGE;
  if (update != NULL && !hf_update_set_kinds (update, arguments->samples,
                                              options->good, &error)) {
    hf_options_refuse (verb, "%s", error->message);
    return FALSE;
  }
  kinds = hf_study_options_dup_kinds (arguments, verb, &gda, 1);
  if (kinds == NULL)
    return FALSE;
  if (kinds->len > 1) {
    hf_options_refuse (verb, "One --probe is trained at a time; auto chooses "
                             "among them.");
    return FALSE;
  }
  arguments->spec.kind = g_array_index (kinds, HfProbeKind, 0);
  return TRUE;
}

static int
train (Options *options, const HfVerb *verb)
{
  g_autoptr (HfTask) task = NULL;
  g_autoptr (HfUpdate) update = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (options->update != NULL) {
    update = hf_update_open (options->update, NULL, &error);
    if (update == NULL) {
      hf_complain ("%s", error->message);
      return HF_EXIT_FAILED;
    }
  }
  if (!resolve (options, update, verb, &status))
    return status;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options->arguments.device))
    return HF_EXIT_USAGE;
  return run (options, update, task);
}

int
hf_verb_train (const HfVerb *verb, int argc, char **argv)
{
  g_auto (Options) options = {0};
  const GOptionEntry own[] = {
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &options.output,
       "The bundle to write", "NAME.probe"},
      {"include-model", 0, 0, G_OPTION_ARG_NONE, &options.include_model,
       "Put the model inside, so that the line PC needs this one file", NULL},
      {"update", 0, 0, G_OPTION_ARG_FILENAME, &options.update,
       "Also learn from the training rows of this bundle", "OLD.probe"},
      {NULL},
  };
  g_autofree GOptionEntry *entries = hf_study_options_dup_entries (
      &options.arguments,
      HF_STUDY_TAKES_LABELS | HF_STUDY_TAKES_PROBE | HF_STUDY_TAKES_MODEL, own);
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (options.output == NULL || *options.output == '\0')
    return hf_options_refuse (verb, "The output is missing: -o NAME.probe.");
  return train (&options, verb);
}
