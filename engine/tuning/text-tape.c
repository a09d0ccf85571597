/* text-tape.c: a block is
 *
 *   mid = x + out (attention (qkv (ln_1 (x))))
 *   x'  = mid + proj (act (fc (ln_2 (mid))))
 *
 * and of each the tape keeps x, qkv, the heads' results, mid and fc: the rest
 * is cheap to compute again or not asked for. With d the gradient of x', the
 * way back is
 *
 *   d += ln_2' (fc' (act' (proj' (d))));  d += ln_1' (qkv' (attention' (out'
 * (d))))
 *
 * where f' is the gradient of f at what was kept. Rows lie narrow, each shared
 * one once, but for attention, where every text has its own (tuning/layout.h).
 * All rows of the last block
 * are computed, unlike in clip/towers/transformer.c: a fourteenth more work, in
 * return for one kind of block. */
#include "tuning/text-tape.h"

#include "clip/towers/block.h"
#include "compute/backward.h"
#include "tuning/layout.h"

#include <string.h>

/* Wide rows for each narrow one, at most: they cost a fraction, as no block
 * keeps them. */
#define WIDE_ROWS 4

/* What takes a gradient through a block's products. */
typedef struct {
  HfMatrix *qkv, *out, *fc, *proj;
} Turned;

/* What is kept of a block's pass. */
typedef struct {
  HfBuffer *x;     /* [rows][width] */
  HfBuffer *qkv;   /* [rows][3 width] */
  HfBuffer *heads; /* [rows][width] */
  HfBuffer *mid;   /* [rows][width] */
  HfBuffer *fc;    /* [rows][mlp], before the activation */
} Kept;

struct _HfTextTape {
  HfOps *ops;
  const HfTensor *token_table; /* [vocab][width], in the model file */
  float *positions;            /* [context][width] */
  int width, n_heads, n_layers, mlp, embed_dim;
  int max_rows, max_wide; /* narrow rows, wide ones */
  HfAct act;
  float eps;

  HfBlock *blocks;              /* [n_layers] */
  Turned *turned;               /* [n_layers] */
  HfBuffer *ln_final[2];        /* gain, bias */
  HfMatrix *proj, *proj_turned; /* width -> embed_dim, and back */

  Kept *kept;         /* [n_layers] */
  HfBuffer *last;     /* [max_rows][width]: what the last block gives */
  HfBuffer *y;        /* [max_rows][width] */
  HfBuffer *wide;     /* [max_rows][max (3 width, mlp)] */
  HfBuffer *d;        /* [max_rows][width]: gradient of the stream */
  HfBuffer *pooled;   /* [max_rows][width]: rows of the end tokens */
  HfBuffer *pooled_y; /* [max_rows][width] */
  HfBuffer *out;      /* [max_rows][embed_dim] */
  float *host;        /* [max_rows][width] */

  /* [max_wide], what attention takes and gives: */
  HfBuffer *qkv, *d_qkv;     /* [3 width] */
  HfBuffer *heads, *d_heads; /* [width] */
  HfBuffer *stats;           /* [HF_ATTENTION_STATS] */

  HfLayout layout; /* of the last pass; no texts: there is none */
};

static void
turned_clear (Turned *self)
{
  hf_matrix_free (self->qkv);
  hf_matrix_free (self->out);
  hf_matrix_free (self->fc);
  hf_matrix_free (self->proj);
}

static void
kept_clear (Kept *self)
{
  hf_buffer_free (self->x);
  hf_buffer_free (self->qkv);
  hf_buffer_free (self->heads);
  hf_buffer_free (self->mid);
  hf_buffer_free (self->fc);
}

