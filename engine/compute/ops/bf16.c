/* bf16.c: products in bfloat16; kernels bf16-gemm.cl, and planes.c for
 * pictures.
 *
 * A float whose last 16 digits are rounded away: the range stays, so that
 * nothing need be evened out or reckoned as in int8.c. */
#include "compute/ops/grid.h"

#include <string.h>

#define STEP HF_BF16_STEP
/* As in amx.cl. */
#define BLOCK_ROWS 32

int
hf_bf16_get_steps (int n)
{
  return (n + STEP - 1) / STEP;
}

/* To the nearest, ties to even; what is not finite stays so. */
static guint16
narrow (float x)
{
  guint32 bits;

  memcpy (&bits, &x, sizeof bits);
  if ((bits & 0x7fffffff) > 0x7f800000)
    return (guint16) (bits >> 16 | 0x40);
  return (guint16) ((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

/* Words of a panel. */
static gsize
get_panel_words (const HfMatrix *m)
{
  return (gsize) m->n_taps * hf_bf16_get_steps (m->k / m->n_taps) * STEP / 2 *
         (gsize) m->width;
}

/* Two numbers of a row of W are one word: [taps][steps][STEP / 2][width][2]. */
static void
pack_panel (const HfMatrix *m, int panel, const float *rows, gpointer packed)
{
  const int per_tap = m->k / m->n_taps;
  const int padded = hf_bf16_get_steps (per_tap) * STEP;
  guint16 *to = (guint16 *) packed + (gsize) panel * get_panel_words (m) * 2;

  for (int tap = 0; tap < m->n_taps; tap++)
    for (int p = 0; p < padded; p++)
      for (int column = 0; column < m->width; column++) {
        gsize at = (gsize) (tap * padded + p) / 2 * m->width + column;

        to[at * 2 + p % 2] =
            p < per_tap
                ? narrow (rows[(gsize) column * m->k + tap * per_tap + p])
                : 0;
      }
}

HfMatrix *
hf_bf16_matrix_new (HfOps *ops, int n, int k, int n_taps, HfMatrixRows rows,
                    gpointer data, const float *scale, const float *bias,
                    GError **error)
{
  g_autoptr (HfMatrix) self = hf_matrix_new_frame (n, k, 1, HF_TILE_B);

  g_return_val_if_fail (k > 0 && k % n_taps == 0, NULL);

  self->n_taps = n_taps;
  self->precision = HF_PRECISION_BF16;
  return hf_matrix_fill (self, ops, self->n_panels * get_panel_words (self) * 4,
                         rows, data, pack_panel, scale, bias, error)
             ? g_steal_pointer (&self)
             : NULL;
}

/* Bytes of a row in bfloat16, as gemm_bf16 has it. */
static gsize
get_row_bytes (int n)
{
  return ((gsize) hf_bf16_get_steps (n) + 1) * STEP * 2;
}

/* What of a product is rows in bfloat16 instead of floats. */
typedef enum {
  NARROW_NONE = 0,
  NARROW_ROWS = 1 << 0,
  NARROW_RESULT = 1 << 1,
} Narrow;

static gboolean
multiply (HfOps *self, const HfMatrix *w, const HfBuffer *a,
          const HfBefore *before, HfBuffer *c, const HfBuffer *residual,
          int n_rows, HfAct act, Narrow narrow, GError **error)
{
  const gsize row_bytes = get_row_bytes (w->k);
  const HfBuffer *gain = before->gain, *bias = before->bias;
  int has_norm = gain != NULL, has_residual = residual != NULL;
  int is_narrow = (narrow & NARROW_ROWS) != 0;
  int narrows = (narrow & NARROW_RESULT) != 0;
  int activation = act;
  HfCut cut;
  HfGrid grid = hf_grid_bands (self, w, n_rows, row_bytes,
                               is_narrow  ? HF_BAND_NARROW
                               : has_norm ? HF_BAND_NORM
                                          : HF_BAND_WIDE,
                               &cut);

  g_return_val_if_fail (w->n_taps == 1 && before->act == HF_ACT_NONE, FALSE);

  /* A kernel wants some buffer there, read or not. */
  if (!has_norm)
    gain = bias = w->affine;
  if (!has_residual)
    residual = c;
  return hf_ops_ensure_scratch (self, &self->narrow,
                                cut.n_items * cut.block * row_bytes, error) &&
         hf_ops_launch (
             self,
             self->device->has_amx ? HF_KERNEL_GEMM_BF16_AMX
                                   : HF_KERNEL_GEMM_BF16,
             &grid, error, HF_MEM (a), HF_MEM (gain), HF_MEM (bias),
             HF_MEM (w->weights), HF_MEM (w->affine), HF_MEM (residual),
             HF_MEM (self->narrow), HF_MEM (c), HF_ARG (n_rows), HF_ARG (w->n),
             HF_ARG (w->k), HF_ARG (cut.rows_per_item),
             HF_ARG (cut.panels_per_item), HF_ARG (cut.block),
             HF_ARG (has_norm), HF_ARG (before->eps), HF_ARG (has_residual),
             HF_ARG (activation), HF_ARG (is_narrow), HF_ARG (narrows));
}

gboolean
hf_bf16_gemm (HfOps *self, const HfMatrix *w, const HfBuffer *a,
              const HfBefore *before, HfBuffer *c, const HfBuffer *residual,
              int n_rows, HfAct act, GError **error)
{
  return multiply (self, w, a, before, c, residual, n_rows, act, NARROW_NONE,
                   error);
}

gboolean
hf_bf16_mlp (HfOps *self, const HfMatrix *w, const HfMatrix *v,
             const HfBefore *before, HfBuffer *x, HfBuffer *hidden, int n_rows,
             HfAct act, GError **error)
{
  /* The last block of rows is read as a whole. */
  const gsize size_bytes = ((gsize) n_rows + BLOCK_ROWS) * get_row_bytes (w->n);
  const gboolean fits =
      w->n % STEP == 0 && size_bytes <= hf_buffer_get_size (hidden);
  const HfBefore nothing = {.act = HF_ACT_NONE};

  return multiply (self, w, x, before, hidden, NULL, n_rows, act,
                   fits ? NARROW_RESULT : NARROW_NONE, error) &&
         multiply (self, v, hidden, &nothing, x, x, n_rows, HF_ACT_NONE,
                   fits ? NARROW_ROWS : NARROW_NONE, error);
}
