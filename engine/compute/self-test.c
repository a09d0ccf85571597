/* self-test.c: a driver that is installed may still be broken. Each operator a
 * tower leans on is tried at a size that has tails; a right device is within
 * 1e-4 of the definition, where weights are rounded to bfloat16 within 1/256, a
 * wrong one is far off. */
#include "compute/self-test.h"

#include "compute/ops/grid.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define ROWS 13
#define K 72
/* What a processor's matrix unit takes. */
#define K_TILED 64
/* Of the tile that the products of transformers are in, too: no other has to be
 * compiled for the test alone. */
#define N 88
#define HEADS 2
#define HEAD_DIM 36
#define TOLERANCE 1e-4
#define NARROW_TOLERANCE (1 / 256.0)

#define SPEED_ROWS 400
#define SPEED_SIDE 768
#define SPEED_LAUNCHES 4

typedef struct {
  HfOps *ops;
  int k;             /* of the products */
  float x[ROWS * K]; /* input */
  float w[N * K];    /* all values are halves, so f16 weights are exact */
} Test;

/* Small numbers that halves and bf16 hold exactly; the same on every device. */
static void
fill (float *values, gsize n, guint32 seed)
{
  for (gsize i = 0; i < n; i++) {
    seed = seed * 1664525u + 1013904223u;
    values[i] = (float) ((int) (seed >> 24) - 128) / 128.f;
  }
}

static void
copy_rows (gpointer data, int first, int n_rows, float *out)
{
  const Test *t = data;

  memcpy (out, t->w + (gsize) first * t->k,
          (gsize) n_rows * t->k * sizeof (float));
}

static gboolean
compare (const char *what, HfBuffer *buffer, const double *wanted, gsize n,
         double tolerance, GError **error)
{
  g_autofree float *got = g_new (float, n);

  if (!hf_buffer_read (buffer, got, n * sizeof (float), error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!(fabs (got[i] - wanted[i]) <=
          tolerance * MAX (1.0, fabs (wanted[i])))) {
      g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_SELF_TEST,
                   _("It computes a wrong %s: %g instead of %g. Look for a "
                     "newer driver."),
                      _(what), got[i], wanted[i]);
      return FALSE;
    }
  return TRUE;
}

/* The product of the rows with @w, which holds t->w. */
static gboolean
test_product (Test *t, const HfMatrix *w, const char *what, GError **error)
{
  g_autoptr (HfBuffer) x =
      hf_buffer_new_from (hf_ops_get_device (t->ops), t->x, sizeof t->x, error);
  g_autoptr (HfBuffer) y = hf_buffer_new (hf_ops_get_device (t->ops),
                                          ROWS * N * sizeof (float), error);
  double wanted[ROWS * N];

  if (x == NULL || y == NULL)
    return FALSE;
  for (int r = 0; r < ROWS; r++)
    for (int n = 0; n < N; n++) {
      double sum = 0;

      for (int k = 0; k < t->k; k++)
        sum += (double) t->x[r * t->k + k] * t->w[n * t->k + k];
      wanted[r * N + n] = sum / (1 + exp (-1.702 * sum));
    }
  return hf_ops_gemm (t->ops, w, x, y, NULL, ROWS, HF_ACT_QUICK_GELU, error) &&
         compare (what, y, wanted, ROWS * N, TOLERANCE, error);
}

static gboolean
test_gemm (Test *t, GError **error)
{
  g_autoptr (HfMatrix) w =
      hf_matrix_new (t->ops, N, K, copy_rows, t, NULL, NULL, error);

  return w != NULL && test_product (t, w, N_("matrix product"), error);
}

/* Which tile a product takes depends on its size; each must be right. */
static gboolean
test_tiles (Test *t, GError **error)
{
  if (t->ops->device->device_class == HF_CLASS_CPU)
    return test_gemm (t, error);
  for (int tile = HF_TILE_A; tile < HF_N_TILES; tile++) {
    t->ops->forced_tile = (HfTile) tile;
    if (!test_gemm (t, error))
      return FALSE;
  }
  t->ops->forced_tile = HF_N_TILES;
  return TRUE;
}

