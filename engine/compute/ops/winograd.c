/* winograd.c: 3x3 convolutions by Winograd's F(2x2, 3x3); kernel winograd.cl.
 *
 * The weights of one channel, g, are kept as the 4 x 4 points G g G', so that
 * they are a matrix [n][points][channels] to everything that packs:
 *
 *   G = 1    0    0
 *       1/2  1/2  1/2
 *       1/2 -1/2  1/2
 *       0    0    1  */
#include "compute/ops/grid.h"

#define TAPS 9
/* Points as floats up to this size: they have more digits than the weights they
 * are made of, so that halves cost accuracy even where those are halves. */
#define MAX_FLOAT_BYTES ((gsize) 3 << 20)
/* More points for each tile of a picture cost more on their way from memory
 * than they save: 512 channels in f32 at 7 x 7, 1 MiB a tile, took 1.12 times
 * as long as direct, in f16 or at 14 x 14 two thirds. */
#define MAX_TILE_BYTES ((gsize) 768 << 10)
#define POINTS HF_WINOGRAD_POINTS

typedef struct {
  HfMatrixRows rows;
  gpointer data;
  int channels;
} Taps;

/* Three numbers @step apart through G, in double: points are rounded once. */
static void
transform_line (const double *g, int step, double *out, int out_step)
{
  const double a = g[0], b = g[step], c = g[2 * step];

  out[0] = a;
  out[out_step] = (a + b + c) / 2;
  out[2 * out_step] = (a - b + c) / 2;
  out[3 * out_step] = c;
}

/* float[9][channels] -> float[POINTS][channels]. */
static void
transform_row (const float *taps, int channels, float *points)
{
  for (int c = 0; c < channels; c++) {
    double g[TAPS], half[4 * 3], u[POINTS];

    for (int i = 0; i < TAPS; i++)
      g[i] = taps[(gsize) i * channels + c];
    for (int j = 0; j < 3; j++)
      transform_line (g + j, 3, half + j, 3);
    for (int i = 0; i < 4; i++)
      transform_line (half + i * 3, 1, u + i * 4, 1);
    for (int i = 0; i < POINTS; i++)
      points[(gsize) i * channels + c] = (float) u[i];
  }
}

static void
read_points (gpointer data, int first, int n_rows, float *out)
{
  const Taps *taps = data;
  g_autofree float *row = g_new (float, (gsize) TAPS * taps->channels);

  for (int r = 0; r < n_rows; r++) {
    taps->rows (taps->data, first + r, 1, row);
    transform_row (row, taps->channels, out);
    out += (gsize) POINTS * taps->channels;
  }
}

/* Blocks of tiles are as long as the middle tile is tall, so that wide panels
 * gain nothing over it (RN50 and the starter within 3 % of each other), and
 * each width is a kernel to be compiled. */
static HfTile
choose_tile (const HfOps *ops, int n, HfPrecision precision)
{
  return precision == HF_PRECISION_F32 &&
                 hf_matrix_choose_tile (ops, n) == HF_TILE_C
             ? HF_TILE_C
             : HF_TILE_B;
}

static gboolean
is_faster (const HfOps *ops, gsize n_points, int side, HfPrecision precision)
{
  const gsize tiles = (gsize) ((side + 1) / 2) * ((side + 1) / 2);
  const gsize size_bytes = n_points * (precision == HF_PRECISION_F32 ? 4 : 2);

  return ops->device->device_class == HF_CLASS_CPU &&
         size_bytes <= tiles * MAX_TILE_BYTES;
}

HfMatrix *
hf_matrix_new_conv3x3 (HfOps *ops, int n, int channels, int side,
                       HfMatrixRows rows, gpointer data, const float *scale,
                       const float *bias, GError **error)
{
  Taps taps = {rows, data, channels};
  const gsize n_points = (gsize) n * channels * POINTS;
  const gboolean is_f32 = ops->precision == HF_PRECISION_F32 ||
                          n_points * sizeof (float) <= MAX_FLOAT_BYTES;
  const HfPrecision precision = is_f32 ? HF_PRECISION_F32 : HF_PRECISION_F16;
  HfMatrix *self;

  if (hf_ops_uses_bf16 (ops))
    return hf_bf16_matrix_new (ops, n, TAPS * channels, TAPS, rows, data, scale,
                               bias, error);
  if (!is_faster (ops, n_points, side, precision))
    return hf_matrix_new (ops, n, TAPS * channels, rows, data, scale, bias,
                          error);
  self = hf_matrix_new_stored (ops, n, POINTS * channels, 1,
                               choose_tile (ops, n, precision), precision,
                               read_points, &taps, scale, bias, error);
  if (self != NULL)
    self->is_winograd = TRUE;
  return self;
}

gboolean
hf_winograd_conv3x3 (HfOps *self, const HfMatrix *w, const HfBuffer *x,
                     HfBuffer *c, int n_images, int height, int width,
                     HfAct act, GError **error)
{
  const int channels = w->k / POINTS;
  const int n_tiles = n_images * ((height + 1) / 2) * ((width + 1) / 2);
  const gint64 n_pixels = (gint64) n_images * height * width;
  int activation = act;
  HfKernelId kernel = w->precision == HF_PRECISION_F16
                          ? HF_KERNEL_WINOGRAD_HALVES
                          : HF_KERNEL_WINOGRAD_B + w->tile - HF_TILE_B;
  HfCut cut;
  HfGrid grid = hf_grid_winograd (self, w, n_tiles, &cut);
  gsize scratch = hf_grid_get_winograd_scratch (self, w, &cut);

  g_return_val_if_fail (hf_buffer_holds (x, n_pixels, channels), FALSE);
  g_return_val_if_fail (hf_buffer_holds (c, n_pixels, w->n), FALSE);

  return hf_ops_ensure_scratch (self, &self->points,
                                cut.n_items * scratch * sizeof (float),
                                error) &&
         hf_ops_launch (self, kernel, &grid, error, HF_MEM (x),
                        HF_MEM (w->weights), HF_MEM (w->affine),
                        HF_MEM (self->points), HF_MEM (c), HF_ARG (n_images),
                        HF_ARG (w->n), HF_ARG (height), HF_ARG (width),
                        HF_ARG (channels), HF_ARG (cut.rows_per_item),
                        HF_ARG (cut.panels_per_item), HF_ARG (cut.block),
                        HF_ARG (activation));
}
