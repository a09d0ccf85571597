/* natural.c: see the header. A name is a row of numbers and single bytes; a
 * number and a byte differ by the byte that they begin with, which no digit is,
 * so that the order is a total one. */
#include "base/natural.h"

#include <string.h>

/* Compares the numbers at *@a and *@b and steps over both. */
static int
compare_numbers (const char **a, const char **b)
{
  gsize n_a, n_b;
  int order;

  *a += strspn (*a, "0");
  *b += strspn (*b, "0");
  n_a = strspn (*a, "0123456789");
  n_b = strspn (*b, "0123456789");
  if (n_a != n_b)
    return n_a < n_b ? -1 : 1;
  order = strncmp (*a, *b, n_a);
  *a += n_a;
  *b += n_b;
  return order;
}

int
hf_natural_compare (const char *a, const char *b)
{
  const char *left = a, *right = b;

  while (*left != '\0' && *right != '\0') {
    int order;

    if (g_ascii_isdigit (*left) && g_ascii_isdigit (*right))
      order = compare_numbers (&left, &right);
    else
      order = (int) (guchar) *left++ - (int) (guchar) *right++;
    if (order != 0)
      return order;
  }
  if (*left != '\0' || *right != '\0')
    return *left != '\0' ? 1 : -1;
  return strcmp (a, b);
}

int
hf_natural_compare_items (gconstpointer a, gconstpointer b)
{
  return hf_natural_compare (*(const char *const *) a,
                             *(const char *const *) b);
}
