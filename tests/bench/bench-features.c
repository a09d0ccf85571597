/* Pictures a second through the extractor, first with an empty cache, then with
 * a full one: one line of JSON.
 *
 *   bench-features [FOLDER|COUNT [MODEL]]
 *
 * FOLDER holds pictures (no folders); COUNT (default 200) asks for that many
 * drawn ones of 320 x 240 pixels in a temporary folder. MODEL defaults to the
 * starter model. */
#include "features/extractor.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 320, HEIGHT = 240 };

static gboolean
ignore_cb (gsize index, const HfFeatureRow *row, const GError *refused,
           gpointer data, GError **error)
{
  gsize *n_good = data;

  *n_good += row != NULL;
  return TRUE;
}

/* A binary header for rows of @WIDTH x @HEIGHT, then noise over a ramp. */
static void
draw (const char *path, int seed)
{
  const guint8 head[54] = {'B',
                           'M',
                           0,
                           0,
                           0,
                           0,
                           0,
                           0,
                           0,
                           0,
                           54,
                           0,
                           0,
                           0,
                           40,
                           0,
                           0,
                           0,
                           WIDTH & 255,
                           WIDTH >> 8,
                           0,
                           0,
                           HEIGHT & 255,
                           HEIGHT >> 8,
                           0,
                           0,
                           1,
                           0,
                           24};
  g_autoptr (GByteArray) bytes = g_byte_array_sized_new (WIDTH * HEIGHT * 3);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) seed);

  g_byte_array_append (bytes, head, sizeof head);
  for (int i = 0; i < WIDTH * HEIGHT * 3; i++) {
    guint8 value = (guint8) (i / WIDTH / 3 + (g_rand_int (rand) & 31));

    g_byte_array_append (bytes, &value, 1);
  }
  g_file_set_contents (path, (const char *) bytes->data, (gssize) bytes->len,
                       NULL);
}

static void
draw_all (const char *folder, int n)
{
  for (int i = 0; i < n; i++) {
    g_autofree char *path = g_strdup_printf ("%s/%06d.bmp", folder, i);

    draw (path, i);
  }
}

static GPtrArray *
list (const char *folder)
{
  GPtrArray *paths = g_ptr_array_new_with_free_func (g_free);
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  if (dir != NULL)
    g_dir_close (dir);
  return paths;
}

/* Seconds from nothing to the last row; -1 if it failed. */
static double
run (const char *model, const char *cache, const GPtrArray *paths,
     gsize *n_good, gboolean *has_worked)
{
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfFeatureStore) store =
      hf_feature_store_open (cache, (guint64) 4 << 30, &error);
  const HfExtractorOptions options = {.model_path = model,
                                      .precision = HF_PRECISION_F16,
                                      .framing = HF_FRAMING_INIT,
                                      .n_views = 1,
                                      .blocks = HF_BLOCKS_BOTH};
  g_autoptr (HfExtractor) extractor =
      store != NULL ? hf_extractor_open (&options, store, NULL, &error) : NULL;

  *n_good = 0;
  if (extractor == NULL ||
      !hf_extractor_run (extractor, (const char *const *) paths->pdata,
                         paths->len, ignore_cb, n_good, NULL, &error)) {
    fprintf (stderr, "%s\n", error->message);
    return -1;
  }
  *has_worked = hf_extractor_has_worked (extractor);
  return (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GPtrArray) paths = list (folder);

  for (guint i = 0; i < paths->len; i++)
    g_unlink (paths->pdata[i]);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_autofree char *scratch = g_dir_make_tmp ("handful-bench-XXXXXX", NULL);
  g_autofree char *cache_folder = g_dir_make_tmp ("handful-bench-XXXXXX", NULL);
  g_autofree char *cache = g_build_filename (cache_folder, "features.db", NULL);
  gboolean is_folder = argc > 1 && g_file_test (argv[1], G_FILE_TEST_IS_DIR);
  const char *model = argc > 2 ? argv[2] : HF_STARTER;
  g_autoptr (GPtrArray) paths = NULL;
  gsize n_cold = 0, n_warm = 0;
  gboolean cold_worked = FALSE, warm_worked = FALSE;
  double cold, warm;

  hf_device_prepare_environment (0);
  if (!is_folder)
    draw_all (scratch, argc > 1 ? atoi (argv[1]) : 200);
  /* So that the pictures are old enough for their hashes to be remembered. */
  g_usleep (2100000);
  paths = list (is_folder ? argv[1] : scratch);
  cold = run (model, cache, paths, &n_cold, &cold_worked);
  warm = run (model, cache, paths, &n_warm, &warm_worked);
  printf ("{\"pictures\": %u, \"cold_seconds\": %.3f, \"cold_per_second\": "
          "%.1f, \"warm_seconds\": %.3f, \"warm_per_second\": %.1f, "
          "\"warm_touched_device\": %s}\n",
          paths->len, cold, (double) n_cold / cold, warm,
          (double) n_warm / warm, warm_worked ? "true" : "false");
  remove_folder (scratch);
  remove_folder (cache_folder);
  return cold < 0 || warm < 0;
}
