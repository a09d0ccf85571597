/* Rows in the coordinates of their span keep every inner product. */
#include "probe/solve/span.h"

#include "goldens.h"

static double
multiply (const double *a, const double *b, gsize n)
{
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    sum += a[j] * b[j];
  return sum;
}

static void
check_span (const double *x, gsize n, gsize dim)
{
  g_autoptr (HfSpan) span = hf_span_new (x, n, dim);
  gsize width = hf_span_get_width (span);
  const double *rows = hf_span_get_rows (span);
  g_autofree double *back = g_new (double, n *dim);
  g_auto (Rows) others = {0};
  g_autofree double *flat = g_new (double, 3 * width);

  g_assert_cmpuint (width, ==, MIN (n, dim));
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < n; j++)
      g_assert_cmpfloat_with_epsilon (
          multiply (rows + i * width, rows + j * width, width),
          multiply (x + i * dim, x + j * dim, dim), 1e-12 * (double) dim);
  hf_span_lift (span, rows, n, back);
  g_assert_cmpfloat (find_distance (back, x, n * dim), <, 1e-13);

  rows_make (&others, 3, dim, 3, 1, 99);
  hf_span_project (span, others.x, 3, flat);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < 3; j++)
      g_assert_cmpfloat_with_epsilon (
          multiply (rows + i * width, flat + j * width, width),
          multiply (x + i * dim, others.x + j * dim, dim),
          1e-12 * (double) dim);
}

static void
test_products (void)
{
  static const gsize sizes[][2] = {{1, 1},   {1, 64},  {5, 4},   {4, 5},
                                   {33, 65}, {64, 64}, {30, 512}};

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_auto (Rows) rows = {0};

    rows_make (&rows, sizes[i][0], sizes[i][1], 1, 1, i);
    check_span (rows.x, rows.n, rows.dim);
  }
}

/* Equal rows, rows of zeros: the span is narrower than the rows are many. */
static void
test_low_rank (void)
{
  g_auto (Rows) rows = {0};

  rows_make (&rows, 12, 40, 1, 1, 1);
  for (gsize i = 4; i < 12; i++)
    memcpy (rows.x + i * 40, rows.x + (i % 4) * 40, 40 * sizeof (double));
  memset (rows.x, 0, 40 * sizeof (double));
  check_span (rows.x, 12, 40);
}

static void
test_gram (void)
{
  g_auto (Rows) a = {0};
  g_autofree double *gram = g_new (double, 37 * 37);

  rows_make (&a, 37, 66, 2, 1, 1);
  hf_gram (a.x, 37, 66, gram);
  for (gsize i = 0; i < 37; i++)
    for (gsize j = 0; j < 37; j++) {
      g_assert_cmpfloat (gram[i * 37 + j], ==, gram[j * 37 + i]);
      g_assert_cmpfloat_with_epsilon (
          gram[i * 37 + j], multiply (a.x + i * 66, a.x + j * 66, 66), 1e-12);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/span/keeps-inner-products", test_products);
  g_test_add_func ("/probe/span/any-rank", test_low_rank);
  g_test_add_func ("/probe/span/gram", test_gram);
  return g_test_run ();
}
