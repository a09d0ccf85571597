/* Pictures to rows, with the starter model on a real device: by the cache and
 * without it, and what happens when it ends early. */
#include "features/extractor.h"
#include "image/classic/classic.h"
#include "image/pixels.h"
#include "image/views.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <utime.h>

guint8 *__real_hf_image_read_file (const char *path, gsize *size,
                                   GError **error);
guint8 *__wrap_hf_image_read_file (const char *path, gsize *size,
                                   GError **error);

/* Pictures that were read, on any thread. */
static int n_read;

guint8 *
__wrap_hf_image_read_file (const char *path, gsize *size, GError **error)
{
  g_atomic_int_inc (&n_read);
  return __real_hf_image_read_file (path, size, error);
}

enum { N_PICTURES = 11, LOOK_BYTES = HF_LOOK_PX * HF_LOOK_PX };

typedef struct {
  char *folder;
  char **paths; /* [N_PICTURES], and NULL */
  char *model, *cache;
} Fixture;

/* What came of a run, by the index of the picture. */
typedef struct {
  gsize n_calls, n_cached, n_refused;
  gsize stop_after; /* calls, then the job is cancelled or ended; 0: never */
  HfProgress *cancelled;
  GBytes *clip[N_PICTURES], *classic[N_PICTURES], *look[N_PICTURES];
  gsize clip_bytes, classic_bytes;
} Rows;

static const char *const names[] = {"grey8.png", "rgba.png", "exif6.jpg",
                                    "tall.png", "chroma444.jpg"};

static char *
dup_golden (int i)
{
  return g_build_filename (g_getenv ("HANDFUL_TEST_DATA"), "preprocess",
                           names[i], NULL);
}

/* An uncompressed picture of 40 x 30 pixels that @seed decides. */
static void
write_picture (const char *path, int seed)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const guint8 head[54] = {'B', 'M', 0, 0,  0, 0, 0, 0,  0, 0, 54, 0, 0, 0, 40,
                           0,   0,   0, 40, 0, 0, 0, 30, 0, 0, 0,  1, 0, 24};

  g_byte_array_append (bytes, head, sizeof head);
  for (int i = 0; i < 40 * 30 * 3; i++) {
    guint8 value = (guint8) (i * (seed + 3) + i / 120 * seed);

    g_byte_array_append (bytes, &value, 1);
  }
  g_assert_true (g_file_set_contents (path, (const char *) bytes->data,
                                      (gssize) bytes->len, NULL));
}

/* A file that has not changed for long. */
static void
age (const char *path)
{
  g_assert_cmpint (utime (path, &(struct utimbuf){1000000000, 1000000000}), ==,
                   0);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  self->paths = g_new0 (char *, N_PICTURES + 1);
  for (int i = 0; i < N_PICTURES; i++) {
    g_autofree char *name = g_strdup_printf ("%d.bmp", i);

    if (i < (int) G_N_ELEMENTS (names)) {
      self->paths[i] = dup_golden (i);
      continue;
    }
    self->paths[i] = g_build_filename (self->folder, name, NULL);
    write_picture (self->paths[i], i);
    age (self->paths[i]);
  }
  self->model = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data",
                                  "models", "starter", NULL);
  self->cache = g_build_filename (self->folder, "features.db", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (self->folder);
  g_strfreev (self->paths);
  g_free (self->folder);
  g_free (self->model);
  g_free (self->cache);
}

static void
rows_clear (Rows *self)
{
  for (int i = 0; i < N_PICTURES; i++) {
    g_clear_pointer (&self->clip[i], g_bytes_unref);
    g_clear_pointer (&self->classic[i], g_bytes_unref);
    g_clear_pointer (&self->look[i], g_bytes_unref);
  }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static GBytes *
copy (const void *data, gsize bytes)
{
  return data != NULL ? g_bytes_new (data, bytes) : NULL;
}

static gboolean
take_cb (gsize index, const HfFeatureRow *row, const GError *refused,
         gpointer data, GError **error)
{
  Rows *self = data;

  self->n_calls++;
  if (self->n_calls == self->stop_after && self->cancelled == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "Enough.");
    return FALSE;
  }
  if (self->n_calls == self->stop_after)
    hf_progress_cancel (self->cancelled);
  if (row == NULL) {
    g_assert_nonnull (refused);
    self->n_refused++;
    return TRUE;
  }
  g_assert_null (refused);
  g_assert_cmpuint (strlen (row->sha256), ==, 64);
  self->n_cached += row->cached;
  self->clip[index] = copy (row->clip, self->clip_bytes);
  self->classic[index] = copy (row->classic, self->classic_bytes);
  self->look[index] = copy (row->look, LOOK_BYTES);
  return TRUE;
}

