/* verb-classify.c: handful-cli classify. */
#include "app/cli/output.h"
#include "app/cli/picture-options.h"
#include "app/cli/task.h"
#include "app/jobs/embed.h"
#include "app/jobs/zero-shot.h"
#include "app/prompts/prompt-set.h"

#include <string.h>

typedef struct {
  HfPictures *pictures;
  char **classes;
  gsize n_classes;
  gboolean json;
  HfZeroShot *probe;
  double *probabilities; /* [n_classes] */
  int path_width;        /* of the table's first column, in letters */
} Answers;

static void
answers_clear (Answers *self)
{
  g_clear_pointer (&self->probe, hf_zero_shot_free);
  g_free (self->probabilities);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Answers, answers_clear)

static void
print_json (const Answers *self, const char *path, gsize best)
{
  g_autoptr (HfJson) json = json_object_new_object ();
  HfJson *all = json_object_new_object ();

  for (gsize c = 0; c < self->n_classes; c++) {
    g_autofree char *name = hf_output_dup_shown (self->classes[c]);

    json_object_object_add (all, name,
                            hf_output_new_number (self->probabilities[c], 9));
  }
  json_object_object_add (json, "path", hf_output_new_string (path));
  json_object_object_add (json, "class",
                          hf_output_new_string (self->classes[best]));
  json_object_object_add (json, "probabilities", all);
  hf_output_json (json);
}

static int
get_class_width (const Answers *self)
{
  enum { NARROWEST = 5 }; /* "class", and "100.0" */
  int width = NARROWEST;

  for (gsize c = 0; c < self->n_classes; c++)
    width = MAX (width, hf_output_get_width (self->classes[c]));
  return width;
}

static void
print_head (Answers *self)
{
  g_autofree char *first = NULL;
  g_autofree char *second =
      hf_output_dup_padded ("class", get_class_width (self));

  for (gsize i = 0; i < hf_pictures_get_n (self->pictures); i++)
    self->path_width =
        MAX (self->path_width,
             hf_output_get_width (hf_pictures_get (self->pictures, i)));
  self->path_width = MAX (self->path_width, 7);
  first = hf_output_dup_padded ("picture", self->path_width);
  hf_output_printf ("%s  %s", first, second);
  for (gsize c = 0; c < self->n_classes; c++) {
    g_autofree char *name = hf_output_dup_printable (self->classes[c]);

    hf_output_printf ("  %5s", name);
  }
  hf_output_text ("\n");
}

