/* test-natural.c: names with numbers come as people count. */
#include "base/natural.h"

#include <string.h>

/* Every name comes before all that follow it, whichever way it is asked. */
static void
check_order (const char *const *names)
{
  for (gsize i = 0; names[i] != NULL; i++)
    for (gsize j = 0; names[j] != NULL; j++) {
      int order = hf_natural_compare (names[i], names[j]);

      g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
    }
}

static void
test_numbers (void)
{
  check_order ((const char *const[]){"", "1", "2", "10", "10a", "100", NULL});
  check_order ((const char *const[]){"lot 1", "lot 2 b", "lot 2 b1", "lot 10",
                                     "lot a", NULL});
}

static void
test_zeros (void)
{
  check_order ((const char *const[]){"0", "1", "07", "7", "008", "10", NULL});
  check_order ((const char *const[]){"a01b2", "a1b10", "a01b11", NULL});
}

/* Longer than any integer type. */
static void
test_long_numbers (void)
{
  check_order ((const char *const[]){
      "99999999999999999999999999999998", "99999999999999999999999999999999",
      "100000000000000000000000000000000", NULL});
}

static void
test_bytes (void)
{
  check_order ((const char *const[]){"!", "1", ":", "Good", "bad", "good",
                                     "good part", "\xe5\xa5\xbd", NULL});
}

static void
test_items (void)
{
  const char *names[] = {"10", "1", "2"};

  qsort (names, 3, sizeof *names, hf_natural_compare_items);
  g_assert_cmpstr (names[0], ==, "1");
  g_assert_cmpstr (names[1], ==, "2");
  g_assert_cmpstr (names[2], ==, "10");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/natural/numbers-count", test_numbers);
  g_test_add_func ("/base/natural/zeros-before-a-number-change-nothing",
                   test_zeros);
  g_test_add_func ("/base/natural/numbers-may-be-long", test_long_numbers);
  g_test_add_func ("/base/natural/all-else-is-in-byte-order", test_bytes);
  g_test_add_func ("/base/natural/arrays-are-sorted", test_items);
  return g_test_run ();
}
