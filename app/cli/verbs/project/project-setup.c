/* project-setup.c: handful-cli project set and class. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/project/classes.h"

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
  gboolean remove;
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
remove_class (HfProject *project, const char *name, GError **error)
{
  gint64 id = hf_project_find_class (project, name, error);
  g_autofree char *shown = hf_output_dup_printable (name);
  gsize n;

  if (id == 0 || !hf_project_remove_class (project, id, &n, error))
    return FALSE;
  hf_output_printf ("Removed %s; %" G_GSIZE_FORMAT " %s taken away.\n", shown,
                    n, hf_output_get_noun (n, "label", "labels"));
  return TRUE;
}

static gboolean
change_class (HfProject *project, const char *name, const ClassOptions *options,
              GError **error)
{
  HfClassKind kind = HF_CLASS_OTHER;
  gint64 id = hf_project_find_class (project, name, NULL);

  if (options->kind != NULL &&
      !hf_class_kind_parse (options->kind, &kind, error))
    return FALSE;
  if (id == 0) {
    id = hf_project_add_class (project, name, kind, error);
    if (id != 0)
      hf_project_tell_similar (project, name);
  } else if (options->kind != NULL &&
             !hf_project_set_class_kind (project, id, kind, error)) {
    return FALSE;
  }
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
      {"remove", 0, 0, G_OPTION_ARG_NONE, &options.remove,
       "Take its labels away and list it no more; label undo brings it back",
       NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (options.remove && (options.kind != NULL || options.colour != NULL ||
                         options.key != NULL || arguments.rest[0] == NULL))
    return hf_options_refuse (verb, "Use --remove alone, with the classes.");
  if (arguments.rest[0] == NULL)
    return print_classes (arguments.project);
  for (char **name = arguments.rest; *name != NULL; name++)
    if (options.remove
            ? !remove_class (arguments.project, *name, &error)
            : !change_class (arguments.project, *name, &options, &error))
      return error->domain == G_OPTION_ERROR
                 ? hf_options_refuse (verb, "%s", error->message)
                 : hf_project_complain (error);
  return HF_EXIT_DONE;
}
