/* Tests of products in 8 bits (compute/ops/int8.c, kernels/cpu/int8.cl). */
#include "fixture.h"

#include "compute/ops/ops-private.h"

#include <math.h>
#include <string.h>

/* Between a product in float and the same in double. */
#define BOUND 2e-6

/* Rows and weights without outliers: 1.2e-4 of the squares is expected. */
#define NOISE 2e-4

typedef struct {
  int rows, n, k;
  float *a, *w, *bias; /* [rows][k], [n][k], [n] */
  double *wanted;      /* [rows][n] */
} Sample;

static void
sample_clear (Sample *s)
{
  g_free (s->a);
  g_free (s->w);
  g_free (s->bias);
  g_free (s->wanted);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

/* Sums of four even numbers: near enough to what a trained layer holds. */
static float *
new_bells (gsize n, guint32 seed)
{
  g_autofree float *even = new_numbers (4 * n, seed);
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] =
        even[4 * i] + even[4 * i + 1] + even[4 * i + 2] + even[4 * i + 3];
  return values;
}

static Sample
make_sample (int rows, int n, int k)
{
  return (Sample){.rows = rows,
                  .n = n,
                  .k = k,
                  .a = new_bells ((gsize) rows * k, 1),
                  .w = new_bells ((gsize) n * k, 2),
                  .bias = new_numbers (n, 3),
                  .wanted = g_new0 (double, (gsize) rows *n)};
}

/* The product in double. */
static void
multiply (Sample *s)
{
  for (int r = 0; r < s->rows; r++)
    for (int j = 0; j < s->n; j++) {
      double sum = s->bias[j];

      for (int p = 0; p < s->k; p++)
        sum += (double) s->a[(gsize) r * s->k + p] * s->w[(gsize) j * s->k + p];
      s->wanted[(gsize) r * s->n + j] = sum;
    }
}

static HfMatrix *
pack (HfOps *ops, Sample *s, const float *spread)
{
  g_autoptr (GError) error = NULL;
  Rows rows = {s->w, s->k};
  HfMatrix *matrix = hf_matrix_new_narrow (ops, s->n, s->k, copy_rows, &rows,
                                           spread, NULL, NULL, s->bias, &error);

  g_assert_no_error (error);
  return matrix;
}

/* Caller frees. */
static float *
run (HfOps *ops, const Sample *s, const HfMatrix *matrix, const float *residual)
{
  gsize n = (gsize) s->rows * s->n;
  float *got = g_new (float, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBuffer) a =
      upload (ops, s->a, (gsize) s->rows * s->k * sizeof (float));
  g_autoptr (HfBuffer) c =
      residual != NULL
          ? upload (ops, residual, n * sizeof (float))
          : hf_buffer_new (hf_ops_get_device (ops), n * sizeof (float), &error);

  hf_ops_gemm (ops, matrix, a, c, residual != NULL ? c : NULL, s->rows,
               HF_ACT_NONE, &error);
  hf_buffer_read (c, got, n * sizeof (float), &error);
  g_assert_no_error (error);
  return got;
}

/* Mean square error over mean square. */
static double
measure (const Sample *s, const float *got)
{
  double difference = 0, size = 0;

  for (gsize i = 0; i < (gsize) s->rows * s->n; i++) {
    difference += (got[i] - s->wanted[i]) * (got[i] - s->wanted[i]);
    size += s->wanted[i] * s->wanted[i];
  }
  return difference / size;
}

/* The definition, code by code. Every column of W has a 1, so that nothing is
 * evened out. */
static void
multiply_codes (Sample *s, const float *residual)
{
  g_autofree int *codes = g_new (int, s->k);

  for (int r = 0; r < s->rows; r++) {
    const float *a = s->a + (gsize) r * s->k;
    float low = 0, high = 0, step, zero;

    for (int p = 0; p < s->k; p++) {
      low = MIN (low, a[p]);
      high = MAX (high, a[p]);
    }
    step = (high - low) / 254;
    zero = rintf (-low * (1 / step));
    for (int p = 0; p < s->k; p++)
      codes[p] = (int) rintf (fmaf (a[p], 1 / step, zero));
    for (int j = 0; j < s->n; j++) {
      const float *w = s->w + (gsize) j * s->k;
      gsize at = (gsize) r * s->n + j;
      gint64 sum = 0;
      float most = 0;

      for (int p = 0; p < s->k; p++)
        most = MAX (most, fabsf (w[p]));
      for (int p = 0; p < s->k; p++)
        sum += (codes[p] - (int) zero) * lrintf (w[p] * (1 / (most / 127)));
      s->wanted[at] = (double) sum * step * (most / 127) + s->bias[j] +
                      (residual != NULL ? residual[at] : 0);
    }
  }
}

