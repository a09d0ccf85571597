/* matrix.c: packs weights for the kernels: panels [ceil (n / width)][k][width],
 * zeros behind the last column, so that a kernel reads one step along k of a
 * panel as whole vectors. Panels are independent and are packed by as many
 * threads as the device has cores. */
#include "compute/ops/grid.h"

#include "tensor/dtype.h"

#include <string.h>

/* Steps along k that are turned at once: the source lines stay in L1. */
#define STEPS 16

typedef struct {
  const HfMatrix *matrix;
  HfMatrixRows rows;
  gpointer data;
  HfPrecision precision;
  guint8 *packed;
  int next; /* atomic: the next panel to take */
} Packing;

/* Column tails are computed too, and narrow panels are slower: the width with
 * the least work wins. Relative cost of a column measured on AVX-512. */
static HfTile
choose_tile (const HfOps *ops, int n)
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

/* One panel from its rows, float[width][k]. */
static void
pack_panel (const Packing *packing, const float *rows, int panel)
{
  const HfMatrix *m = packing->matrix;
  const int width = m->width, k = m->k;
  float block[STEPS * 64];

  for (int first = 0; first < k; first += STEPS) {
    int steps = MIN (STEPS, k - first);
    gsize at = ((gsize) panel * k + first) * width;

    for (int column = 0; column < width; column++)
      for (int step = 0; step < steps; step++)
        block[step * width + column] = rows[(gsize) column * k + first + step];
    if (packing->precision == HF_PRECISION_F16)
      hf_f16_from_f32_n (block, (guint16 *) packing->packed + at,
                         (gsize) steps * width);
    else
      memcpy ((float *) packing->packed + at, block,
              (gsize) steps * width * sizeof (float));
  }
}

static gpointer
pack_thread (gpointer data)
{
  Packing *packing = data;
  const HfMatrix *m = packing->matrix;
  g_autofree float *rows = g_new (float, (gsize) m->width * m->k);
  int panel;

  while ((panel = g_atomic_int_add (&packing->next, 1)) < m->n_panels) {
    int first = panel * m->width;
    int n = MIN (m->width, m->n - first);

    packing->rows (packing->data, first, n, rows);
    memset (rows + (gsize) n * m->k, 0,
            (gsize) (m->width - n) * m->k * sizeof (float));
    pack_panel (packing, rows, panel);
  }
  return NULL;
}

static void
pack (Packing *packing, int n_threads)
{
  g_autofree GThread **threads = g_new0 (GThread *, n_threads);

  for (int i = 1; i < n_threads; i++)
    threads[i] = g_thread_try_new ("pack", pack_thread, packing, NULL);
  pack_thread (packing);
  for (int i = 1; i < n_threads; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

static HfBuffer *
make_affine (HfOps *ops, const HfMatrix *m, const float *scale,
             const float *bias, GError **error)
{
  gsize n = 2 * (gsize) m->n_panels * m->width;
  g_autofree float *affine = g_new0 (float, n);

  for (int i = 0; i < m->n; i++) {
    float *column = affine + (gsize) (i / m->width) * 2 * m->width;

    column[i % m->width] = scale != NULL ? scale[i] : 1.f;
    column[m->width + i % m->width] = bias != NULL ? bias[i] : 0.f;
  }
  return hf_buffer_new_from (ops->device, affine, n * sizeof (float), error);
}

HfMatrix *
hf_matrix_new (HfOps *ops, int n, int k, HfMatrixRows rows, gpointer data,
               const float *scale, const float *bias, GError **error)
{
  g_autoptr (HfMatrix) self = g_new0 (HfMatrix, 1);
  Packing packing = {self, rows, data, ops->precision, NULL, 0};
  gsize element = ops->precision == HF_PRECISION_F16 ? 2 : 4;
  gsize size_bytes;
  int n_threads;

  g_return_val_if_fail (n > 0 && k > 0, NULL);

  self->n = n;
  self->k = k;
  self->tile = choose_tile (ops, n);
  self->width = hf_grid_get_panel_width (self->tile);
  self->n_panels = (n + self->width - 1) / self->width;
  size_bytes = (gsize) self->n_panels * self->width * k * element;
  self->weights = hf_buffer_new (ops->device, size_bytes, error);
  if (self->weights == NULL)
    return NULL;
  self->affine = make_affine (ops, self, scale, bias, error);
  if (self->affine == NULL)
    return NULL;
  packing.packed = hf_buffer_map (self->weights, error);
  if (packing.packed == NULL)
    return NULL;
  /* A thread for every MB: below that, starting it costs more. */
  n_threads = (int) MIN (size_bytes >> 20, (gsize) g_get_num_processors ());
  pack (&packing, MAX (n_threads, 1));
  if (!hf_buffer_unmap (self->weights, packing.packed, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_matrix_free (HfMatrix *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->weights);
  hf_buffer_free (self->affine);
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
