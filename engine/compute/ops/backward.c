/* backward.c: gradients for inputs; kernels backward.cl. */
#include "compute/backward.h"

#include "compute/ops/grid.h"
#include "compute/ops/runs-private.h"

#include <math.h>

gboolean
hf_ops_activate (HfOps *self, const HfBuffer *x, HfBuffer *y, int n_rows,
                 int dim, HfAct act, GError **error)
{
  int rows_per_item, activation = act;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0 && act != HF_ACT_NONE, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, dim) &&
                            hf_buffer_holds (y, n_rows, dim),
                        FALSE);

  grid = hf_grid_copies (self, n_rows, dim, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_ACTIVATE, &grid, error, HF_MEM (x),
                        HF_MEM (y), HF_ARG (n_rows), HF_ARG (dim),
                        HF_ARG (rows_per_item), HF_ARG (activation));
}

gboolean
hf_ops_activate_backward (HfOps *self, const HfBuffer *x, HfBuffer *d,
                          int n_rows, int dim, HfAct act, GError **error)
{
  int rows_per_item, activation = act;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0 && act != HF_ACT_NONE, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, dim) &&
                            hf_buffer_holds (d, n_rows, dim),
                        FALSE);

  grid = hf_grid_copies (self, n_rows, dim, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_ACTIVATE_BACKWARD, &grid, error,
                        HF_MEM (x), HF_MEM (d), HF_ARG (n_rows), HF_ARG (dim),
                        HF_ARG (rows_per_item), HF_ARG (activation));
}

gboolean
hf_ops_layer_norm_backward (HfOps *self, const HfBuffer *x,
                            const HfBuffer *gain, const HfBuffer *d_y,
                            const HfBuffer *residual, HfBuffer *d_x, int n_rows,
                            int dim, float eps, GError **error)
{
  int rows_per_item, has_residual = residual != NULL;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, dim) &&
                            hf_buffer_holds (gain, 1, dim) &&
                            hf_buffer_holds (d_y, n_rows, dim) &&
                            hf_buffer_holds (d_x, n_rows, dim),
                        FALSE);
  g_return_val_if_fail (
      residual == NULL || hf_buffer_holds (residual, n_rows, dim), FALSE);

  /* A kernel wants some buffer there, read or not. */
  if (residual == NULL)
    residual = d_x;
  grid = hf_grid_rows (self, n_rows, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_LAYER_NORM_BACKWARD, &grid, error,
                        HF_MEM (x), HF_MEM (gain), HF_MEM (d_y),
                        HF_MEM (residual), HF_MEM (d_x), HF_ARG (n_rows),
                        HF_ARG (dim), HF_ARG (rows_per_item),
                        HF_ARG (has_residual), HF_ARG (eps));
}

gboolean
hf_ops_sum_rows (HfOps *self, const HfBuffer *x, const HfBuffer *first,
                 const HfBuffer *index, HfBuffer *y, int n_rows, int dim,
                 GError **error)
{
  int rows_per_item;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (first, 1, n_rows + 1), FALSE);
  g_return_val_if_fail (hf_buffer_holds (y, n_rows, dim), FALSE);

  grid = hf_grid_copies (self, n_rows, dim, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_SUM_ROWS, &grid, error, HF_MEM (x),
                        HF_MEM (first), HF_MEM (index), HF_MEM (y),
                        HF_ARG (n_rows), HF_ARG (dim), HF_ARG (rows_per_item));
}

gboolean
hf_ops_attention_backward (HfOps *self, const HfHeads *heads,
                           const HfRuns *runs, const HfBuffer *out,
                           const HfBuffer *d_out, HfBuffer *stats,
                           HfBuffer *d_qkv, GError **error)
{
  HfGrid grid = hf_grid_attention (self, heads->n_heads, runs->n_runs);
  const int dim = heads->n_heads * heads->head_dim;
  float scale = (float) (1.0 / sqrt (heads->head_dim));

  g_return_val_if_fail (hf_heads_fit (heads) && !runs->pooled, FALSE);
  g_return_val_if_fail (
      heads->q == heads->kv && heads->q_stride == heads->kv_stride, FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (heads->q, runs->n_keys, heads->q_stride) &&
          hf_buffer_holds (d_qkv, runs->n_keys, heads->q_stride),
      FALSE);
  g_return_val_if_fail (hf_buffer_holds (out, runs->n_keys, dim) &&
                            hf_buffer_holds (d_out, runs->n_keys, dim),
                        FALSE);
  g_return_val_if_fail (hf_buffer_holds (stats, runs->n_keys,
                                         HF_ATTENTION_STATS (heads->n_heads)),
                        FALSE);

  return hf_ops_launch (self, HF_KERNEL_ATTENTION_BACKWARD_QUERIES, &grid,
                        error, HF_MEM (heads->q), HF_MEM (out), HF_MEM (d_out),
                        HF_MEM (runs->table), HF_MEM (stats), HF_MEM (d_qkv),
                        HF_ARG (heads->q_offset), HF_ARG (heads->k_offset),
                        HF_ARG (heads->v_offset), HF_ARG (heads->q_stride),
                        HF_ARG (heads->n_heads), HF_ARG (heads->head_dim),
                        HF_ARG (runs->causal), HF_ARG (scale)) &&
         hf_ops_launch (self, HF_KERNEL_ATTENTION_BACKWARD_KEYS, &grid, error,
                        HF_MEM (heads->q), HF_MEM (d_out), HF_MEM (runs->table),
                        HF_MEM (stats), HF_MEM (d_qkv),
                        HF_ARG (heads->q_offset), HF_ARG (heads->k_offset),
                        HF_ARG (heads->v_offset), HF_ARG (heads->q_stride),
                        HF_ARG (heads->n_heads), HF_ARG (heads->head_dim),
                        HF_ARG (runs->causal), HF_ARG (scale));
}