static void
try_twin (HfOps *ops, int rows, int n, int k, gboolean has_residual)
{
  g_auto (Sample) s = make_sample (rows, n, k);
  g_autofree float *residual =
      has_residual ? new_numbers ((gsize) rows * n, 7) : NULL;
  g_autoptr (HfMatrix) matrix = NULL;
  g_autofree float *got = NULL;

  for (int p = 0; p < k; p++)
    s.w[p] = 4;
  matrix = pack (ops, &s, NULL);
  g_assert_cmpint (hf_matrix_get_precision (matrix), ==, HF_PRECISION_INT8);
  multiply_codes (&s, residual);
  got = run (ops, &s, matrix, residual);
  for (gsize i = 0; i < (gsize) rows * n; i++)
    if (!(fabs (got[i] - s.wanted[i]) <= BOUND * MAX (1.0, fabs (s.wanted[i]))))
      g_error ("%d x %d x %d: element %" G_GSIZE_FORMAT " is %g, wanted %g",
               rows, n, k, i, got[i], s.wanted[i]);
}

static void
test_shapes (HfOps *ops, HfPrecision precision)
{
  static const int rows[] = {1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 50, 131};
  static const int columns[] = {1, 15, 16, 17, 63, 64, 65, 100, 128, 129, 288};
  static const int depths[] = {16, 17, 18, 19, 31, 64, 65, 147, 768, 1021};

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    try_twin (ops, rows[i], 70, 67, i % 2);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    try_twin (ops, 13, columns[i], 66, i % 2);
  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    try_twin (ops, 13, 80, depths[i], i % 2);
}

/* Rows around the blocks of a matrix unit, whole and cut among any number of
 * compute units, and columns at the border of its panels. */
static void
test_blocks (HfOps *ops, HfPrecision precision)
{
  static const int rows[] = {1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 401};
  static const int columns[] = {1, 15, 16, 17, 31, 32, 33, 47, 64, 96, 200};
  static const int depths[] = {64, 128, 192, 320, 1024, 3072};
  static const int units[] = {1, 3, 64};
  HfDeviceInfo *info = hf_ops_get_device (ops)->info;
  const int real = info->compute_units;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    try_twin (ops, rows[i], 70, 128, i % 2);
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    try_twin (ops, 50, columns[i], 64, i % 2);
  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    try_twin (ops, 34, 80, depths[i], i % 2);
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    info->compute_units = units[i];
    try_twin (ops, 131, 100, 64, TRUE);
    try_twin (ops, 450, 40, 64, FALSE);
  }
  info->compute_units = real;
}

/* A row alone and among others, by vectors and by a matrix unit. */
static void
test_same (HfOps *ops, HfPrecision precision)
{
  HfDevice *device = hf_ops_get_device (ops);
  const gboolean has_amx = device->has_amx;
  g_auto (Sample) s = make_sample (70, 100, 192);
  g_autoptr (HfMatrix) matrix = pack (ops, &s, NULL);
  g_autofree float *wanted = run (ops, &s, matrix, NULL);
  g_autoptr (HfMatrix) other = NULL;
  g_autofree float *alone = NULL, *got = NULL;

  device->has_amx = FALSE;
  other = pack (ops, &s, NULL);
  device->has_amx = has_amx;
  got = run (ops, &s, other, NULL);
  g_assert_cmpmem (got, 7000 * sizeof (float), wanted, 7000 * sizeof (float));
  s.rows = 1;
  alone = run (ops, &s, matrix, NULL);
  g_assert_cmpmem (alone, 100 * sizeof (float), wanted, 100 * sizeof (float));
}

static void
test_accuracy (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (50, 256, 768);
  g_autoptr (HfMatrix) matrix = pack (ops, &s, NULL);
  g_autofree float *got = run (ops, &s, matrix, NULL);

  multiply (&s);
  g_assert_cmpfloat (measure (&s, got), <, NOISE);
}

/* Two columns of the rows are 30 times the others, and known to be. The weights
 * behind them are small, as in a trained model, so that all columns count
 * alike. */
