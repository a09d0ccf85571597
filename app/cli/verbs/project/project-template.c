/* project-template.c: handful-cli project template. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/models/store.h"
#include "app/project/prompts.h"
#include "app/prompts/reader.h"

#include <string.h>

typedef struct {
  gboolean remove, disable, enable, json, prompts, library;
  gint64 position; /* -1: as it is */
  char **values;   /* "material=steel" */
  char **clear;
  char *class_name;
  char *from; /* a group of the library */
} TemplateOptions;

static void
template_options_clear (TemplateOptions *self)
{
  g_strfreev (self->values);
  g_strfreev (self->clear);
  g_free (self->class_name);
  g_free (self->from);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TemplateOptions, template_options_clear)

static void
print_templates_json (const GPtrArray *templates, const GPtrArray *fillings)
{
  g_autoptr (HfJson) json = json_object_new_object ();
  HfJson *list = json_object_new_array ();
  HfJson *values = json_object_new_array ();

  for (guint i = 0; i < templates->len; i++) {
    const HfPromptTemplate *template = templates->pdata[i];
    HfJson *one = json_object_new_object ();

    json_object_object_add (one, "text", hf_output_new_string (template->text));
    json_object_object_add (one, "enabled",
                            json_object_new_boolean (template->enabled));
    json_object_array_add (list, one);
  }
  for (guint i = 0; i < fillings->len; i++) {
    const HfPromptFilling *filling = fillings->pdata[i];
    HfJson *one = json_object_new_object ();

    json_object_object_add (one, "placeholder",
                            hf_output_new_string (filling->place));
    json_object_object_add (one, "class",
                            filling->class_name != NULL
                                ? hf_output_new_string (filling->class_name)
                                : NULL);
    json_object_object_add (one, "value", hf_output_new_string (filling->text));
    json_object_array_add (values, one);
  }
  json_object_object_add (json, "templates", list);
  json_object_object_add (json, "values", values);
  hf_output_json (json);
}

static void
print_templates_plain (const GPtrArray *templates, const GPtrArray *fillings)
{
  for (guint i = 0; i < templates->len; i++) {
    const HfPromptTemplate *template = templates->pdata[i];
    g_autofree char *shown = hf_output_dup_printable (template->text);

    hf_output_printf ("%s%s\n", shown, template->enabled ? "" : "  (off)");
  }
  for (guint i = 0; i < fillings->len; i++) {
    const HfPromptFilling *filling = fillings->pdata[i];
    g_autofree char *place = hf_output_dup_printable (filling->place);
    g_autofree char *text = hf_output_dup_printable (filling->text);
    g_autofree char *name = hf_output_dup_printable (
        filling->class_name != NULL ? filling->class_name : "");

    hf_output_printf ("  {%s}%s%s = %s\n", place,
                      filling->class_name != NULL ? " of " : "", name, text);
  }
}

static int
print_templates (HfProject *project, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) templates =
      hf_project_dup_all_templates (project, &error);
  g_autoptr (GPtrArray) fillings = NULL;

  if (templates == NULL)
    return hf_project_complain (error);
  fillings = hf_project_dup_fillings (project, &error);
  if (fillings == NULL)
    return hf_project_complain (error);
  if (json)
    print_templates_json (templates, fillings);
  else
    print_templates_plain (templates, fillings);
  return HF_EXIT_DONE;
}

static int
print_library (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = hf_library_load (&error);

  if (groups == NULL)
    return hf_project_complain (error);
  for (guint g = 0; g < groups->len; g++) {
    const HfLibraryGroup *group = groups->pdata[g];

    hf_output_printf ("%s%s: %s. %s\n", g > 0 ? "\n" : "", group->name,
                      group->title, group->advice);
    for (guint t = 0; t < group->templates->len; t++)
      hf_output_printf (
          "  %s\n", ((HfLibraryTemplate *) group->templates->pdata[t])->text);
    for (guint p = 0; p < group->places->len; p++) {
      const HfLibraryPlace *place = group->places->pdata[p];
      g_autofree char *values = g_strjoinv (", ", place->values);

      hf_output_printf ("  {%s}: %s; to begin with: %s\n", place->place,
                        place->meaning, values);
    }
  }
  return HF_EXIT_DONE;
}