void
hf_text_tape_free (HfTextTape *self)
{
  if (self == NULL)
    return;
  hf_layout_clear (&self->layout);
  for (int i = 0; i < self->n_layers; i++) {
    hf_block_clear (&self->blocks[i]);
    turned_clear (&self->turned[i]);
    kept_clear (&self->kept[i]);
  }
  g_free (self->blocks);
  g_free (self->turned);
  g_free (self->kept);
  hf_buffer_free (self->ln_final[0]);
  hf_buffer_free (self->ln_final[1]);
  hf_matrix_free (self->proj);
  hf_matrix_free (self->proj_turned);
  hf_buffer_free (self->last);
  hf_buffer_free (self->y);
  hf_buffer_free (self->wide);
  hf_buffer_free (self->qkv);
  hf_buffer_free (self->d_qkv);
  hf_buffer_free (self->heads);
  hf_buffer_free (self->d_heads);
  hf_buffer_free (self->stats);
  hf_buffer_free (self->d);
  hf_buffer_free (self->pooled);
  hf_buffer_free (self->pooled_y);
  hf_buffer_free (self->out);
  g_free (self->positions);
  g_free (self->host);
  g_free (self);
}

static gboolean
load_turned (Turned *self, const HfWeights *weights, int number, GError **error)
{
  static const char *const qkv[] = {"attn.q_proj", "attn.k_proj", "attn.v_proj",
                                    NULL};
  static const char *const out[] = {"attn.out_proj", NULL};
  static const char *const fc[] = {"mlp.c_fc", NULL};
  static const char *const proj[] = {"mlp.c_proj", NULL};
  g_autofree char *prefix =
      g_strdup_printf ("transformer.resblocks.%d.", number);

  return (self->qkv = hf_weights_transposed (weights, prefix, qkv, error)) !=
             NULL &&
         (self->out = hf_weights_transposed (weights, prefix, out, error)) !=
             NULL &&
         (self->fc = hf_weights_transposed (weights, prefix, fc, error)) !=
             NULL &&
         (self->proj = hf_weights_transposed (weights, prefix, proj, error)) !=
             NULL;
}

static gboolean
load_weights (HfTextTape *self, const HfWeights *weights, HfProgress *progress,
              GError **error)
{
  for (int i = 0; i < self->n_layers; i++) {
    if (!hf_progress_check (progress, error) ||
        !hf_block_load (&self->blocks[i], weights, "transformer", i, FALSE,
                        error) ||
        !load_turned (&self->turned[i], weights, i, error))
      return FALSE;
    /* What is packed now need not stay in memory a second time. */
    hf_model_file_release_pages (weights->model);
    hf_progress_report (progress, i + 1, self->n_layers);
  }
  return hf_block_load_norm (weights, "ln_final", self->ln_final, error) &&
         (self->proj = hf_weights_matrix (weights, "text_projection", error)) !=
             NULL &&
         (self->proj_turned = hf_weights_transposed (weights, "text_projection",
                                                     NULL, error)) != NULL;
}

static gboolean
make_rows (HfTextTape *self, HfBuffer **buffer, int n_rows, int dim,
           GError **error)
{
  *buffer = hf_buffer_new (hf_ops_get_device (self->ops),
                           (gsize) n_rows * dim * sizeof (float), error);
  return *buffer != NULL;
}

static gboolean
make_kept (HfTextTape *self, Kept *kept, GError **error)
{
  const int n = self->max_rows, width = self->width;

  return make_rows (self, &kept->x, n, width, error) &&
         make_rows (self, &kept->qkv, n, 3 * width, error) &&
         make_rows (self, &kept->heads, n, width, error) &&
         make_rows (self, &kept->mid, n, width, error) &&
         make_rows (self, &kept->fc, n, self->mlp, error);
}

static gboolean
make_buffers (HfTextTape *self, GError **error)
{
  const int n = self->max_rows, n_wide = self->max_wide, width = self->width;

  for (int i = 0; i < self->n_layers; i++)
    if (!make_kept (self, &self->kept[i], error))
      return FALSE;
  return make_rows (self, &self->last, n, width, error) &&
         make_rows (self, &self->y, n, width, error) &&
         make_rows (self, &self->wide, n, MAX (3 * width, self->mlp), error) &&
         make_rows (self, &self->d, n, width, error) &&
         make_rows (self, &self->pooled, n, width, error) &&
         make_rows (self, &self->pooled_y, n, width, error) &&
         make_rows (self, &self->out, n, self->embed_dim, error) &&
         make_rows (self, &self->qkv, n_wide, 3 * width, error) &&
         make_rows (self, &self->d_qkv, n_wide, 3 * width, error) &&
         make_rows (self, &self->heads, n_wide, width, error) &&
         make_rows (self, &self->d_heads, n_wide, width, error) &&
         make_rows (self, &self->stats, n_wide,
                    HF_ATTENTION_STATS (self->n_heads), error);
}

