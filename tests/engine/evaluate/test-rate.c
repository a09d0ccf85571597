/* test-rate.c: intervals to the digit that the design states, and against their
 * definitions. */
#include "base/rng.h"
#include "evaluate/rate.h"

#include <math.h>

/* Half a unit of the fourth digit that is stated. */
#define DIGIT 5.0001e-5

static void
test_wilson_vectors (void)
{
  static const struct {
    gint64 k, n;
    double low, high, upper;
  } vectors[] = {
      {0, 10, 0.0000, 0.2775, 0.2589},    {1, 10, 0.0179, 0.4042, 0.3942},
      {3, 40, 0.0258, 0.1986, 0.1826},    {0, 60, 0.0000, 0.0602, 0.0487},
      {2, 60, 0.0092, 0.1136, 0.1012},    {58, 60, 0.8864, 0.9908, 0.9940},
      {29, 1000, 0.0203, 0.0413, 0.0393}, {0, 299, 0.0000, 0.0127, 0.0100},
  };

  for (guint i = 0; i < G_N_ELEMENTS (vectors); i++) {
    double n = (double) vectors[i].n, low, high;

    hf_rate_wilson ((double) vectors[i].k / n, n, 1.96, &low, &high);
    g_assert_cmpfloat_with_epsilon (low, vectors[i].low, DIGIT);
    g_assert_cmpfloat_with_epsilon (high, vectors[i].high, DIGIT);
    g_assert_cmpfloat_with_epsilon (hf_rate_upper (vectors[i].k, vectors[i].n),
                                    vectors[i].upper, DIGIT);
  }
}

