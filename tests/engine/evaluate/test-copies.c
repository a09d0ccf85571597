/* test-copies.c: what counts as the same picture and as nearly the same. */
#include "base/rng.h"
#include "evaluate/copies.h"

#include <math.h>
#include <string.h>

enum { PX = 64, N_PIXELS = PX * PX, DIM = 8, MAX_PICTURES = 64 };

typedef struct {
  HfCopiesInput input;
  const char *sha256[MAX_PICTURES];
  char names[MAX_PICTURES][16];
  guint8 looks[MAX_PICTURES][N_PIXELS];
  float rows[MAX_PICTURES][DIM];
  int label[MAX_PICTURES];
} Album;

static Album *
album_new (void)
{
  Album *self = g_new0 (Album, 1);

  self->input = (HfCopiesInput){.sha256 = self->sha256,
                                .looks = &self->looks[0][0],
                                .rows = &self->rows[0][0],
                                .dim = DIM,
                                .label = self->label};
  return self;
}

/* Smooth pictures that differ with @seed, so that their hashes do. */
static void
draw (guint8 *look, guint64 seed)
{
  HfRng rng;
  double phase[4];

  hf_rng_init (&rng, seed);
  for (int i = 0; i < 4; i++)
    phase[i] = hf_rng_next_double (&rng) * 6.28;
  for (int y = 0; y < PX; y++)
    for (int x = 0; x < PX; x++)
      look[y * PX + x] =
          (guint8) (128 + 40 * sin (x * .21 + y * .05 + phase[0]) +
                    30 * sin (y * .17 + phase[1]) * cos (x * .4 + phase[2]) +
                    20 * sin (x * .02 * y + phase[3]));
}

/* Adds a picture and returns its number. */
static gsize
album_add (Album *self, guint64 seed, int label)
{
  gsize i = self->input.n++;

  g_snprintf (self->names[i], sizeof self->names[i], "%zu", i);
  self->sha256[i] = self->names[i];
  self->label[i] = label;
  draw (self->looks[i], seed);
  self->rows[i][0] = 1;
  return i;
}

static HfCopies *
find (const Album *self)
{
  g_autoptr (GError) error = NULL;
  HfCopies *copies = hf_copies_find (&self->input, NULL, &error);

  g_assert_no_error (error);
  return copies;
}

static void
test_hash (void)
{
  guint8 look[N_PIXELS];

  for (int i = 0; i < N_PIXELS; i++)
    look[i] = (guint8) (4 * (i % PX));
  g_assert_cmphex (hf_copies_hash (look), ==, 0);
  for (int i = 0; i < N_PIXELS; i++)
    look[i] = (guint8) (4 * (PX - 1 - i % PX));
  g_assert_cmphex (hf_copies_hash (look), ==, G_MAXUINT64);
  /* Only the eight lowest rows fall to the right. */
  memset (look, 9, (PX - 8) * PX);
  g_assert_cmphex (hf_copies_hash (look), ==, 0xff);
}

/* The reduction to 9 x 8 by area, in doubles. */
static void
test_hash_twin (void)
{
  guint8 look[N_PIXELS];

  for (guint64 seed = 0; seed < 50; seed++) {
    guint64 hash = 0;

    draw (look, seed);
    for (int y = 0; y < 8; y++) {
      double cells[9] = {0};

      for (int cell = 0; cell < 9; cell++)
        for (int x = 0; x < PX; x++) {
          double share =
              MIN (x + 1, (cell + 1) * PX / 9.) - MAX (x, cell * PX / 9.);

          for (int r = 0; r < 8 && share > 0; r++)
            cells[cell] += share * look[(y * 8 + r) * PX + x];
        }
      for (int cell = 0; cell < 8; cell++)
        hash = hash << 1 | (cells[cell] > cells[cell + 1]);
    }
    g_assert_cmphex (hf_copies_hash (look), ==, hash);
  }
}