static void
print_plain (const Answers *self, const char *path, gsize best)
{
  g_autoptr (GString) line = g_string_new (NULL);
  g_autofree char *first = hf_output_dup_padded (path, self->path_width);
  g_autofree char *second =
      hf_output_dup_padded (self->classes[best], get_class_width (self));

  g_string_append_printf (line, "%s  %s", first, second);
  for (gsize c = 0; c < self->n_classes; c++) {
    char percent[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd (percent, sizeof percent, "%.1f",
                     100 * self->probabilities[c]);
    g_string_append_printf (line, "  %*s",
                            MAX (hf_output_get_width (self->classes[c]), 5),
                            percent);
  }
  g_string_append_c (line, '\n');
  hf_output_line (line->str);
}

static gboolean
answer_cb (gsize index, const float *row, const GError *refused, gpointer data,
           GError **error)
{
  Answers *self = data;
  const char *path = hf_pictures_get (self->pictures, index);
  gsize best;

  if (row == NULL) {
    hf_pictures_refuse (self->pictures, path, refused->message);
    return TRUE;
  }
  best = hf_zero_shot_predict (self->probe, row, self->probabilities);
  if (self->json)
    print_json (self, path, best);
  else
    print_plain (self, path, best);
  return TRUE;
}

/* Whether all @n texts from @i on have the tokens of those from @j on. */
static gboolean
have_same_tokens (const HfTexts *texts, gsize i, gsize j, gsize n)
{
  const int *const *ids = hf_texts_get_ids (texts);
  const gsize *n_ids = hf_texts_get_n_ids (texts);

  for (gsize t = 0; t < n; t++)
    if (n_ids[i + t] != n_ids[j + t] ||
        memcmp (ids[i + t], ids[j + t], n_ids[i + t] * sizeof (int)) != 0)
      return FALSE;
  return TRUE;
}

/* "Rust" and "rust " are one word to the model, as are names that stand behind
 * its last token. Says so, and returns whether all differ. */
static gboolean
warn_alike (const HfTexts *texts, char **classes)
{
  gsize n_classes = g_strv_length (classes);
  gsize n = hf_texts_get_n (texts) / n_classes;
  gboolean differ = TRUE;

  for (gsize c = 1; c < n_classes; c++)
    for (gsize d = 0; d < c; d++)
      if (have_same_tokens (texts, c * n, d * n, n)) {
        hf_complain ("The classes \"%s\" and \"%s\" are the same to the "
                     "model and get the same probability; choose other words "
                     "for one of them.",
                     classes[d], classes[c]);
        differ = FALSE;
        /* One sentence for each class, not for each pair. */
        break;
      }
  return differ;
}

/* Looks at the prompts, before the device is needed, and makes the classifier
 * of them: NULL with *@status after a sentence. */
static HfZeroShot *
read_prompts (const HfPictureOptions *options, const HfPictureTools *tools,
              const GPtrArray *prompts, char **classes, HfTask *task,
              int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();
  g_autoptr (HfTexts) texts = NULL;
  g_auto (GStrv) flat = NULL;
  gboolean too_long = FALSE;
  HfZeroShot *probe = NULL;

  for (guint c = 0; c < prompts->len; c++)
    g_strv_builder_addv (all, prompts->pdata[c]);
  flat = g_strv_builder_end (all);
  *status = HF_EXIT_USAGE;
  texts = hf_picture_options_read_texts (
      options, tools, (const char *const *) flat, &too_long, &error);
  if (texts != NULL) {
    if (too_long || (!warn_alike (texts, classes) && options->strict))
      return NULL;
    probe = hf_zero_shot_new (tools->extractor,
                              (char *const *const *) prompts->pdata,
                              prompts->len, &error);
  }
  if (probe == NULL)
    *status = hf_task_fail (task, error);
  return probe;
}

static int
classify (HfPictureOptions *options, Answers *work, const GPtrArray *prompts,
          HfTask *task)
{
  HfProgress *progress = hf_task_get_progress (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfPictures) pictures =
      hf_picture_options_collect (options, progress, &error);
  g_auto (HfPictureTools) tools = {0};
  int status;

  if (pictures == NULL)
    return hf_task_fail (task, error);
  if (hf_pictures_get_n (pictures) == 0)
    return hf_options_end (hf_pictures_get_refusals (pictures));
  work->pictures = pictures;
  if (!hf_picture_options_open (options, TRUE, &tools, progress, &error))
    return hf_task_fail (task, error);
  work->probe =
      read_prompts (options, &tools, prompts, work->classes, task, &status);
  if (work->probe == NULL)
    return status;
  if (!work->json)
    print_head (work);
  hf_task_show_bar (task, "Classifying", HF_UNIT_PICTURES);
  if (!hf_embed_pictures (tools.extractor, hf_pictures_get_paths (pictures),
                          hf_pictures_get_n (pictures), answer_cb, work,
                          progress, &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return hf_options_end (hf_pictures_get_refusals (pictures));
}

/* Classes that mean the same would share a probability. */
static const char *
find_twice (char **names)
{
  for (; *names != NULL; names++)
    if (g_strv_contains ((const char *const *) names + 1, *names))
      return *names;
  return NULL;
}

static gboolean
check_usage (const HfVerb *verb, char **classes, char **paths)
{
  const char *missing = classes == NULL
                            ? "The classes are missing: --class NAME for each."
                        : paths == NULL ? "The pictures are missing."
                        : g_strv_contains ((const char *const *) classes, "")
                            ? "A class has an empty name; give it one."
                            : NULL;

  if (missing != NULL)
    hf_options_refuse (verb, "%s", missing);
  else if (find_twice (classes) != NULL)
    hf_options_refuse (verb, "The class \"%s\" is named twice.",
                       find_twice (classes));
  else
    return TRUE;
  return FALSE;
}

/* The prompts of each class (element-type char **; caller unrefs), the same
 * number for each. NULL after a sentence. */
static GPtrArray *
dup_prompts (const HfVerb *verb, char **classes, char **templates)
{
  g_autoptr (HfPromptSet) set = hf_prompt_set_new_from_texts (
      (const char *const *) classes, (const char *const *) templates);
  g_autoptr (GPtrArray) all =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  g_autoptr (GError) error = NULL;

  for (guint c = 0; classes[c] != NULL; c++) {
    char **prompts = hf_prompt_set_dup_class (set, c, &error);

    if (prompts == NULL) {
      hf_options_refuse (verb, "%s", error->message);
      return NULL;
    }
    g_ptr_array_add (all, prompts);
  }
  return g_steal_pointer (&all);
}

int
hf_verb_classify (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE;
  g_auto (GStrv) classes = NULL;
  g_auto (GStrv) templates = NULL;
  g_autoptr (GPtrArray) prompts = NULL;
  const GOptionEntry own[] = {
      {"class", 'c', 0, G_OPTION_ARG_FILENAME_ARRAY, &classes,
       "The name of a class; repeat it for each", "NAME"},
      {"template", 't', 0, G_OPTION_ARG_FILENAME_ARRAY, &templates,
       "A prompt with {class} in it; may be repeated (default: "
       "\"a photo of a {class}\")",
       "T"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON line a picture",
       NULL},
      {NULL},
  };
  g_auto (HfPictureOptions) options = HF_PICTURE_OPTIONS_INIT;
  g_autofree GOptionEntry *entries =
      hf_picture_options_dup_entries (&options, own);
  g_auto (Answers) work = {0};
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (!check_usage (verb, classes, options.paths))
    return HF_EXIT_USAGE;
  prompts = dup_prompts (verb, classes, templates);
  if (prompts == NULL)
    return HF_EXIT_USAGE;
  if (!hf_picture_options_resolve (&options, verb, &status))
    return status;
  work.json = json;
  work.classes = classes;
  work.n_classes = g_strv_length (classes);
  work.probabilities = g_new0 (double, work.n_classes);
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  return classify (&options, &work, prompts, task);
}
