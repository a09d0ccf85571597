/* project-setup.c: handful-cli project set, class and template. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/project/classes.h"
#include "app/project/prompts.h"

#include <string.h>

static void
print_settings (HfProject *project)
{
  const char *key;

  for (guint i = 0; (key = hf_project_get_setting_key (i)) != NULL; i++) {
    g_autofree char *value = hf_project_dup_setting (project, key);
    g_autofree char *shown =
        value != NULL ? hf_output_dup_printable (value) : NULL;

    if (shown != NULL)
      hf_output_printf ("%s = %s\n", key, shown);
  }
}

static int
print_setting (HfProject *project, const char *key)
{
  g_autofree char *value = hf_project_dup_setting (project, key);
  g_autofree char *shown =
      value != NULL ? hf_output_dup_printable (value) : NULL;

  if (shown == NULL) {
    hf_complain ("The project has no setting \"%s\".", key);
    return HF_EXIT_FAILED;
  }
  hf_output_printf ("%s\n", shown);
  return HF_EXIT_DONE;
}

int
hf_verb_project_set (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  gboolean unset = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"unset", 0, 0, G_OPTION_ARG_NONE, &unset, "Take the setting away", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  guint n_words;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  n_words = g_strv_length (arguments.rest);
  if (n_words > 2 || (unset && n_words != 1))
    return hf_options_refuse (verb, "Give one key, and one value unless it is "
                                    "to be taken away.");
  if (n_words == 0)
    print_settings (arguments.project);
  else if (n_words == 1 && !unset)
    return print_setting (arguments.project, arguments.rest[0]);
  else if (!hf_project_set_setting (arguments.project, arguments.rest[0],
                                    arguments.rest[1], &error))
    return error->domain == HF_PROJECT_ERROR &&
                   error->code != HF_PROJECT_ERROR_NAME
               ? hf_project_complain (error)
               : hf_options_refuse (verb, "%s", error->message);
  return HF_EXIT_DONE;
}

static int
print_classes (HfProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (project, &error);

  if (classes == NULL)
    return hf_project_complain (error);
  for (guint i = 0; i < classes->len; i++) {
    const HfProjectClass *class = classes->pdata[i];
    g_autofree char *shown = hf_output_dup_printable (class->name);

    hf_output_printf ("%-16s %-7s %s %s %" G_GSIZE_FORMAT "\n", shown,
                      hf_class_kind_get_name (class->kind), class->colour,
                      class->key != NULL ? class->key : "-", class->n_labels);
  }
  return HF_EXIT_DONE;
}

/* What `project class` shall make of a class; NULL leaves it as it is. */
typedef struct {
  char *kind, *colour, *key;
} ClassOptions;

static void
class_options_clear (ClassOptions *self)
{
  g_free (self->kind);
  g_free (self->colour);
  g_free (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClassOptions, class_options_clear)

static gboolean
change_class (HfProject *project, const char *name, const ClassOptions *options,
              GError **error)
{
  HfClassKind kind = HF_CLASS_OTHER;
  gint64 id = hf_project_find_class (project, name, NULL);

  if (options->kind != NULL &&
      !hf_class_kind_parse (options->kind, &kind, error))
    return FALSE;
  if (id == 0)
    id = hf_project_add_class (project, name, kind, error);
  else if (options->kind != NULL &&
           !hf_project_set_class_kind (project, id, kind, error))
    return FALSE;
  if (id == 0 ||
      (options->colour != NULL &&
       !hf_project_set_class_colour (project, id, options->colour, error)))
    return FALSE;
  return options->key == NULL ||
         hf_project_set_class_key (
             project, id, *options->key != '\0' ? options->key : NULL, error);
}

int
hf_verb_project_class (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_auto (ClassOptions) options = {0};
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"kind", 'k', 0, G_OPTION_ARG_FILENAME, &options.kind,
       "What it means: good, defect or other", "KIND"},
      {"colour", 0, 0, G_OPTION_ARG_FILENAME, &options.colour,
       "Its colour in the window", "#RRGGBB"},
      {"key", 0, 0, G_OPTION_ARG_FILENAME, &options.key,
       "The key that sets it in the window", "KEY"},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (arguments.rest[0] == NULL)
    return print_classes (arguments.project);
  for (char **name = arguments.rest; *name != NULL; name++)
    if (!change_class (arguments.project, *name, &options, &error))
      return error->domain == G_OPTION_ERROR
                 ? hf_options_refuse (verb, "%s", error->message)
                 : hf_project_complain (error);
  return HF_EXIT_DONE;
}

typedef struct {
  gboolean remove, disable, enable, json;
  gint64 position; /* -1: as it is */
  char **values;   /* "material=steel" */
  char **clear;
  char *class_name;
} TemplateOptions;

static void
template_options_clear (TemplateOptions *self)
{
  g_strfreev (self->values);
  g_strfreev (self->clear);
  g_free (self->class_name);
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
  if (arguments.rest[0] == NULL && options.values == NULL &&
      options.clear == NULL)
    return print_templates (arguments.project, options.json);
  return change_templates (arguments.project, arguments.rest, &options);
}