static void
test_identical (void)
{
  g_autofree Album *album = album_new ();
  g_autoptr (HfCopies) copies = NULL;

  for (int i = 0; i < 6; i++)
    album_add (album, (guint64) i, 0);
  album->sha256[3] = "1";
  album->sha256[5] = "1";
  album->sha256[4] = "2";
  album->label[4] = 1;
  copies = find (album);
  g_assert_cmpuint (copies->n_identical, ==, 3);
  g_assert_cmpuint (copies->twin[0], ==, 0);
  g_assert_cmpuint (copies->twin[3], ==, 1);
  g_assert_cmpuint (copies->twin[5], ==, 1);
  g_assert_cmpuint (copies->twin[4], ==, 2);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpint (copies->conflict[i], ==, i == 2 || i == 4);
  g_assert_cmpint (copies->cluster[3], ==, copies->cluster[1]);
  g_assert_cmpint (copies->cluster[0], !=, copies->cluster[1]);
  g_assert_cmpuint (copies->n_near, ==, 0);
}

/* 1.5 of 255 in the mean is near, a grain of grey more is not. */
static void
test_difference (void)
{
  for (int more = 0; more < 2; more++) {
    g_autofree Album *album = album_new ();
    g_autoptr (HfCopies) copies = NULL;

    album_add (album, 1, 0);
    album_add (album, 1, 0);
    album_add (album, 2, 0);
    for (int i = 0; i < N_PIXELS; i++)
      album->looks[1][i] += i % 2 == 0 ? 1 : 2;
    album->looks[1][77] += (guint8) more;
    copies = find (album);
    g_assert_cmpint (copies->cluster[0] == copies->cluster[1], ==, !more);
    g_assert_cmpint (copies->cluster[0], !=, copies->cluster[2]);
    g_assert_cmpuint (copies->n_near, ==, more ? 0 : 2);
    g_assert_cmpuint (copies->n_identical, ==, 0);
    g_assert_false (copies->was_bounded);
  }
}

static void
test_cosine (void)
{
  for (int far = 0; far < 2; far++) {
    g_autofree Album *album = album_new ();
    g_autoptr (HfCopies) copies = NULL;
    float cosine = far ? .9949F : .9951F;

    album_add (album, 1, 0);
    album_add (album, 1, 0);
    album->rows[1][0] = cosine;
    album->rows[1][1] = sqrtf (1 - cosine * cosine);
    copies = find (album);
    g_assert_cmpint (copies->cluster[0] == copies->cluster[1], ==, !far);
    album->input.rows = NULL;
    hf_copies_free (copies);
    copies = find (album);
    g_assert_cmpint (copies->cluster[0], ==, copies->cluster[1]);
  }
}

static gboolean
are_near_by_definition (const Album *self, gsize i, gsize j)
{
  guint64 differs =
      hf_copies_hash (self->looks[i]) ^ hf_copies_hash (self->looks[j]);
  double sum = 0;

  for (int k = 0; k < N_PIXELS; k++)
    sum += fabs ((double) self->looks[i][k] - self->looks[j][k]);
  return __builtin_popcountll (differs) <= 2 && sum / N_PIXELS <= 1.5;
}

/* Families of noisy copies, against all pairs tried one by one. */
static void
test_all_pairs_twin (void)
{
  HfRng rng;

  hf_rng_init (&rng, 8);
  for (int round = 0; round < 20; round++) {
    g_autofree Album *album = album_new ();
    g_autoptr (HfCopies) copies = NULL;
    gsize root[MAX_PICTURES];
    gboolean changed = TRUE;

    for (int i = 0; i < MAX_PICTURES; i++) {
      gsize added = album_add (album, hf_rng_next_below (&rng, 12), 0);
      guint64 noise = 1 + hf_rng_next_below (&rng, 5);

      for (int k = 0; k < N_PIXELS; k++)
        album->looks[added][k] += (guint8) hf_rng_next_below (&rng, noise);
      root[i] = added;
    }
    copies = find (album);
    while (changed) {
      changed = FALSE;
      for (gsize i = 0; i < MAX_PICTURES; i++)
        for (gsize j = 0; j < MAX_PICTURES; j++)
          if (root[j] < root[i] && are_near_by_definition (album, i, j)) {
            root[i] = root[j];
            changed = TRUE;
          }
    }
    for (gsize i = 0; i < MAX_PICTURES; i++)
      for (gsize j = 0; j < i; j++)
        g_assert_cmpint (copies->cluster[i] == copies->cluster[j], ==,
                         root[i] == root[j]);
  }
}

