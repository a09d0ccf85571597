/* Rows of many pictures, across the borders of the parts they lie in. */
#include "app/desk/shelf.h"

#include "base/rng.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define N_TILES 2
#define CLIP_DIM 5
#define CLASSIC_DIM 3
#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)

typedef struct {
  float clip[N_TILES * CLIP_DIM], classic[N_TILES * CLASSIC_DIM];
  guint8 look[HF_LOOK_PX * HF_LOOK_PX];
  char *sha256;
} Made;

/* What picture @id is made of. */
static void
make (gint64 id, Made *made)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  HfRng rng;

  hf_rng_init (&rng, (guint64) id);
  for (gsize i = 0; i < G_N_ELEMENTS (made->clip); i++)
    made->clip[i] = (float) hf_rng_next_double (&rng);
  for (gsize i = 0; i < G_N_ELEMENTS (made->classic); i++)
    made->classic[i] = (float) hf_rng_next_double (&rng);
  for (gsize i = 0; i < LOOK_BYTES; i++)
    made->look[i] = (guint8) hf_rng_next_below (&rng, 256);
  made->sha256 = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
}

static void
add (HfShelf *shelf, gint64 id)
{
  Made made;
  HfFeatureRow row = {
      .clip = made.clip, .classic = made.classic, .look = made.look};
  g_autoptr (GError) error = NULL;

  make (id, &made);
  row.sha256 = made.sha256;
  g_assert_true (hf_shelf_add (shelf, id, &row, &error));
  g_assert_no_error (error);
  g_free (made.sha256);
}

static void
check (HfShelf *shelf, gint64 id)
{
  gssize place = hf_shelf_find (shelf, id);
  g_autofree char *sha256 = NULL;
  guint8 look[LOOK_BYTES];
  HfCopySketch sketch;
  gsize one = 1;
  Made made;

  make (id, &made);
  g_assert_cmpint (place, >=, 0);
  g_assert_cmpint (hf_shelf_get_id (shelf, (gsize) place), ==, id);
  sha256 = hf_shelf_dup_sha256 (shelf, (gsize) place);
  g_assert_cmpstr (sha256, ==, made.sha256);
  g_assert_cmpmem (hf_shelf_get_clip (shelf, (gsize) place, &one),
                   sizeof made.clip, made.clip, sizeof made.clip);
  g_assert_cmpmem (hf_shelf_get_classic (shelf, (gsize) place, &one),
                   sizeof made.classic, made.classic, sizeof made.classic);
  hf_shelf_read_look (shelf, (gsize) place, look);
  g_assert_cmpmem (look, sizeof look, made.look, sizeof made.look);
  hf_copy_sketch_init (&sketch, made.look);
  g_assert_cmpint (hf_shelf_get_sketch (shelf, (gsize) place)->grey, ==,
                   sketch.grey);
  g_free (made.sha256);
}

/* @data is the number of pictures; with files, and all in memory. */
static void
test_rows (gconstpointer data)
{
  gsize n = GPOINTER_TO_SIZE (data);
  const char *const folders[] = {g_get_tmp_dir (), NULL, "/nonesuch"};

  for (gsize f = 0; f < G_N_ELEMENTS (folders); f++) {
    g_autoptr (HfShelf) shelf =
        hf_shelf_new (N_TILES, CLIP_DIM, CLASSIC_DIM, folders[f]);
    gsize seen = 0, run;

    /* Numbers that are not places, and the last one twice. */
    for (gsize i = 0; i < n; i++)
      add (shelf, (gint64) (3 * i + 7));
    add (shelf, (gint64) (3 * (n - 1) + 7));
    g_assert_cmpuint (hf_shelf_get_n (shelf), ==, n);
    for (gsize i = 0; i < n; i += 1 + i % 37)
      check (shelf, (gint64) (3 * i + 7));
    check (shelf, (gint64) (3 * (n - 1) + 7));
    hf_shelf_relax (shelf, 0, n);
    for (gsize i = 0; i < n; i += 1 + i % 37)
      check (shelf, (gint64) (3 * i + 7));
    g_assert_cmpint (hf_shelf_find (shelf, 8), ==, -1);
    /* Runs cover all of them, each once. */
    for (gsize place = 0; place < n; place += run) {
      run = n - place;
      g_assert_nonnull (hf_shelf_get_clip (shelf, place, &run));
      g_assert_cmpuint (run, >, 0);
      seen += run;
    }
    g_assert_cmpuint (seen, ==, n);
  }
}

/* A file that may not grow is a disk that is full: the rest goes to memory. */
static void
test_full_disk (void)
{
  g_autoptr (HfShelf) shelf =
      hf_shelf_new (N_TILES, CLIP_DIM, CLASSIC_DIM, g_get_tmp_dir ());
  struct rlimit was, less;

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &was), ==, 0);
  less = (struct rlimit){.rlim_cur = 100 << 10, .rlim_max = was.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &less), ==, 0);
  for (gint64 id = 1; id <= 3000; id++)
    add (shelf, id);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &was), ==, 0);
  hf_shelf_relax (shelf, 0, 3000);
  for (gint64 id = 1; id <= 3000; id += 41)
    check (shelf, id);
}

/* A forgotten picture may come again, with other numbers under another place;
 * the others stay where they are. */
static void
test_forget (void)
{
  g_autoptr (HfShelf) shelf =
      hf_shelf_new (N_TILES, CLIP_DIM, CLASSIC_DIM, NULL);

  for (gint64 id = 1; id <= 1030; id++)
    add (shelf, id);
  hf_shelf_forget (shelf, 5);
  hf_shelf_forget (shelf, 1027);
  hf_shelf_forget (shelf, 5);
  hf_shelf_forget (shelf, 4711);
  g_assert_cmpint (hf_shelf_find (shelf, 5), ==, -1);
  g_assert_cmpint (hf_shelf_get_id (shelf, 4), ==, 0);
  g_assert_cmpint (hf_shelf_get_id (shelf, 1026), ==, 0);
  check (shelf, 4);
  check (shelf, 1026);
  check (shelf, 1028);
  add (shelf, 5);
  check (shelf, 5);
  g_assert_cmpint (hf_shelf_find (shelf, 5), ==, 1030);
  g_assert_cmpuint (hf_shelf_get_n (shelf), ==, 1031);
}

static void
test_no_block (void)
{
  g_autoptr (HfShelf) shelf = hf_shelf_new (N_TILES, 0, CLASSIC_DIM, NULL);
  gsize one = 1;

  add (shelf, 1);
  g_assert_null (hf_shelf_get_clip (shelf, 0, &one));
  g_assert_nonnull (hf_shelf_get_classic (shelf, 0, &one));
}

int
main (int argc, char **argv)
{
  static const gsize sizes[] = {1, 1023, 1024, 1025, 2053};

  g_test_init (&argc, &argv, NULL);
  /* A file that may not grow is an error and not the end. */
  signal (SIGXFSZ, SIG_IGN);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path = g_strdup_printf (
        "/desk/shelf/rows-come-back/%" G_GSIZE_FORMAT, sizes[i]);

    g_test_add_data_func (path, GSIZE_TO_POINTER (sizes[i]), test_rows);
  }
  g_test_add_func ("/desk/shelf/a-full-disk-leaves-rows-in-memory",
                   test_full_disk);
  g_test_add_func ("/desk/shelf/a-forgotten-picture-has-no-row", test_forget);
  g_test_add_func ("/desk/shelf/a-block-may-be-missing", test_no_block);
  return g_test_run ();
}
