/* Sets that are joined two at a time, in any order. */
#include "base/sets.h"

#include "base/rng.h"

#define N 40

static void
test_first_stays (void)
{
  static const gsize pairs[][2] = {{7, 3}, {3, 9}, {9, 5}, {20, 5}, {30, 31}};
  gsize order[] = {0, 1, 2, 3, 4};
  HfRng rng;

  hf_rng_init (&rng, 1);
  for (int round = 0; round < 50; round++) {
    gsize parent[N];

    for (gsize i = 0; i < N; i++)
      parent[i] = i;
    hf_rng_shuffle (&rng, order, G_N_ELEMENTS (order));
    for (guint p = 0; p < G_N_ELEMENTS (order); p++)
      hf_sets_join (parent, pairs[order[p]][0], pairs[order[p]][1]);
    for (gsize i = 0; i < N; i++) {
      gboolean is_many = i == 3 || i == 5 || i == 7 || i == 9 || i == 20;

      g_assert_cmpuint (hf_sets_find (parent, i), ==,
                        is_many   ? 3
                        : i == 31 ? 30
                                  : i);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/sets/the-first-stays-first", test_first_stays);
  return g_test_run ();
}
