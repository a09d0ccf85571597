/* maps.c: see the header; maps as dense floats, and the way to planes.c. */
#include "compute/ops/planes.h"

static void
set_shape (HfMaps *y, int n, int height, int width, int channels)
{
  y->n = n;
  y->height = height;
  y->width = width;
  y->channels = channels;
}

gsize
hf_maps_get_bytes (HfPrecision precision, int n, int height, int width,
                   int channels)
{
  if (precision == HF_PRECISION_BF16)
    return hf_planes_get_bytes (n, height, width, channels);
  return (gsize) n * height * width * channels * sizeof (float);
}

gboolean
hf_maps_unfold (HfOps *ops, const HfUnfold *unfold, const HfBuffer *pixels,
                int n, HfMaps *y, GError **error)
{
  const int side = hf_unfold_get_n (unfold);

  g_return_val_if_fail (unfold->size_px == 3 && unfold->stride_px == 2 &&
                            unfold->pad_px == 1,
                        FALSE);

  set_shape (y, n, side, side, 27);
  return ops->precision == HF_PRECISION_BF16
             ? hf_planes_unfold (ops, unfold, pixels, y, error)
             : hf_ops_unfold (ops, unfold, pixels, y->buffer, n, error);
}

gboolean
hf_maps_conv1x1 (HfOps *ops, const HfMatrix *w, const HfMaps *x,
                 const HfMaps *residual, HfMaps *y, HfAct act, GError **error)
{
  set_shape (y, x->n, x->height, x->width, w->n);
  return ops->precision == HF_PRECISION_BF16
             ? hf_planes_conv (ops, w, x, residual, y, act, error)
             : hf_ops_gemm (ops, w, x->buffer, y->buffer,
                            residual != NULL ? residual->buffer : NULL,
                            x->n * x->height * x->width, act, error);
}

gboolean
hf_maps_conv3x3 (HfOps *ops, const HfMatrix *w, const HfMaps *x,
                 const HfBuffer *zeros, HfMaps *y, HfAct act, GError **error)
{
  set_shape (y, x->n, x->height, x->width, w->n);
  return ops->precision == HF_PRECISION_BF16
             ? hf_planes_conv (ops, w, x, NULL, y, act, error)
             : hf_ops_conv3x3 (ops, w, x->buffer, zeros, y->buffer, x->n,
                               x->height, x->width, act, error);
}

gboolean
hf_maps_pool (HfOps *ops, const HfMaps *x, int size, HfMaps *y, GError **error)
{
  set_shape (y, x->n, x->height / size, x->width / size, x->channels);
  return ops->precision == HF_PRECISION_BF16
             ? hf_planes_pool (ops, x, size, y, error)
             : hf_ops_average_pool (ops, x->buffer, y->buffer, x->n, x->height,
                                    x->width, x->channels, size, error);
}

const HfBuffer *
hf_maps_get_rows (HfOps *ops, const HfMaps *x, HfBuffer *rows, GError **error)
{
  if (ops->precision != HF_PRECISION_BF16)
    return x->buffer;
  return hf_planes_widen (ops, x, rows, error) ? rows : NULL;
}
