/* transformer.c: x += attention (ln_1 (x)); x += mlp (ln_2 (x)), block by
 * block.
 *
 * Nobody asks for the last block's other rows, so there keys and values are
 * computed for all rows and everything else for the wanted ones: exact, and a
 * twelfth of the work saved in a tower of twelve blocks. */
#include "clip/towers/transformer.h"

#include "clip/towers/block.h"

struct _HfTransformer {
  HfTransformerShape shape;
  HfOps *ops;
  HfBlock *blocks;
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

void
hf_transformer_free (HfTransformer *self)
{
  if (self == NULL)
    return;
  for (int i = 0; self->blocks != NULL && i < self->shape.layers; i++)
    hf_block_clear (&self->blocks[i]);
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
  self->blocks = g_new0 (HfBlock, shape->layers);
  for (int i = 0; i < shape->layers; i++) {
    if (!hf_progress_check (progress, error) ||
        !hf_block_load (&self->blocks[i], weights, shape->blocks, i,
                        shape->pool == HF_POOL_TOKEN && i == shape->layers - 1,
                        error))
      return NULL;
    /* What is packed now need not stay in memory a second time. */
    hf_model_file_release_pages (weights->model);
    hf_progress_report (progress, i + 1, shape->layers);
  }
  if (!hf_block_load_norm (weights, shape->norm, self->ln_post, error))
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
run_mlp (HfTransformer *self, const HfBlock *block, HfBuffer *x, HfBuffer *y,
         int n_rows, GError **error)
{
  HfAct act = self->shape.activation == HF_ACTIVATION_QUICK_GELU
                  ? HF_ACT_QUICK_GELU
                  : HF_ACT_GELU;

  return hf_ops_mlp (self->ops, block->fc, block->proj, block->ln_2[0],
                     block->ln_2[1], self->shape.eps, x, y, self->scratch,
                     n_rows, act, error);
}

static gboolean
run_block (HfTransformer *self, const HfBlock *block, const Pass *pass,
           GError **error)
{
  const int width = self->shape.width;
  HfHeads heads = {self->scratch, self->scratch,     0,
                   width,         2 * width,         3 * width,
                   3 * width,     self->shape.heads, width / self->shape.heads};

  return hf_ops_norm_gemm (self->ops, block->qkv, self->x, block->ln_1[0],
                           block->ln_1[1], self->shape.eps, self->y,
                           self->scratch, pass->n_rows, HF_ACT_NONE, error) &&
         hf_ops_attention (self->ops, &heads, pass->all, self->y, error) &&
         hf_ops_gemm (self->ops, block->out, self->y, self->x, self->x,
                      pass->n_rows, HF_ACT_NONE, error) &&
         run_mlp (self, block, self->x, self->y, pass->n_rows, error);
}

static gboolean
run_last_block (HfTransformer *self, const HfBlock *block, const Pass *pass,
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
  pass->pooled =
      hf_runs_new_pooled (self->ops, sequences->lengths, n, 1, error);
  if (pass->pooled == NULL)
    return FALSE;
  pass->index = hf_buffer_new_from (hf_ops_get_device (self->ops), wanted_rows,
                                    (gsize) n * sizeof (int), error);
  return pass->index != NULL;
}

/* pooled_x = the last block's wanted rows, normed. */
static gboolean
pool_rows (HfTransformer *self, const Pass *pass, GError **error)
{
  return run_last_block (self, &self->blocks[self->shape.layers - 1], pass,
                         error) &&
         norm (self, self->ln_post, self->pooled_x, self->pooled_x,
               pass->n_sequences, error);
}

/* The rows of patches, without the tokens between them: int[n * grid * grid].
 */
static HfBuffer *
new_patch_index (HfTransformer *self, int n, GError **error)
{
  const int n_patches = self->shape.grid * self->shape.grid;
  g_autofree int *rows = g_new (int, (gsize) n *n_patches);

  for (int i = 0; i < n * n_patches; i++)
    rows[i] = i + i / n_patches + 1;
  return hf_buffer_new_from (hf_ops_get_device (self->ops), rows,
                             (gsize) n * n_patches * sizeof (int), error);
}

/* pooled_x = the mean of the last block's patches and the norm, one after the
 * other. */
static gboolean
pool_means (HfTransformer *self, const Pass *pass, GError **error)
{
  const int n = pass->n_sequences, grid = self->shape.grid;
  const int width = self->shape.width;
  const gboolean norm_first = self->shape.pool == HF_POOL_NORMED_MEAN;
  const HfBuffer *rows = norm_first ? self->y : self->x;
  g_autoptr (HfBuffer) index = NULL;

  if (!run_block (self, &self->blocks[self->shape.layers - 1], pass, error) ||
      (norm_first &&
       !norm (self, self->ln_post, self->x, self->y, pass->n_rows, error)))
    return FALSE;
  index = new_patch_index (self, n, error);
  return index != NULL &&
         hf_ops_gather (self->ops, rows, index, self->scratch, n * grid * grid,
                        width, error) &&
         hf_ops_average_pool (self->ops, self->scratch, self->pooled_x, n, grid,
                              grid, width, grid, error) &&
         (norm_first ||
          norm (self, self->ln_post, self->pooled_x, self->pooled_x, n, error));
}

HfBuffer *
hf_transformer_run (HfTransformer *self, const HfSequences *sequences,
                    GError **error)
{
  g_auto (Pass) pass = {0};

  if (!prepare_pass (self, sequences, &pass, error))
    return NULL;
  for (int i = 0; i < self->shape.layers - 1; i++)
    if (!run_block (self, &self->blocks[i], &pass, error))
      return NULL;
  if (!(self->shape.pool == HF_POOL_TOKEN ? pool_rows (self, &pass, error)
                                          : pool_means (self, &pass, error)) ||
      !hf_ops_gemm (self->ops, self->proj, self->pooled_x, self->out, NULL,
                    sequences->n, HF_ACT_NONE, error))
    return NULL;
  return self->out;
}
