/* verb-verify.c: handful-cli verify. */
#include "app/cli/output.h"
#include "app/cli/verbs/bundle/bundle-options.h"

static void
print_bundle (const HfInspector *inspector, const char *path)
{
  const HfBundleContent *content = hf_inspector_get_content (inspector);
  const HfProbeSpec *spec = hf_probe_get_spec (content->probe);
  g_autofree char *shown = hf_output_dup_printable (path);
  g_autofree char *framing = hf_framing_dup_name (&content->framing);
  const char *model = hf_inspector_get_model (inspector);

  hf_output_printf ("%s: every member is whole (SHA-256 %s).\n", shown,
                    hf_bundle_get_sha256 (hf_inspector_get_bundle (inspector)));
  hf_output_printf (
      "probe      %s on %s, %u classes\n", hf_probe_kind_get_name (spec->kind),
      hf_blocks_get_name (spec->blocks), g_strv_length (content->classes));
  if (model != NULL)
    hf_output_printf ("model      %s: identity %s, as in training\n", model,
                      content->model_identity);
  hf_output_printf ("framing    %s\nprecision  %s\nviews      %d\n", framing,
                    hf_precision_get_name (content->precision),
                    content->n_views);
}

static void
print_numbers (const HfVerification *result)
{
  char cosine[G_ASCII_DTOSTR_BUF_SIZE], difference[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (cosine, sizeof cosine, "%.6f", result->least_cosine);
  g_ascii_formatd (difference, sizeof difference, "%.6f",
                   result->largest_difference);
  hf_output_printf ("pictures   %" G_GSIZE_FORMAT
                    " give the same numbers: features to a cosine of %s, "
                    "probabilities to %s\n",
                    result->n_pictures, cosine, difference);
}

static int
verify (const HfBundleOptions *options, HfTask *task)
{
  HfProgress *progress = hf_task_get_progress (task);
  g_autoptr (GError) error = NULL;
  /* What was remembered would prove nothing. */
  g_autoptr (HfInspector) inspector =
      hf_bundle_options_open (options, FALSE, progress, &error);
  HfVerification result;

  if (inspector == NULL ||
      !hf_inspector_verify (inspector, &result, progress, &error))
    return hf_task_fail (task, error);
  print_bundle (inspector, options->arguments[0]);
  print_numbers (&result);
  return HF_EXIT_DONE;
}

int
hf_verb_verify (const HfVerb *verb, int argc, char **argv)
{
  const GOptionEntry own[] = {{NULL}};
  g_auto (HfBundleOptions) options = {0};
  g_autofree GOptionEntry *entries =
      hf_bundle_options_dup_entries (&options, own);
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (hf_bundle_options_get_n (&options) == 0)
    return hf_options_refuse (verb, "The bundle is missing.");
  if (hf_bundle_options_get_n (&options) > 1)
    return hf_options_refuse (verb, "The argument \"%s\" is one too many.",
                              options.arguments[1]);
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  return verify (&options, task);
}
