/* label-exchange.c: handful-cli label import and export. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/jobs/pictures.h"
#include "app/project/exchange/export.h"
#include "app/project/exchange/import.h"
#include "app/project/sources.h"

#include <string.h>

static void
print_import (const HfImport *result)
{
  hf_output_printf (
      "%" G_GSIZE_FORMAT " %s changed, %" G_GSIZE_FORMAT
      " as before; %" G_GSIZE_FORMAT " new %s, %" G_GSIZE_FORMAT " new %s.\n",
      result->n_labelled,
      hf_output_get_noun (result->n_labelled, "label", "labels"),
      result->n_unchanged, result->n_new_images,
      hf_output_get_noun (result->n_new_images, "picture", "pictures"),
      result->n_new_classes,
      hf_output_get_noun (result->n_new_classes, "class", "classes"));
}

/* Whether the mistake is in what was written on the command line. */
static gboolean
is_usage (const GError *error)
{
  return error->domain == G_REGEX_ERROR || error->domain == G_OPTION_ERROR ||
         g_error_matches (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_CLASS);
}

int
hf_verb_label_import (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *groups = NULL;
  g_autofree char *good = NULL;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"groups", 'g', 0, G_OPTION_ARG_FILENAME, &groups,
       "Which pictures belong to one lot, from now on: folder, csv, or a "
       "regular expression over the file name whose first capture is the lot",
       "RULE"},
      {"good", 0, 0, G_OPTION_ARG_FILENAME, &good,
       "The class that is good; the others are defects", "NAME"},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTask) task = NULL;
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  HfImport result = {0};
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (g_strv_length (arguments.rest) != 1)
    return hf_options_refuse (verb, "Name one folder or list.");
  task = hf_task_start (0);
  if (!hf_project_import (arguments.project, arguments.rest[0], groups, good,
                          refusals, notes, &result, &error))
    return is_usage (error) ? hf_options_refuse (verb, "%s", error->message)
                            : hf_task_fail (task, error);
  print_import (&result);
  for (guint i = 0; i < notes->len; i++)
    hf_complain ("%s", (char *) notes->pdata[i]);
  if (result.n_new_classes > 0)
    hf_project_tell_similar (arguments.project, NULL);
  hf_task_show_bar (task, "Reading", HF_UNIT_PICTURES);
  if (!hf_project_fill_hashes (arguments.project, FALSE,
                               hf_task_get_progress (task), &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return hf_options_end (refusals);
}

int
hf_verb_label_export (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *out = NULL;
  gboolean links = FALSE, with_sealed = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
       "A list NAME.csv, or a folder that is not there yet", "OUT"},
      {"links", 0, 0, G_OPTION_ARG_NONE, &links,
       "A folder of symbolic links instead of copies", NULL},
      {"with-sealed", 0, 0, G_OPTION_ARG_NONE, &with_sealed,
       "Also the acceptance set", NULL},
      {NULL},
  };
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTask) task = NULL;
  HfExportForm form;
  gsize n = 0;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (out == NULL)
    return hf_options_refuse (verb, "Say where to: -o labels.csv.");
  form = g_str_has_suffix (out, ".csv") ? HF_EXPORT_LIST
         : links                        ? HF_EXPORT_LINKS
                                        : HF_EXPORT_COPIES;
  if (links && form == HF_EXPORT_LIST)
    return hf_options_refuse (verb, "A list has no links.");
  task = hf_task_start (0);
  hf_task_show_bar (task, "Writing", HF_UNIT_PICTURES);
  if (!hf_project_export (arguments.project, out, form, with_sealed, refusals,
                          &n, hf_task_get_progress (task), &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  hf_output_printf ("%" G_GSIZE_FORMAT " %s written.\n", n,
                    hf_output_get_noun (n, "label", "labels"));
  return hf_options_end (refusals);
}
