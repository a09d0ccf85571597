/* project-arguments.c: what `project` and `label` have in common. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/jobs/pictures.h"
#include "app/project/classes.h"

void
hf_project_arguments_clear (HfProjectArguments *self)
{
  g_clear_pointer (&self->project, hf_project_close);
  g_free (self->name);
  g_strfreev (self->words);
}

gboolean
hf_project_arguments_name (HfProjectArguments *self, const HfVerb *verb,
                           gboolean first_word, int *status)
{
  static char *none[] = {NULL};

  self->rest = self->words != NULL ? self->words : none;
  if (self->name == NULL && first_word && self->rest[0] != NULL) {
    self->name = g_strdup (self->rest[0]);
    self->rest++;
  }
  if (self->name != NULL)
    return TRUE;
  *status = hf_options_refuse (
      verb, first_word ? "Name the project: NAME.handful."
                       : "Say which project: --project NAME.handful.");
  return FALSE;
}

gboolean
hf_project_arguments_open (HfProjectArguments *self, const HfVerb *verb,
                           gboolean first_word, int *status)
{
  g_autoptr (GError) error = NULL;

  if (!hf_project_arguments_name (self, verb, first_word, status))
    return FALSE;
  self->project = hf_project_open (self->name, &error);
  if (self->project == NULL)
    *status = hf_project_complain (error);
  return self->project != NULL;
}

int
hf_project_complain (const GError *error)
{
  hf_complain ("%s", error->message);
  return HF_EXIT_FAILED;
}

void
hf_project_tell_similar (HfProject *project, const char *class_name)
{
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (project, NULL);

  for (guint i = 0; classes != NULL && i < classes->len; i++)
    for (guint j = 0; j < i; j++) {
      const char *name = ((HfProjectClass *) classes->pdata[i])->name;
      const char *other = ((HfProjectClass *) classes->pdata[j])->name;
      gboolean is_asked = class_name == NULL ||
                          g_str_equal (name, class_name) ||
                          g_str_equal (other, class_name);

      if (is_asked && hf_class_is_similar (name, other))
        hf_complain ("The classes \"%s\" and \"%s\" differ in case, stored "
                     "accents or blanks at their ends alone; project relabel "
                     "makes them one.",
                     name, other);
    }
}

static void
print_help (const HfVerb *verb, const HfVerb *verbs)
{
  hf_output_printf ("Usage:\n  handful-cli %s VERB [OPTION...]\n\n%s\n\n",
                    verb->name, verb->summary);
  for (const HfVerb *each = verbs; each->name != NULL; each++)
    hf_output_printf ("  %-20s %s\n", each->name, each->summary);
  if (verb->more != NULL)
    hf_output_printf ("\n%s\n", verb->more);
  hf_output_printf ("\nExample:\n  %s\n", verb->example);
}

int
hf_verbs_run (const HfVerb *verb, const HfVerb *verbs, int argc, char **argv)
{
  const HfVerb *found;

  if (argc < 2)
    return hf_options_refuse (verb, "Say which verb of %s.", verb->name);
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")) {
    print_help (verb, verbs);
    return HF_EXIT_DONE;
  }
  found = hf_verbs_find (verbs, argv[1]);
  if (found == NULL)
    return hf_options_refuse (verb, "There is no verb \"%s %s\".", verb->name,
                              argv[1]);
  return found->run (found, argc - 1, argv + 1);
}