static void
set_shape (HfTextTape *self, const HfClipConfig *config, int n_rows)
{
  gsize row_bytes;

  self->width = config->text_width;
  self->n_heads = config->text_heads;
  self->n_layers = config->text_layers;
  self->mlp = config->text_mlp;
  self->embed_dim = config->embed_dim;
  self->eps = (float) config->text_eps;
  self->act = config->text_activation == HF_ACTIVATION_QUICK_GELU
                  ? HF_ACT_QUICK_GELU
                  : HF_ACT_GELU;
  row_bytes = (gsize) self->n_layers *
              (6 * (gsize) self->width + (gsize) self->mlp) * sizeof (float);
  self->max_rows = (int) MIN ((gsize) n_rows, HF_TEXT_TAPE_BYTES / row_bytes);
  self->max_rows = MAX (self->max_rows, config->context_length);
  self->max_wide = MIN (n_rows, self->max_rows * WIDE_ROWS);
  self->max_wide = MAX (self->max_wide, self->max_rows);
}

HfTextTape *
hf_text_tape_new (const HfWeights *weights, const HfClipConfig *config,
                  int n_rows, HfProgress *progress, GError **error)
{
  g_autoptr (HfTextTape) self = g_new0 (HfTextTape, 1);
  const HfTensor *positions =
      hf_model_file_get (weights->model, "positional_embedding");

  self->ops = weights->ops;
  self->token_table =
      hf_model_file_get (weights->model, "token_embedding.weight");
  self->positions = g_new (float, hf_tensor_get_n_elements (positions));
  hf_tensor_read (positions, self->positions);
  set_shape (self, config, n_rows);
  self->blocks = g_new0 (HfBlock, self->n_layers);
  self->turned = g_new0 (Turned, self->n_layers);
  self->kept = g_new0 (Kept, self->n_layers);
  self->host = g_new (float, (gsize) self->max_rows * self->width);
  if (!load_weights (self, weights, progress, error) ||
      !make_buffers (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

int
hf_text_tape_get_width (const HfTextTape *self)
{
  return self->width;
}

void
hf_text_tape_read_token (const HfTextTape *self, int id, float *row)
{
  g_return_if_fail (id >= 0 && id < self->token_table->shape[0]);

  hf_tensor_read_rows (self->token_table, id, 1, row);
}

int
hf_text_tape_fit (const HfTextTape *self, const int *lengths, int n,
                  int n_shared)
{
  int rows = n_shared, n_wide = 0, i = 0;

  while (i < n && rows + lengths[i] - n_shared <= self->max_rows &&
         n_wide + lengths[i] <= self->max_wide) {
    rows += lengths[i] - n_shared;
    n_wide += lengths[i++];
  }
  return MAX (i, 1);
}

/* Wide rows of the host to narrow ones of the device, with their positions. */
static gboolean
write_rows (HfTextTape *self, const float *rows, const int *lengths,
            GError **error)
{
  const HfLayout *layout = &self->layout;
  const int *narrow = layout->narrow;
  gsize width = (gsize) self->width;

  for (int i = 0; i < layout->n_texts; i++)
    for (gsize t = 0; t < (gsize) lengths[i]; t++, rows += width) {
      float *to = self->host + (gsize) *narrow++ * width;

      for (gsize d = 0; d < width; d++)
        to[d] = rows[d] + self->positions[t * width + d];
    }
  return hf_buffer_write (self->kept[0].x, self->host,
                          (gsize) layout->n_narrow * width * sizeof (float),
                          error);
}

/* Narrow rows of the device to wide ones of the host, each narrow one once. */
static gboolean
read_rows (HfTextTape *self, HfBuffer *buffer, float *rows, GError **error)
{
  const HfLayout *layout = &self->layout;
  gsize row_bytes = (gsize) self->width * sizeof (float);
  int seen = -1;

  if (!hf_buffer_read (buffer, self->host, (gsize) layout->n_narrow * row_bytes,
                       error))
    return FALSE;
  for (int w = 0; w < layout->n_wide; w++, rows += self->width) {
    /* Narrow rows are numbered in the order in which they are first seen. */
    if (layout->narrow[w] > seen)
      memcpy (rows, self->host + (gsize) layout->narrow[w] * self->width,
              row_bytes);
    else
      memset (rows, 0, row_bytes);
    seen = MAX (seen, layout->narrow[w]);
  }
  return TRUE;
}

static HfHeads
get_heads (const HfTextTape *self, const HfBuffer *qkv)
{
  const int width = self->width;

  return (HfHeads){qkv,       qkv,           0,
                   width,     2 * width,     3 * width,
                   3 * width, self->n_heads, width / self->n_heads};
}

static gboolean
norm (HfTextTape *self, HfBuffer *const *ln, const HfBuffer *x, HfBuffer *y,
      int n_rows, GError **error)
{
  return hf_ops_layer_norm (self->ops, x, y, ln[0], ln[1], n_rows, self->width,
                            self->eps, error);
}

static gboolean
multiply (HfTextTape *self, const HfMatrix *w, const HfBuffer *x, HfBuffer *y,
          const HfBuffer *residual, int n_rows, GError **error)
{
  return hf_ops_gemm (self->ops, w, x, y, residual, n_rows, HF_ACT_NONE, error);
}

/* heads = attention (qkv), both narrow. */
static gboolean
run_attention (HfTextTape *self, const Kept *kept, GError **error)
{
  const HfLayout *layout = &self->layout;
  HfHeads heads = get_heads (self, self->qkv);

  return hf_ops_gather (self->ops, kept->qkv, layout->to_wide, self->qkv,
                        layout->n_wide, 3 * self->width, error) &&
         hf_ops_attention (self->ops, &heads, layout->runs, self->heads,
                           error) &&
         hf_ops_gather (self->ops, self->heads, layout->to_narrow, kept->heads,
                        layout->n_narrow, self->width, error);
}

/* From @d_heads to @d_qkv, both narrow. A shared row gives its results once, so
 * only the first of its wide rows is asked; but all of them see. */
static gboolean
run_attention_back (HfTextTape *self, const Kept *kept, const HfBuffer *d_heads,
                    HfBuffer *d_qkv, GError **error)
{
  const HfLayout *layout = &self->layout;
  HfHeads heads = get_heads (self, self->qkv);

  return hf_ops_gather (self->ops, kept->qkv, layout->to_wide, self->qkv,
                        layout->n_wide, 3 * self->width, error) &&
         hf_ops_gather (self->ops, kept->heads, layout->to_wide, self->heads,
                        layout->n_wide, self->width, error) &&
         hf_ops_gather (self->ops, d_heads, layout->first_of, self->d_heads,
                        layout->n_wide, self->width, error) &&
         hf_ops_attention_backward (self->ops, &heads, layout->runs,
                                    self->heads, self->d_heads, self->stats,
                                    self->d_qkv, error) &&
         hf_ops_sum_rows (self->ops, self->d_qkv, layout->sum_first,
                          layout->sum_index, d_qkv, layout->n_narrow,
                          3 * self->width, error);
}

static gboolean
run_block (HfTextTape *self, const HfBlock *block, const Kept *kept,
           HfBuffer *next, GError **error)
{
  const int n = self->layout.n_narrow;

  return norm (self, block->ln_1, kept->x, self->y, n, error) &&
         multiply (self, block->qkv, self->y, kept->qkv, NULL, n, error) &&
         run_attention (self, kept, error) &&
         multiply (self, block->out, kept->heads, kept->mid, kept->x, n,
                   error) &&
         norm (self, block->ln_2, kept->mid, self->y, n, error) &&
         multiply (self, block->fc, self->y, kept->fc, NULL, n, error) &&
         hf_ops_activate (self->ops, kept->fc, self->wide, n, self->mlp,
                          self->act, error) &&
         multiply (self, block->proj, self->wide, next, kept->mid, n, error);
}

gboolean
hf_text_tape_forward (HfTextTape *self, const float *rows, const int *lengths,
                      int n, int n_shared, float *out, GError **error)
{
  const int end = self->n_layers - 1;

  g_return_val_if_fail (n > 0, FALSE);

  hf_layout_clear (&self->layout);
  if (!hf_layout_init (&self->layout, self->ops, lengths, n, n_shared, error))
    return FALSE;
  g_return_val_if_fail (self->layout.n_narrow <= self->max_rows &&
                            self->layout.n_wide <= self->max_wide,
                        FALSE);
  if (!write_rows (self, rows, lengths, error))
    return FALSE;
  for (int i = 0; i <= end; i++)
    if (!run_block (self, &self->blocks[i], &self->kept[i],
                    i < end ? self->kept[i + 1].x : self->last, error))
      return FALSE;
  return hf_ops_gather (self->ops, self->last, self->layout.ends, self->pooled,
                        n, self->width, error) &&
         norm (self, self->ln_final, self->pooled, self->pooled_y, n, error) &&
         multiply (self, self->proj, self->pooled_y, self->out, NULL, n,
                   error) &&
         hf_buffer_read (self->out, out,
                         (gsize) n * self->embed_dim * sizeof (float), error);
}

/* x = x + @d_y through the norm of @at. */
static gboolean
norm_back (HfTextTape *self, HfBuffer *const *ln, const HfBuffer *at,
           const HfBuffer *d_y, GError **error)
{
  return hf_ops_layer_norm_backward (self->ops, at, ln[0], d_y, self->d,
                                     self->d, self->layout.n_narrow,
                                     self->width, self->eps, error);
}

static gboolean
run_block_back (HfTextTape *self, const HfBlock *block, const Turned *turned,
                const Kept *kept, GError **error)
{
  const int n = self->layout.n_narrow;

  return multiply (self, turned->proj, self->d, self->wide, NULL, n, error) &&
         hf_ops_activate_backward (self->ops, kept->fc, self->wide, n,
                                   self->mlp, self->act, error) &&
         multiply (self, turned->fc, self->wide, self->y, NULL, n, error) &&
         norm_back (self, block->ln_2, kept->mid, self->y, error) &&
         multiply (self, turned->out, self->d, self->y, NULL, n, error) &&
         run_attention_back (self, kept, self->y, self->wide, error) &&
         multiply (self, turned->qkv, self->wide, self->y, NULL, n, error) &&
         norm_back (self, block->ln_1, kept->x, self->y, error);
}

gboolean
hf_text_tape_backward (HfTextTape *self, const float *d_out, float *d_rows,
                       GError **error)
{
  const HfLayout *layout = &self->layout;
  const int n = layout->n_texts, width = self->width;

  g_return_val_if_fail (n > 0, FALSE);

  if (!hf_buffer_write (self->out, d_out,
                        (gsize) n * self->embed_dim * sizeof (float), error) ||
      !multiply (self, self->proj_turned, self->out, self->pooled_y, NULL, n,
                 error) ||
      !hf_ops_layer_norm_backward (self->ops, self->pooled, self->ln_final[0],
                                   self->pooled_y, NULL, self->y, n, width,
                                   self->eps, error) ||
      !hf_ops_gather (self->ops, self->y, layout->end_of, self->d,
                      layout->n_narrow, width, error))
    return FALSE;
  for (int i = self->n_layers - 1; i >= 0; i--)
    if (!run_block_back (self, &self->blocks[i], &self->turned[i],
                         &self->kept[i], error))
      return FALSE;
  if (!read_rows (self, self->d, d_rows, error))
    return FALSE;
  hf_ops_settle (self->ops);
  hf_layout_clear (&self->layout);
  return TRUE;
}
