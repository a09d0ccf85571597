/* verb-models.c: handful-cli models, and its list, add, remove and get. The
 * verb `models info` has a file of its own. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/cli/verbs/verb-models-info.h"
#include "app/models/catalogue.h"
#include "app/models/estimate.h"
#include "app/models/fetch.h"
#include "app/models/import.h"

static HfJson *
new_stored_json (const HfStoredModel *model)
{
  HfJson *json = json_object_new_object ();
  HfJson *verified = NULL;

  json_object_object_add (json, "name", hf_output_new_string (model->name));
  json_object_object_add (json, "installed", json_object_new_boolean (TRUE));
  json_object_object_add (json, "built_in",
                          json_object_new_boolean (model->built_in));
  json_object_object_add (json, "folder", hf_output_new_string (model->folder));
  json_object_object_add (json, "bytes",
                          json_object_new_uint64 (model->size_bytes));
  if (model->identity != NULL)
    json_object_object_add (json, "identity",
                            hf_output_new_string (model->identity));
  if (model->verified_as != NULL)
    verified = hf_output_new_string (model->verified_as);
  json_object_object_add (json, "verified_as", verified);
  return json;
}

/* @estimate: NULL where no device was ever tested. */
static HfJson *
new_entry_json (const HfCatalogueEntry *entry, const HfEstimate *estimate)
{
  HfJson *json = json_object_new_object ();

  json_object_object_add (json, "name", hf_output_new_string (entry->name));
  json_object_object_add (json, "installed", json_object_new_boolean (FALSE));
  json_object_object_add (json, "url", hf_output_new_string (entry->url));
  json_object_object_add (json, "sha256", hf_output_new_string (entry->sha256));
  json_object_object_add (json, "about_bytes",
                          json_object_new_int64 (entry->size_bytes));
  json_object_object_add (json, "parameters",
                          json_object_new_int64 (entry->n_parameters));
  json_object_object_add (json, "image_px",
                          json_object_new_int (entry->input_px));
  json_object_object_add (json, "embed_dim",
                          json_object_new_int (entry->embed_dim));
  json_object_object_add (json, "about_ms",
                          estimate != NULL && estimate->ms > 0
                              ? hf_output_new_number (estimate->ms, 2)
                              : NULL);
  json_object_object_add (
      json, "fits_memory",
      estimate != NULL ? json_object_new_boolean (estimate->fits) : NULL);
  return json;
}

static gboolean
is_installed (const GPtrArray *models, const HfCatalogueEntry *entry)
{
  for (guint i = 0; i < models->len; i++) {
    const HfStoredModel *model = models->pdata[i];

    if (hf_model_names_equal (model->name, entry->name))
      return TRUE;
  }
  return FALSE;
}

static void
print_list_json (const GPtrArray *models, const HfCatalogue *catalogue,
                 const HfEstimate *estimates)
{
  g_autoptr (HfJson) list = json_object_new_array ();

  for (guint i = 0; i < models->len; i++)
    json_object_array_add (list, new_stored_json (models->pdata[i]));
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++)
    if (!is_installed (models, hf_catalogue_get (catalogue, i)))
      json_object_array_add (
          list, new_entry_json (hf_catalogue_get (catalogue, i),
                                estimates != NULL ? &estimates[i] : NULL));
  hf_output_json (list);
}

static void
print_entry (const HfCatalogueEntry *entry, const HfEstimate *estimate)
{
  g_autofree char *size = hf_output_dup_size ((guint64) entry->size_bytes);
  g_autofree char *time = estimate != NULL && estimate->ms > 0
                              ? hf_estimate_dup_time (estimate->ms, 2)
                              : NULL;

  hf_output_printf ("  %-20s %8s  %d px, %d numbers a picture", entry->name,
                    size, entry->input_px, entry->embed_dim);
  if (time != NULL)
    hf_output_printf (", about %s here", time);
  if (estimate != NULL && !estimate->fits)
    hf_output_text (", too large for this device's memory");
  hf_output_text ("\n");
}

