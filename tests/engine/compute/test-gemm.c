#include "fixture.h"

#include "compute/ops/grid.h"

#include <math.h>
#include <string.h>

/* Sums of k products of numbers in [-1, 1) in float: below 1e-6 of the largest
 * for the k here; GELU's approximation adds 1.5e-7. */
#define BOUND 4e-6

/* The twin: c = act (a W' * scale + bias + residual). */
static void
twin (const float *a, const float *w, const float *scale, const float *bias,
      const float *residual, int rows, int n, int k, HfAct act, double *c)
{
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < n; j++) {
      double sum = 0;

      for (int p = 0; p < k; p++)
        sum += (double) a[(gsize) r * k + p] * w[(gsize) j * k + p];
      sum = sum * (scale != NULL ? scale[j] : 1) + (bias != NULL ? bias[j] : 0);
      if (residual != NULL)
        sum += residual[(gsize) r * n + j];
      c[(gsize) r * n + j] = activate_twin (sum, act);
    }
}

/* @in_place: the residual is what c holds. */
static void
try_gemm (HfOps *ops, int rows, int n, int k, HfAct act, gboolean has_bias,
          gboolean has_residual, gboolean in_place)
{
  g_autofree float *a = new_numbers ((gsize) rows * k, 1);
  g_autofree float *w = new_numbers ((gsize) n * k, 2);
  g_autofree float *scale = has_bias ? new_numbers (n, 5) : NULL;
  g_autofree float *bias = has_bias ? new_numbers (n, 3) : NULL;
  g_autofree float *residual = new_numbers ((gsize) rows * n, 4);
  g_autofree double *wanted = g_new (double, (gsize) rows *n);
  g_autoptr (HfMatrix) matrix = pack_matrix (ops, w, n, k, scale, bias);
  g_autoptr (HfBuffer) x = upload (ops, a, (gsize) rows * k * sizeof (float));
  g_autoptr (HfBuffer) y =
      upload (ops, residual, (gsize) rows * n * sizeof (float));
  g_autoptr (HfBuffer) other =
      upload (ops, residual, (gsize) rows * n * sizeof (float));
  g_autoptr (GError) error = NULL;

  twin (a, w, scale, bias, has_residual ? residual : NULL, rows, n, k, act,
        wanted);
  hf_ops_gemm (ops, matrix, x, y,
               !has_residual ? NULL
               : in_place    ? y
                             : other,
               rows, act, &error);
  g_assert_no_error (error);
  assert_close (y, wanted, (gsize) rows * n, BOUND);
}

static void
test_rows (HfOps *ops, HfPrecision precision)
{
  static const int rows[] = {1,  2,  3,  4,  5,  6,  7,  8,  10,
                             11, 12, 13, 17, 18, 23, 50, 131};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    try_gemm (ops, rows[i], 64, 67, HF_ACT_NONE, TRUE, FALSE, FALSE);
}

static void
test_columns (HfOps *ops, HfPrecision precision)
{
  static const int columns[] = {1,  2,  15, 16, 17, 24,  31,  32,  33,  47,
                                63, 64, 65, 80, 96, 100, 127, 128, 129, 288};

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++) {
    try_gemm (ops, 19, columns[i], 33, HF_ACT_RELU, TRUE, TRUE, FALSE);
    try_gemm (ops, 19, columns[i], 33, HF_ACT_NONE, TRUE, TRUE, TRUE);
  }
}

static void
test_depths (HfOps *ops, HfPrecision precision)
{
  static const int depths[] = {1, 2, 3, 27, 31, 64, 65, 147, 512, 1021};

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    try_gemm (ops, 7, 96, depths[i], HF_ACT_NONE, FALSE, FALSE, FALSE);
}

static void
test_activations (HfOps *ops, HfPrecision precision)
{
  for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++)
    for (int residual = 0; residual < 2; residual++)
      try_gemm (ops, 13, 70, 40, act, TRUE, residual, residual);
}

