/* matrix.c: packs weights for the kernels: panels [ceil (n / width)][k][width],
 * zeros behind the last column, so that a kernel reads one step along k of a
 * panel as whole vectors. Panels are independent and are packed by as many
 * threads as the device has cores. */
#include "compute/ops/grid.h"

#include "tensor/dtype.h"

#include <string.h>

/* Steps along k that are turned at once: the source lines stay in L1. */
#define STEPS 16
/* From here on the sums of a product outweigh what is done once for a row. */
#define LONG_K 512

/* What the threads share. */
typedef struct {
  const HfMatrix *matrix;
  HfMatrixRows rows;
  gpointer rows_data;
  HfPanelFunc func;
  gpointer data;
  int next; /* atomic: the next panel to take */
} Walk;

/* Column tails are computed too, and narrow panels are slower: the width with
 * the least work wins. Relative cost of a column measured on AVX-512. */
HfTile
hf_matrix_choose_tile (const HfOps *ops, int n)
{
  static const double costs[HF_N_TILES] = {1.0, 1.04, 1.3};
  HfTile best = HF_TILE_A;
  double least = G_MAXDOUBLE;

  if (ops->device->device_class == HF_CLASS_GPU ||
      ops->device->vector_width < 16)
    return HF_TILE_A;
  for (int i = 0; i < HF_N_TILES; i++) {
    int width = hf_grid_get_panel_width ((HfTile) i);
    double cost = costs[i] * ((n + width - 1) / width) * width;

    if (cost < least) {
      least = cost;
      best = (HfTile) i;
    }
  }
  return best;
}

/* Which rows of W a panel holds. */
static void
find_rows (const HfMatrix *self, int panel, int *first, int *n)
{
  const int run = self->n / self->n_groups;
  const int per_group = self->n_panels / self->n_groups;
  const int before = panel % per_group * self->width;

  *first = panel / per_group * run + before;
  *n = MIN (self->width, run - before);
}

static gpointer
walk_thread (gpointer data)
{
  Walk *walk = data;
  const HfMatrix *m = walk->matrix;
  g_autofree float *rows = g_new (float, (gsize) m->width * m->k);
  int panel;

  while ((panel = g_atomic_int_add (&walk->next, 1)) < m->n_panels) {
    int first, n;

    find_rows (m, panel, &first, &n);
    walk->rows (walk->rows_data, first, n, rows);
    memset (rows + (gsize) n * m->k, 0,
            (gsize) (m->width - n) * m->k * sizeof (float));
    walk->func (m, panel, rows, walk->data);
  }
  return NULL;
}

