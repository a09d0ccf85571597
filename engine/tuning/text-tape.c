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
 * where f' is the gradient of f at what was kept. All rows of the last block
 * are computed, unlike in clip/towers/transformer.c: a fourteenth more work, in
 * return for one kind of block. */
#include "tuning/text-tape.h"

#include "clip/towers/block.h"
#include "compute/backward.h"

#include <string.h>

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
  int width, n_heads, n_layers, mlp, embed_dim, max_rows;
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
  HfBuffer *stats;    /* [max_rows][HF_ATTENTION_STATS] */
  HfBuffer *d;        /* [max_rows][width]: gradient of the stream */
  HfBuffer *pooled;   /* [max_rows][width]: rows of the end tokens */
  HfBuffer *pooled_y; /* [max_rows][width] */
  HfBuffer *out;      /* [max_rows][embed_dim] */
  float *host;        /* [max_rows][width] */

  /* The last pass. */
  HfRuns *runs;
  HfBuffer *wanted; /* int[n_texts]: row of each text's end token */
  HfBuffer *source; /* int[n_rows]: text whose end token a row is, else -1 */
  int n_rows, n_texts;
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

static void
clear_pass (HfTextTape *self)
{
  g_clear_pointer (&self->runs, hf_runs_free);
  g_clear_pointer (&self->wanted, hf_buffer_free);
  g_clear_pointer (&self->source, hf_buffer_free);
  self->n_rows = self->n_texts = 0;
}

