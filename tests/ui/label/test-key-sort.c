/* Sorting by bytes does what sorting by comparing does. */
#include "base/rng.h"
#include "ui/label/list/key-sort.h"

#include <math.h>

static int
compare (gconstpointer a, gconstpointer b)
{
  const HfKeyed *left = a, *right = b;

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

static double
draw_key (HfRng *rng)
{
  static const double odd[] = {0,          -0.0,       1,           -1,
                               INFINITY,   -INFINITY,  0x1p-1074,   -0x1p-1074,
                               0x1.8p1023, 0x1p52 + 1, -0x1p52 - 1, 0.1f};

  return hf_rng_next_below (rng, 2) == 0
             ? odd[hf_rng_next_below (rng, G_N_ELEMENTS (odd))]
             : 1e6 * (hf_rng_next_double (rng) - .5);
}

static void
test_sorts (gconstpointer data)
{
  gsize n = GPOINTER_TO_SIZE (data);
  g_autofree HfKeyed *fast = g_new (HfKeyed, n + 1);
  g_autofree HfKeyed *slow = g_new (HfKeyed, n + 1);
  HfRng rng;

  hf_rng_init (&rng, n);
  for (gsize i = 0; i < n; i++) {
    guint index = (guint) i;
    gsize j = hf_rng_next_below (&rng, i + 1);

    fast[i] = fast[j];
    fast[j] = (HfKeyed){.key = draw_key (&rng), .index = index * 4099u};
  }
  for (gsize i = 0; i < n; i++)
    slow[i] = fast[i];
  hf_key_sort (fast, n);
  qsort (slow, n, sizeof *slow, compare);
  for (gsize i = 0; i < n; i++) {
    g_assert_cmpuint (fast[i].index, ==, slow[i].index);
    g_assert_true (fast[i].key == slow[i].key);
  }
}

int
main (int argc, char **argv)
{
  static const gsize sizes[] = {0, 1, 2, 255, 256, 257, 20011};

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree char *path = g_strdup_printf (
        "/label/key-sort/as-by-comparing/%" G_GSIZE_FORMAT, sizes[i]);

    g_test_add_data_func (path, GSIZE_TO_POINTER (sizes[i]), test_sorts);
  }
  return g_test_run ();
}