static void
test_real (HfOps *ops, HfPrecision precision)
{
  try_gemm (ops, 50, 3072, 768, HF_ACT_QUICK_GELU, TRUE, FALSE, FALSE);
  try_gemm (ops, 257, 256, 1024, HF_ACT_NONE, TRUE, TRUE, TRUE);
}

/* Norm, product, activation and product back, added to what was there: sums of
 * numbers that are themselves sums, as long and ten times as large. */
static void
try_mlp (HfOps *ops, int rows, int k, int hidden, HfAct act)
{
  const gsize n = (gsize) rows * k, n_hidden = (gsize) rows * hidden;
  g_autofree float *a = new_numbers (n, 1), *h = new_numbers (n_hidden, 2);
  g_autofree float *w = new_numbers ((gsize) k * hidden, 3);
  g_autofree float *v = new_numbers ((gsize) k * hidden, 4);
  g_autofree float *gain = new_numbers (k, 5), *bias = new_numbers (k, 6);
  g_autofree double *wanted = g_new (double, n);
  g_autofree float *normed = g_new (float, n), *inner = g_new (float, n_hidden);
  g_autofree double *made = g_new (double, n_hidden);
  g_autoptr (HfMatrix) to = pack_matrix (ops, w, hidden, k, NULL, NULL);
  g_autoptr (HfMatrix) back = pack_matrix (ops, v, k, hidden, NULL, bias);
  g_autoptr (HfBuffer) x = upload (ops, a, n * sizeof (float));
  g_autoptr (HfBuffer) y = upload (ops, a, n * sizeof (float));
  g_autoptr (HfBuffer) z = upload (ops, h, n_hidden * sizeof (float));
  g_autoptr (HfBuffer) g = upload (ops, gain, (gsize) k * sizeof (float));
  g_autoptr (HfBuffer) b = upload (ops, bias, (gsize) k * sizeof (float));
  g_autoptr (GError) error = NULL;

  for (int r = 0; r < rows; r++) {
    double mean = 0, variance = 0;

    for (int p = 0; p < k; p++)
      mean += a[(gsize) r * k + p] / (double) k;
    for (int p = 0; p < k; p++)
      variance += pow (a[(gsize) r * k + p] - mean, 2) / k;
    for (int p = 0; p < k; p++)
      normed[(gsize) r * k + p] =
          (float) ((a[(gsize) r * k + p] - mean) / sqrt (variance + 1e-5) *
                       gain[p] +
                   bias[p]);
  }
  twin (normed, w, NULL, NULL, NULL, rows, hidden, k, act, made);
  for (gsize i = 0; i < n_hidden; i++)
    inner[i] = (float) made[i];
  twin (inner, v, NULL, bias, a, rows, k, hidden, HF_ACT_NONE, wanted);
  hf_ops_mlp (ops, to, back, g, b, 1e-5f, x, y, z, rows, act, &error);
  g_assert_no_error (error);
  assert_close (x, wanted, n, 10 * BOUND);
}

static void
test_mlp (HfOps *ops, HfPrecision precision)
{
  try_mlp (ops, 1, 24, 50, HF_ACT_NONE);
  try_mlp (ops, 7, 24, 50, HF_ACT_GELU);
  try_mlp (ops, 13, 67, 130, HF_ACT_QUICK_GELU);
  try_mlp (ops, 50, 96, 384, HF_ACT_RELU);
}

/* Group g of a row makes run g of the result: as many products beside each
 * other, with the rows of a cut along. */
