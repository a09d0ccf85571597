/* planes.c: see the header. */
#include "compute/ops/planes.h"

#include "compute/ops/grid.h"

/* A step of a place. */
#define STEP_BYTES ((gsize) HF_BF16_STEP * 2)
/* Places behind the last that a block of rows reads and nobody asks for:
 * BLOCK_ROWS of amx.cl. */
#define SLACK 32
/* ROOM of bf16-planes.cl, and the place in front. */
#define AROUND (SLACK + 2 + 1)
/* What a block of lines may take: half of the smallest second cache, or as much
 * as the weights that are streamed for each block, up to a limit. 1.04 to 1.2
 * times as fast as always the least, of RN50. */
#define LEAST_BYTES ((gsize) 512 << 10)
#define MOST_BYTES ((gsize) 1536 << 10)

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

/* How lines are cut: one work-item for each compute unit, in blocks. */
typedef struct {
  int lines_per_item, block;
} Cut;

static HfGrid
cut_lines (const HfOps *self, int n_lines, gsize line_bytes, gsize weight_bytes,
           Cut *cut)
{
  const gsize block_bytes = CLAMP (weight_bytes, LEAST_BYTES, MOST_BYTES);
  const int units = MAX (self->device->info->compute_units, 1);
  const int most = (int) CLAMP (block_bytes / line_bytes, 1, G_MAXINT);
  int blocks;

  cut->lines_per_item = (n_lines + units - 1) / units;
  blocks = (cut->lines_per_item + most - 1) / most;
  cut->block = (cut->lines_per_item + blocks - 1) / blocks;
  return (HfGrid){
      1,
      {(gsize) ((n_lines + cut->lines_per_item - 1) / cut->lines_per_item)},
      {1}};
}

gboolean
hf_planes_stem (HfOps *self, const HfUnfold *unfold,
                HfMatrix *const matrices[3], const HfBuffer *pixels, int n,
                HfMaps *y, GError **error)
{
  const int side = hf_unfold_get_n (unfold), pitch = side + 1;
  const int n_lines = n * (side / 2 + 1);
  const int steps = MAX (MAX (matrices[0]->n_panels, matrices[1]->n_panels),
                         matrices[2]->n_panels);
  const gsize place_bytes = (gsize) steps * STEP_BYTES;
  gsize item_bytes;
  cl_float4 scale = {{0}}, shift = {{0}};
  HfGrid grid;
  Cut cut;

  *y = (HfMaps){y->buffer, n, side / 2, side / 2, matrices[2]->n};
  g_return_val_if_fail (n > 0 && side > 1 && fits (y), FALSE);
  g_return_val_if_fail ((gsize) n * unfold->side_px * unfold->side_px * 3 <=
                            hf_buffer_get_size (pixels),
                        FALSE);
  g_return_val_if_fail (matrices[0]->k == 27 && matrices[0]->n_taps == 1 &&
                            matrices[1]->k == 9 * matrices[0]->n &&
                            matrices[2]->k == 9 * matrices[1]->n,
                        FALSE);

  grid =
      cut_lines (self, n_lines, 2 * 2 * (gsize) pitch * place_bytes, 0, &cut);
  item_bytes = 2 * ((gsize) (cut.block * 2 + 4) * pitch + AROUND) * place_bytes;
  hf_unfold_get_scale (unfold, &scale, &shift);
  return hf_ops_ensure_scratch (self, &self->narrow,
                                grid.global[0] * item_bytes, error) &&
         hf_ops_launch (
             self,
             self->device->has_amx ? HF_KERNEL_STEM_PLANES_AMX
                                   : HF_KERNEL_STEM_PLANES,
             &grid, error, HF_MEM (pixels), HF_MEM (y->buffer),
             HF_MEM (self->narrow), HF_MEM (matrices[0]->weights),
             HF_MEM (matrices[0]->affine), HF_MEM (matrices[1]->weights),
             HF_MEM (matrices[1]->affine), HF_MEM (matrices[2]->weights),
             HF_MEM (matrices[2]->affine), HF_ARG (n), HF_ARG (unfold->side_px),
             HF_ARG (side), HF_ARG (matrices[0]->n_panels),
             HF_ARG (matrices[1]->n_panels), HF_ARG (matrices[2]->n_panels),
             HF_ARG (scale), HF_ARG (shift), HF_ARG (cut.lines_per_item),
             HF_ARG (cut.block));
}

