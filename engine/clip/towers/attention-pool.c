/* attention-pool.c: tokens are the mean and the pixels, positions added; keys
 * and values for all of them, the query and the result for the mean alone. */
#include "clip/towers/attention-pool.h"

struct _HfAttentionPool {
  HfOps *ops;
  int width, heads, n_pixels;
  HfBuffer *positions; /* [1 + n_pixels][width] */
  HfMatrix *q, *kv, *out;
  HfBuffer *tokens;          /* [batch][1 + n_pixels][width] */
  HfBuffer *keys;            /* [batch][1 + n_pixels][2 width] */
  HfBuffer *means, *queries; /* [batch][width] */
  HfBuffer *result;          /* [batch][embed_dim] */
};

void
hf_attention_pool_free (HfAttentionPool *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->positions);
  hf_matrix_free (self->q);
  hf_matrix_free (self->kv);
  hf_matrix_free (self->out);
  hf_buffer_free (self->tokens);
  hf_buffer_free (self->keys);
  hf_buffer_free (self->means);
  hf_buffer_free (self->queries);
  hf_buffer_free (self->result);
  g_free (self);
}

static gboolean
load_weights (HfAttentionPool *self, const HfWeights *weights, GError **error)
{
  static const char *const kv[] = {"k_proj", "v_proj", NULL};

  self->positions = hf_weights_vector (
      weights, "visual.attnpool.positional_embedding", error);
  if (self->positions == NULL)
    return FALSE;
  self->q =
      hf_weights_linear (weights, "visual.attnpool.q_proj", TRUE, NULL, error);
  if (self->q == NULL)
    return FALSE;
  self->kv = hf_weights_stacked (weights, "visual.attnpool.", kv, NULL, error);
  if (self->kv == NULL)
    return FALSE;
  self->out =
      hf_weights_linear (weights, "visual.attnpool.c_proj", TRUE, NULL, error);
  return self->out != NULL;
}

static gboolean
make_buffers (HfAttentionPool *self, int batch, int embed_dim, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  gsize row = (gsize) self->width * sizeof (float);
  gsize n = (gsize) batch * (self->n_pixels + 1);

  return (self->tokens = hf_buffer_new (device, n * row, error)) != NULL &&
         (self->keys = hf_buffer_new (device, 2 * n * row, error)) != NULL &&
         (self->means = hf_buffer_new (device, batch * row, error)) != NULL &&
         (self->queries = hf_buffer_new (device, batch * row, error)) != NULL &&
         (self->result =
              hf_buffer_new (device, (gsize) batch * embed_dim * sizeof (float),
                             error)) != NULL;
}

HfAttentionPool *
hf_attention_pool_new (const HfWeights *weights, const HfClipConfig *config,
                       int batch, GError **error)
{
  g_autoptr (HfAttentionPool) self = g_new0 (HfAttentionPool, 1);
  const int grid = hf_clip_config_get_grid (config);

  self->ops = weights->ops;
  self->width = config->vision_width * 32;
  self->heads = config->vision_heads;
  self->n_pixels = grid * grid;
  if (!load_weights (self, weights, error) ||
      !make_buffers (self, batch, config->embed_dim, error))
    return NULL;
  return g_steal_pointer (&self);
}

HfBuffer *
hf_attention_pool_run (HfAttentionPool *self, const HfBuffer *x, int n,
                       GError **error)
{
  const int length = self->n_pixels + 1;
  g_autofree int *lengths = g_new (int, n);
  g_autofree int *mean_rows = g_new (int, n);
  g_autoptr (HfRuns) runs = NULL;
  g_autoptr (HfBuffer) index = NULL;
  HfHeads heads = {self->queries,
                   self->keys,
                   0,
                   0,
                   self->width,
                   self->width,
                   2 * self->width,
                   self->heads,
                   self->width / self->heads};

  for (int i = 0; i < n; i++) {
    lengths[i] = length;
    mean_rows[i] = i * length;
  }
  runs = hf_runs_new_pooled (self->ops, lengths, n, error);
  if (runs == NULL)
    return NULL;
  index = hf_buffer_new_from (hf_ops_get_device (self->ops), mean_rows,
                              (gsize) n * sizeof (int), error);
  if (index == NULL ||
      !hf_ops_add_positions (self->ops, x, NULL, self->positions, self->tokens,
                             n, self->n_pixels, self->width, error) ||
      !hf_ops_gemm (self->ops, self->kv, self->tokens, self->keys, NULL,
                    n * length, HF_ACT_NONE, error) ||
      !hf_ops_gather (self->ops, self->tokens, index, self->means, n,
                      self->width, error) ||
      !hf_ops_gemm (self->ops, self->q, self->means, self->queries, NULL, n,
                    HF_ACT_NONE, error) ||
      !hf_ops_attention (self->ops, &heads, runs, self->means, error) ||
      !hf_ops_gemm (self->ops, self->out, self->means, self->result, NULL, n,
                    HF_ACT_NONE, error))
    return NULL;
  return self->result;
}
