/* transformer.c: x += attention (ln_1 (x)); x += mlp (ln_2 (x)), block by
 * block.
 *
 * Nobody asks for the last block's other rows, so there keys and values are
 * computed for all rows and everything else for the wanted ones: exact, and a
 * twelfth of the work saved in a tower of twelve blocks. */
#include "clip/towers/transformer.h"

/* So that an opened model never asks the kernels for more than they have. */
G_STATIC_ASSERT (HF_CLIP_MAX_HEAD_DIM <= HF_HEAD_DIM_MAX);

typedef struct {
  HfBuffer *ln_1[2], *ln_2[2]; /* gain, bias */
  HfMatrix *qkv;               /* [3 width]; in the last block keys, values */
  HfMatrix *q;                 /* last block only */
  HfMatrix *out;
  HfMatrix *fc, *proj; /* width -> mlp -> width */
} Block;

struct _HfTransformer {
  HfTransformerShape shape;
  HfOps *ops;
  Block *blocks;
  HfBuffer *ln_post[2]; /* gain, bias */
  HfMatrix *proj;       /* width -> embed_dim */
  HfBuffer *x;          /* [max_rows][width]: the residual stream */
  HfBuffer *y;       /* [max_rows][width]: normed rows, then heads' results */
  HfBuffer *scratch; /* [max_rows][max (3 width, mlp)] */
  HfBuffer *pooled_x, *pooled_y; /* [max_sequences][width] */
  HfBuffer *out;                 /* [max_sequences][embed_dim] */
};

/* One pass on the device. */
typedef struct {
  HfRuns *all;     /* every row a query */
  HfRuns *pooled;  /* one query a sequence, the same keys */
  HfBuffer *index; /* int[n_sequences]: the wanted row of each */
  int n_rows, n_sequences;
} Pass;

