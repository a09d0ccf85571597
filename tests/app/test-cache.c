/* How large the cache may get, as all programs see it. */
#include "app/jobs/cache.h"

#include <glib/gstdio.h>

#define KEY "model crop f16 clip"
#define ROW_BYTES 4096

static char *
dup_sha256 (int i)
{
  g_autofree char *text = g_strdup_printf ("%d", i);

  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static void
put (const char *path, int from, int to)
{
  g_autoptr (HfFeatureStore) store = hf_cache_open (path, NULL, NULL);
  const char row[ROW_BYTES] = {1};

  g_assert_nonnull (store);
  for (int i = from; i < to; i++) {
    g_autofree char *sha256 = dup_sha256 (i);
    const char *const names[] = {sha256};

    hf_feature_store_put (store, KEY, names, 1, row, ROW_BYTES);
  }
}

static void
test_limit (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-cache-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "features.db", NULL);
  const guint64 limit = 40 * ROW_BYTES;

  put (path, 0, 100);
  g_assert_cmpuint (hf_cache_set_limit (path, 1 << 30), ==, 100 * ROW_BYTES);
  g_assert_cmpuint (hf_cache_set_limit (path, limit), <=, limit);
  g_assert_cmpuint (hf_cache_set_limit (path, limit), >, limit / 2);
  /* Another program keeps to it. */
  put (path, 100, 200);
  g_assert_cmpuint (hf_cache_set_limit (path, limit), <=, limit);
  g_assert_cmpuint (hf_cache_clear (path), ==, 0);
  put (path, 0, 10);
  g_assert_cmpuint (hf_cache_set_limit (path, limit), ==, 10 * ROW_BYTES);
  g_assert_cmpuint (hf_cache_clear ("/proc/none/features.db"), ==, 0);
  g_assert_cmpuint (hf_cache_clear (path), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cache/keeps-to-the-limit-that-was-set", test_limit);
  return g_test_run ();
}
