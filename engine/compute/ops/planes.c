/* planes.c: see the header. */
#include "compute/ops/planes.h"

#include "compute/ops/grid.h"

/* A step of a place. */
#define STEP_BYTES ((gsize) HF_BF16_STEP * 2)
/* Places behind the last that a block of rows reads and nobody asks for:
 * BLOCK_ROWS of amx.cl. */
#define SLACK 32
/* What it costs to bring a place near, in products with one panel: an estimate,
 * so that cores share places rather than panels. */
#define READ_COST 3.0

gsize
hf_planes_get_bytes (int n, int height, int width, int channels)
{
  const gsize pitch = (gsize) width + 1;
  const gsize places =
      (gsize) n * ((gsize) height + 1) * pitch + 2 * (pitch + 1) + SLACK;

  return places * hf_bf16_get_steps (channels) * STEP_BYTES;
}

static gboolean
fits (const HfMaps *x)
{
  return hf_planes_get_bytes (x->n, x->height, x->width, x->channels) <=
         hf_buffer_get_size (x->buffer);
}

/* A work-item for each line, those of zeros, too. */
static HfGrid
get_lines (const HfMaps *y)
{
  return (HfGrid){1, {(gsize) y->n * ((gsize) y->height + 1)}, {1}};
}

gboolean
hf_planes_unfold (HfOps *self, const HfUnfold *unfold, const HfBuffer *pixels,
                  const HfMaps *y, GError **error)
{
  const HfGrid grid = get_lines (y);
  cl_float4 scale = {{0}}, shift = {{0}};

  g_return_val_if_fail (fits (y), FALSE);
  g_return_val_if_fail ((gsize) y->n * unfold->side_px * unfold->side_px * 3 <=
                            hf_buffer_get_size (pixels),
                        FALSE);

  hf_unfold_get_scale (unfold, &scale, &shift);
  return hf_ops_launch (self, HF_KERNEL_UNFOLD_PLANES, &grid, error,
                        HF_MEM (pixels), HF_MEM (y->buffer), HF_ARG (y->n),
                        HF_ARG (unfold->side_px), HF_ARG (y->width),
                        HF_ARG (scale), HF_ARG (shift));
}

gboolean
hf_planes_conv (HfOps *self, const HfMatrix *w, const HfMaps *x,
                const HfMaps *residual, const HfMaps *y, HfAct act,
                GError **error)
{
  const int down = x->height + 1, pitch = x->width + 1;
  const int steps = hf_bf16_get_steps (x->channels);
  const gint64 n = (gint64) x->n * down * pitch;
  const int n_pixels = (int) n;
  const HfBand band = {n_pixels, (gsize) steps * STEP_BYTES, READ_COST};
  int has_residual = residual != NULL, is_relu = act == HF_ACT_RELU;
  HfBandCut cut;
  HfGrid grid;

  g_return_val_if_fail (w->precision == HF_PRECISION_BF16, FALSE);
  g_return_val_if_fail (w->k == w->n_taps * x->channels, FALSE);
  g_return_val_if_fail (n > 0 && n <= G_MAXINT, FALSE);
  g_return_val_if_fail (is_relu || act == HF_ACT_NONE, FALSE);
  g_return_val_if_fail (fits (x) && fits (y), FALSE);

  /* A kernel wants some buffer there, read or not. */
  if (residual == NULL)
    residual = y;
  grid = hf_grid_bands (self, w, &band, &cut);
  return hf_ops_launch (
      self,
      self->device->has_amx ? HF_KERNEL_CONV_PLANES_AMX : HF_KERNEL_CONV_PLANES,
      &grid, error, HF_MEM (x->buffer), HF_MEM (w->weights), HF_MEM (w->affine),
      HF_MEM (residual->buffer), HF_MEM (y->buffer), HF_ARG (n_pixels),
      HF_ARG (down), HF_ARG (pitch), HF_ARG (steps), HF_ARG (w->n_panels),
      HF_ARG (w->n_taps), HF_ARG (cut.rows_per_item),
      HF_ARG (cut.panels_per_item), HF_ARG (cut.block), HF_ARG (has_residual),
      HF_ARG (is_relu));
}

gboolean
hf_planes_pool (HfOps *self, const HfMaps *x, int size, const HfMaps *y,
                GError **error)
{
  const HfGrid grid = get_lines (y);
  const int steps = hf_bf16_get_steps (x->channels);

  g_return_val_if_fail (y->height > 0 && y->width > 0, FALSE);
  g_return_val_if_fail (fits (x) && fits (y), FALSE);

  return hf_ops_launch (self, HF_KERNEL_POOL_PLANES, &grid, error,
                        HF_MEM (x->buffer), HF_MEM (y->buffer), HF_ARG (x->n),
                        HF_ARG (x->height), HF_ARG (x->width), HF_ARG (steps),
                        HF_ARG (size));
}

gboolean
hf_planes_widen (HfOps *self, const HfMaps *x, HfBuffer *rows, GError **error)
{
  const HfGrid grid = {1, {(gsize) x->n * x->height}, {1}};

  g_return_val_if_fail (fits (x), FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (rows, (gint64) x->n * x->height * x->width, x->channels),
      FALSE);

  return hf_ops_launch (self, HF_KERNEL_WIDEN_PLANES, &grid, error,
                        HF_MEM (x->buffer), HF_MEM (rows), HF_ARG (x->height),
                        HF_ARG (x->width), HF_ARG (x->channels));
}
