/* int8.c: products in 8 bits; kernels int8.cl.
 *
 * Both sides are coarse: a row has 254 steps from its smallest number to its
 * largest, a column of weights 127 on either side of zero. Where a few numbers
 * are far larger than the others, those others lose their digits. So what is
 * known of the rows (spread) and of the weights is evened out between them, and
 * what would be lost all the same is reckoned before it is decided. */
#include "compute/ops/grid.h"

#include <math.h>
#include <string.h>

#define QUAD 4
/* TILE_K of int8-amx.cl. */
#define AMX_K 64
#define MOST_CODE 127
/* ROW_MAX of int8.cl, which sums 255 * 127 * k in 32 bits. */
#define MAX_K 16384
/* How far a row reaches to both sides together, in standard deviations. */
#define REACH 7.0
#define ROW_STEPS 254.0
/* Noise beside the signal, in squares, from which weights stay f16; rows and
 * weights without outliers have 1.2e-4. */
#define MAX_NOISE 1.5e-3
/* Columns whose share of the result is no signal: in trained models the
 * largest ones hardly change from picture to picture. */
#define OUTLIERS 0.02

/* What is found out about W before it is packed, and what becomes of it. */
typedef struct {
  HfMatrixRows rows;
  gpointer rows_data;
  const float *spread; /* [k] */
  const float *scale, *bias;
  float *spread_out; /* [n] or NULL */
  float *largest;    /* [k], of a column of W; under the lock */
  float *grow;       /* [k], powers of two that W is multiplied by */
  gboolean *is_rest; /* [k], not one of the outliers */
  double *noise;     /* [n], mean square error of a result ... */
  double *signal;    /* [n] ... beside its mean square */
  float *steps;      /* [n] */
  int *sums;         /* [n_panels][width] */
  gint8 *packed;
  GMutex lock;
} Plan;