void
hf_matrix_each_panel (const HfMatrix *self, HfMatrixRows rows,
                      gpointer rows_data, HfPanelFunc func, gpointer data)
{
  Walk walk = {self, rows, rows_data, func, data, 0};
  /* A thread for every half million weights: below that, starting it costs
   * more. */
  gsize n = (gsize) self->n * self->k >> 19;
  int n_threads = (int) CLAMP (n, 1, (gsize) g_get_num_processors ());
  g_autofree GThread **threads = g_new0 (GThread *, n_threads);

  for (int i = 1; i < n_threads; i++)
    threads[i] = g_thread_try_new ("pack", walk_thread, &walk, NULL);
  walk_thread (&walk);
  for (int i = 1; i < n_threads; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

/* One panel from its rows, float[width][k]; @packed: the whole matrix. */
static void
pack_panel (const HfMatrix *m, int panel, const float *rows, gpointer packed)
{
  const int width = m->width, k = m->k;
  float block[STEPS * 64];

  for (int first = 0; first < k; first += STEPS) {
    int steps = MIN (STEPS, k - first);
    gsize at = ((gsize) panel * k + first) * width;

    for (int column = 0; column < width; column++)
      for (int step = 0; step < steps; step++)
        block[step * width + column] = rows[(gsize) column * k + first + step];
    if (m->precision == HF_PRECISION_F16)
      hf_f16_from_f32_n (block, (guint16 *) packed + at, (gsize) steps * width);
    else
      memcpy ((float *) packed + at, block,
              (gsize) steps * width * sizeof (float));
  }
}

HfMatrix *
hf_matrix_new_frame (int n, int k, int n_groups, HfTile tile)
{
  HfMatrix *self = g_new0 (HfMatrix, 1);

  self->n = n;
  self->k = k;
  self->n_groups = n_groups;
  self->tile = tile;
  self->width = hf_grid_get_panel_width (tile);
  self->n_panels = (n / n_groups + self->width - 1) / self->width * n_groups;
  return self;
}

gboolean
hf_matrix_set_affine (HfMatrix *self, HfOps *ops, const float *scale,
                      const float *bias, GError **error)
{
  const int width = self->width;
  gsize n = 2 * (gsize) self->n_panels * width;
  g_autofree float *affine = g_new0 (float, n);

  for (int panel = 0; panel < self->n_panels; panel++) {
    float *to = affine + (gsize) panel * 2 * width;
    int first, n_columns;

    find_rows (self, panel, &first, &n_columns);
    for (int i = 0; i < n_columns; i++) {
      to[i] = scale != NULL ? scale[first + i] : 1.f;
      to[width + i] = bias != NULL ? bias[first + i] : 0.f;
    }
  }
  self->affine =
      hf_buffer_new_from (ops->device, affine, n * sizeof (float), error);
  return self->affine != NULL;
}

gboolean
hf_matrix_fill (HfMatrix *self, HfOps *ops, gsize size_bytes, HfMatrixRows rows,
                gpointer data, HfPanelFunc pack, const float *scale,
                const float *bias, GError **error)
{
  gpointer packed;

  self->weights = hf_buffer_new (ops->device, size_bytes, error);
  if (self->weights == NULL ||
      !hf_matrix_set_affine (self, ops, scale, bias, error))
    return FALSE;
  packed = hf_buffer_map (self->weights, error);
  if (packed == NULL)
    return FALSE;
  hf_matrix_each_panel (self, rows, data, pack, packed);
  return hf_buffer_unmap (self->weights, packed, error);
}

HfMatrix *
hf_matrix_new_stored (HfOps *ops, int n, int k, int n_groups, HfTile tile,
                      HfPrecision precision, HfMatrixRows rows, gpointer data,
                      const float *scale, const float *bias, GError **error)
{
  g_autoptr (HfMatrix) self = NULL;
  const gsize each_bytes = precision == HF_PRECISION_F32 ? 4 : 2;

  g_return_val_if_fail (k > 0 && n_groups > 0, NULL);
  g_return_val_if_fail (n > 0 && n % n_groups == 0, NULL);

  self = hf_matrix_new_frame (n, k, n_groups, tile);
  self->precision = precision;
  return hf_matrix_fill (self, ops,
                         (gsize) self->n_panels * self->width * k * each_bytes,
                         rows, data, pack_panel, scale, bias, error)
             ? g_steal_pointer (&self)
             : NULL;
}

HfMatrix *
hf_matrix_new (HfOps *ops, int n, int k, HfMatrixRows rows, gpointer data,
               const float *scale, const float *bias, GError **error)
{
  return hf_matrix_new_grouped (ops, n, k, 1, rows, data, scale, bias, error);
}

/* A tile widens its halves anew: the middle one has twice the rows for them. On
 * a Sapphire Rapids one picture of ViT-B/32 is 1.05 to 1.1 times as fast, texts
 * 1.03 to 1.06, eight of ViT-B/16 0.97. */
static HfTile
choose_tile_of_halves (const HfOps *ops, int n, int k)
{
  const HfTile tile = hf_matrix_choose_tile (ops, n);

  return tile == HF_TILE_A && k >= LONG_K &&
                 ops->device->device_class == HF_CLASS_CPU &&
                 ops->device->vector_width == 16
             ? HF_TILE_B
             : tile;
}

HfMatrix *
hf_matrix_new_grouped (HfOps *ops, int n, int k, int n_groups,
                       HfMatrixRows rows, gpointer data, const float *scale,
                       const float *bias, GError **error)
{
  /* What neither bf16 nor int8 reaches is f16. */
  const HfPrecision precision =
      ops->precision == HF_PRECISION_F32 ? HF_PRECISION_F32 : HF_PRECISION_F16;
  const int run = n / n_groups;
  const HfTile tile = precision == HF_PRECISION_F16
                          ? choose_tile_of_halves (ops, run, k)
                          : hf_matrix_choose_tile (ops, run);

  if (hf_ops_uses_bf16 (ops) && n_groups == 1)
    return hf_bf16_matrix_new (ops, n, k, 1, rows, data, scale, bias, error);
  return hf_matrix_new_stored (ops, n, k, n_groups, tile, precision, rows, data,
                               scale, bias, error);
}

void
hf_matrix_free (HfMatrix *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->weights);
  hf_buffer_free (self->affine);
  hf_buffer_free (self->sums);
  hf_buffer_free (self->shrink);
  g_free (self);
}

int
hf_matrix_get_n (const HfMatrix *self)
{
  return self->n;
}

int
hf_matrix_get_k (const HfMatrix *self)
{
  return self->k;
}

HfPrecision
hf_matrix_get_precision (const HfMatrix *self)
{
  return self->precision;
}