void
hf_text_tape_free (HfTextTape *self)
{
  if (self == NULL)
    return;
  clear_pass (self);
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
make_rows (HfTextTape *self, HfBuffer **buffer, int dim, GError **error)
{
  *buffer =
      hf_buffer_new (hf_ops_get_device (self->ops),
                     (gsize) self->max_rows * dim * sizeof (float), error);
  return *buffer != NULL;
}

static gboolean
make_buffers (HfTextTape *self, GError **error)
{
  const int width = self->width;

  for (int i = 0; i < self->n_layers; i++) {
    Kept *kept = &self->kept[i];

    if (!make_rows (self, &kept->x, width, error) ||
        !make_rows (self, &kept->qkv, 3 * width, error) ||
        !make_rows (self, &kept->heads, width, error) ||
        !make_rows (self, &kept->mid, width, error) ||
        !make_rows (self, &kept->fc, self->mlp, error))
      return FALSE;
  }
  return make_rows (self, &self->last, width, error) &&
         make_rows (self, &self->y, width, error) &&
         make_rows (self, &self->wide, MAX (3 * width, self->mlp), error) &&
         make_rows (self, &self->stats, HF_ATTENTION_STATS (self->n_heads),
                    error) &&
         make_rows (self, &self->d, width, error) &&
         make_rows (self, &self->pooled, width, error) &&
         make_rows (self, &self->pooled_y, width, error) &&
         make_rows (self, &self->out, self->embed_dim, error);
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
hf_text_tape_fit (const HfTextTape *self, const int *lengths, int n)
{
  int rows = 0, i = 0;

  while (i < n && rows + lengths[i] <= self->max_rows)
    rows += lengths[i++];
  return MAX (i, 1);
}

static gboolean
prepare_pass (HfTextTape *self, const int *lengths, int n, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  g_autofree int *wanted = g_new (int, n), *source = NULL;
  int n_rows = 0;

  clear_pass (self);
  for (int i = 0; i < n; i++) {
    n_rows += lengths[i];
    wanted[i] = n_rows - 1;
  }
  g_return_val_if_fail (n_rows <= self->max_rows, FALSE);
  source = g_new (int, n_rows);
  for (int r = 0; r < n_rows; r++)
    source[r] = -1;
  for (int i = 0; i < n; i++)
    source[wanted[i]] = i;
  self->runs = hf_runs_new (self->ops, lengths, n, TRUE, error);
  if (self->runs == NULL)
    return FALSE;
  self->wanted =
      hf_buffer_new_from (device, wanted, (gsize) n * sizeof (int), error);
  if (self->wanted == NULL)
    return FALSE;
  self->source =
      hf_buffer_new_from (device, source, (gsize) n_rows * sizeof (int), error);
  if (self->source == NULL)
    return FALSE;
  self->n_rows = n_rows;
  self->n_texts = n;
  return TRUE;
}

static gboolean
write_rows (HfTextTape *self, const float *rows, const int *lengths, int n,
            GError **error)
{
  float *to = self->host;

  for (int i = 0; i < n; i++)
    for (int j = 0; j < lengths[i] * self->width; j++)
      *to++ = *rows++ + self->positions[j];
  return hf_buffer_write (self->kept[0].x, self->host,
                          (gsize) (to - self->host) * sizeof (float), error);
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

static gboolean
run_block (HfTextTape *self, const HfBlock *block, const Kept *kept,
           HfBuffer *next, GError **error)
{
  const int n = self->n_rows;
  HfHeads heads = get_heads (self, kept->qkv);

  return norm (self, block->ln_1, kept->x, self->y, n, error) &&
         multiply (self, block->qkv, self->y, kept->qkv, NULL, n, error) &&
         hf_ops_attention (self->ops, &heads, self->runs, kept->heads, error) &&
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
                      int n, float *out, GError **error)
{
  const int end = self->n_layers - 1;

  g_return_val_if_fail (n > 0, FALSE);

  if (!prepare_pass (self, lengths, n, error) ||
      !write_rows (self, rows, lengths, n, error))
    return FALSE;
  for (int i = 0; i <= end; i++)
    if (!run_block (self, &self->blocks[i], &self->kept[i],
                    i < end ? self->kept[i + 1].x : self->last, error))
      return FALSE;
  return hf_ops_gather (self->ops, self->last, self->wanted, self->pooled, n,
                        self->width, error) &&
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
                                     self->d, self->n_rows, self->width,
                                     self->eps, error);
}

static gboolean
run_block_back (HfTextTape *self, const HfBlock *block, const Turned *turned,
                const Kept *kept, GError **error)
{
  const int n = self->n_rows;
  HfHeads heads = get_heads (self, kept->qkv);

  return multiply (self, turned->proj, self->d, self->wide, NULL, n, error) &&
         hf_ops_activate_backward (self->ops, kept->fc, self->wide, n,
                                   self->mlp, self->act, error) &&
         multiply (self, turned->fc, self->wide, self->y, NULL, n, error) &&
         norm_back (self, block->ln_2, kept->mid, self->y, error) &&
         multiply (self, turned->out, self->d, self->y, NULL, n, error) &&
         hf_ops_attention_backward (self->ops, &heads, self->runs, kept->heads,
                                    self->y, self->stats, self->wide, error) &&
         multiply (self, turned->qkv, self->wide, self->y, NULL, n, error) &&
         norm_back (self, block->ln_1, kept->x, self->y, error);
}

gboolean
hf_text_tape_backward (HfTextTape *self, const float *d_out, float *d_rows,
                       GError **error)
{
  const int n = self->n_texts, width = self->width;

  g_return_val_if_fail (n > 0, FALSE);

  if (!hf_buffer_write (self->out, d_out,
                        (gsize) n * self->embed_dim * sizeof (float), error) ||
      !multiply (self, self->proj_turned, self->out, self->pooled_y, NULL, n,
                 error) ||
      !hf_ops_layer_norm_backward (self->ops, self->pooled, self->ln_final[0],
                                   self->pooled_y, NULL, self->y, n, width,
                                   self->eps, error) ||
      !hf_ops_gather (self->ops, self->y, self->source, self->d, self->n_rows,
                      width, error))
    return FALSE;
  for (int i = self->n_layers - 1; i >= 0; i--)
    if (!run_block_back (self, &self->blocks[i], &self->turned[i],
                         &self->kept[i], error))
      return FALSE;
  if (!hf_buffer_read (self->d, d_rows,
                       (gsize) self->n_rows * width * sizeof (float), error))
    return FALSE;
  hf_ops_settle (self->ops);
  clear_pass (self);
  return TRUE;
}
