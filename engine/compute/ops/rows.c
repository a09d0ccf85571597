/* rows.c: operations on the rows of a matrix; kernels rows.cl. */
#include "compute/ops/grid.h"

gboolean
hf_ops_layer_norm (HfOps *self, const HfBuffer *x, HfBuffer *y,
                   const HfBuffer *gain, const HfBuffer *bias, int n_rows,
                   int dim, float eps, GError **error)
{
  int rows_per_item;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, dim), FALSE);
  g_return_val_if_fail (hf_buffer_holds (y, n_rows, dim), FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (gain, 1, dim) && hf_buffer_holds (bias, 1, dim), FALSE);

  grid = hf_grid_rows (self, n_rows, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_LAYER_NORM, &grid, error, HF_MEM (x),
                        HF_MEM (y), HF_MEM (gain), HF_MEM (bias),
                        HF_ARG (n_rows), HF_ARG (dim), HF_ARG (rows_per_item),
                        HF_ARG (eps));
}

gboolean
hf_ops_normalize (HfOps *self, HfBuffer *x, int n_rows, int dim, GError **error)
{
  int rows_per_item;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, n_rows, dim), FALSE);

  grid = hf_grid_rows (self, n_rows, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_NORMALIZE, &grid, error, HF_MEM (x),
                        HF_ARG (n_rows), HF_ARG (dim), HF_ARG (rows_per_item));
}

gboolean
hf_ops_gather (HfOps *self, const HfBuffer *x, const HfBuffer *index,
               HfBuffer *y, int n_rows, int dim, GError **error)
{
  int rows_per_item;
  HfGrid grid;

  g_return_val_if_fail (n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (index, 1, n_rows), FALSE);
  g_return_val_if_fail (hf_buffer_holds (y, n_rows, dim), FALSE);

  grid = hf_grid_copies (self, n_rows, dim, &rows_per_item);
  return hf_ops_launch (self, HF_KERNEL_GATHER, &grid, error, HF_MEM (x),
                        HF_MEM (index), HF_MEM (y), HF_ARG (n_rows),
                        HF_ARG (dim), HF_ARG (rows_per_item));
}

gboolean
hf_ops_add_positions (HfOps *self, const HfBuffer *x, const HfBuffer *token,
                      const HfBuffer *positions, HfBuffer *y, int n_images,
                      int n_rows, int dim, GError **error)
{
  int mean = token == NULL;
  HfGrid grid = hf_grid_positions (self, n_images, n_rows, dim);

  g_return_val_if_fail (n_images > 0 && n_rows > 0 && dim > 0, FALSE);
  g_return_val_if_fail (hf_buffer_holds (x, (gint64) n_images * n_rows, dim),
                        FALSE);
  g_return_val_if_fail (hf_buffer_holds (positions, n_rows + 1, dim), FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (y, (gint64) n_images * (n_rows + 1), dim), FALSE);

  if (token == NULL)
    token = positions;
  return hf_ops_launch (self, HF_KERNEL_ADD_POSITIONS, &grid, error, HF_MEM (x),
                        HF_MEM (token), HF_MEM (positions), HF_MEM (y),
                        HF_ARG (n_images), HF_ARG (n_rows), HF_ARG (dim),
                        HF_ARG (mean));
}