static HfExtractorOptions
get_options (const Fixture *self, const char *framing, int n_views)
{
  HfExtractorOptions options = {.model_path = self->model,
                                .precision = HF_PRECISION_F32,
                                .n_views = n_views,
                                .blocks = HF_BLOCKS_BOTH};

  g_assert_true (hf_framing_parse (framing, &options.framing, NULL));
  return options;
}

static void
run (HfExtractor *extractor, const Fixture *fixture, Rows *rows)
{
  g_autoptr (GError) error = NULL;
  gsize n_tiles = hf_extractor_get_n_tiles (extractor);

  rows->clip_bytes =
      n_tiles * hf_extractor_get_clip_dim (extractor) * sizeof (float);
  rows->classic_bytes =
      n_tiles * hf_extractor_get_classic_dim (extractor) * sizeof (float);
  g_assert_true (hf_extractor_run (extractor,
                                   (const char *const *) fixture->paths,
                                   N_PICTURES, take_cb, rows, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (rows->n_calls, ==, N_PICTURES);
}

static void
assert_same (const Rows *a, const Rows *b)
{
  for (int i = 0; i < N_PICTURES; i++) {
    g_assert_true (g_bytes_equal (a->clip[i], b->clip[i]));
    g_assert_true (g_bytes_equal (a->classic[i], b->classic[i]));
    g_assert_true (g_bytes_equal (a->look[i], b->look[i]));
  }
}

/* Runs once with @options, in a program of its own as far as the cache can
 * tell; returns whether the model was opened. */
static gboolean
run_once (const Fixture *fixture, const HfExtractorOptions *options,
          gboolean remember, Rows *rows)
{
  g_autoptr (HfFeatureStore) store =
      remember ? hf_feature_store_open (fixture->cache, G_MAXINT64, NULL)
               : NULL;
  g_autoptr (HfExtractor) extractor =
      hf_extractor_open (options, store, NULL, NULL);

  g_assert_nonnull (extractor);
  run (extractor, fixture, rows);
  return hf_extractor_has_worked (extractor);
}

static void
test_second_run (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_auto (Rows) first = {0}, second = {0}, plain = {0};

  g_assert_true (run_once (fixture, &options, TRUE, &first));
  g_assert_cmpuint (first.n_cached, ==, 0);
  g_assert_false (run_once (fixture, &options, TRUE, &second));
  g_assert_cmpuint (second.n_cached, ==, N_PICTURES);
  assert_same (&first, &second);
  g_assert_true (run_once (fixture, &options, FALSE, &plain));
  assert_same (&first, &plain);
}

/* What a file holds is remembered, so that it is not even read, unless it was
 * written a moment ago, as all but the goldens were. */
static void
test_reads_once (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_auto (Rows) first = {0}, second = {0};

  options.model_path = NULL;
  options.blocks = HF_BLOCK_CLASSIC;
  g_atomic_int_set (&n_read, 0);
  run_once (fixture, &options, TRUE, &first);
  g_assert_cmpint (g_atomic_int_get (&n_read), ==, N_PICTURES);
  g_atomic_int_set (&n_read, 0);
  run_once (fixture, &options, TRUE, &second);
  g_assert_cmpuint (second.n_cached, ==, N_PICTURES);
  g_assert_cmpint (g_atomic_int_get (&n_read), <=,
                   N_PICTURES - (int) G_N_ELEMENTS (names));
}

/* Precision, framing and views are other rows, and the model is needed. */
static void
test_keys (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  HfExtractorOptions whole = get_options (fixture, "whole", 1);
  HfExtractorOptions views = get_options (fixture, "crop", 4);
  HfExtractorOptions half = options;
  const HfExtractorOptions *all[] = {&options, &whole, &views, &half};

  half.precision = HF_PRECISION_F16;
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_auto (Rows) rows = {0};

    g_assert_true (run_once (fixture, all[i], TRUE, &rows));
    g_assert_cmpuint (rows.n_cached, ==, 0);
  }
}

/* What one run has, another takes, though it wants more. */
static void
test_blocks (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_auto (Rows) clip = {0}, classic = {0}, both = {0};

  options.blocks = HF_BLOCK_CLIP;
  g_assert_true (run_once (fixture, &options, TRUE, &clip));
  g_assert_null (clip.classic[0]);
  options.blocks = HF_BLOCKS_BOTH;
  g_assert_false (run_once (fixture, &options, TRUE, &both));
  g_assert_cmpuint (both.n_cached, ==, 0);
  options.blocks = HF_BLOCK_CLASSIC;
  options.model_path = NULL;
  g_assert_false (run_once (fixture, &options, TRUE, &classic));
  g_assert_cmpuint (classic.n_cached, ==, N_PICTURES);
  g_assert_null (classic.clip[0]);
  g_assert_true (g_bytes_equal (clip.clip[3], both.clip[3]));
  g_assert_true (g_bytes_equal (classic.classic[3], both.classic[3]));
}

static void
test_changed_file (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  const int changed = N_PICTURES - 1;
  g_auto (Rows) first = {0}, second = {0};

  run_once (fixture, &options, TRUE, &first);
  write_picture (fixture->paths[changed], 77);
  age (fixture->paths[changed]);
  g_assert_true (run_once (fixture, &options, TRUE, &second));
  g_assert_cmpuint (second.n_cached, ==, N_PICTURES - 1);
  g_assert_false (g_bytes_equal (first.clip[changed], second.clip[changed]));
  g_assert_false (
      g_bytes_equal (first.classic[changed], second.classic[changed]));
}

static void
test_refused (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_auto (Rows) rows = {0};

  g_unlink (fixture->paths[6]);
  g_assert_true (
      g_file_set_contents (fixture->paths[7], "no picture", -1, NULL));
  g_assert_true (run_once (fixture, &options, TRUE, &rows));
  g_assert_cmpuint (rows.n_refused, ==, 2);
  g_assert_null (rows.clip[6]);
  g_assert_null (rows.clip[7]);
  g_assert_nonnull (rows.clip[8]);
}

/* Cancelled, and ended by the callback: what was done is there afterwards. */
static void
check_ends_early (Fixture *fixture, gboolean cancel)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_auto (Rows) rows = {0}, second = {0};
  g_autoptr (HfFeatureStore) store =
      hf_feature_store_open (fixture->cache, G_MAXINT64, NULL);
  g_autoptr (HfExtractor) extractor =
      hf_extractor_open (&options, store, NULL, NULL);
  g_autoptr (GError) error = NULL;

  rows.stop_after = 3;
  rows.cancelled = cancel ? progress : NULL;
  g_assert_false (
      hf_extractor_run (extractor, (const char *const *) fixture->paths,
                        N_PICTURES, take_cb, &rows, progress, &error));
  g_assert_true (g_error_matches (error, G_IO_ERROR,
                                  cancel ? (int) G_IO_ERROR_CANCELLED
                                         : (int) G_IO_ERROR_BUSY));
  run (extractor, fixture, &second);
  g_assert_cmpuint (second.n_cached, >=, rows.n_calls);
  g_assert_cmpuint (second.n_cached, <, N_PICTURES);
}

