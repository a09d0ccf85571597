/* verb-devices.c: handful-cli devices. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/models/precision.h"
#include "compute/compile.h"

#include <stdio.h>

static HfJson *
new_tiles (const HfDeviceInfo *info)
{
  HfJson *tiles = json_object_new_array ();

  for (gsize i = 0; i < G_N_ELEMENTS (info->tile_ns); i++)
    json_object_array_add (tiles, hf_output_new_number (info->tile_ns[i], 3));
  return tiles;
}

static HfJson *
new_json (const HfDeviceInfo *info)
{
  HfJson *json = json_object_new_object ();
  HfJson *precisions = json_object_new_array ();

  for (int p = 0; p < HF_N_PRECISIONS; p++)
    if (info->supports[p])
      json_object_array_add (
          precisions, json_object_new_string (hf_precision_get_name (p)));
  json_object_object_add (json, "id", hf_output_new_string (info->id));
  json_object_object_add (json, "name", hf_output_new_string (info->name));
  json_object_object_add (json, "platform",
                          hf_output_new_string (info->platform));
  json_object_object_add (json, "driver", hf_output_new_string (info->driver));
  json_object_object_add (json, "version",
                          hf_output_new_string (info->version));
  json_object_object_add (json, "type", hf_output_new_string (info->type));
  json_object_object_add (json, "memory_bytes",
                          json_object_new_uint64 (info->memory_bytes));
  json_object_object_add (json, "compute_units",
                          json_object_new_int (info->compute_units));
  json_object_object_add (json, "precisions", precisions);
  json_object_object_add (json, "usable",
                          json_object_new_boolean (info->usable));
  json_object_object_add (json, "chosen",
                          json_object_new_boolean (info->chosen));
  json_object_object_add (json, "gflops",
                          hf_output_new_number (info->gflops, 3));
  if (info->tile_ns[0] > 0)
    json_object_object_add (json, "tile_ns", new_tiles (info));
  json_object_object_add (json, "reason", hf_output_new_string (info->reason));
  return json;
}

static void
print_plain (const HfDeviceInfo *info)
{
  g_autofree char *memory = hf_output_dup_size (info->memory_bytes);
  g_autofree char *name = hf_output_dup_printable (info->name);
  g_autofree char *driver = hf_output_dup_printable (info->driver);
  g_autofree char *version = hf_output_dup_printable (info->version);
  g_autofree char *reason = hf_output_dup_printable (info->reason);
  g_autofree char *precisions = hf_precision_dup_list (info->supports);

  hf_output_printf ("%s %s  %s\n", info->chosen ? "*" : " ", info->id, name);
  hf_output_printf (
      "       %s, %d compute %s, %s memory\n", info->type, info->compute_units,
      hf_output_get_noun ((guint64) info->compute_units, "unit", "units"),
      memory);
  hf_output_printf ("       %s, driver %s\n", version, driver);
  if (info->usable)
    hf_output_printf ("       precisions %s; self-test %.0f GFLOP/s\n",
                      precisions, info->gflops);
  hf_output_printf ("       %s\n", reason);
}

/* What a first start begins beside itself. */
static int
compile_part (const char *share)
{
  g_autoptr (GError) error = NULL;
  int part = 0, n_parts = 0;

  if (sscanf (share, "%d/%d", &part, &n_parts) != 2 || part < 0 ||
      part >= n_parts) {
    hf_complain ("--part is \"%s\", not as 0/2.", share);
    return HF_EXIT_USAGE;
  }
  hf_device_prepare_environment (0);
  hf_compile_become_helper ();
  if (hf_compile_kernels (part, n_parts, &error))
    return HF_EXIT_DONE;
  hf_complain ("%s", error->message);
  return HF_EXIT_FAILED;
}

int
hf_verb_devices (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE, compile = FALSE;
  g_autofree char *share = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON list", NULL},
      {"compile", 0, 0, G_OPTION_ARG_NONE, &compile,
       "Compile the processor's kernels now, so that no start waits for it",
       NULL},
      {"part", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, &share, NULL,
       NULL},
      {NULL},
  };
  g_autoptr (HfTask) task = NULL;
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (HfJson) list = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (share != NULL)
    return compile_part (share);
  task = hf_task_start (0);
  devices = hf_device_list (&error);
  if (devices == NULL || (compile && !hf_compile_kernels (0, 1, &error)))
    return hf_task_fail (task, error);
  list = json_object_new_array ();
  for (guint i = 0; i < devices->len; i++) {
    if (json)
      json_object_array_add (list, new_json (devices->pdata[i]));
    else
      print_plain (devices->pdata[i]);
  }
  if (json)
    hf_output_json (list);
  return HF_EXIT_DONE;
}
