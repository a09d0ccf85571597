/* project-repair.c: handful-cli project check and recover. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/project/repair/check.h"
#include "app/project/repair/recover.h"

static HfJson *
new_list (const GPtrArray *sentences)
{
  HfJson *list = json_object_new_array ();

  for (guint i = 0; i < sentences->len; i++)
    json_object_array_add (list, hf_output_new_string (sentences->pdata[i]));
  return list;
}

static void
print_lines (const GPtrArray *sentences)
{
  for (guint i = 0; i < sentences->len; i++) {
    g_autofree char *shown = hf_output_dup_printable (sentences->pdata[i]);

    hf_output_printf ("%s\n", shown);
  }
}

int
hf_verb_project_check (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (HfJson) object = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_name (&arguments, verb, TRUE, &status))
    return status;
  found = hf_project_check (arguments.name, &error);
  if (found == NULL)
    return hf_project_complain (error);
  if (json) {
    object = json_object_new_object ();
    json_object_object_add (object, "sound",
                            json_object_new_boolean (found->len == 0));
    json_object_object_add (object, "faults", new_list (found));
    hf_output_json (object);
  } else if (found->len == 0) {
    hf_output_text ("The project is sound.\n");
  } else {
    print_lines (found);
  }
  return found->len == 0 ? HF_EXIT_DONE : HF_EXIT_FAILED;
}

static void
print_recovery_json (const HfRecovery *recovery)
{
  g_autoptr (HfJson) json = json_object_new_object ();

  json_object_object_add (json, "complete",
                          json_object_new_boolean (recovery->is_complete));
  json_object_object_add (json, "labels",
                          json_object_new_uint64 (recovery->n_labels));
  json_object_object_add (json, "labels_missing",
                          json_object_new_uint64 (recovery->n_lost_labels));
  json_object_object_add (json, "images",
                          json_object_new_uint64 (recovery->n_images));
  json_object_object_add (json, "images_missing",
                          json_object_new_uint64 (recovery->n_lost_images));
  json_object_object_add (json, "report", new_list (recovery->sentences));
  hf_output_json (json);
}

int
hf_verb_project_recover (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *out = NULL;
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "The new project, which must not be there yet", "GOOD.handful"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON object", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_auto (HfRecovery) recovery = {0};
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_name (&arguments, verb, TRUE, &status))
    return status;
  if (out == NULL)
    return hf_options_refuse (verb, "Say where to: -o GOOD.handful.");
  if (!hf_project_recover (arguments.name, out, &recovery, &error))
    return hf_project_complain (error);
  if (json)
    print_recovery_json (&recovery);
  else
    print_lines (recovery.sentences);
  return HF_EXIT_DONE;
}