static void
plan_clear (Plan *plan)
{
  g_free (plan->largest);
  g_free (plan->grow);
  g_free (plan->is_rest);
  g_free (plan->noise);
  g_free (plan->signal);
  g_free (plan->steps);
  g_free (plan->sums);
  g_mutex_clear (&plan->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Plan, plan_clear)

static void
survey_panel (const HfMatrix *m, int panel, const float *rows, gpointer data)
{
  Plan *plan = data;
  const int k = m->k, first = panel * m->width;
  g_autofree float *largest = g_new0 (float, k);

  for (int row = first; row < MIN (first + m->width, m->n); row++, rows += k) {
    double sum = 0;

    for (int p = 0; p < k; p++) {
      double part = (double) rows[p] * plan->spread[p];

      largest[p] = MAX (largest[p], fabsf (rows[p]));
      sum += part * part;
    }
    if (plan->spread_out != NULL)
      plan->spread_out[row] = (float) hypot (
          sqrt (sum) * (plan->scale != NULL ? plan->scale[row] : 1),
          plan->bias != NULL ? plan->bias[row] : 0);
  }
  g_mutex_lock (&plan->lock);
  for (int p = 0; p < k; p++)
    plan->largest[p] = MAX (plan->largest[p], largest[p]);
  g_mutex_unlock (&plan->lock);
}

/* Both sides meet in the middle: rows / grow and W * grow reach equally far in
 * every column. */
static void
even_out (const HfMatrix *m, Plan *plan)
{
  g_autofree float *wanted = g_new0 (float, m->k);
  double mean = 0;

  for (int p = 0; p < m->k; p++) {
    double ratio = (double) plan->spread[p] / plan->largest[p];

    if (isfinite (ratio) && ratio > 0)
      wanted[p] = (float) (0.5 * log2 (ratio));
    mean += wanted[p] / m->k;
  }
  for (int p = 0; p < m->k; p++)
    plan->grow[p] =
        exp2f (CLAMP (roundf (wanted[p] - (float) mean), -16.f, 16.f));
}

static int
compare_floats (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static void
find_outliers (const HfMatrix *m, Plan *plan)
{
  g_autofree float *share = g_new (float, m->k);
  float limit;

  for (int p = 0; p < m->k; p++)
    share[p] = plan->spread[p] * plan->largest[p];
  qsort (share, (gsize) m->k, sizeof *share, compare_floats);
  limit = share[m->k - 1 - (int) (m->k * OUTLIERS)];
  for (int p = 0; p < m->k; p++)
    plan->is_rest[p] = plan->spread[p] * plan->largest[p] <= limit;
}

/* Mean squares of the result of one row of W, whose codes have @step. */
static void
reckon_noise (const HfMatrix *m, Plan *plan, const float *w, int row,
              double step)
{
  double rows_sum = 0, rows_most = 0, weights_sum = 0, signal = 0, row_step;

  for (int p = 0; p < m->k; p++) {
    double a = plan->spread[p] / plan->grow[p], b = w[p] * plan->grow[p];

    rows_sum += a * a;
    rows_most = MAX (rows_most, a);
    weights_sum += b * b;
    if (plan->is_rest[p])
      signal += a * a * b * b;
  }
  row_step = REACH * rows_most / ROW_STEPS;
  plan->noise[row] =
      (step * step * rows_sum + row_step * row_step * weights_sum) / 12;
  plan->signal[row] = signal;
}

/* Writes one row of W as codes into its column of the panel at @out and
 * returns their sum. */
static int
encode_row (const HfMatrix *m, const Plan *plan, const float *w, float step,
            gint8 *out)
{
  const float inverse = step > 0 ? 1 / step : 0;
  int sum = 0;

  for (int p = 0; p < m->k; p++) {
    int code = (int) lrintf (w[p] * plan->grow[p] * inverse);

    out[(gsize) (p / QUAD) * m->width * QUAD + p % QUAD] = (gint8) code;
    sum += code;
  }
  return sum;
}

static void
pack_panel (const HfMatrix *m, int panel, const float *rows, gpointer data)
{
  Plan *plan = data;
  const int first = panel * m->width, quads = (m->k + QUAD - 1) / QUAD;
  gsize size_bytes = (gsize) quads * m->width * QUAD;
  gint8 *out = plan->packed + (gsize) panel * size_bytes;

  memset (out, 0, size_bytes);
  for (int row = first; row < MIN (first + m->width, m->n); row++) {
    const float *w = rows + (gsize) (row - first) * m->k;
    float most = 0, step;

    for (int p = 0; p < m->k; p++)
      most = MAX (most, fabsf (w[p] * plan->grow[p]));
    step = most / MOST_CODE;
    reckon_noise (m, plan, w, row, step);
    plan->steps[row] = step * (plan->scale != NULL ? plan->scale[row] : 1);
    if (isfinite (most))
      plan->sums[row] =
          encode_row (m, plan, w, step, out + (gsize) (row - first) * QUAD);
  }
}

/* Not where a weight is no number, either. */
static gboolean
is_good_enough (const HfMatrix *m, const Plan *plan)
{
  double noise = 0, signal = 0;

  for (int i = 0; i < m->n; i++) {
    noise += plan->noise[i];
    signal += plan->signal[i];
  }
  return noise <= MAX_NOISE * signal;
}

static gboolean
pack (HfMatrix *self, HfOps *ops, Plan *plan, GError **error)
{
  gsize quads = ((gsize) self->k + QUAD - 1) / QUAD;
  gsize columns = (gsize) self->n_panels * self->width;

  self->weights = hf_buffer_new (ops->device, columns * quads * QUAD, error);
  if (self->weights == NULL)
    return FALSE;
  plan->packed = hf_buffer_map (self->weights, error);
  if (plan->packed == NULL)
    return FALSE;
  hf_matrix_each_panel (self, plan->rows, plan->rows_data, pack_panel, plan);
  return hf_buffer_unmap (self->weights, plan->packed, error);
}

static gboolean
upload_columns (HfMatrix *self, HfOps *ops, const Plan *plan, GError **error)
{
  g_autofree float *shrink = g_new (float, self->k);

  for (int p = 0; p < self->k; p++)
    shrink[p] = 1 / plan->grow[p];
  self->shrink = hf_buffer_new_from (ops->device, shrink,
                                     (gsize) self->k * sizeof (float), error);
  if (self->shrink == NULL)
    return FALSE;
  self->sums = hf_buffer_new_from (
      ops->device, plan->sums,
      (gsize) self->n_panels * self->width * sizeof (int), error);
  return self->sums != NULL &&
         hf_matrix_set_affine (self, ops, plan->steps, plan->bias, error);
}

static void
prepare (const HfMatrix *self, Plan *plan)
{
  plan->largest = g_new0 (float, self->k);
  plan->grow = g_new (float, self->k);
  plan->is_rest = g_new (gboolean, self->k);
  plan->noise = g_new0 (double, self->n);
  plan->signal = g_new0 (double, self->n);
  plan->steps = g_new0 (float, self->n);
  plan->sums = g_new0 (int, (gsize) self->n_panels * self->width);
  hf_matrix_each_panel (self, plan->rows, plan->rows_data, survey_panel, plan);
  even_out (self, plan);
  find_outliers (self, plan);
}

static float *
dup_ones (int n)
{
  float *ones = g_new (float, n);

  for (int i = 0; i < n; i++)
    ones[i] = 1;
  return ones;
}

HfMatrix *
hf_matrix_new_narrow (HfOps *ops, int n, int k, HfMatrixRows rows,
                      gpointer data, const float *spread, float *spread_out,
                      const float *scale, const float *bias, GError **error)
{
  g_autofree float *ones = spread == NULL ? dup_ones (k) : NULL;
  g_auto (Plan) plan = {rows,  data, spread == NULL ? ones : spread,
                        scale, bias, spread_out};
  g_autoptr (HfMatrix) self = NULL;
  gboolean is_tiled;

  if (ops->precision != HF_PRECISION_INT8)
    return hf_matrix_new (ops, n, k, rows, data, scale, bias, error);
  g_mutex_init (&plan.lock);
  is_tiled = ops->device->has_amx && k % AMX_K == 0;
  self = hf_matrix_new_frame (n, k, 1, is_tiled ? HF_TILE_B : HF_TILE_A);
  self->is_tiled = is_tiled;
  self->precision = HF_PRECISION_INT8;
  prepare (self, &plan);
  if (!pack (self, ops, &plan, error))
    return NULL;
  if (k > MAX_K || !is_good_enough (self, &plan))
    return hf_matrix_new (ops, n, k, rows, data, scale, bias, error);
  if (!upload_columns (self, ops, &plan, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The codes and steps of @a, after what is asked for in @before. */
static gboolean
quantize (HfOps *self, const HfMatrix *w, const HfBuffer *a,
          const HfBefore *before, int n_rows, GError **error)
{
  gsize stride = ((gsize) w->k + QUAD - 1) / QUAD * QUAD;
  const HfBuffer *gain = before->gain, *bias = before->bias;
  int rows_per_item, has_norm = gain != NULL, activation = before->act;
  int rows_per_tile = w->is_tiled ? HF_AMX_ROWS / 2 : 1;
  HfGrid grid = hf_grid_rows (self, n_rows, &rows_per_item);

  /* A kernel wants some buffer there, read or not. */
  if (!has_norm)
    gain = bias = w->shrink;
  return hf_ops_ensure_scratch (self, &self->codes,
                                ((gsize) n_rows + HF_AMX_ROWS) * stride,
                                error) &&
         hf_ops_ensure_scratch (self, &self->steps,
                                (gsize) n_rows * 2 * sizeof (float), error) &&
         hf_ops_launch (self, HF_KERNEL_QUANTIZE, &grid, error, HF_MEM (a),
                        HF_MEM (w->shrink), HF_MEM (gain), HF_MEM (bias),
                        HF_MEM (self->codes), HF_MEM (self->steps),
                        HF_ARG (n_rows), HF_ARG (w->k), HF_ARG (rows_per_item),
                        HF_ARG (rows_per_tile), HF_ARG (has_norm),
                        HF_ARG (before->eps), HF_ARG (activation));
}

gboolean
hf_int8_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
              const HfBefore *before, HfBuffer *c, const HfBuffer *residual,
              int n_rows, HfAct act, GError **error)
{
  int rows_per_item, has_residual = residual != NULL, activation = act;
  HfTile tile;
  HfGrid grid = hf_grid_tile (self, w, n_rows, &tile, &rows_per_item);
  HfKernelId kernel =
      w->is_tiled ? HF_KERNEL_GEMM_INT8_AMX : HF_KERNEL_GEMM_INT8;

  /* A kernel wants some buffer there, read or not. */
  if (residual == NULL)
    residual = c;
  return quantize (self, w, a, before, n_rows, error) &&
         hf_ops_launch (self, kernel, &grid, error, HF_MEM (self->codes),
                        HF_MEM (self->steps), HF_MEM (w->weights),
                        HF_MEM (w->sums), HF_MEM (w->affine), HF_MEM (residual),
                        HF_MEM (c), HF_ARG (n_rows), HF_ARG (w->n),
                        HF_ARG (w->k), HF_ARG (rows_per_item),
                        HF_ARG (has_residual), HF_ARG (activation));
}