static void
try_groups (HfOps *ops, int rows, int n_groups, int run, int k)
{
  const int n = n_groups * run;
  g_autofree float *a = new_numbers ((gsize) rows * n_groups * k, 1);
  g_autofree float *w = new_numbers ((gsize) n * k, 2);
  g_autofree float *bias = new_numbers (n, 3);
  g_autofree float *part = g_new (float, (gsize) rows *k);
  g_autofree double *of_part = g_new (double, (gsize) rows *run);
  g_autofree double *wanted = g_new (double, (gsize) rows *n);
  Rows source = {w, k};
  g_autoptr (GError) error = NULL;
  g_autoptr (HfMatrix) matrix = hf_matrix_new_grouped (
      ops, n, k, n_groups, copy_rows, &source, NULL, bias, &error);
  g_autoptr (HfBuffer) x =
      upload (ops, a, (gsize) rows * n_groups * k * sizeof (float));
  g_autoptr (HfBuffer) c = hf_buffer_new (
      hf_ops_get_device (ops), (gsize) rows * n * sizeof (float), &error);

  for (int g = 0; g < n_groups; g++) {
    for (int r = 0; r < rows; r++)
      memcpy (part + (gsize) r * k, a + ((gsize) r * n_groups + g) * k,
              (gsize) k * sizeof (float));
    twin (part, w + (gsize) g * run * k, NULL, bias + g * run, NULL, rows, run,
          k, HF_ACT_RELU, of_part);
    for (int r = 0; r < rows; r++)
      memcpy (wanted + (gsize) r * n + g * run, of_part + (gsize) r * run,
              (gsize) run * sizeof (double));
  }
  hf_ops_gemm (ops, matrix, x, c, NULL, rows, HF_ACT_RELU, &error);
  g_assert_no_error (error);
  assert_close (c, wanted, (gsize) rows * n, BOUND);
}

static void
test_groups (HfOps *ops, HfPrecision precision)
{
  static const int runs[] = {1, 15, 16, 17, 32, 48, 63, 64, 65, 100, 128, 200};

  for (int tile = HF_TILE_A; tile <= HF_N_TILES; tile++) {
    ops->forced_tile = (HfTile) tile;
    for (gsize i = 0; i < G_N_ELEMENTS (runs); i++) {
      try_groups (ops, 1, 3, runs[i], 37);
      try_groups (ops, 8, 2, runs[i], 64);
      try_groups (ops, 19, 5, runs[i], 7);
    }
  }
  /* Queries to tokens and tokens to values in RN50, with fewer heads. */
  try_groups (ops, 8, 4, 2048, 64);
  try_groups (ops, 8, 4, 64, 2048);
}

/* Activations are right far out too, where their exponentials would
 * overflow. */
static void
test_huge (HfOps *ops, HfPrecision precision)
{
  static const float values[] = {-1e30f, -3e4f, -90.f, -1e-30f, 0.f,
                                 1e-30f, 90.f,  3e4f,  1e30f};
  const int n = G_N_ELEMENTS (values);
  const float one = 1;
  g_autoptr (HfMatrix) matrix = pack_matrix (ops, &one, 1, 1, NULL, NULL);
  g_autoptr (HfBuffer) x = upload (ops, values, sizeof values);
  g_autoptr (HfBuffer) y = upload (ops, values, sizeof values);

  for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++) {
    g_autoptr (GError) error = NULL;
    double wanted[G_N_ELEMENTS (values)];

    for (int i = 0; i < n; i++)
      wanted[i] = activate_twin (values[i], act);
    hf_ops_gemm (ops, matrix, x, y, NULL, n, act, &error);
    g_assert_no_error (error);
    assert_close (y, wanted, n, BOUND);
  }
}

/* A NaN stays in its own row, so that the caller can name the picture. */
static void
test_nan (HfOps *ops, HfPrecision precision)
{
  const int rows = 13, n = 70, k = 8;
  g_autofree float *a = new_numbers ((gsize) rows * k, 1);
  g_autofree float *w = new_numbers ((gsize) n * k, 2);
  g_autofree float *got = g_new (float, (gsize) rows *n);
  g_autoptr (HfMatrix) matrix = pack_matrix (ops, w, n, k, NULL, NULL);
  g_autoptr (HfBuffer) y = upload (ops, w, (gsize) n * k * sizeof (float));
  g_autoptr (HfBuffer) c = NULL;
  g_autoptr (HfBuffer) x = NULL;
  g_autoptr (GError) error = NULL;

  a[5 * k + 3] = NAN;
  x = upload (ops, a, (gsize) rows * k * sizeof (float));
  c = hf_buffer_new (hf_ops_get_device (ops), (gsize) rows * n * sizeof (float),
                     &error);
  for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++) {
    hf_ops_gemm (ops, matrix, x, c, NULL, rows, (HfAct) act, &error);
    hf_buffer_read (c, got, (gsize) rows * n * sizeof (float), &error);
    g_assert_no_error (error);
    for (int r = 0; r < rows; r++)
      for (int j = 0; j < n; j++)
        g_assert_cmpint (isnan (got[r * n + j]) != 0, ==, r == 5);
  }
}

