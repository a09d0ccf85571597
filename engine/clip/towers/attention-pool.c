/* attention-pool.c: tokens are the mean and the pixels, positions added; the
 * query and the result are the mean's alone.
 *
 * So keys and values need not be made. With one query q for each head, a token
 * t scores q' (Wk t + bk) = (Wk' q)' t + q' bk: its key is never wanted, only
 * the query taken back through the keys' weights; the last term is the same for
 * all tokens, and softmax does not see it. And what attention returns, the sum
 * of a (Wv t + bv), is Wv (sum of a t) + bv, as the weights a sum to 1. Both
 * are exact, and 2 width products a head take the place of 2 width^2 a token.
 */
#include "clip/towers/attention-pool.h"

#include <math.h>

struct _HfAttentionPool {
  HfOps *ops;
  int width, heads, n_pixels;
  HfBuffer *positions; /* [1 + n_pixels][width] */
  HfMatrix *q, *out;
  HfMatrix *to_tokens; /* a head's query to what tokens are multiplied by */
  HfMatrix *v;         /* a head's mean token to its columns of the value */
  HfBuffer *tokens;    /* [batch][1 + n_pixels][width] */
  HfBuffer *means, *queries;  /* [batch][width] */
  HfBuffer *folded, *focused; /* [batch][heads][width] */
  HfBuffer *result;           /* [batch][embed_dim] */
};

void
hf_attention_pool_free (HfAttentionPool *self)
{
  if (self == NULL)
    return;
  hf_buffer_free (self->positions);
  hf_matrix_free (self->q);
  hf_matrix_free (self->to_tokens);
  hf_matrix_free (self->v);
  hf_matrix_free (self->out);
  hf_buffer_free (self->tokens);
  hf_buffer_free (self->means);
  hf_buffer_free (self->queries);
  hf_buffer_free (self->folded);
  hf_buffer_free (self->focused);
  hf_buffer_free (self->result);
  g_free (self);
}

static gboolean
load_weights (HfAttentionPool *self, const HfWeights *weights, GError **error)
{
  /* hf_ops_attention divides by the root of the rows' width, and what is meant
   * is that of a head. */
  const float scale = sqrtf ((float) self->heads);

  self->positions = hf_weights_vector (
      weights, "visual.attnpool.positional_embedding", error);
  if (self->positions == NULL)
    return FALSE;
  self->q =
      hf_weights_linear (weights, "visual.attnpool.q_proj", TRUE, NULL, error);
  if (self->q == NULL)
    return FALSE;
  self->to_tokens = hf_weights_heads_transposed (
      weights, "visual.attnpool.k_proj", self->heads, scale, error);
  if (self->to_tokens == NULL)
    return FALSE;
  self->v =
      hf_weights_heads (weights, "visual.attnpool.v_proj", self->heads, error);
  if (self->v == NULL)
    return FALSE;
  self->out =
      hf_weights_linear (weights, "visual.attnpool.c_proj", TRUE, NULL, error);
  return self->out != NULL;
}

static gboolean
make_buffers (HfAttentionPool *self, int batch, int embed_dim, GError **error)
{
  HfDevice *device = hf_ops_get_device (self->ops);
  gsize rows = (gsize) batch * self->width * sizeof (float);

  return (self->tokens = hf_buffer_new (device, (self->n_pixels + 1) * rows,
                                        error)) != NULL &&
         (self->means = hf_buffer_new (device, rows, error)) != NULL &&
         (self->queries = hf_buffer_new (device, rows, error)) != NULL &&
         (self->folded = hf_buffer_new (device, self->heads * rows, error)) !=
             NULL &&
         (self->focused = hf_buffer_new (device, self->heads * rows, error)) !=
             NULL &&
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

/* queries = the query of each picture's mean. */
static gboolean
make_queries (HfAttentionPool *self, int n, GError **error)
{
  g_autofree int *mean_rows = g_new (int, n);
  g_autoptr (HfBuffer) index = NULL;

  for (int i = 0; i < n; i++)
    mean_rows[i] = i * (self->n_pixels + 1);
  index = hf_buffer_new_from (hf_ops_get_device (self->ops), mean_rows,
                              (gsize) n * sizeof (int), error);
  return index != NULL &&
         hf_ops_gather (self->ops, self->tokens, index, self->means, n,
                        self->width, error) &&
         hf_ops_gemm (self->ops, self->q, self->means, self->queries, NULL, n,
                      HF_ACT_NONE, error);
}

/* focused = for each head the mean of the tokens, weighed by its attention. */
static gboolean
focus (HfAttentionPool *self, int n, GError **error)
{
  g_autofree int *lengths = g_new (int, n);
  g_autoptr (HfRuns) runs = NULL;
  HfHeads heads = {.q = self->folded,
                   .kv = self->tokens,
                   .q_stride = self->width,
                   .kv_stride = self->width,
                   .n_heads = 1,
                   .head_dim = self->width};

  for (int i = 0; i < n; i++)
    lengths[i] = self->n_pixels + 1;
  runs = hf_runs_new_pooled (self->ops, lengths, n, self->heads, error);
  return runs != NULL &&
         hf_ops_gemm (self->ops, self->to_tokens, self->queries, self->folded,
                      NULL, n, HF_ACT_NONE, error) &&
         hf_ops_attention (self->ops, &heads, runs, self->focused, error);
}

HfBuffer *
hf_attention_pool_run (HfAttentionPool *self, const HfBuffer *x, int n,
                       GError **error)
{
  if (!hf_ops_add_positions (self->ops, x, NULL, self->positions, self->tokens,
                             n, self->n_pixels, self->width, error) ||
      !make_queries (self, n, error) || !focus (self, n, error) ||
      !hf_ops_gemm (self->ops, self->v, self->focused, self->means, NULL, n,
                    HF_ACT_NONE, error) ||
      !hf_ops_gemm (self->ops, self->out, self->means, self->result, NULL, n,
                    HF_ACT_NONE, error))
    return NULL;
  return self->result;
}
