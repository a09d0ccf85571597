/* pixels.c: pictures to rows and back to fewer; kernels pixels.cl. */
#include "compute/ops/grid.h"

int
hf_unfold_get_n (const HfUnfold *unfold)
{
  return (unfold->side_px + 2 * unfold->pad_px - unfold->size_px) /
             unfold->stride_px +
         1;
}

void
hf_unfold_get_scale (const HfUnfold *unfold, cl_float4 *scale, cl_float4 *shift)
{
  for (int c = 0; c < 3; c++) {
    scale->s[c] = (float) (1.0 / (255.0 * unfold->std[c]));
    shift->s[c] = (float) (-(double) unfold->mean[c] / unfold->std[c]);
  }
}

gboolean
hf_ops_unfold (HfOps *self, const HfUnfold *unfold, const HfBuffer *pixels,
               HfBuffer *y, int n_images, GError **error)
{
  int out = hf_unfold_get_n (unfold);
  HfGrid grid = hf_grid_lines (self, n_images, out,
                               out * unfold->size_px * unfold->size_px * 3);
  cl_float4 scale = {{0}}, shift = {{0}};

  g_return_val_if_fail (n_images > 0 && out > 0, FALSE);
  g_return_val_if_fail ((gsize) n_images * unfold->side_px * unfold->side_px *
                                3 <=
                            hf_buffer_get_size (pixels),
                        FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (y, (gint64) n_images * out * out,
                       (gint64) unfold->size_px * unfold->size_px * 3),
      FALSE);

  hf_unfold_get_scale (unfold, &scale, &shift);
  return hf_ops_launch (self, HF_KERNEL_UNFOLD, &grid, error, HF_MEM (pixels),
                        HF_MEM (y), HF_ARG (n_images), HF_ARG (unfold->side_px),
                        HF_ARG (out), HF_ARG (unfold->size_px),
                        HF_ARG (unfold->stride_px), HF_ARG (unfold->pad_px),
                        HF_ARG (scale), HF_ARG (shift));
}

gboolean
hf_ops_average_pool (HfOps *self, const HfBuffer *x, HfBuffer *y, int n_images,
                     int height, int width, int channels, int size,
                     GError **error)
{
  HfGrid grid =
      hf_grid_lines (self, n_images, height / size, width / size * channels);

  g_return_val_if_fail (n_images > 0 && height >= size && width >= size, FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (x, (gint64) n_images * height * width, channels), FALSE);
  g_return_val_if_fail (
      hf_buffer_holds (y, (gint64) n_images * (height / size) * (width / size),
                       channels),
      FALSE);

  return hf_ops_launch (self, HF_KERNEL_AVERAGE_POOL, &grid, error, HF_MEM (x),
                        HF_MEM (y), HF_ARG (n_images), HF_ARG (height),
                        HF_ARG (width), HF_ARG (channels), HF_ARG (size));
}
