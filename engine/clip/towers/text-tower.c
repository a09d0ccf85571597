/* text-tower.c: token rows are looked up by the host in the mapped file (a
 * prompt needs ten of 49408), positions added, and the rest is the device's. */
#include "clip/towers/text-tower.h"

#include "clip/towers/transformer.h"

#include <glib/gi18n-lib.h>

/* Rows of a pass: from there on a product runs at full speed. */
#define BEST_ROWS 512
#define MAX_TEXTS 256

struct _HfTextTower {
  const HfModelFile *model;    /* borrowed */
  const HfTensor *token_table; /* [vocab][width], in the model file */
  float *positions;            /* [context][width] */
  float *rows;                 /* [max_rows][width], to be uploaded */
  int width, max_rows, eos_id;
  HfTransformer *transformer;
};

void
hf_text_tower_free (HfTextTower *self)
{
  if (self == NULL)
    return;
  g_free (self->positions);
  g_free (self->rows);
  hf_transformer_free (self->transformer);
  g_free (self);
}

static void
load_tables (HfTextTower *self, const HfWeights *weights)
{
  const HfTensor *positions =
      hf_model_file_get (weights->model, "positional_embedding");

  self->model = weights->model;
  self->token_table =
      hf_model_file_get (weights->model, "token_embedding.weight");
  self->positions = g_new (float, hf_tensor_get_n_elements (positions));
  hf_tensor_read (positions, self->positions);
}

HfTextTower *
hf_text_tower_new (const HfWeights *weights, const HfClipConfig *config,
                   HfProgress *progress, GError **error)
{
  g_autoptr (HfTextTower) self = g_new0 (HfTextTower, 1);
  HfTransformerShape shape = {
      .blocks = "transformer",
      .norm = "ln_final",
      .proj = "text_projection",
      .width = config->text_width,
      .heads = config->text_heads,
      .layers = config->text_layers,
      .mlp = config->text_mlp,
      .embed_dim = config->embed_dim,
      .activation = config->text_activation,
      .eps = (float) config->text_eps,
      .max_rows = MAX (BEST_ROWS, config->context_length),
      .max_sequences = MAX_TEXTS,
  };

  self->width = config->text_width;
  self->max_rows = shape.max_rows;
  self->eos_id = config->eos_id;
  self->rows = g_new (float, (gsize) shape.max_rows *shape.width);
  load_tables (self, weights);
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

  if (!hf_model_file_check_whole (self->model, error))
    return FALSE;
  for (int i = 0; i < n; i++)
    for (int t = 0; t < lengths[i]; t++, row += self->width) {
      const float *position = self->positions + (gsize) t * self->width;

      if (ids[i][t] < 0 || ids[i][t] >= self->token_table->shape[0]) {
        g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                     _("The model knows %lld tokens, but a text has token %d: "
                       "it was made for another vocabulary."),
                        (long long) self->token_table->shape[0], ids[i][t]);
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
  g_autofree int *last = g_new (int, n);
  HfSequences sequences = {lengths, last, n, TRUE};

  for (int i = 0; i < n; i++)
    last[i] = lengths[i] - 1;
  if (!embed (self, ids, lengths, n, error))
    return NULL;
  return hf_transformer_run (self->transformer, &sequences, error);
}