static void
test_evens_out (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (50, 256, 768);
  g_autofree float *spread = g_new (float, s.k);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autofree float *got = NULL;

  for (int p = 0; p < s.k; p++) {
    spread[p] = p == 5 || p == 600 ? 32 : 1;
    for (int r = 0; r < s.rows; r++)
      s.a[r * s.k + p] *= spread[p];
    for (int j = 0; j < s.n; j++)
      s.w[j * s.k + p] /= spread[p];
  }
  multiply (&s);
  matrix = pack (ops, &s, spread);
  g_assert_cmpint (hf_matrix_get_precision (matrix), ==, HF_PRECISION_INT8);
  got = run (ops, &s, matrix, NULL);
  g_assert_cmpfloat (measure (&s, got), <, NOISE);
}

/* Rows and weights that are large in the same columns cannot be evened out. */
static void
test_stays_wide (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (20, 96, 256);
  g_autofree float *spread = g_new (float, s.k);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autofree float *got = NULL;

  for (int p = 0; p < s.k; p++) {
    spread[p] = p == 5 ? 32 : 1;
    for (int r = 0; r < s.rows; r++)
      s.a[r * s.k + p] *= spread[p];
    for (int j = 0; j < s.n; j++)
      s.w[j * s.k + p] *= spread[p];
  }
  multiply (&s);
  matrix = pack (ops, &s, spread);
  got = run (ops, &s, matrix, NULL);
  if (hf_ops_uses_bf16 (ops)) {
    g_assert_cmpint (hf_matrix_get_precision (matrix), ==, HF_PRECISION_BF16);
    /* Two numbers of 8 digits each: 5e-6 is expected. */
    g_assert_cmpfloat (measure (&s, got), <, 1e-5);
  } else {
    g_assert_cmpint (hf_matrix_get_precision (matrix), ==, HF_PRECISION_F16);
    g_assert_cmpfloat (measure (&s, got), <, 1e-9);
  }
}

/* What comes out is known to be as uneven as the weights make it. */
static void
test_spread (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (400, 96, 128);
  g_autofree float *spread = g_new0 (float, s.n);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfMatrix) matrix = NULL;
  Rows rows = {s.w, s.k};

  memset (s.bias, 0, (gsize) s.n * sizeof (float));
  for (int p = 0; p < s.k; p++)
    s.w[3 * s.k + p] *= 40;
  matrix = hf_matrix_new_narrow (ops, s.n, s.k, copy_rows, &rows, NULL, spread,
                                 NULL, s.bias, &error);
  g_assert_no_error (error);
  multiply (&s);
  for (int j = 0; j < s.n; j++) {
    double squares = 0, deviation;

    for (int r = 0; r < s.rows; r++)
      squares += s.wanted[r * s.n + j] * s.wanted[r * s.n + j];
    /* A number of new_bells has a deviation of 2 / sqrt (3). */
    deviation = sqrt (squares / s.rows) / (2 / sqrt (3));
    g_assert_cmpfloat (fabs (deviation / spread[j] - 1), <, 0.2);
  }
}

/* Rows that are normed, or passed through an activation, on their way to 8 bits
 * are those that are made one step after the other: to the bit, since the
 * numbers are the same. */
static void
try_at_once (HfOps *ops, int rows, int k, int hidden, HfAct act)
{
  g_auto (Sample) s = make_sample (rows, hidden, k);
  g_auto (Sample) back = make_sample (rows, k, hidden);
  g_autoptr (HfMatrix) w = pack (ops, &s, NULL);
  g_autoptr (HfMatrix) v = pack (ops, &back, NULL);
  const gsize n = (gsize) rows * k, n_hidden = (gsize) rows * hidden;
  const gsize float_bytes = sizeof (float);
  g_autofree float *gain = new_numbers (k, 8), *bias = new_numbers (k, 9);
  g_autofree float *wanted = g_new (float, n), *got = g_new (float, n);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBuffer) g = upload (ops, gain, k * float_bytes);
  g_autoptr (HfBuffer) b = upload (ops, bias, k * float_bytes);
  g_autoptr (HfBuffer) x = upload (ops, s.a, n * float_bytes);
  g_autoptr (HfBuffer) x2 = upload (ops, s.a, n * float_bytes);
  g_autoptr (HfBuffer) y = upload (ops, s.a, n * float_bytes);
  g_autoptr (HfBuffer) h = upload (ops, back.a, n_hidden * float_bytes);

  hf_ops_layer_norm (ops, x, y, g, b, rows, k, 1e-5f, &error);
  hf_ops_gemm (ops, w, y, h, NULL, rows, act, &error);
  hf_ops_gemm (ops, v, h, x, x, rows, HF_ACT_NONE, &error);
  hf_buffer_read (x, wanted, n * float_bytes, &error);
  hf_ops_mlp (ops, w, v, g, b, 1e-5f, x2, y, h, rows, act, &error);
  hf_buffer_read (x2, got, n * float_bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (got, n * float_bytes, wanted, n * float_bytes);
}

