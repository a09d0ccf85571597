/* bundle-options.c: see the header. */
#include "app/cli/verbs/bundle/bundle-options.h"

#include "app/jobs/cache.h"

GOptionEntry *
hf_bundle_options_dup_entries (HfBundleOptions *self, const GOptionEntry *own)
{
  const GOptionEntry common[] = {
      {"model", 'm', 0, G_OPTION_ARG_FILENAME, &self->model,
       "An installed model, a model file or its folder (default: the bundle's "
       "own, else the installed one of its identity)",
       "M"},
      {"device", 'd', 0, G_OPTION_ARG_FILENAME, &self->device,
       "Device by its number or a part of its name (default: the fastest)",
       "D"},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &self->arguments,
       NULL, NULL},
      {NULL},
  };

  return hf_options_join ((const GOptionEntry *const[]){own, common, NULL});
}

void
hf_bundle_options_clear (HfBundleOptions *self)
{
  g_free (self->model);
  g_free (self->device);
  g_strfreev (self->arguments);
}

guint
hf_bundle_options_get_n (const HfBundleOptions *self)
{
  return self->arguments != NULL ? g_strv_length (self->arguments) : 0;
}

HfInspector *
hf_bundle_options_open (const HfBundleOptions *self, gboolean cached,
                        HfProgress *progress, GError **error)
{
  g_autofree char *path = cached ? hf_cache_dup_path () : NULL;
  HfInspectorOptions options = {.model = self->model,
                                .device = self->device,
                                .cache_path = path,
                                .log = hf_task_log};

  return hf_inspector_open (self->arguments[0], &options, progress, error);
}