static void
test_proof_table (void)
{
  static const struct {
    double rate;
    gint64 parts[4];
  } table[] = {
      {0.05, {59, 93, 124, 153}},       {0.03, {99, 157, 208, 257}},
      {0.01, {299, 473, 628, 773}},     {0.005, {598, 947, 1258, 1549}},
      {0.003, {998, 1580, 2097, 2583}}, {0.001, {2995, 4742, 6294, 7752}},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    for (int faults = 0; faults < 4; faults++) {
      gint64 n = hf_rate_proof (table[i].rate, faults);

      g_assert_cmpint (n, ==, table[i].parts[faults]);
      g_assert_cmpfloat (hf_rate_upper (faults, n), <=, table[i].rate);
      g_assert_cmpfloat (hf_rate_upper (faults, n - 1), >, table[i].rate);
    }
}

/* P(X <= k) for n trials at @p, summed term by term. */
static double
binomial_below (gint64 k, gint64 n, double p)
{
  double sum = 0;

  for (gint64 i = 0; i <= k; i++)
    sum += exp (lgamma ((double) n + 1) - lgamma ((double) i + 1) -
                lgamma ((double) (n - i) + 1) + (double) i * log (p) +
                (double) (n - i) * log1p (-p));
  return sum;
}

static void
test_upper_is_exact (void)
{
  for (gint64 n = 1; n <= 120; n += 7)
    for (gint64 k = 0; k < n; k += 3)
      g_assert_cmpfloat_with_epsilon (
          binomial_below (k, n, hf_rate_upper (k, n)), 0.05, 1e-11);
  g_assert_cmpfloat (hf_rate_upper (5, 5), ==, 1);
}

/* The 97.5 % points that every table of Student's distribution prints. */
static void
test_student (void)
{
  static const struct {
    double df, t;
  } table[] = {
      {1, 12.7062047}, {2, 4.3026527},  {3, 3.1824463},   {4, 2.7764451},
      {10, 2.2281389}, {30, 2.0422725}, {100, 1.9839715}, {1e6, 1.9599664},
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpfloat_with_epsilon (hf_rate_student (table[i].df), table[i].t,
                                    1e-7);
}

static const int five_groups[20] = {7,  7,  7, 7, 3, 3, 3, 3, -1, -1,
                                    -1, -1, 0, 0, 0, 0, 9, 9, 9,  9};

static void
test_grouped_vector (void)
{
  const gboolean hit[20] = {1, 0, 1, 0, 0, 0, 0, 0, 0, 0,
                            0, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  HfRate rate = hf_rate_new (hit, five_groups, 20, 0);

  g_assert_cmpint (rate.k, ==, 3);
  g_assert_cmpint (rate.n_groups, ==, 5);
  g_assert_true (rate.grouped);
  g_assert_cmpfloat_with_epsilon (20 / rate.n_eff, 1.5686, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.n_eff, 12.75, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.low, 0.0261, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.high, 0.5377, DIGIT);
  g_assert_true (isnan (rate.upper));

  rate = hf_rate_new (hit, five_groups, 20, 5);
  g_assert_cmpfloat_with_epsilon (rate.n_eff, 10.2, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.low, 0.0221, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.high, 0.5792, DIGIT);
}

static void
test_ungrouped_vector (void)
{
  gboolean hit[38] = {0};
  int group[38];
  HfRate rate;

  hit[4] = hit[20] = TRUE;
  for (int i = 0; i < 38; i++)
    group[i] = 100 - i;
  rate = hf_rate_new (hit, group, 38, 5);
  g_assert_false (rate.grouped);
  g_assert_cmpfloat_with_epsilon (rate.n_eff, 30.4, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.low, 0.0127, DIGIT);
  g_assert_cmpfloat_with_epsilon (rate.high, 0.1929, DIGIT);
  /* Two folds share more: f = 2. */
  g_assert_cmpfloat_with_epsilon (hf_rate_new (hit, group, 38, 2).n_eff, 19,
                                  1e-12);
}

/* "0 of 60 from 5 lots, below 45 %". */
static void
test_zero_over_lots (void)
{
  gboolean hit[60] = {0};
  int group[60];
  HfRate rate;

  for (int i = 0; i < 60; i++)
    group[i] = i % 5;
  rate = hf_rate_new (hit, group, 60, 0);
  g_assert_cmpfloat (rate.rate, ==, 0);
  g_assert_cmpfloat (rate.low, ==, 0);
  g_assert_cmpfloat_with_epsilon (rate.n_eff, 5, 1e-12);
  g_assert_cmpfloat_with_epsilon (rate.upper, 0.4507, DIGIT);

  for (int i = 0; i < 60; i++)
    group[i] = i;
  rate = hf_rate_new (hit, group, 60, 0);
  g_assert_cmpfloat_with_epsilon (rate.upper, 0.0487, DIGIT);
}

/* One error in 80 pictures of 8 lots: with one lot heard, deff is at least
 * 1 + 9/4. Errors in all lots say that lots are alike, and deff is nearly 1. */
static void
test_few_lots_tell (void)
{
  gboolean hit[80] = {0};
  int group[80];
  HfRate rate;
  double before = 0;

  for (int i = 0; i < 80; i++)
    group[i] = i / 10;
  hit[34] = TRUE;
  rate = hf_rate_new (hit, group, 80, 0);
  g_assert_cmpfloat_with_epsilon (80 / rate.n_eff, 3.25, 1e-12);
  hit[34] = FALSE;
  for (int i = 0; i < 8; i++) {
    hit[10 * i] = TRUE;
    rate = hf_rate_new (hit, group, 80, 0);
    g_assert_cmpfloat (rate.n_eff, >, before);
    before = rate.n_eff;
  }
  g_assert_cmpfloat_with_epsilon (80 / rate.n_eff, 1 + 9. / 81, 1e-12);
}

static void
test_too_few_groups (void)
{
  const gboolean hit[3] = {1, 0, 1};
  const int group[3] = {4, 4, 4};
  HfRate rate = hf_rate_new (hit, group, 3, 5);

  g_assert_cmpint (rate.k, ==, 2);
  g_assert_cmpfloat_with_epsilon (rate.rate, 2. / 3, 1e-15);
  g_assert_true (isnan (rate.low) && isnan (rate.high));
  rate = hf_rate_new (NULL, NULL, 0, 5);
  g_assert_cmpint (rate.n, ==, 0);
  g_assert_true (isnan (rate.rate) && isnan (rate.low) && isnan (rate.high));
}

/* Random groups of random sizes: never inside plain Wilson's on k/n, and what
 * counts and what does not mirror each other. */
static void
test_never_inside_plain (void)
{
  HfRng rng;

  hf_rng_init (&rng, 3);
  for (int round = 0; round < 3000; round++) {
    gsize n = 2 + hf_rng_next_below (&rng, 60);
    guint64 n_groups = 2 + hf_rng_next_below (&rng, n);
    double share = hf_rng_next_double (&rng), low, high;
    gboolean hit[64], missed[64];
    int group[64];
    HfRate rate, mirror;

    for (gsize i = 0; i < n; i++) {
      hit[i] = hf_rng_next_double (&rng) < share;
      missed[i] = !hit[i];
      group[i] = (int) hf_rng_next_below (&rng, n_groups);
    }
    rate = hf_rate_new (hit, group, n, round % 3 == 0 ? 0 : 2 + round % 7);
    mirror = hf_rate_new (missed, group, n, round % 3 == 0 ? 0 : 2 + round % 7);
    if (rate.n_groups < 2)
      continue;
    hf_rate_wilson (rate.rate, (double) n, 1.96, &low, &high);
    g_assert_cmpfloat (rate.low, <=, low);
    g_assert_cmpfloat (rate.high, >=, high);
    g_assert_cmpfloat (rate.low, >=, 0);
    g_assert_cmpfloat (rate.high, <=, 1);
    g_assert_cmpfloat_with_epsilon (rate.low, 1 - mirror.high, 1e-12);
    g_assert_cmpfloat (rate.n_eff, <=, (double) n);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluate/rate/wilson-and-bound-are-the-vectors",
                   test_wilson_vectors);
  g_test_add_func ("/evaluate/rate/proof-is-the-table", test_proof_table);
  g_test_add_func ("/evaluate/rate/bound-is-exact", test_upper_is_exact);
  g_test_add_func ("/evaluate/rate/student-is-the-table", test_student);
  g_test_add_func ("/evaluate/rate/lots-widen-as-stated", test_grouped_vector);
  g_test_add_func ("/evaluate/rate/folds-widen-as-stated",
                   test_ungrouped_vector);
  g_test_add_func ("/evaluate/rate/no-fault-is-counted-over-lots",
                   test_zero_over_lots);
  g_test_add_func ("/evaluate/rate/few-lots-tell-little", test_few_lots_tell);
  g_test_add_func ("/evaluate/rate/one-lot-has-no-interval",
                   test_too_few_groups);
  g_test_add_func ("/evaluate/rate/never-inside-plain-wilson",
                   test_never_inside_plain);
  return g_test_run ();
}