/* Sketches alone: no near-copy is missed, and a picture that moved by more than
 * the rule allows is told apart. */
static void
test_sketches (void)
{
  g_autofree Album *album = album_new ();
  HfCopySketch sketch[3];
  float row[2] = {1, 0}, across[2] = {0, 1};
  HfRng rng;

  hf_rng_init (&rng, 9);
  for (int round = 0; round < 50; round++) {
    album->input.n = 0;
    for (int i = 0; i < 3; i++)
      album_add (album, 5, 0);
    for (int k = 0; k < N_PIXELS; k++)
      album->looks[1][k] += (guint8) hf_rng_next_below (&rng, 4);
    for (int k = 0; k < N_PIXELS; k++)
      album->looks[2][k] += 2;
    for (int i = 0; i < 3; i++)
      hf_copy_sketch_init (&sketch[i], album->looks[i]);
    if (are_near_by_definition (album, 0, 1))
      g_assert_true (hf_copies_seem_near (&sketch[0], &sketch[1], row, row, 2));
    g_assert_false (hf_copies_seem_near (&sketch[0], &sketch[2], row, row, 2));
  }
  g_assert_true (hf_copies_seem_near (&sketch[0], &sketch[0], NULL, NULL, 0));
  g_assert_false (hf_copies_seem_near (&sketch[0], &sketch[0], row, across, 2));
  g_assert_true (hf_copies_seem_near (NULL, NULL, row, row, 2));
}

/* Pictures of an empty fixture: all hashes are 0 and no two are near. Trying
 * all pairs would be 2 x 10^8. */
static void
test_equal_hashes (void)
{
  enum { N = 20000 };
  g_autofree guint8 *looks = g_malloc ((gsize) N * N_PIXELS);
  g_autofree const char **sha256 = g_new (const char *, N);
  g_autofree int *label = g_new0 (int, N);
  g_autoptr (GStringChunk) names = g_string_chunk_new (4096);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfCopies) copies = NULL;
  HfCopiesInput input = {N, sha256, looks, NULL, 0, label};
  gint64 start_us;
  HfRng rng;

  hf_rng_init (&rng, 4);
  for (gsize i = 0; i < N; i++) {
    char name[24];

    g_snprintf (name, sizeof name, "%zu", i);
    sha256[i] = g_string_chunk_insert (names, name);
    memset (looks + i * N_PIXELS, 100, N_PIXELS);
    for (int row = 0; row < PX; row++)
      memset (looks + i * N_PIXELS + row * PX,
              90 + (int) hf_rng_next_below (&rng, 20), PX);
  }
  start_us = g_get_monotonic_time ();
  copies = hf_copies_find (&input, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (copies->was_bounded);
  g_assert_cmpuint (copies->n_near, ==, 0);
  g_test_message ("%d alike: %.2f s", N,
                  (double) (g_get_monotonic_time () - start_us) / 1e6);
}

static void
test_cancel (void)
{
  g_autofree Album *album = album_new ();
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfCopies) copies = NULL;

  album_add (album, 1, 0);
  hf_progress_cancel (progress);
  copies = hf_copies_find (&album->input, progress, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (copies);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluate/copies/hash-is-falling-brightness", test_hash);
  g_test_add_func ("/evaluate/copies/hash-is-its-definition", test_hash_twin);
  g_test_add_func ("/evaluate/copies/equal-bytes-count-once", test_identical);
  g_test_add_func ("/evaluate/copies/difference-of-grey-decides",
                   test_difference);
  g_test_add_func ("/evaluate/copies/cosine-decides", test_cosine);
  g_test_add_func ("/evaluate/copies/all-pairs-find-no-more",
                   test_all_pairs_twin);
  g_test_add_func ("/evaluate/copies/equal-hashes-are-bounded",
                   test_equal_hashes);
  g_test_add_func ("/evaluate/copies/sketches-miss-no-near-copy",
                   test_sketches);
  g_test_add_func ("/evaluate/copies/cancel", test_cancel);
  return g_test_run ();
}