gboolean
hf_planes_bottleneck (HfOps *self, const HfBottleneck *block, const HfMaps *x,
                      HfMaps *y, GError **error)
{
  const int pitch = x->width + 1, out_pitch = x->width / block->stride + 1;
  const int n_lines = x->n * (x->height / block->stride + 1);
  const int in_steps = hf_bf16_get_steps (x->channels);
  const int inner_steps = block->conv1->n_panels;
  const int out_steps = block->conv3->n_panels;
  const gsize in_bytes = (gsize) in_steps * STEP_BYTES;
  const gsize inner_bytes = (gsize) inner_steps * STEP_BYTES;
  const HfMatrix *shortcut = block->shortcut;
  int has_shortcut = shortcut != NULL;
  gsize line_bytes, item_bytes, n_inner, n_out;
  HfGrid grid;
  Cut cut;

  *y = (HfMaps){y->buffer, x->n, x->height / block->stride,
                x->width / block->stride, block->conv3->n};
  g_return_val_if_fail (y->height > 0 && y->width > 0, FALSE);
  g_return_val_if_fail (fits (x) && fits (y) && x->buffer != y->buffer, FALSE);
  g_return_val_if_fail (block->conv1->k == x->channels &&
                            block->conv2->k == 9 * block->conv1->n &&
                            block->conv2->n_taps == 9 &&
                            block->conv3->k == block->conv2->n,
                        FALSE);
  g_return_val_if_fail (
      has_shortcut ? shortcut->k == x->channels && shortcut->n == y->channels
                   : block->stride == 1 && x->channels == y->channels,
      FALSE);

  line_bytes = (gsize) pitch * block->stride * (in_bytes + 2 * inner_bytes) +
               (gsize) out_pitch * out_steps * STEP_BYTES;
  grid = cut_lines (self, n_lines, line_bytes,
                    hf_buffer_get_size (block->conv1->weights) +
                        hf_buffer_get_size (block->conv2->weights) +
                        hf_buffer_get_size (block->conv3->weights),
                    &cut);
  n_inner = (gsize) (cut.block * block->stride + 2) * pitch + AROUND;
  n_out = (gsize) cut.block * out_pitch + AROUND;
  item_bytes = (2 * n_inner + n_out) * inner_bytes + n_out * in_bytes;
  /* A kernel wants some buffer there, read or not. */
  if (!has_shortcut)
    shortcut = block->conv3;
  return hf_ops_ensure_scratch (self, &self->narrow,
                                grid.global[0] * item_bytes, error) &&
         hf_ops_launch (
             self,
             self->device->has_amx ? HF_KERNEL_BOTTLENECK_PLANES_AMX
                                   : HF_KERNEL_BOTTLENECK_PLANES,
             &grid, error, HF_MEM (x->buffer), HF_MEM (y->buffer),
             HF_MEM (self->narrow), HF_MEM (block->conv1->weights),
             HF_MEM (block->conv1->affine), HF_MEM (block->conv2->weights),
             HF_MEM (block->conv2->affine), HF_MEM (block->conv3->weights),
             HF_MEM (block->conv3->affine), HF_MEM (shortcut->weights),
             HF_MEM (shortcut->affine), HF_ARG (x->n), HF_ARG (x->height),
             HF_ARG (x->width), HF_ARG (in_steps), HF_ARG (inner_steps),
             HF_ARG (out_steps), HF_ARG (block->stride), HF_ARG (has_shortcut),
             HF_ARG (cut.lines_per_item), HF_ARG (cut.block));
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
