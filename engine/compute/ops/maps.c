/* maps.c: see the header; maps as dense floats, and the way to planes.c. */
#include "compute/ops/planes.h"

HfPrecision
hf_maps_get_precision (const HfOps *ops)
{
  return hf_ops_uses_bf16 (ops) ? HF_PRECISION_BF16 : HF_PRECISION_F32;
}

int
hf_maps_count_room (HfPrecision precision)
{
  return precision == HF_PRECISION_BF16 ? 2 : HF_MAPS_ROOM;
}

gsize
hf_maps_get_bytes (HfPrecision precision, int n, int height, int width,
                   int channels)
{
  if (precision == HF_PRECISION_BF16)
    return hf_planes_get_bytes (n, height, width, channels);
  return (gsize) n * height * width * channels * sizeof (float);
}

static int
count_pixels (const HfMaps *x)
{
  return x->n * x->height * x->width;
}

/* The operators of ops.h, which set the size of their result. */
static gboolean
conv1x1 (HfOps *ops, const HfMatrix *w, const HfMaps *x, HfMaps *y,
         gboolean adds, HfAct act, GError **error)
{
  const HfBuffer *residual = adds ? y->buffer : NULL;

  *y = (HfMaps){y->buffer, x->n, x->height, x->width, w->n};
  return hf_ops_gemm (ops, w, x->buffer, y->buffer, residual, count_pixels (x),
                      act, error);
}

static gboolean
conv3x3 (HfOps *ops, const HfMatrix *w, const HfMaps *x, const HfBuffer *zeros,
         HfMaps *y, GError **error)
{
  *y = (HfMaps){y->buffer, x->n, x->height, x->width, w->n};
  return hf_ops_conv3x3 (ops, w, x->buffer, zeros, y->buffer, x->n, x->height,
                         x->width, HF_ACT_RELU, error);
}

static gboolean
pool (HfOps *ops, const HfMaps *x, int size, HfMaps *y, GError **error)
{
  *y =
      (HfMaps){y->buffer, x->n, x->height / size, x->width / size, x->channels};
  return hf_ops_average_pool (ops, x->buffer, y->buffer, x->n, x->height,
                              x->width, x->channels, size, error);
}

gboolean
hf_maps_stem (HfOps *ops, const HfUnfold *unfold, HfMatrix *const matrices[3],
              const HfBuffer *pixels, int n, const HfBuffer *zeros,
              HfMaps *room, GError **error)
{
  const int side = hf_unfold_get_n (unfold);

  g_return_val_if_fail (unfold->size_px == 3 && unfold->stride_px == 2 &&
                            unfold->pad_px == 1,
                        FALSE);

  if (hf_ops_uses_bf16 (ops))
    return hf_planes_stem (ops, unfold, matrices, pixels, n, &room[0], error);
  room[0] = (HfMaps){room[0].buffer, n, side, side, matrices[0]->k};
  return hf_ops_unfold (ops, unfold, pixels, room[0].buffer, n, error) &&
         conv1x1 (ops, matrices[0], &room[0], &room[1], FALSE, HF_ACT_RELU,
                  error) &&
         conv3x3 (ops, matrices[1], &room[1], zeros, &room[2], error) &&
         conv3x3 (ops, matrices[2], &room[2], zeros, &room[1], error) &&
         pool (ops, &room[1], 2, &room[0], error);
}

static void
swap (HfMaps *a, HfMaps *b)
{
  HfMaps kept = *a;

  *a = *b;
  *b = kept;
}

/* Halves the side of @x where the block has a stride; the result is @x or
 * @spare, NULL on error. */
static HfMaps *
stride (HfOps *ops, const HfBottleneck *block, HfMaps *x, HfMaps *spare,
        GError **error)
{
  if (block->stride == 1)
    return x;
  return pool (ops, x, block->stride, spare, error) ? spare : NULL;
}

gboolean
hf_maps_bottleneck (HfOps *ops, const HfBottleneck *block,
                    const HfBuffer *zeros, HfMaps *room, GError **error)
{
  HfMaps *inner, *shortcut = &room[0];

  if (hf_ops_uses_bf16 (ops)) {
    if (!hf_planes_bottleneck (ops, block, &room[0], &room[1], error))
      return FALSE;
    swap (&room[0], &room[1]);
    return TRUE;
  }
  if (!conv1x1 (ops, block->conv1, &room[0], &room[1], FALSE, HF_ACT_RELU,
                error) ||
      !conv3x3 (ops, block->conv2, &room[1], zeros, &room[2], error))
    return FALSE;
  inner = stride (ops, block, &room[2], &room[1], error);
  if (inner == NULL)
    return FALSE;
  if (block->shortcut != NULL) {
    HfMaps *strided = stride (ops, block, &room[0], &room[3], error);

    /* The result may not lie where the product still reads. */
    shortcut = strided == &room[0] ? &room[3] : &room[0];
    if (strided == NULL || !conv1x1 (ops, block->shortcut, strided, shortcut,
                                     FALSE, HF_ACT_NONE, error))
      return FALSE;
  }
  if (!conv1x1 (ops, block->conv3, inner, shortcut, TRUE, HF_ACT_RELU, error))
    return FALSE;
  if (shortcut != &room[0])
    swap (&room[0], shortcut);
  return TRUE;
}

const HfBuffer *
hf_maps_get_rows (HfOps *ops, HfMaps *room, GError **error)
{
  if (!hf_ops_uses_bf16 (ops))
    return room[0].buffer;
  return hf_planes_widen (ops, &room[0], room[1].buffer, error) ? room[1].buffer
                                                                : NULL;
}
