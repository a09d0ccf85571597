/* test-suggestion.c: what is suggested, in which order, and why. */
#include "active/suggestion.h"
#include "base/rng.h"
#include "evaluate/copies.h"

#include <math.h>
#include <string.h>

/* Unit rows around a few centres. */
typedef struct {
  HfSuggestionInput input;
  float *rows;
  gboolean *closed;
  double *probabilities;
  int *centre;
} Pool;

static void
pool_clear (Pool *self)
{
  g_free (self->rows);
  g_free (self->closed);
  g_free (self->probabilities);
  g_free (self->centre);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pool, pool_clear)

static double
draw_normal (HfRng *rng)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += hf_rng_next_double (rng);
  return sum;
}

/* Row i lies by centre i % n_centres, @spread away from it in each of @dim
 * numbers. */
static void
pool_init (Pool *self, gsize n, gsize dim, int n_centres, double spread)
{
  HfRng rng;

  hf_rng_init (&rng, 21);
  self->rows = g_new (float, n *dim);
  self->closed = g_new0 (gboolean, n);
  self->probabilities = g_new (double, n * 3);
  self->centre = g_new (int, n);
  for (gsize i = 0; i < n; i++) {
    float *row = self->rows + i * dim;
    double square = 0, sum = 0, *p = self->probabilities + 3 * i;

    self->centre[i] = (int) (i % (gsize) n_centres);
    for (gsize k = 0; k < dim; k++) {
      row[k] = (float) (spread * draw_normal (&rng) +
                        ((int) k == self->centre[i] ? 1 : 0));
      square += (double) row[k] * (double) row[k];
    }
    for (gsize k = 0; k < dim; k++)
      row[k] /= (float) sqrt (square);
    for (int c = 0; c < 3; c++)
      sum += p[c] = hf_rng_next_double (&rng);
    for (int c = 0; c < 3; c++)
      p[c] /= sum;
  }
  self->input = (HfSuggestionInput){.n = n,
                                    .dim = dim,
                                    .rows = self->rows,
                                    .closed = self->closed,
                                    .n_classes = 3,
                                    .seed = 5};
}

static GArray *
find (const Pool *self, gsize n_wanted)
{
  g_autoptr (GError) error = NULL;
  GArray *list = hf_suggestions_find (&self->input, n_wanted, NULL, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < list->len; i++) {
    gsize row = g_array_index (list, HfSuggestion, i).row;

    g_assert_false (self->closed[row]);
    for (guint j = 0; j < i; j++)
      g_assert_cmpuint (g_array_index (list, HfSuggestion, j).row, !=, row);
  }
  return list;
}

static const HfSuggestion *
get (const GArray *list, guint i)
{
  g_assert_cmpuint (i, <, list->len);
  return &g_array_index (list, HfSuggestion, i);
}

/* Sixteen clusters of 30 and none labelled: the first sixteen that are no
 * audits come from as many clusters. */
static void
test_typical (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) list = NULL;
  int seen[16] = {0}, n_typical = 0;

  pool_init (&pool, 480, 24, 16, .02);
  list = find (&pool, 21);
  g_assert_cmpuint (list->len, ==, 21);
  for (guint i = 0; i < 21; i++) {
    const HfSuggestion *suggestion = get (list, i);

    g_assert_cmpint (suggestion->why, ==,
                     i % 4 == 3 ? HF_SUGGESTED_AUDIT : HF_SUGGESTED_TYPICAL);
    if (suggestion->why != HF_SUGGESTED_TYPICAL)
      continue;
    g_assert_cmpuint (suggestion->n_alike, ==, 30);
    n_typical++;
    seen[pool.centre[suggestion->row]]++;
  }
  g_assert_cmpint (n_typical, ==, 16);
  for (int c = 0; c < 16; c++)
    g_assert_cmpint (seen[c], ==, 1);
}