static gboolean
test_layer_norm (Test *t, GError **error)
{
  HfDevice *device = hf_ops_get_device (t->ops);
  g_autoptr (HfBuffer) x =
      hf_buffer_new_from (device, t->x, sizeof t->x, error);
  g_autoptr (HfBuffer) gain =
      hf_buffer_new_from (device, t->w, K * sizeof (float), error);
  g_autoptr (HfBuffer) bias =
      hf_buffer_new_from (device, t->w + K, K * sizeof (float), error);
  double wanted[ROWS * K];

  if (x == NULL || gain == NULL || bias == NULL)
    return FALSE;
  for (int r = 0; r < ROWS; r++) {
    const float *row = t->x + r * K;
    double mean = 0, variance = 0;

    for (int k = 0; k < K; k++)
      mean += row[k] / (double) K;
    for (int k = 0; k < K; k++)
      variance += (row[k] - mean) * (row[k] - mean) / K;
    for (int k = 0; k < K; k++)
      wanted[r * K + k] =
          (row[k] - mean) / sqrt (variance + 1e-5) * t->w[k] + t->w[K + k];
  }
  return hf_ops_layer_norm (t->ops, x, x, gain, bias, ROWS, K, 1e-5f, error) &&
         compare (N_("layer norm"), x, wanted, ROWS * K, TOLERANCE, error);
}

/* The input serves as queries, keys and values at once. */
static void
attend (const float *x, double *wanted)
{
  for (int r = 0; r < ROWS; r++)
    for (int h = 0; h < HEADS; h++) {
      double weights[ROWS], sum = 0;

      for (int t = 0; t <= r; t++) {
        double dot = 0;

        for (int d = h * HEAD_DIM; d < (h + 1) * HEAD_DIM; d++)
          dot += (double) x[r * K + d] * x[t * K + d];
        weights[t] = exp (dot / sqrt (HEAD_DIM));
        sum += weights[t];
      }
      for (int d = h * HEAD_DIM; d < (h + 1) * HEAD_DIM; d++) {
        wanted[r * K + d] = 0;
        for (int t = 0; t <= r; t++)
          wanted[r * K + d] += weights[t] / sum * x[t * K + d];
      }
    }
}

static gboolean
test_attention (Test *t, double tolerance, GError **error)
{
  HfDevice *device = hf_ops_get_device (t->ops);
  const int length = ROWS;
  g_autoptr (HfRuns) runs = hf_runs_new (t->ops, &length, 1, TRUE, error);
  g_autoptr (HfBuffer) x =
      hf_buffer_new_from (device, t->x, sizeof t->x, error);
  g_autoptr (HfBuffer) y = hf_buffer_new (device, sizeof t->x, error);
  HfHeads heads = {x, x, 0, 0, 0, K, K, HEADS, HEAD_DIM};
  double wanted[ROWS * K];

  if (runs == NULL || x == NULL || y == NULL)
    return FALSE;
  attend (t->x, wanted);
  return hf_ops_attention (t->ops, &heads, runs, y, error) &&
         compare (N_("attention"), y, wanted, ROWS * K, tolerance, error);
}

/* Row r of the matrix whose speed is measured is the input from r on. */
static void
repeat_rows (gpointer data, int first, int n_rows, float *out)
{
  const float *x = data;

  for (int i = 0; i < n_rows * SPEED_SIDE; i++)
    out[i] = x[(first + i) % (ROWS * K)];
}

/* The product that towers of width 768 are made of, at the rows of eight
 * pictures. */
typedef struct {
  HfOps *ops;
  const HfMatrix *matrix;
  const HfBuffer *a;
  HfBuffer *c;
} Load;

/* Microseconds that @n_launches take: the best of three, since the first one
 * warms up. */
static gboolean
clock_load (const Load *load, int n_launches, gint64 *best_us, GError **error)
{
  *best_us = G_MAXINT64;
  for (int round = 0; round < 3; round++) {
    gint64 start = g_get_monotonic_time ();

    for (int i = 0; i < n_launches; i++)
      if (!hf_ops_gemm (load->ops, load->matrix, load->a, load->c, NULL,
                        SPEED_ROWS, HF_ACT_NONE, error))
        return FALSE;
    if (!hf_ops_finish (load->ops, error))
      return FALSE;
    *best_us =
        MIN (*best_us, MAX (g_get_monotonic_time () - start, (gint64) 1));
  }
  return TRUE;
}

/* What a sum costs in each tile, by the same reckoning that will choose. Short
 * of a number for each of them the estimates stay. */