static void
print_list (const GPtrArray *models, const HfCatalogue *catalogue,
            const HfEstimate *estimates)
{
  hf_output_text ("Installed:\n");
  for (guint i = 0; i < models->len; i++) {
    const HfStoredModel *model = models->pdata[i];
    g_autofree char *size = hf_output_dup_size (model->size_bytes);
    g_autofree char *note = NULL;

    if (model->verified_as != NULL)
      note = g_strdup_printf ("verified as OpenAI's %s by %s",
                              model->verified_as, model->verified_how);
    hf_output_printf ("  %-20s %8s  %s\n", model->name, size,
                      model->built_in ? "comes with Handful"
                      : note != NULL  ? note
                                      : "");
  }
  hf_output_text ("\nTo be had with: handful-cli models get NAME\n");
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);

    if (!is_installed (models, entry))
      print_entry (entry, estimates != NULL ? &estimates[i] : NULL);
  }
}

static int
models_list (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON list", NULL},
      {NULL},
  };
  g_autoptr (HfCatalogue) catalogue = NULL;
  g_autoptr (GPtrArray) models = NULL;
  g_autofree HfEstimate *estimates = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  catalogue = hf_catalogue_load (&error);
  if (catalogue == NULL) {
    hf_complain ("%s", error->message);
    return HF_EXIT_FAILED;
  }
  models = hf_store_list ();
  hf_device_prepare_environment (0);
  estimates = hf_estimate_here (catalogue, models, NULL);
  if (json)
    print_list_json (models, catalogue, estimates);
  else
    print_list (models, catalogue, estimates);
  return HF_EXIT_DONE;
}

static void
say_added (const HfStoredModel *model)
{
  g_autofree char *folder = hf_output_dup_printable (model->folder);

  hf_output_printf ("Added %s (%s).\n", model->name, folder);
  if (model->not_verified != NULL)
    hf_output_printf ("%s\n", model->not_verified);
  if (model->verified_as == NULL)
    return;
  hf_output_printf ("Verified as OpenAI's %s by %s", model->verified_as,
                    model->verified_how);
  if (model->largest_difference > 0)
    hf_output_printf (", largest difference %.1e", model->largest_difference);
  hf_output_text (".\n");
}

/* Parses the options of a verb that takes one argument, which @arguments of
 * @entries receives. FALSE with *@status if the verb shall end. */
static gboolean
parse_one (const HfVerb *verb, const GOptionEntry *entries, int argc,
           char **argv, char ***arguments, const char *wanted, int *status)
{
  if (!hf_options_parse (verb, entries, argc, argv, status))
    return FALSE;
  if (*arguments != NULL && g_strv_length (*arguments) == 1)
    return TRUE;
  *status = hf_options_refuse (verb, "%s", wanted);
  return FALSE;
}

/* The end of a verb that adds @model, or failed to. */
static int
end_adding (HfTask *task, const HfStoredModel *model, const GError *error)
{
  if (model == NULL)
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_BYTES);
  say_added (model);
  return HF_EXIT_DONE;
}

static int
models_add (const HfVerb *verb, int argc, char **argv)
{
  g_auto (GStrv) paths = NULL;
  g_autofree char *name = NULL;
  g_autofree char *device = NULL;
  const GOptionEntry entries[] = {
      {"name", 'n', 0, G_OPTION_ARG_FILENAME, &name,
       "Name in the store (default: from the file's name)", "N"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &device,
       "Device for the check against published numbers", "D"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL,
       NULL},
      {NULL},
  };
  g_autoptr (HfTask) task = NULL;
  g_autoptr (HfStoredModel) model = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!parse_one (verb, entries, argc, argv, &paths,
                  "Name one model file or folder.", &status))
    return status;
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, device))
    return HF_EXIT_USAGE;
  hf_task_show_bar (task, "Adding", HF_UNIT_BYTES);
  model = hf_import_path (paths[0], name, device, hf_task_get_progress (task),
                          &error);
  return end_adding (task, model, error);
}

static int
models_remove (const HfVerb *verb, int argc, char **argv)
{
  gboolean yes = FALSE;
  g_auto (GStrv) names = NULL;
  const GOptionEntry entries[] = {
      {"yes", 'y', 0, G_OPTION_ARG_NONE, &yes, "Do not ask", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL,
       NULL},
      {NULL},
  };
  g_autoptr (HfStoredModel) model = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!parse_one (verb, entries, argc, argv, &names,
                  "Name one installed model.", &status))
    return status;
  model = hf_store_find (names[0], &error);
  if (model == NULL) {
    hf_complain ("%s", error->message);
    return HF_EXIT_FAILED;
  }
  if (!model->built_in && !yes) {
    g_autofree char *question =
        g_strdup_printf ("Remove the model %s from disk?", model->name);

    if (!hf_options_ask (question))
      return HF_EXIT_FAILED;
  }
  if (!hf_store_remove (names[0], &error)) {
    hf_complain ("%s", error->message);
    return HF_EXIT_FAILED;
  }
  hf_output_printf ("Removed %s.\n", model->name);
  return HF_EXIT_DONE;
}