static void
test_cancel (Fixture *fixture, gconstpointer data)
{
  check_ends_early (fixture, TRUE);
}

static void
test_callback_ends (Fixture *fixture, gconstpointer data)
{
  check_ends_early (fixture, FALSE);
}

static gpointer
resume_thread (gpointer data)
{
  g_usleep (200000);
  hf_progress_set_paused (data, FALSE);
  return NULL;
}

static void
test_pause (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (HfExtractor) extractor = NULL;
  g_auto (Rows) rows = {0};
  gint64 start = g_get_monotonic_time ();
  GThread *thread;

  options.model_path = NULL;
  options.blocks = HF_BLOCK_CLASSIC;
  extractor = hf_extractor_open (&options, NULL, NULL, NULL);
  hf_progress_set_paused (progress, TRUE);
  thread = g_thread_new ("resume", resume_thread, progress);
  g_assert_true (hf_extractor_run (extractor,
                                   (const char *const *) fixture->paths,
                                   N_PICTURES, take_cb, &rows, progress, NULL));
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 200000);
  g_assert_cmpuint (rows.n_calls, ==, N_PICTURES);
  g_thread_join (thread);
}

/* The unit mean of the rows of the turned squares, by the session itself. */
static void
test_views (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions one = get_options (fixture, "crop", 1);
  HfExtractorOptions eight = get_options (fixture, "crop", 8);
  g_auto (Rows) single = {0}, mean = {0};
  const float *row, *alone;
  gsize size;
  double length = 0, product = 0;

  run_once (fixture, &one, FALSE, &single);
  run_once (fixture, &eight, FALSE, &mean);
  row = g_bytes_get_data (mean.clip[8], &size);
  alone = g_bytes_get_data (single.clip[8], NULL);
  for (gsize i = 0; i < size / sizeof (float); i++) {
    length += (double) row[i] * row[i];
    product += (double) row[i] * alone[i];
  }
  g_assert_cmpfloat_with_epsilon (length, 1, 1e-5);
  g_assert_cmpfloat (product, >, 0.3);
  g_assert_cmpfloat (product, <, 0.9999);
  /* The histogram of colours does not care how a part lies; the picture is 40
   * x 30, so that its centre is the centre of every view. */
  row = g_bytes_get_data (mean.classic[8], NULL);
  alone = g_bytes_get_data (single.classic[8], NULL);
  for (int i = 0; i < 48; i++)
    g_assert_cmpfloat_with_epsilon (row[i], alone[i], 1e-6);
}

