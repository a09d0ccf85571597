#include "fixture.h"

#include <math.h>

static const int dims[] = {1,  2,  3,  15, 16, 17,  31,  32,
                           33, 63, 64, 65, 97, 128, 768, 1000};

static void
try_layer_norm (HfOps *ops, int rows, int dim, float eps, float offset)
{
  gsize n = (gsize) rows * dim;
  g_autofree float *x = new_numbers (n, 1);
  g_autofree float *gain = new_numbers (dim, 2);
  g_autofree float *bias = new_numbers (dim, 3);
  g_autofree double *wanted = g_new (double, n);
  g_autoptr (HfBuffer) g = upload (ops, gain, dim * sizeof (float));
  g_autoptr (HfBuffer) b = upload (ops, bias, dim * sizeof (float));
  g_autoptr (HfBuffer) in = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < n; i++)
    x[i] += offset;
  for (int r = 0; r < rows; r++) {
    const float *row = x + (gsize) r * dim;
    double mean = 0, variance = 0;

    for (int i = 0; i < dim; i++)
      mean += row[i] / (double) dim;
    for (int i = 0; i < dim; i++)
      variance += (row[i] - mean) * (row[i] - mean) / dim;
    for (int i = 0; i < dim; i++)
      wanted[(gsize) r * dim + i] =
          (row[i] - mean) / sqrt (variance + eps) * gain[i] + bias[i];
  }
  in = upload (ops, x, n * sizeof (float));
  hf_ops_layer_norm (ops, in, in, g, b, rows, dim, eps, &error);
  g_assert_no_error (error);
  /* Around an offset of 100 a float's own step, 8e-6, stands over deviations
   * of about 0.6. */
  assert_close (in, wanted, n, offset == 0 ? 4e-6 : 4e-5);
}

static void
test_layer_norm (HfOps *ops, HfPrecision precision)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dims); i++)
    try_layer_norm (ops, 1 + (int) i * 3, dims[i], 1e-5f, 0);
  try_layer_norm (ops, 50, 768, 1e-6f, 100);
  try_layer_norm (ops, 400, 96, 1e-5f, 0);
}

static void
test_normalize (HfOps *ops, HfPrecision precision)
{
  for (gsize i = 0; i < G_N_ELEMENTS (dims); i++) {
    int rows = 5, dim = dims[i];
    gsize n = (gsize) rows * dim;
    g_autofree float *x = new_numbers (n, 1);
    g_autofree double *wanted = g_new (double, n);
    g_autoptr (HfBuffer) buffer = NULL;
    g_autoptr (GError) error = NULL;

    for (int c = 0; c < dim; c++)
      x[2 * dim + c] = 0;
    for (int r = 0; r < rows; r++) {
      double squares = 0;

      for (int c = 0; c < dim; c++)
        squares += (double) x[r * dim + c] * x[r * dim + c];
      for (int c = 0; c < dim; c++)
        wanted[r * dim + c] = squares > 0 ? x[r * dim + c] / sqrt (squares) : 0;
    }
    buffer = upload (ops, x, n * sizeof (float));
    hf_ops_normalize (ops, buffer, rows, dim, &error);
    g_assert_no_error (error);
    assert_close (buffer, wanted, n, 1e-6);
  }
}

static void
test_gather (HfOps *ops, HfPrecision precision)
{
  static const int index[] = {6, 0, -1, 3, 3, 1, -1};
  const int rows = G_N_ELEMENTS (index), dim = 37;
  g_autofree float *x = new_numbers (7 * dim, 1);
  g_autofree double *wanted = g_new (double, rows *dim);
  g_autoptr (HfBuffer) from = upload (ops, x, 7 * dim * sizeof (float));
  g_autoptr (HfBuffer) to = upload (ops, x, rows * dim * sizeof (float));
  g_autoptr (HfBuffer) at = upload (ops, index, sizeof index);
  g_autoptr (GError) error = NULL;

  for (int r = 0; r < rows; r++)
    for (int c = 0; c < dim; c++)
      wanted[r * dim + c] = index[r] < 0 ? 0 : x[index[r] * dim + c];
  hf_ops_gather (ops, from, at, to, rows, dim, &error);
  g_assert_no_error (error);
  assert_close (to, wanted, (gsize) rows * dim, 0);
}

static void
try_positions (HfOps *ops, int images, int rows, int dim, gboolean mean)
{
  gsize n = (gsize) images * (rows + 1) * dim;
  g_autofree float *x = new_numbers ((gsize) images * rows * dim, 1);
  g_autofree float *token = new_numbers (dim, 2);
  g_autofree float *positions = new_numbers ((gsize) (rows + 1) * dim, 3);
  g_autofree double *wanted = g_new0 (double, n);
  g_autoptr (HfBuffer) in =
      upload (ops, x, (gsize) images * rows * dim * sizeof (float));
  g_autoptr (HfBuffer) first = upload (ops, token, dim * sizeof (float));
  g_autoptr (HfBuffer) where =
      upload (ops, positions, (gsize) (rows + 1) * dim * sizeof (float));
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBuffer) out =
      hf_buffer_new (hf_ops_get_device (ops), n * sizeof (float), &error);

  for (int i = 0; i < images; i++)
    for (int c = 0; c < dim; c++) {
      double *to = wanted + (gsize) i * (rows + 1) * dim + c;
      const float *from = x + (gsize) i * rows * dim + c;

      to[0] = positions[c] + (mean ? 0 : token[c]);
      for (int r = 0; r < rows; r++) {
        to[0] += mean ? from[r * dim] / (double) rows : 0;
        to[(r + 1) * dim] = from[r * dim] + positions[(r + 1) * dim + c];
      }
    }
  hf_ops_add_positions (ops, in, mean ? NULL : first, where, out, images, rows,
                        dim, &error);
  g_assert_no_error (error);
  assert_close (out, wanted, n, 1e-6);
}

static void
test_positions (HfOps *ops, HfPrecision precision)
{
  for (int mean = 0; mean < 2; mean++) {
    try_positions (ops, 1, 1, 1, mean);
    try_positions (ops, 3, 49, 70, mean);
    try_positions (ops, 2, 9, 128, mean);
  }
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/compute/layer-norm/any-width", test_layer_norm);
  add_ops_test ("/compute/normalize/any-width-and-zero", test_normalize);
  add_ops_test ("/compute/gather/any-order-and-none", test_gather);
  add_ops_test ("/compute/add-positions/token-or-mean", test_positions);
  return g_test_run ();
}