static void
show_checking (gpointer task)
{
  hf_task_show_bar (task, "Checking", HF_UNIT_BYTES);
}

static int
models_get (const HfVerb *verb, int argc, char **argv)
{
  g_auto (GStrv) names = NULL;
  g_autofree char *url = NULL;
  g_autofree char *sha256 = NULL;
  g_autofree char *device = NULL;
  int n_retries = 5;
  const GOptionEntry entries[] = {
      {"url", 'u', 0, G_OPTION_ARG_FILENAME, &url,
       "Address to download from, instead of the catalogue's", "U"},
      {"sha256", 0, 0, G_OPTION_ARG_FILENAME, &sha256,
       "Checksum of a file that is not in the catalogue", "HEX"},
      {"retries", 0, 0, G_OPTION_ARG_INT, &n_retries,
       "Attempts after a broken connection (default: 5)", "N"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &device,
       "Device for the check against published numbers", "D"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL,
       NULL},
      {NULL},
  };
  HfFetchOptions options;
  g_autoptr (HfTask) task = NULL;
  g_autoptr (HfStoredModel) model = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!parse_one (verb, entries, argc, argv, &names,
                  "Name one model of the catalogue.", &status))
    return status;
  if (n_retries < 0)
    return hf_options_refuse (verb, "Retries cannot be negative.");
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, device))
    return HF_EXIT_USAGE;
  options = (HfFetchOptions){.name = names[0],
                             .url = url,
                             .sha256 = sha256,
                             .device = device,
                             .n_retries = n_retries,
                             .log = hf_task_log,
                             .checking = show_checking,
                             .checking_data = task};
  hf_task_show_bar (task, names[0], HF_UNIT_BYTES);
  model = hf_fetch_model (&options, hf_task_get_progress (task), &error);
  return end_adding (task, model, error);
}

static const HfVerb verbs[] = {
    {"models list", "",
     "Lists the models: installed ones, and those to be had.", NULL,
     "handful-cli models list", models_list},
    {"models info", "MODEL",
     "Describes a model or any file of tensors, whatever its format.",
     "MODEL is an installed model, a file or a folder.",
     "handful-cli models info --json starter", hf_verb_models_info},
    {"models add", "FILE|DIR",
     "Copies a model into the store: OpenAI's .pt, a state dict, safetensors.",
     "The copy is complete and was read as a model before it gets its name. "
     "Weights\nthat OpenAI published are compared with the published numbers.",
     "handful-cli models add ~/Downloads/ViT-B-32.pt", models_add},
    {"models remove", "NAME", "Deletes a model from the store.", NULL,
     "handful-cli models remove --yes ViT-B-32", models_remove},
    {"models get", "NAME", "Downloads a model into the store.",
     "A download that broke off goes on where it stopped, at once or with the "
     "next\ncall. The file is checked by its SHA-256 and read as a model "
     "before "
     "it is used.",
     "handful-cli models get ViT-B/32", models_get},
    {NULL},
};

static void
print_help (const HfVerb *verb)
{
  hf_output_printf ("Usage:\n  handful-cli models VERB [OPTION...]\n\n%s\n\n",
                    verb->summary);
  for (const HfVerb *each = verbs; each->name != NULL; each++)
    hf_output_printf ("  %-14s %s\n", each->name, each->summary);
  hf_output_printf ("\nExample:\n  %s\n", verb->example);
}

int
hf_verb_models (const HfVerb *verb, int argc, char **argv)
{
  const HfVerb *found;

  if (argc < 2)
    return hf_options_refuse (verb, "Say which: list, info, add, remove or "
                                    "get.");
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")) {
    print_help (verb);
    return HF_EXIT_DONE;
  }
  found = hf_verbs_find (verbs, argv[1]);
  if (found == NULL)
    return hf_options_refuse (verb, "There is no verb \"models %s\".", argv[1]);
  return found->run (found, argc - 1, argv + 1);
}
