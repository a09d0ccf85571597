/* places.c: see the header. */
#include "app/places.h"

#include "app/build-paths.h"

static gboolean
runs_from_build (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);

  return program != NULL &&
         g_str_has_prefix (program, HF_BUILD_ROOT G_DIR_SEPARATOR_S);
}

char *
hf_places_dup_data (const char *name)
{
  const char *folder = g_getenv ("HANDFUL_DATA_DIR");

  if (folder == NULL || *folder == '\0')
    folder = runs_from_build () ? HF_SOURCE_DATA_DIR : HF_DATA_DIR;
  return g_build_filename (folder, name, NULL);
}

char *
hf_places_dup_models (void)
{
  return g_build_filename (g_get_user_data_dir (), "handful", "models", NULL);
}

char *
hf_places_dup_cache (void)
{
  return g_build_filename (g_get_user_cache_dir (), "handful", NULL);
}

char *
hf_places_dup_state (void)
{
  return g_build_filename (g_get_user_state_dir (), "handful", NULL);
}

char *
hf_places_dup_locale (void)
{
  return g_strdup (runs_from_build () ? HF_BUILD_ROOT "/po" : HF_LOCALE_DIR);
}

char *
hf_places_dup_docs (const char *name)
{
  return g_build_filename (
      runs_from_build () ? HF_SOURCE_DOCS_DIR : HF_DOCS_DIR, name, NULL);
}

char *
hf_places_dup_build_schemas (void)
{
  return runs_from_build () ? g_strdup (HF_BUILD_ROOT "/data/desktop") : NULL;
}

const char *
hf_places_get_version (void)
{
  return HF_VERSION;
}