static gboolean
measure_tiles (const Load *load, GError **error)
{
  HfOps *ops = load->ops;
  double ns[HF_N_TILES];

  for (int tile = HF_TILE_A; tile < HF_N_TILES; tile++) {
    gint64 best_us = 0;

    ops->forced_tile = (HfTile) tile;
    if (!clock_load (load, 1, &best_us, error))
      return FALSE;
    ns[tile] =
        (double) best_us * 1e3 /
        hf_grid_get_tile_sums (ops, (HfTile) tile, SPEED_SIDE, SPEED_ROWS);
  }
  ops->forced_tile = HF_N_TILES;
  memcpy (ops->device->info->tile_ns, ns, sizeof ns);
  return TRUE;
}

static gboolean
measure (HfOps *ops, float *x, GError **error)
{
  HfDevice *device = hf_ops_get_device (ops);
  gint64 best_us = 0;
  Load load;
  gsize size_bytes = (gsize) SPEED_ROWS * SPEED_SIDE * sizeof (float);
  g_autofree float *rows = g_malloc (size_bytes);
  g_autoptr (HfMatrix) matrix = NULL;
  g_autoptr (HfBuffer) a = NULL;
  g_autoptr (HfBuffer) c = hf_buffer_new (device, size_bytes, error);

  if (c == NULL)
    return FALSE;
  repeat_rows (x, 0, SPEED_ROWS, rows);
  a = hf_buffer_new_from (device, rows, size_bytes, error);
  if (a == NULL)
    return FALSE;
  matrix = hf_matrix_new (ops, SPEED_SIDE, SPEED_SIDE, repeat_rows, x, NULL,
                          NULL, error);
  if (matrix == NULL)
    return FALSE;
  load = (Load){ops, matrix, a, c};
  if (device->device_class == HF_CLASS_GPU && !measure_tiles (&load, error))
    return FALSE;
  if (!clock_load (&load, SPEED_LAUNCHES, &best_us, error))
    return FALSE;
  device->info->gflops = SPEED_LAUNCHES * 2e-3 * SPEED_ROWS * SPEED_SIDE *
                         SPEED_SIDE / (double) best_us;
  return TRUE;
}

/* Numbers that 8 bits hold exactly: 127ths, from -1 to 1 in every row. */
static void
round_to_codes (float *values, int n_rows, int row_length)
{
  for (int r = 0; r < n_rows; r++, values += row_length) {
    values[0] = -1;
    values[1] = 1;
    for (int k = 2; k < row_length; k++)
      values[k] = (float) ((int) (values[k] * 127) / 127.0);
  }
}

gboolean
hf_self_test_narrow_attention (HfOps *ops, GError **error)
{
  Test test = {ops, K};

  fill (test.x, G_N_ELEMENTS (test.x), 1);
  return test_attention (&test, NARROW_TOLERANCE, error);
}

gboolean
hf_self_test_bf16 (HfOps *ops, GError **error)
{
  g_autoptr (HfMatrix) w = NULL;
  Test test = {ops, K};

  fill (test.x, G_N_ELEMENTS (test.x), 1);
  fill (test.w, G_N_ELEMENTS (test.w), 2);
  w = hf_matrix_new (ops, N, K, copy_rows, &test, NULL, NULL, error);
  return w != NULL &&
         test_product (&test, w, N_("matrix product in bf16"), error);
}

static gboolean
test_int8 (HfOps *ops, int k, GError **error)
{
  g_autoptr (HfMatrix) w = NULL;
  Test test = {ops, k};

  fill (test.x, G_N_ELEMENTS (test.x), 1);
  fill (test.w, G_N_ELEMENTS (test.w), 2);
  round_to_codes (test.x, ROWS, k);
  round_to_codes (test.w, N, k);
  w = hf_matrix_new_narrow (ops, N, k, copy_rows, &test, NULL, NULL, NULL, NULL,
                            error);
  return w != NULL &&
         test_product (&test, w, N_("matrix product in 8 bits"), error);
}

gboolean
hf_self_test_int8 (HfOps *ops, GError **error)
{
  return test_int8 (ops, K, error) && test_int8 (ops, K_TILED, error);
}

gboolean
hf_self_test (HfDevice *device, GError **error)
{
  g_autoptr (HfOps) ops = hf_ops_new (device, HF_PRECISION_F16, error);
  Test test = {ops, K};

  if (ops == NULL)
    return FALSE;
  fill (test.x, G_N_ELEMENTS (test.x), 1);
  fill (test.w, G_N_ELEMENTS (test.w), 2);
  return test_tiles (&test, error) && test_layer_norm (&test, error) &&
         test_attention (&test, TOLERANCE, error) &&
         measure (ops, test.x, error);
}
