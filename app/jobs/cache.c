/* cache.c: see the header. */
#include "app/jobs/cache.h"

#include "app/places.h"

#include <glib/gi18n-lib.h>

/* The rows used longest ago go first. */
#define CACHE_BYTES (G_GUINT64_CONSTANT (4) << 30)

/* The note in the cache that says otherwise. */
#define LIMIT_NOTE "max-bytes"

char *
hf_cache_dup_path (void)
{
  g_autofree char *folder = hf_places_dup_cache ();

  return g_build_filename (folder, "features.db", NULL);
}

static guint64
read_limit (HfFeatureStore *store)
{
  g_autofree char *note = hf_feature_store_dup_note (store, LIMIT_NOTE);
  guint64 limit = CACHE_BYTES;

  if (note != NULL)
    g_ascii_string_to_unsigned (note, 10, 1, G_MAXINT64, &limit, NULL);
  return limit;
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
    sentence = g_strdup_printf (_("%s The features are computed without a "
                                  "cache."),
                                   error->message);
    log (sentence, log_data);
  }
  if (store != NULL && read_limit (store) != CACHE_BYTES)
    hf_feature_store_set_limit (store, read_limit (store));
  return store;
}

guint64
hf_cache_set_limit (const char *path, guint64 max_bytes)
{
  g_autoptr (HfFeatureStore) store = hf_cache_open (path, NULL, NULL);
  g_autofree char *note = g_strdup_printf ("%" G_GUINT64_FORMAT, max_bytes);

  g_return_val_if_fail (max_bytes > 0, 0);
  if (store == NULL)
    return 0;
  if (read_limit (store) != max_bytes) {
    hf_feature_store_set_note (store, LIMIT_NOTE, note);
    hf_feature_store_set_limit (store, max_bytes);
  }
  return hf_feature_store_get_size (store);
}

guint64
hf_cache_clear (const char *path)
{
  g_autoptr (HfFeatureStore) store = hf_cache_open (path, NULL, NULL);

  if (store == NULL)
    return 0;
  hf_feature_store_set_limit (store, 0);
  return hf_feature_store_get_size (store);
}