/* "14 tokens", and the words that mean nothing to the model. */
static char *
dup_reading (const HfPromptReader *reader, const char *prompt)
{
  g_autoptr (HfPromptReading) reading = hf_prompt_reader_read (reader, prompt);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean first = TRUE;

  g_string_printf (text, "%" G_GSIZE_FORMAT " tokens", reading->n_tokens);
  if (reading->cut_at < strlen (prompt))
    g_string_append_printf (text, ", cut before \"%s\"",
                            prompt + reading->cut_at);
  for (guint i = 0; i < reading->words->len; i++) {
    const HfPromptWord *word = &g_array_index (reading->words, HfPromptWord, i);

    if (word->kind != HF_PROMPT_WORD_UNKNOWN)
      continue;
    g_string_append_printf (text, "%s\"%.*s\"", first ? ", unknown: " : " ",
                            (int) word->size_bytes, prompt + word->start);
    first = FALSE;
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_class (const HfPromptSet *set, guint c, const HfPromptReader *reader)
{
  g_autofree char *name =
      hf_output_dup_printable (hf_prompt_set_get_class (set, c));

  hf_output_printf ("%s\n", name);
  for (guint t = 0; t < hf_prompt_set_get_n_templates (set); t++) {
    const char *const *prompts = hf_prompt_set_get (set, t, c);

    for (; hf_prompt_set_is_enabled (set, t) && *prompts != NULL; prompts++) {
      g_autofree char *shown = hf_output_dup_printable (*prompts);
      g_autofree char *reading = dup_reading (reader, *prompts);

      hf_output_printf ("  %s  (%s)\n", shown, reading);
    }
  }
}

/* Every prompt that the project's templates stand for, as its model reads
 * it. */
static int
print_prompts (HfProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = hf_project_dup_setting (project, "model");
  g_autofree char *path =
      hf_store_dup_path (name != NULL ? name : HF_STORE_STARTER, &error);
  g_autoptr (HfPromptReader) reader =
      path != NULL ? hf_prompt_reader_new (path, &error) : NULL;
  g_autoptr (HfPromptSet) set =
      reader != NULL ? hf_project_dup_prompt_set (project, NULL, &error) : NULL;

  if (set == NULL)
    return hf_project_complain (error);
  for (guint t = 0; t < hf_prompt_set_get_n_templates (set); t++)
    if (hf_prompt_set_is_enabled (set, t) &&
        hf_prompt_set_get_problem (set, t) != NULL)
      hf_complain ("%s", hf_prompt_set_get_problem (set, t)->message);
  for (guint c = 0; c < hf_prompt_set_get_n_classes (set); c++)
    print_class (set, c, reader);
  return HF_EXIT_DONE;
}

/* All values that --value gives the placeholder of @pair (caller frees). */
static char **
dup_values_like (char **pairs, const char *pair, char **place)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  gsize n = (gsize) (strchr (pair, '=') - pair) + 1;

  for (; *pairs != NULL; pairs++)
    if (strncmp (*pairs, pair, n) == 0)
      g_strv_builder_add (values, *pairs + n);
  *place = g_strndup (pair, n - 1);
  return g_strv_builder_end (values);
}

static gboolean
change_fillings (HfProject *project, const TemplateOptions *options,
                 GError **error)
{
  static const char *const none[] = {NULL};

  for (char **name = options->clear; name != NULL && *name != NULL; name++)
    if (!hf_project_set_filling (project, *name, options->class_name, none,
                                 error))
      return FALSE;
  for (char **pair = options->values; pair != NULL && *pair != NULL; pair++) {
    g_autofree char *place = NULL;
    g_auto (GStrv) values = dup_values_like (options->values, *pair, &place);

    if (!hf_project_set_filling (project, place, options->class_name,
                                 (const char *const *) values, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
has_template (const GPtrArray *all, const char *text)
{
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (((HfPromptTemplate *) all->pdata[i])->text, text))
      return TRUE;
  return FALSE;
}

/* Adds the templates of a group of the library that are not there yet. */
static gboolean
add_group (HfProject *project, const HfLibraryGroup *group, GError **error)
{
  g_autoptr (GPtrArray) all = hf_project_dup_all_templates (project, error);

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < group->templates->len; i++) {
    const HfLibraryTemplate *template = group->templates->pdata[i];

    if (!has_template (all, template->text) &&
        !hf_project_add_library_template (project, group, template, error))
      return FALSE;
  }
  return TRUE;
}

static int
add_from_library (const HfVerb *verb, HfProject *project, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) groups = hf_library_load (&error);
  const HfLibraryGroup *group =
      groups != NULL ? hf_library_find (groups, name) : NULL;

  if (groups != NULL && group == NULL)
    return hf_options_refuse (
        verb, "The library has no group \"%s\"; see --library.", name);
  if (groups == NULL || !add_group (project, group, &error))
    return hf_project_complain (error);
  return HF_EXIT_DONE;
}

static gboolean
change_template (HfProject *project, const char *text,
                 const TemplateOptions *options, GError **error)
{
  if (options->remove)
    return hf_project_remove_template (project, text, error);
  if (options->disable || options->enable)
    return hf_project_enable_template (project, text, options->enable, error);
  if (options->position > 0)
    return hf_project_move_template (project, text,
                                     (guint) options->position - 1, error);
  return hf_project_add_template (project, text, error);
}

static gboolean
check_template_options (const HfVerb *verb, const TemplateOptions *options,
                        int *status)
{
  int n_verbs = options->remove + options->disable + options->enable +
                (options->position != 0);

  *status = HF_EXIT_USAGE;
  for (char **pair = options->values; pair != NULL && *pair != NULL; pair++)
    if (strchr (*pair, '=') == NULL) {
      hf_options_refuse (verb, "\"%s\" is no value; write NAME=TEXT.", *pair);
      return FALSE;
    }
  if (n_verbs <= 1 && options->position >= 0 && options->position < 1000000)
    return TRUE;
  hf_options_refuse (verb, "Use one of --remove, --disable, --enable and "
                           "--position N, with N from 1 on.");
  return FALSE;
}

static int
change_templates (HfProject *project, char **texts,
                  const TemplateOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (!change_fillings (project, options, &error))
    return hf_project_complain (error);
  for (; *texts != NULL; texts++)
    if (!change_template (project, *texts, options, &error))
      return hf_project_complain (error);
  return HF_EXIT_DONE;
}

int
hf_verb_project_template (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_auto (TemplateOptions) options = {0};
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"remove", 0, 0, G_OPTION_ARG_NONE, &options.remove,
       "Remove the templates", NULL},
      {"disable", 0, 0, G_OPTION_ARG_NONE, &options.disable,
       "Keep them, but do not use them", NULL},
      {"enable", 0, 0, G_OPTION_ARG_NONE, &options.enable, "Use them again",
       NULL},
      {"position", 0, 0, G_OPTION_ARG_INT64, &options.position,
       "Move the template to this place, 1 the first", "N"},
      {"value", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.values,
       "A value of a placeholder; repeat it for more. They replace those "
       "there were",
       "NAME=TEXT"},
      {"clear", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.clear,
       "Take the values of a placeholder away", "NAME"},
      {"class", 'c', 0, G_OPTION_ARG_FILENAME, &options.class_name,
       "The values are those of one class", "CLASS"},
      {"library", 0, 0, G_OPTION_ARG_NONE, &options.library,
       "List the library of templates instead", NULL},
      {"from", 0, 0, G_OPTION_ARG_FILENAME, &options.from,
       "Add the templates of a group of the library, with values to begin with",
       "GROUP"},
      {"prompts", 0, 0, G_OPTION_ARG_NONE, &options.prompts,
       "List every prompt instead, with its tokens and unknown words", NULL},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json,
       "Print the list as one JSON object", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !check_template_options (verb, &options, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (options.library)
    return print_library ();
  if (options.from != NULL) {
    status = add_from_library (verb, arguments.project, options.from);
    if (status != HF_EXIT_DONE)
      return status;
  }
  if (options.prompts)
    return print_prompts (arguments.project);
  if (arguments.rest[0] == NULL && options.values == NULL &&
      options.clear == NULL && options.from == NULL)
    return print_templates (arguments.project, options.json);
  return change_templates (arguments.project, arguments.rest, &options);
}