/* With a probe: clusters that have no label yet, then the smallest margins. */
static void
test_margins_follow (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) list = NULL;
  double before = 0;

  pool_init (&pool, 480, 24, 16, .02);
  pool.input.probabilities = pool.probabilities;
  for (gsize i = 0; i < 14; i++)
    pool.closed[i] = TRUE;
  list = find (&pool, 40);
  g_assert_cmpuint (list->len, ==, 40);
  for (guint i = 0; i < 40; i++) {
    const HfSuggestion *suggestion = get (list, i);

    if (i % 4 == 3) {
      g_assert_cmpint (suggestion->why, ==, HF_SUGGESTED_AUDIT);
    } else if (i < 2) {
      g_assert_cmpint (suggestion->why, ==, HF_SUGGESTED_TYPICAL);
      g_assert_cmpint (pool.centre[suggestion->row], >=, 14);
    } else {
      const double *p = pool.probabilities + 3 * suggestion->row;

      g_assert_cmpint (suggestion->why, ==, HF_SUGGESTED_MARGIN);
      g_assert_cmpfloat (suggestion->margin, >=, before);
      g_assert_cmpfloat (suggestion->margin, ==,
                         p[suggestion->first] - p[suggestion->second]);
      for (int c = 0; c < 3; c++)
        g_assert_true (c == suggestion->first || p[c] <= p[suggestion->second]);
      before = suggestion->margin;
    }
  }
  /* Nobody who was passed over has a smaller margin. */
  for (gsize i = 0; i < pool.input.n; i++) {
    const double *p = pool.probabilities + 3 * i;
    double top = MAX (p[0], MAX (p[1], p[2]));
    double low = MIN (p[0], MIN (p[1], p[2]));
    gboolean listed = pool.closed[i];

    for (guint j = 0; j < 40; j++)
      listed |= get (list, j)->row == i;
    if (!listed)
      g_assert_cmpfloat (top - (1 - top - low), >=, before - 1e-12);
  }
}

static void
test_audits_count_on (void)
{
  g_auto (Pool) pool = {0};
  const gsize due[4] = {7, 3, 400, 9};

  pool_init (&pool, 100, 12, 5, .1);
  pool.closed[3] = TRUE;
  pool.input.due_audits = due;
  pool.input.n_due_audits = 4;
  for (guint64 shown = 0; shown < 8; shown++) {
    g_autoptr (GArray) list = NULL;
    guint n_audits = 0;

    pool.input.n_shown = shown;
    list = find (&pool, 12);
    g_assert_cmpuint (list->len, ==, 12);
    for (guint i = 0; i < 12; i++) {
      gboolean is_audit = get (list, i)->why == HF_SUGGESTED_AUDIT;

      g_assert_cmpint (is_audit, ==, (shown + i) % 4 == 3);
      if (!is_audit)
        continue;
      /* 3 is labelled, 400 is no picture: 7 and 9 are due. */
      if (n_audits < 2)
        g_assert_cmpuint (get (list, i)->row, ==, n_audits == 0 ? 7 : 9);
      n_audits++;
    }
    g_assert_cmpuint (n_audits, ==, 3);
  }
}

/* Audits must fall on all open pictures alike, typical or not. */
static void
test_audits_are_uniform (void)
{
  enum { N = 40, N_ROUNDS = 4000 };
  g_auto (Pool) pool = {0};
  int counts[N] = {0};

  pool_init (&pool, N, 8, 4, .1);
  pool.input.probabilities = pool.probabilities;
  for (int i = 0; i < N; i += 4)
    pool.closed[i] = TRUE;
  pool.input.n_shown = 3;
  for (int round = 0; round < N_ROUNDS; round++) {
    g_autoptr (GArray) list = NULL;

    pool.input.seed = (guint64) round;
    list = find (&pool, 1);
    g_assert_cmpint (get (list, 0)->why, ==, HF_SUGGESTED_AUDIT);
    counts[get (list, 0)->row]++;
  }
  /* Binomial (4000, 1/30): 133.3 with a deviation of 11.4. */
  for (int i = 0; i < N; i++)
    if (i % 4 == 0)
      g_assert_cmpint (counts[i], ==, 0);
    else
      g_assert_cmpint (ABS (counts[i] - 133), <, 57);
}

/* Families of five equal pictures, each with its own margin: they would follow
 * each other. */
static void
test_near_copies (void)
{
  enum { N = 60, DIM = 16 };
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) list = NULL;

  pool_init (&pool, N, DIM, 12, .3);
  pool.input.probabilities = pool.probabilities;
  for (int i = 0; i < N; i++) {
    double margin = (i / 5) * .01 + .0001 * (i % 5);

    memcpy (pool.rows + i * DIM, pool.rows + i / 5 * 5 * DIM,
            DIM * sizeof (float));
    pool.probabilities[3 * i] = .45 + margin / 2;
    pool.probabilities[3 * i + 1] = .45 - margin / 2;
    pool.probabilities[3 * i + 2] = .1;
  }
  list = find (&pool, N);
  g_assert_cmpuint (list->len, >, N / 2);
  for (guint i = 1; i < list->len; i++)
    g_assert_cmpuint (get (list, i)->row / 5, !=, get (list, i - 1)->row / 5);
}

/* The sketch of a picture that is all of one grey. */
static void
init_flat (HfCopySketch *self, int grey)
{
  guint8 look[64 * 64];

  memset (look, grey, sizeof look);
  hf_copy_sketch_init (self, look);
}

