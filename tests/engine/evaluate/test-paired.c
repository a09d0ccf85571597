/* What a change of judgements is worth. */
#include "evaluate/paired.h"

#include <math.h>

/* Agresti and Min's interval from its definition, for @n pictures without
 * groups. */
static void
check (int gained, int lost, int n)
{
  g_autofree gboolean *before = g_new0 (gboolean, n + 1);
  g_autofree gboolean *after = g_new0 (gboolean, n + 1);
  g_autofree int *group = g_new0 (int, n + 1);
  double b = gained + .5, c = lost + .5, m = n + 2, mean = (b - c) / m;
  double half = 1.96 * sqrt ((b + c) - (b - c) * (b - c) / m) / m;
  HfPairedChange change;

  for (int i = 0; i < n; i++) {
    after[i] = i < gained;
    before[i] = i >= gained && i < gained + lost;
    group[i] = i;
  }
  change = hf_paired_change_new (before, after, group, (gsize) n);
  g_assert_cmpint (change.n, ==, n);
  g_assert_cmpint (change.gained, ==, gained);
  g_assert_cmpint (change.lost, ==, lost);
  g_assert_cmpfloat_with_epsilon (change.low, MAX (-1, mean - half), 1e-12);
  g_assert_cmpfloat_with_epsilon (change.high, MIN (1, mean + half), 1e-12);
}

static void
test_alone (void)
{
  check (0, 0, 2);
  check (0, 0, 60);
  check (5, 1, 40);
  check (1, 5, 40);
  check (10, 0, 10);
  check (3, 3, 6);
}

/* Ten lots of four; all that changes is one whole lot, or a picture in each of
 * four: the first is worth less. */
static void
test_groups (void)
{
  gboolean before[40] = {FALSE}, one_lot[40] = {FALSE}, four_lots[40] = {FALSE};
  int group[40];
  HfPairedChange together, apart;

  for (int i = 0; i < 40; i++) {
    group[i] = i / 4;
    one_lot[i] = i < 4;
    four_lots[i] = i % 4 == 0 && i < 16;
  }
  together = hf_paired_change_new (before, one_lot, group, 40);
  apart = hf_paired_change_new (before, four_lots, group, 40);
  g_assert_cmpint (together.gained, ==, 4);
  g_assert_cmpint (apart.gained, ==, 4);
  g_assert_cmpfloat (together.low, <, 0);
  g_assert_cmpfloat (together.high - together.low, >,
                     1.5 * (apart.high - apart.low));
}

static void
test_none (void)
{
  gboolean right[3] = {FALSE, TRUE, TRUE};
  int one[3] = {7, 7, 7};
  HfPairedChange change = hf_paired_change_new (right, right, one, 3);

  g_assert_true (isnan (change.low));
  change = hf_paired_change_new (NULL, NULL, NULL, 0);
  g_assert_cmpint (change.n, ==, 0);
  g_assert_true (isnan (change.high));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/paired/intervals-are-those-of-the-definition", test_alone);
  g_test_add_func ("/paired/a-lot-that-changes-as-a-whole-is-worth-less",
                   test_groups);
  g_test_add_func ("/paired/one-lot-gives-no-interval", test_none);
  return g_test_run ();
}
