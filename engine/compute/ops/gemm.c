/* gemm.c: products with packed weights; kernels gemm.cl and conv.cl. */
#include "compute/ops/grid.h"

/* Whether rows are taken to as few digits as the weights have. */
static gboolean
takes_digits (const HfMatrix *w)
{
  return w->precision == HF_PRECISION_BF16 || w->precision == HF_PRECISION_INT8;
}

static gboolean
narrow_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
             const HfBefore *before, HfBuffer *c, const HfBuffer *residual,
             int n_rows, HfAct act, GError **error)
{
  return (w->precision == HF_PRECISION_INT8 ? hf_int8_gemm : hf_bf16_gemm) (
      self, w, a, before, c, residual, n_rows, act, error);
}

gboolean
hf_ops_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a, HfBuffer *c,
             const HfBuffer *residual, int n_rows, HfAct act, GError **error)
{
  int rows_per_item, has_residual = residual != NULL, activation = act;
  HfTile tile;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0, FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (a, n_rows, (gint64) w->k * w->n_groups), FALSE);
  g_return_val_if_fail (hf_buffer_holds (c, n_rows, w->n), FALSE);
  g_return_val_if_fail (
      residual == NULL || hf_buffer_holds (residual, n_rows, w->n), FALSE);

  if (takes_digits (w))
    return narrow_gemm (self, w, a, &(HfBefore){.act = HF_ACT_NONE}, c,
                        residual, n_rows, act, error);
  /* A kernel wants some buffer there, read or not. */
  if (residual == NULL)
    residual = c;
  grid = hf_grid_tile (self, w, n_rows, &tile, &rows_per_item);
  return hf_ops_launch (
      self, HF_KERNEL_GEMM_A + tile, &grid, error, HF_MEM (a),
      HF_MEM (w->weights), HF_MEM (w->affine), HF_MEM (residual), HF_MEM (c),
      HF_ARG (n_rows), HF_ARG (w->n), HF_ARG (w->k), HF_ARG (w->n_groups),
      HF_ARG (rows_per_item), HF_ARG (has_residual), HF_ARG (activation));
}

gboolean
hf_ops_norm_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                  const HfBuffer *gain, const HfBuffer *bias, float eps,
                  HfBuffer *normed, HfBuffer *c, int n_rows, HfAct act,
                  GError **error)
{
  const HfBefore before = {gain, bias, eps, HF_ACT_NONE};

  g_return_val_if_fail (n_rows > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, w->k), FALSE);
  g_return_val_if_fail (hf_buffer_holds (c, n_rows, w->n), FALSE);
  g_return_val_if_fail (hf_buffer_holds (gain, 1, w->k) &&
                            hf_buffer_holds (bias, 1, w->k),
                        FALSE);

  if (takes_digits (w))
    return narrow_gemm (self, w, x, &before, c, NULL, n_rows, act, error);
  return hf_ops_layer_norm (self, x, normed, gain, bias, n_rows, w->k, eps,
                            error) &&
         hf_ops_gemm (self, w, normed, c, NULL, n_rows, act, error);
}

gboolean
hf_ops_mlp (HfOps *self, const HfMatrix *w, const HfMatrix *v,
            const HfBuffer *gain, const HfBuffer *bias, float eps, HfBuffer *x,
            HfBuffer *normed, HfBuffer *hidden, int n_rows, HfAct act,
            GError **error)
{
  const HfBefore before = {.act = act};

  g_return_val_if_fail (v->k == w->n && v->n == w->k, FALSE);

  if (w->precision == HF_PRECISION_BF16 && v->precision == HF_PRECISION_BF16)
    return hf_bf16_mlp (self, w, v, &(HfBefore){gain, bias, eps, HF_ACT_NONE},
                        x, hidden, n_rows, act, error);
  /* Rows that are taken to 8 bits pass through registers anyhow. */
  if (v->sums != NULL)
    return hf_ops_norm_gemm (self, w, x, gain, bias, eps, normed, hidden,
                             n_rows, HF_ACT_NONE, error) &&
           hf_int8_gemm (self, v, hidden, &before, x, x, n_rows, HF_ACT_NONE,
                         error);
  return hf_ops_norm_gemm (self, w, x, gain, bias, eps, normed, hidden, n_rows,
                           act, error) &&
         hf_ops_gemm (self, v, hidden, x, x, n_rows, HF_ACT_NONE, error);
}

gboolean
hf_ops_conv3x3 (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                const HfBuffer *zeros, HfBuffer *c, int n_images, int height,
                int width, HfAct act, GError **error)
{
  const gint64 n = (gint64) n_images * height * width;
  int n_pixels = (int) n, channels = w->k / 9;
  int rows_per_item, activation = act;
  HfTile tile;
  HfGrid grid;

  g_return_val_if_fail (n > 0 && n <= G_MAXINT, FALSE);
  if (w->is_winograd)
    return hf_winograd_conv3x3 (self, w, x, c, n_images, height, width, act,
                                error);
  g_return_val_if_fail (w->k == channels * 9 && !takes_digits (w), FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_pixels, channels), FALSE);
  g_return_val_if_fail (hf_buffer_holds (zeros, 1, channels), FALSE);
  g_return_val_if_fail (hf_buffer_holds (c, n_pixels, w->n), FALSE);

  grid = hf_grid_tile (self, w, n_pixels, &tile, &rows_per_item);
  return hf_ops_launch (
      self, HF_KERNEL_CONV3X3_A + tile, &grid, error, HF_MEM (x),
      HF_MEM (w->weights), HF_MEM (w->affine), HF_MEM (zeros), HF_MEM (c),
      HF_ARG (n_pixels), HF_ARG (w->n), HF_ARG (height), HF_ARG (width),
      HF_ARG (channels), HF_ARG (rows_per_item), HF_ARG (activation));
}
