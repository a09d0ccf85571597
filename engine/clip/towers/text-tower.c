/* text-tower.c: token rows are looked up by the host in the mapped file (a
 * prompt needs ten of 49408), positions added, and the rest is the device's. */
#include "clip/towers/text-tower.h"

#include "clip/towers/transformer.h"

/* Rows of a pass: from there on a product runs at full speed. */
#define BEST_ROWS 512
#define MAX_TEXTS 256

struct _HfTextTower {
  HfOps *ops;
  const HfTensor *token_table; /* [vocab][width], in the model file */
  float *positions;            /* [context][width] */
  float *rows;                 /* [max_rows][width], to be uploaded */
  int width, embed_dim, max_rows, eos_id;
  float eps;
  HfBuffer *ln[2];
  HfTransformer *transformer;
  HfMatrix *proj;
  HfBuffer *out; /* [MAX_TEXTS][embed_dim] */
};

void
hf_text_tower_free (HfTextTower *self)
{
  if (self == NULL)
    return;
  g_free (self->positions);
  g_free (self->rows);
  hf_buffer_free (self->ln[0]);
  hf_buffer_free (self->ln[1]);
  hf_transformer_free (self->transformer);
  hf_matrix_free (self->proj);
  hf_buffer_free (self->out);
  g_free (self);
}

static gboolean
load_weights (HfTextTower *self, const HfWeights *weights, GError **error)
{
  const HfTensor *positions =
      hf_model_file_get (weights->model, "positional_embedding");

  self->token_table =
      hf_model_file_get (weights->model, "token_embedding.weight");
  self->positions = g_new (float, hf_tensor_get_n_elements (positions));
  hf_tensor_read (positions, self->positions);
  self->ln[0] = hf_weights_vector (weights, "ln_final.weight", error);
  if (self->ln[0] == NULL)
    return FALSE;
  self->ln[1] = hf_weights_vector (weights, "ln_final.bias", error);
  if (self->ln[1] == NULL)
    return FALSE;
  self->proj = hf_weights_matrix (weights, "text_projection", error);
  return self->proj != NULL;
}

HfTextTower *
hf_text_tower_new (const HfWeights *weights, const HfClipConfig *config,
                   HfProgress *progress, GError **error)
{
  g_autoptr (HfTextTower) self = g_new0 (HfTextTower, 1);
  HfTransformerShape shape = {
      .prefix = "transformer",
      .width = config->text_width,
      .heads = config->text_heads,
      .layers = config->text_layers,
      .mlp = config->text_mlp,
      .activation = config->text_activation,
      .eps = (float) config->text_eps,
      .max_rows = MAX (BEST_ROWS, config->context_length),
      .max_sequences = MAX_TEXTS,
  };

  self->ops = weights->ops;
  self->width = config->text_width;
  self->embed_dim = config->embed_dim;
  self->max_rows = shape.max_rows;
  self->eos_id = config->eos_id;
  self->eps = (float) config->text_eps;
  self->rows = g_new (float, (gsize) shape.max_rows *shape.width);
  if (!load_weights (self, weights, error))
    return NULL;
  self->out = hf_buffer_new (
      hf_ops_get_device (self->ops),
      (gsize) MAX_TEXTS * self->embed_dim * sizeof (float), error);
  if (self->out == NULL)
    return NULL;
  self->transformer = hf_transformer_new (weights, &shape, progress, error);
  return self->transformer == NULL ? NULL : g_steal_pointer (&self);
}

int
hf_text_tower_get_length (const HfTextTower *self, const int *ids, gsize n_ids)
{
  gsize at = 0;

  /* OpenAI's rule, the first of the highest ids, or the first end token. */
  for (gsize i = 1; i < n_ids; i++)
    if (self->eos_id < 0 ? ids[i] > ids[at]
                         : ids[i] == self->eos_id && ids[at] != self->eos_id)
      at = i;
  return (int) at + 1;
}

int
hf_text_tower_fit (const HfTextTower *self, const int *lengths, int n)
{
  int rows = 0, i = 0;

  while (i < MIN (n, MAX_TEXTS) && rows + lengths[i] <= self->max_rows)
    rows += lengths[i++];
  return MAX (i, 1);
}

static gboolean
embed (HfTextTower *self, const int *const *ids, const int *lengths, int n,
       GError **error)
{
  float *row = self->rows;

  for (int i = 0; i < n; i++)
    for (int t = 0; t < lengths[i]; t++, row += self->width) {
      const float *position = self->positions + (gsize) t * self->width;

      if (ids[i][t] < 0 || ids[i][t] >= self->token_table->shape[0]) {
        g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                     "The model knows %" G_GINT64_FORMAT " tokens, but a text "
                     "has token %d: it was made for another vocabulary.",
                     self->token_table->shape[0], ids[i][t]);
        return FALSE;
      }
      hf_tensor_read_rows (self->token_table, ids[i][t], 1, row);
      for (int d = 0; d < self->width; d++)
        row[d] += position[d];
    }
  return hf_buffer_write (hf_transformer_get_rows (self->transformer),
                          self->rows,
                          (gsize) (row - self->rows) * sizeof (float), error);
}

HfBuffer *
hf_text_tower_run (HfTextTower *self, const int *const *ids, const int *lengths,
                   int n, GError **error)
{
  g_autofree int *last_rows = g_new (int, n);
  g_autoptr (HfRuns) all = NULL;
  g_autoptr (HfRuns) pooled = NULL;
  g_autoptr (HfBuffer) index = NULL;
  HfPass pass = {.n_sequences = n};
  HfBuffer *rows;

  for (int i = 0; i < n; i++) {
    pass.n_rows += lengths[i];
    last_rows[i] = pass.n_rows - 1;
  }
  pass.all = all = hf_runs_new (self->ops, lengths, n, TRUE, error);
  if (all == NULL)
    return NULL;
  pass.pooled = pooled = hf_runs_new_pooled (self->ops, lengths, n, error);
  if (pooled == NULL)
    return NULL;
  pass.index = index =
      hf_buffer_new_from (hf_ops_get_device (self->ops), last_rows,
                          (gsize) n * sizeof (int), error);
  if (index == NULL || !embed (self, ids, lengths, n, error))
    return NULL;
  rows = hf_transformer_run (self->transformer, &pass, error);
  if (rows == NULL ||
      !hf_ops_layer_norm (self->ops, rows, rows, self->ln[0], self->ln[1], n,
                          self->width, self->eps, error) ||
      !hf_ops_gemm (self->ops, self->proj, rows, self->out, NULL, n,
                    HF_ACT_NONE, error))
    return NULL;
  return self->out;
}
