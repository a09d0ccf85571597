/* cache.c: see the header. */
#include "app/jobs/cache.h"

#include "app/places.h"

/* The rows used longest ago go first. */
#define CACHE_BYTES (G_GUINT64_CONSTANT (4) << 30)

char *
hf_cache_dup_path (void)
{
  g_autofree char *folder = hf_places_dup_cache ();

  return g_build_filename (folder, "features.db", NULL);
}

HfFeatureStore *
hf_cache_open (const char *path, HfDeviceLog log, gpointer log_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;
  HfFeatureStore *store;

  if (path == NULL)
    return NULL;
  store = hf_feature_store_open (path, CACHE_BYTES, &error);
  if (store == NULL && log != NULL) {
    sentence = g_strdup_printf ("%s The features are computed without a cache.",
                                error->message);
    log (sentence, log_data);
  }
  return store;
}