/* Each tile of the GPU class at its borders, whichever the device would take;
 * the CPU class chooses by the columns, as in test_columns. */
static void
test_tiles (HfOps *ops, HfPrecision precision)
{
  static const int rows[] = {1, 15, 16, 17, 63, 64, 65, 127, 128, 129};
  static const int columns[] = {1, 3, 31, 32, 33, 63, 66, 97};
  static const int depths[] = {1, 7, 15, 16, 17, 63, 64, 65, 128, 131};

  for (int tile = HF_TILE_A; tile < HF_N_TILES; tile++) {
    ops->forced_tile = (HfTile) tile;
    for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
      try_gemm (ops, rows[i], 66, 35, HF_ACT_NONE, TRUE, TRUE, TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
      try_gemm (ops, 18, columns[i], 67, HF_ACT_GELU, TRUE, TRUE, FALSE);
    for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
      try_gemm (ops, 18, 34, depths[i], HF_ACT_NONE, FALSE, FALSE, FALSE);
  }
  ops->forced_tile = HF_N_TILES;
}

/* How the work is cut follows from the number of compute units: a device that
 * claims few or many must compute the same. */
static void
test_units (HfOps *ops, HfPrecision precision)
{
  static const int units[] = {1, 3, 17, 64, 1000};
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const int real = info->compute_units;

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    info->compute_units = units[i];
    try_gemm (ops, 1, 200, 40, HF_ACT_NONE, TRUE, FALSE, FALSE);
    try_gemm (ops, 50, 200, 40, HF_ACT_NONE, TRUE, FALSE, FALSE);
    try_gemm (ops, 401, 65, 40, HF_ACT_NONE, TRUE, FALSE, FALSE);
  }
  info->compute_units = real;
}

/* What the self-test measured decides which tile runs: whichever is said to
 * cost next to nothing. */
static void
test_measured (HfOps *ops, HfPrecision precision)
{
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const HfDeviceInfo real = *info;
  const HfMatrix w = {.n = 200, .k = 40};
  int rows_per_item;
  HfTile tile;

  if (ops->device->device_class == HF_CLASS_CPU) {
    g_test_skip ("The tile of this class is that of the panel.");
    return;
  }
  for (int cheap = HF_TILE_A; cheap < HF_N_TILES; cheap++) {
    for (int i = 0; i < HF_N_TILES; i++)
      info->tile_ns[i] = i == cheap ? 1e-6 : 1;
    hf_grid_tile (ops, &w, 50, &tile, &rows_per_item);
    g_assert_cmpint (tile, ==, cheap);
  }
  memcpy (info->tile_ns, real.tile_ns, sizeof info->tile_ns);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_ops_test ("/compute/gemm/any-rows", test_rows);
  add_ops_test ("/compute/gemm/any-columns", test_columns);
  add_ops_test ("/compute/gemm/any-depth", test_depths);
  add_ops_test ("/compute/gemm/every-epilogue", test_activations);
  add_ops_test ("/compute/gemm/sizes-of-real-towers", test_real);
  add_ops_test ("/compute/gemm/two-layers-after-a-norm", test_mlp);
  add_ops_test ("/compute/gemm/each-group-by-itself", test_groups);
  add_ops_test ("/compute/gemm/huge-values", test_huge);
  add_ops_test ("/compute/gemm/nan-stays-in-its-row", test_nan);
  add_ops_test ("/compute/gemm/every-tile", test_tiles);
  add_ops_test ("/compute/gemm/any-number-of-units", test_units);
  add_ops_test ("/compute/gemm/tile-is-the-measured-one", test_measured);
  return g_test_run ();
}