/* A tile's row is that of the region alone. */
static void
test_tiles (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions tiles = get_options (fixture, "tiles:2x2", 1);
  HfFraming third = hf_framing_get_tile (&tiles.framing, 2);
  g_autofree char *name = hf_framing_dup_name (&third);
  HfExtractorOptions region = get_options (fixture, name, 1);
  HfExtractorOptions whole = get_options (fixture, "whole", 1);
  g_auto (Rows) grid = {0}, part = {0}, all = {0};

  run_once (fixture, &tiles, FALSE, &grid);
  run_once (fixture, &region, FALSE, &part);
  run_once (fixture, &whole, FALSE, &all);
  for (int i = 0; i < N_PICTURES; i++) {
    const float *of_grid = g_bytes_get_data (grid.clip[i], NULL);
    const float *of_part = g_bytes_get_data (part.clip[i], NULL);
    gsize dim = g_bytes_get_size (part.clip[i]) / sizeof (float);

    g_assert_cmpuint (g_bytes_get_size (grid.clip[i]), ==,
                      4 * dim * sizeof (float));
    for (gsize d = 0; d < dim; d++)
      g_assert_cmpfloat_with_epsilon (of_grid[2 * dim + d], of_part[d], 1e-5);
    g_assert_cmpmem ((const char *) g_bytes_get_data (grid.classic[i], NULL) +
                         2 * HF_CLASSIC_DIM * sizeof (float),
                     HF_CLASSIC_DIM * sizeof (float),
                     g_bytes_get_data (part.classic[i], NULL),
                     HF_CLASSIC_DIM * sizeof (float));
    g_assert_true (g_bytes_equal (grid.look[i], all.look[i]));
  }
}