static void
test_at_once (HfOps *ops, HfPrecision precision)
{
  static const int depths[] = {16, 17, 31, 64, 67, 147, 768};

  for (gsize i = 0; i < G_N_ELEMENTS (depths); i++)
    for (int act = HF_ACT_NONE; act <= HF_ACT_RELU; act++)
      try_at_once (ops, 13, depths[i], 70 + 33 * act, act);
  try_at_once (ops, 1, 768, 3072, HF_ACT_QUICK_GELU);
  try_at_once (ops, 50, 768, 3072, HF_ACT_GELU);
}

static void
try_not_finite (HfOps *ops, float value)
{
  g_auto (Sample) s = make_sample (13, 70, 72);
  g_autoptr (HfMatrix) matrix = pack (ops, &s, NULL);
  g_autofree float *got = NULL;

  s.a[5 * s.k + 3] = value;
  s.a[7 * s.k + 70] = value;
  got = run (ops, &s, matrix, NULL);
  for (int r = 0; r < s.rows; r++)
    for (int j = 0; j < s.n; j++)
      g_assert_cmpint (isfinite (got[r * s.n + j]) != 0, ==, r != 5 && r != 7);
}

/* A damaged row is seen as such, and only that one. */
static void
test_not_finite (HfOps *ops, HfPrecision precision)
{
  try_not_finite (ops, NAN);
  try_not_finite (ops, INFINITY);
  try_not_finite (ops, -INFINITY);
}

/* Nothing to see is nothing, and no division by it. */
static void
test_zeros (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (7, 70, 72);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autofree float *got = NULL;

  memset (s.a + 2 * s.k, 0, (gsize) s.k * sizeof (float));
  memset (s.w + 3 * s.k, 0, (gsize) s.k * sizeof (float));
  matrix = pack (ops, &s, NULL);
  got = run (ops, &s, matrix, NULL);
  for (int j = 0; j < s.n; j++)
    g_assert_cmpfloat (got[2 * s.n + j], ==, s.bias[j]);
  for (int r = 0; r < s.rows; r++)
    g_assert_cmpfloat (got[r * s.n + 3], ==, s.bias[3]);
}

/* Weights that are no numbers are not made into some. */
static void
test_damaged (HfOps *ops, HfPrecision precision)
{
  g_auto (Sample) s = make_sample (3, 70, 72);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autofree float *got = NULL;

  s.w[6 * s.k + 9] = NAN;
  matrix = pack (ops, &s, NULL);
  got = run (ops, &s, matrix, NULL);
  for (int r = 0; r < s.rows; r++)
    g_assert_true (isnan (got[r * s.n + 6]));
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  add_int8_test ("/compute/int8/equals-its-twin-in-every-shape", test_shapes);
  add_int8_test ("/compute/int8/equals-its-twin-around-blocks", test_blocks);
  add_int8_test ("/compute/int8/rows-are-the-same-in-every-way", test_same);
  add_int8_test ("/compute/int8/is-near-the-product-of-numbers", test_accuracy);
  add_int8_test ("/compute/int8/known-outliers-cost-nothing", test_evens_out);
  add_int8_test ("/compute/int8/what-would-lose-too-much-stays-f16",
                 test_stays_wide);
  add_int8_test ("/compute/int8/tells-how-uneven-its-results-are", test_spread);
  add_int8_test ("/compute/int8/norm-and-activation-on-the-way", test_at_once);
  add_int8_test ("/compute/int8/a-row-that-is-not-finite-stays-so",
                 test_not_finite);
  add_int8_test ("/compute/int8/rows-and-weights-of-zeros", test_zeros);
  add_int8_test ("/compute/int8/a-weight-that-is-no-number", test_damaged);
  return g_test_run ();
}