static void
pass_clear (Pass *pass)
{
  hf_runs_free (pass->all);
  hf_runs_free (pass->pooled);
  hf_buffer_free (pass->index);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

static void
block_clear (Block *block)
{
  for (int i = 0; i < 2; i++) {
    hf_buffer_free (block->ln_1[i]);
    hf_buffer_free (block->ln_2[i]);
  }
  hf_matrix_free (block->qkv);
  hf_matrix_free (block->q);
  hf_matrix_free (block->out);
  hf_matrix_free (block->fc);
  hf_matrix_free (block->proj);
}

void
hf_transformer_free (HfTransformer *self)
{
  if (self == NULL)
    return;
  for (int i = 0; self->blocks != NULL && i < self->shape.layers; i++)
    block_clear (&self->blocks[i]);
  g_free (self->blocks);
  hf_buffer_free (self->ln_post[0]);
  hf_buffer_free (self->ln_post[1]);
  hf_matrix_free (self->proj);
  hf_buffer_free (self->x);
  hf_buffer_free (self->y);
  hf_buffer_free (self->scratch);
  hf_buffer_free (self->pooled_x);
  hf_buffer_free (self->pooled_y);
  hf_buffer_free (self->out);
  g_free (self);
}

static gboolean
load_norm (const HfWeights *weights, const char *prefix, HfBuffer **norm,
           GError **error)
{
  g_autofree char *gain = g_strconcat (prefix, ".weight", NULL);
  g_autofree char *bias = g_strconcat (prefix, ".bias", NULL);

  norm[0] = hf_weights_vector (weights, gain, error);
  if (norm[0] == NULL)
    return FALSE;
  norm[1] = hf_weights_vector (weights, bias, error);
  return norm[1] != NULL;
}

static gboolean
load_attention (const HfWeights *weights, const char *prefix, Block *block,
                gboolean is_last, GError **error)
{
  static const char *const all[] = {"attn.q_proj", "attn.k_proj", "attn.v_proj",
                                    NULL};
  g_autofree char *q = g_strconcat (prefix, all[0], NULL);
  g_autofree char *out = g_strconcat (prefix, "attn.out_proj", NULL);

  block->qkv =
      hf_weights_stacked (weights, prefix, is_last ? all + 1 : all, error);
  if (block->qkv == NULL)
    return FALSE;
  if (is_last) {
    block->q = hf_weights_linear (weights, q, TRUE, error);
    if (block->q == NULL)
      return FALSE;
  }
  block->out = hf_weights_linear (weights, out, TRUE, error);
  return block->out != NULL;
}

static gboolean
load_block (HfTransformer *self, const HfWeights *weights, int number,
            GError **error)
{
  Block *block = &self->blocks[number];
  g_autofree char *prefix =
      g_strdup_printf ("%s.resblocks.%d.", self->shape.blocks, number);
  g_autofree char *ln_1 = g_strconcat (prefix, "ln_1", NULL);
  g_autofree char *ln_2 = g_strconcat (prefix, "ln_2", NULL);
  g_autofree char *fc = g_strconcat (prefix, "mlp.c_fc", NULL);
  g_autofree char *proj = g_strconcat (prefix, "mlp.c_proj", NULL);

  if (!load_norm (weights, ln_1, block->ln_1, error) ||
      !load_norm (weights, ln_2, block->ln_2, error) ||
      !load_attention (weights, prefix, block, number == self->shape.layers - 1,
                       error))
    return FALSE;
  block->fc = hf_weights_linear (weights, fc, TRUE, error);
  if (block->fc == NULL)
    return FALSE;
  block->proj = hf_weights_linear (weights, proj, TRUE, error);
  return block->proj != NULL;
}

static HfBuffer *
new_rows (HfTransformer *self, int n_rows, int dim, GError **error)
{
  return hf_buffer_new (hf_ops_get_device (self->ops),
                        (gsize) n_rows * dim * sizeof (float), error);
}

static gboolean
make_buffers (HfTransformer *self, GError **error)
{
  const HfTransformerShape *s = &self->shape;

  return (self->x = new_rows (self, s->max_rows, s->width, error)) != NULL &&
         (self->y = new_rows (self, s->max_rows, s->width, error)) != NULL &&
         (self->scratch = new_rows (
              self, s->max_rows, MAX (3 * s->width, s->mlp), error)) != NULL &&
         (self->pooled_x =
              new_rows (self, s->max_sequences, s->width, error)) != NULL &&
         (self->pooled_y =
              new_rows (self, s->max_sequences, s->width, error)) != NULL &&
         (self->out = new_rows (self, s->max_sequences, s->embed_dim, error)) !=
             NULL;
}

HfTransformer *
hf_transformer_new (const HfWeights *weights, const HfTransformerShape *shape,
                    HfProgress *progress, GError **error)
{
  g_autoptr (HfTransformer) self = g_new0 (HfTransformer, 1);

  self->shape = *shape;
  self->ops = weights->ops;
  self->blocks = g_new0 (Block, shape->layers);
  for (int i = 0; i < shape->layers; i++) {
    if (!hf_progress_check (progress, error) ||
        !load_block (self, weights, i, error))
      return NULL;
    /* What is packed now need not stay in memory a second time. */
    hf_model_file_release_pages (weights->model);
    hf_progress_report (progress, i + 1, shape->layers);
  }
  if (!load_norm (weights, shape->norm, self->ln_post, error))
    return NULL;
  self->proj = hf_weights_matrix (weights, shape->proj, error);
  if (self->proj == NULL || !make_buffers (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

HfBuffer *
hf_transformer_get_rows (HfTransformer *self)
{
  return self->x;
}

static gboolean
norm (HfTransformer *self, HfBuffer *const *ln, const HfBuffer *x, HfBuffer *y,
      int n_rows, GError **error)
{
  return hf_ops_layer_norm (self->ops, x, y, ln[0], ln[1], n_rows,
                            self->shape.width, self->shape.eps, error);
}

/* x += proj (act (fc (ln_2 (x)))). */
static gboolean
run_mlp (HfTransformer *self, const Block *block, HfBuffer *x, HfBuffer *y,
         int n_rows, GError **error)
{
  HfAct act = self->shape.activation == HF_ACTIVATION_QUICK_GELU
                  ? HF_ACT_QUICK_GELU
                  : HF_ACT_GELU;

  return norm (self, block->ln_2, x, y, n_rows, error) &&
         hf_ops_gemm (self->ops, block->fc, y, self->scratch, NULL, n_rows, act,
                      error) &&
         hf_ops_gemm (self->ops, block->proj, self->scratch, x, x, n_rows,
                      HF_ACT_NONE, error);
}

static gboolean
run_block (HfTransformer *self, const Block *block, const Pass *pass,
           GError **error)
{
  const int width = self->shape.width;
  HfHeads heads = {self->scratch, self->scratch,     0,
                   width,         2 * width,         3 * width,
                   3 * width,     self->shape.heads, width / self->shape.heads};

  return norm (self, block->ln_1, self->x, self->y, pass->n_rows, error) &&
         hf_ops_gemm (self->ops, block->qkv, self->y, self->scratch, NULL,
                      pass->n_rows, HF_ACT_NONE, error) &&
         hf_ops_attention (self->ops, &heads, pass->all, self->y, error) &&
         hf_ops_gemm (self->ops, block->out, self->y, self->x, self->x,
                      pass->n_rows, HF_ACT_NONE, error) &&
         run_mlp (self, block, self->x, self->y, pass->n_rows, error);
}

static gboolean
run_last_block (HfTransformer *self, const Block *block, const Pass *pass,
                GError **error)
{
  const int width = self->shape.width, n = pass->n_sequences;
  /* Queries come to lie in y, whose normed rows have been used by then. */
  HfHeads heads = {self->y,
                   self->scratch,
                   0,
                   0,
                   width,
                   width,
                   2 * width,
                   self->shape.heads,
                   width / self->shape.heads};

  return norm (self, block->ln_1, self->x, self->y, pass->n_rows, error) &&
         hf_ops_gemm (self->ops, block->qkv, self->y, self->scratch, NULL,
                      pass->n_rows, HF_ACT_NONE, error) &&
         hf_ops_gather (self->ops, self->y, pass->index, self->pooled_y, n,
                        width, error) &&
         hf_ops_gemm (self->ops, block->q, self->pooled_y, self->y, NULL, n,
                      HF_ACT_NONE, error) &&
         hf_ops_attention (self->ops, &heads, pass->pooled, self->pooled_y,
                           error) &&
         hf_ops_gather (self->ops, self->x, pass->index, self->pooled_x, n,
                        width, error) &&
         hf_ops_gemm (self->ops, block->out, self->pooled_y, self->pooled_x,
                      self->pooled_x, n, HF_ACT_NONE, error) &&
         run_mlp (self, block, self->pooled_x, self->pooled_y, n, error);
}

static gboolean
prepare_pass (HfTransformer *self, const HfSequences *sequences, Pass *pass,
              GError **error)
{
  const int n = sequences->n;
  g_autofree int *wanted_rows = g_new (int, n);

  for (int i = 0; i < n; i++) {
    wanted_rows[i] = pass->n_rows + sequences->wanted[i];
    pass->n_rows += sequences->lengths[i];
  }
  pass->n_sequences = n;
  g_return_val_if_fail (pass->n_rows <= self->shape.max_rows &&
                            n <= self->shape.max_sequences,
                        FALSE);
  pass->all =
      hf_runs_new (self->ops, sequences->lengths, n, sequences->causal, error);
  if (pass->all == NULL)
    return FALSE;
  pass->pooled = hf_runs_new_pooled (self->ops, sequences->lengths, n, error);
  if (pass->pooled == NULL)
    return FALSE;
  pass->index = hf_buffer_new_from (hf_ops_get_device (self->ops), wanted_rows,
                                    (gsize) n * sizeof (int), error);
  return pass->index != NULL;
}

HfBuffer *
hf_transformer_run (HfTransformer *self, const HfSequences *sequences,
                    GError **error)
{
  const int last = self->shape.layers - 1, n = sequences->n;
  g_auto (Pass) pass = {0};

  if (!prepare_pass (self, sequences, &pass, error))
    return NULL;
  for (int i = 0; i < last; i++)
    if (!run_block (self, &self->blocks[i], &pass, error))
      return NULL;
  if (!run_last_block (self, &self->blocks[last], &pass, error) ||
      !norm (self, self->ln_post, self->pooled_x, self->pooled_x, n, error) ||
      !hf_ops_gemm (self->ops, self->proj, self->pooled_x, self->out, NULL, n,
                    HF_ACT_NONE, error))
    return NULL;
  return self->out;
}