/* Equal rows whose looks differ are different parts in one fixture. */
static void
test_looks_tell_apart (void)
{
  enum { N = 6, DIM = 4 };
  g_auto (Pool) pool = {0};
  HfCopySketch sketches[N];
  g_autoptr (GArray) with = NULL;
  g_autoptr (GArray) without = NULL;

  pool_init (&pool, N, DIM, 1, 0);
  for (int i = 0; i < N; i++)
    init_flat (&sketches[i], 20 * i);
  without = find (&pool, N);
  g_assert_cmpuint (without->len, ==, 1);
  pool.input.sketches = sketches;
  with = find (&pool, N);
  g_assert_cmpuint (with->len, ==, N);
}

static void
test_all_closed (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) none = NULL;
  g_autoptr (GArray) one = NULL;

  pool_init (&pool, 10, 4, 2, .1);
  for (int i = 0; i < 10; i++)
    pool.closed[i] = TRUE;
  none = find (&pool, 5);
  g_assert_cmpuint (none->len, ==, 0);
  pool.closed[6] = FALSE;
  one = find (&pool, 5);
  g_assert_cmpuint (one->len, ==, 1);
  pool.input.n = 0;
  g_array_unref (one);
  one = find (&pool, 5);
  g_assert_cmpuint (one->len, ==, 0);
}

static void
test_same_again (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) first = NULL;
  g_autoptr (GArray) second = NULL;

  pool_init (&pool, 300, 20, 9, .2);
  first = find (&pool, 50);
  second = find (&pool, 50);
  for (guint i = 0; i < 50; i++)
    g_assert_cmpuint (get (first, i)->row, ==, get (second, i)->row);
}

static void
test_many (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (GArray) list = NULL;
  gint64 start_us;

  pool_init (&pool, 100000, 256, 40, .05);
  pool.input.probabilities = pool.probabilities;
  start_us = g_get_monotonic_time ();
  list = find (&pool, 100);
  g_test_message ("100,000 x 256: %.2f s",
                  (double) (g_get_monotonic_time () - start_us) / 1e6);
  g_assert_cmpuint (list->len, ==, 100);
}

static void
test_cancel (void)
{
  g_auto (Pool) pool = {0};
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) list = NULL;

  pool_init (&pool, 10, 4, 2, .1);
  hf_progress_cancel (progress);
  list = hf_suggestions_find (&pool.input, 5, progress, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (list);
}

static void
test_doubts (void)
{
  const double p[6][3] = {{.05, .6, .35}, {.8, .1, .1}, {.02, .08, .9},
                          {.4, .4, .2},   {.1, .2, .7}, {0, .5, .5}};
  const int label[6] = {0, 0, 1, 1, 0, 0};
  g_autoptr (GArray) doubts = hf_doubts_find (p[0], label, 6, 3);
  static const HfDoubt expected[3] = {{5, 0, 1}, {0, .05, 1}, {2, .08, 2}};

  /* 3 is a tie with its own label. 4 is called another class, but only seven
   * times as probably: the probe may be wrong. */
  g_assert_cmpuint (doubts->len, ==, 3);
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpint (hf_doubts_has (p[i], label[i], 3), ==,
                     i == 0 || i == 2 || i == 5);
  for (guint i = 0; i < 3; i++) {
    const HfDoubt *doubt = &g_array_index (doubts, HfDoubt, i);

    g_assert_cmpuint (doubt->index, ==, expected[i].index);
    g_assert_cmpfloat (doubt->probability, ==, expected[i].probability);
    g_assert_cmpint (doubt->likely, ==, expected[i].likely);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/active/typical/one-for-each-cluster", test_typical);
  g_test_add_func ("/active/margin/smallest-after-the-typical",
                   test_margins_follow);
  g_test_add_func ("/active/audit/every-fourth-and-due-ones-first",
                   test_audits_count_on);
  g_test_add_func ("/active/audit/uniform-over-open-pictures",
                   test_audits_are_uniform);
  g_test_add_func ("/active/near-copies-never-meet", test_near_copies);
  g_test_add_func ("/active/looks-tell-equal-rows-apart",
                   test_looks_tell_apart);
  g_test_add_func ("/active/nothing-open", test_all_closed);
  g_test_add_func ("/active/same-again", test_same_again);
  g_test_add_func ("/active/a-hundred-thousand", test_many);
  g_test_add_func ("/active/cancel", test_cancel);
  g_test_add_func ("/active/doubts", test_doubts);
  return g_test_run ();
}
