/* test-rng.c: the stream is fixed, and nothing favours a value. */
#include "base/rng.h"

/* The first outputs for the state that splitmix64 makes of seed 0, as the
 * authors' published programs give them. */
static void
test_stream (void)
{
  HfRng rng;

  hf_rng_init (&rng, 0);
  g_assert_cmphex (rng.state[0], ==, G_GUINT64_CONSTANT (0xe220a8397b1dcdaf));
  g_assert_cmphex (rng.state[1], ==, G_GUINT64_CONSTANT (0x6e789e6aa1b965f4));
  g_assert_cmphex (hf_rng_next (&rng), ==,
                   G_GUINT64_CONSTANT (0x99ec5f36cb75f2b4));
}

static void
test_below (void)
{
  HfRng rng;
  int counts[7] = {0};

  hf_rng_init (&rng, 5);
  for (int i = 0; i < 70000; i++)
    counts[hf_rng_next_below (&rng, 7)]++;
  /* Each is binomial (70000, 1/7): 10000 with a deviation of 93. */
  for (int v = 0; v < 7; v++)
    g_assert_cmpint (ABS (counts[v] - 10000), <, 500);
}

static void
test_shuffle (void)
{
  HfRng rng;
  int first[5] = {0};

  hf_rng_init (&rng, 11);
  for (int i = 0; i < 50000; i++) {
    gsize items[5] = {0, 1, 2, 3, 4};
    gsize sum = 0;

    hf_rng_shuffle (&rng, items, 5);
    for (int j = 0; j < 5; j++)
      sum += (gsize) 1 << items[j];
    g_assert_cmpuint (sum, ==, 31);
    first[items[0]]++;
  }
  for (int v = 0; v < 5; v++)
    g_assert_cmpint (ABS (first[v] - 10000), <, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/rng/stream-is-fixed", test_stream);
  g_test_add_func ("/base/rng/below-is-uniform", test_below);
  g_test_add_func ("/base/rng/shuffle-keeps-all-and-is-uniform", test_shuffle);
  return g_test_run ();
}