/* The picture itself as the background: the second half is that of black. */
static void
test_background (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_auto (Rows) plain = {0}, rows = {0};
  g_autofree guint8 *black = g_malloc0 (HF_CLASSIC_PX * HF_CLASSIC_PX * 3);
  g_autoptr (HfExtractor) extractor = NULL;
  g_autoptr (GError) error = NULL;
  float of_black[HF_CLASSIC_DIM];
  const float *row;

  hf_classic_describe (black, of_black);
  run_once (fixture, &options, TRUE, &plain);
  options.background = fixture->paths[7];
  run_once (fixture, &options, TRUE, &rows);
  g_assert_cmpuint (rows.n_cached, ==, 0);
  g_assert_cmpuint (rows.classic_bytes, ==, 2 * plain.classic_bytes);
  row = g_bytes_get_data (rows.classic[7], NULL);
  g_assert_cmpmem (row, plain.classic_bytes,
                   g_bytes_get_data (plain.classic[7], NULL),
                   plain.classic_bytes);
  g_assert_cmpmem (row + HF_CLASSIC_DIM, sizeof of_black, of_black,
                   sizeof of_black);
  options.background = "/nowhere/background.png";
  extractor = hf_extractor_open (&options, NULL, NULL, &error);
  g_assert_null (extractor);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_texts (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "crop", 1);
  g_autofree char *long_text = g_strnfill (2000, 'x');
  const char *texts[] = {"a photo of a ring", long_text, "", "a scratch"};
  float *rows[3];

  for (int k = 0; k < 3; k++) {
    g_autoptr (HfFeatureStore) store =
        hf_feature_store_open (fixture->cache, G_MAXINT64, NULL);
    g_autoptr (HfExtractor) extractor =
        hf_extractor_open (&options, k < 2 ? store : NULL, NULL, NULL);
    gsize dim = hf_extractor_get_clip_dim (extractor), n_cut = 99;

    rows[k] = g_new0 (float, 4 * dim);
    g_assert_true (
        hf_extractor_encode_texts (extractor, texts, 4, rows[k], &n_cut, NULL));
    g_assert_cmpuint (n_cut, ==, 1);
    g_assert_true (hf_extractor_has_worked (extractor) == (k != 1));
    g_assert_cmpmem (rows[k], 4 * dim * sizeof (float), rows[0],
                     4 * dim * sizeof (float));
  }
  g_free (rows[0]);
  g_free (rows[1]);
  g_free (rows[2]);
}

/* The classic block is what the parts give, put together by hand. */
static void
test_definition (Fixture *fixture, gconstpointer data)
{
  HfExtractorOptions options = get_options (fixture, "whole", 1);
  g_auto (Rows) rows = {0};
  g_autofree guint8 *square = g_malloc (HF_CLASSIC_PX * HF_CLASSIC_PX * 3);
  float wanted[HF_CLASSIC_DIM];

  run_once (fixture, &options, FALSE, &rows);
  for (int i = 0; i < N_PICTURES; i++) {
    g_assert_true (hf_pixels_load (fixture->paths[i], &options.framing,
                                   HF_CLASSIC_PX, square, NULL));
    hf_classic_describe (square, wanted);
    g_assert_cmpmem (g_bytes_get_data (rows.classic[i], NULL), sizeof wanted,
                     wanted, sizeof wanted);
  }
}

int
main (int argc, char **argv)
{
  const struct {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } all[] = {
      {"a-second-run-touches-no-device", test_second_run},
      {"a-known-file-is-not-read-again", test_reads_once},
      {"precision-framing-and-views-are-other-rows", test_keys},
      {"blocks-are-remembered-apart", test_blocks},
      {"a-file-that-changed-is-computed-anew", test_changed_file},
      {"a-refused-picture-holds-nothing-up", test_refused},
      {"cancelling-keeps-what-was-done", test_cancel},
      {"the-callback-ends-the-job", test_callback_ends},
      {"a-pause-waits", test_pause},
      {"views-are-averaged", test_views},
      {"tiles-are-regions", test_tiles},
      {"the-background-is-compared-with", test_background},
      {"texts-are-remembered", test_texts},
      {"classic-rows-are-the-squares-own", test_definition},
  };

  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++) {
    g_autofree char *path = g_strconcat ("/extractor/", all[i].name, NULL);

    g_test_add (path, Fixture, NULL, set_up, all[i].test, tear_down);
  }
  return g_test_run ();
}
