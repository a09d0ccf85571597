/* block.c: see the header. */
#include "clip/towers/block.h"

#include <math.h>

void
hf_block_clear (HfBlock *self)
{
  for (int i = 0; i < 2; i++) {
    hf_buffer_free (self->ln_1[i]);
    hf_buffer_free (self->ln_2[i]);
  }
  hf_matrix_free (self->qkv);
  hf_matrix_free (self->q);
  hf_matrix_free (self->out);
  hf_matrix_free (self->fc);
  hf_matrix_free (self->proj);
}

gboolean
hf_block_load_norm (const HfWeights *weights, const char *prefix,
                    HfBuffer **norm, GError **error)
{
  g_autofree char *gain = g_strconcat (prefix, ".weight", NULL);
  g_autofree char *bias = g_strconcat (prefix, ".bias", NULL);

  norm[0] = hf_weights_vector (weights, gain, error);
  if (norm[0] == NULL)
    return FALSE;
  norm[1] = hf_weights_vector (weights, bias, error);
  return norm[1] != NULL;
}

/* How large the columns of normed rows are: a norm gives each of them unit
 * variance before its gain and bias. float[width]; caller frees. */
static float *
dup_norm_spread (const HfWeights *weights, const char *prefix, gsize *width)
{
  g_autofree char *gain_name = g_strconcat (prefix, ".weight", NULL);
  g_autofree char *bias_name = g_strconcat (prefix, ".bias", NULL);
  g_autofree float *gain = hf_weights_dup (weights, gain_name, width);
  g_autofree float *bias = hf_weights_dup (weights, bias_name, NULL);

  for (gsize i = 0; i < *width; i++)
    gain[i] = hypotf (gain[i], bias[i]);
  return g_steal_pointer (&gain);
}

/* What attention returns is a mean of values, and as uneven as they are. */
static gboolean
load_attention (HfBlock *self, const HfWeights *weights, const char *prefix,
                gboolean pooled, GError **error)
{
  static const char *const all[] = {"attn.q_proj", "attn.k_proj", "attn.v_proj",
                                    NULL};
  g_autofree char *q = g_strconcat (prefix, all[0], NULL);
  g_autofree char *out = g_strconcat (prefix, "attn.out_proj", NULL);
  g_autofree char *ln_1 = g_strconcat (prefix, "ln_1", NULL);
  gsize width = 0;
  g_autofree float *normed = dup_norm_spread (weights, ln_1, &width);
  g_autofree float *heads = g_new0 (float, 3 * width);
  const HfSpread to_heads = {normed, heads}, to_queries = {normed, NULL};
  const HfSpread from_values = {heads + (pooled ? 1 : 2) * width, NULL};

  self->qkv = hf_weights_stacked (weights, prefix, pooled ? all + 1 : all,
                                  &to_heads, error);
  if (self->qkv == NULL)
    return FALSE;
  if (pooled) {
    self->q = hf_weights_linear (weights, q, TRUE, &to_queries, error);
    if (self->q == NULL)
      return FALSE;
  }
  self->out = hf_weights_linear (weights, out, TRUE, &from_values, error);
  return self->out != NULL;
}

/* An activation keeps large columns large. */
static gboolean
load_mlp (HfBlock *self, const HfWeights *weights, const char *prefix,
          GError **error)
{
  g_autofree char *ln_2 = g_strconcat (prefix, "ln_2", NULL);
  g_autofree char *fc = g_strconcat (prefix, "mlp.c_fc", NULL);
  g_autofree char *fc_bias = g_strconcat (fc, ".bias", NULL);
  g_autofree char *proj = g_strconcat (prefix, "mlp.c_proj", NULL);
  gsize width = 0;
  g_autofree float *normed = dup_norm_spread (weights, ln_2, &width);
  /* As long as the spread of the hidden layer, which takes its place. */
  g_autofree float *hidden = hf_weights_dup (weights, fc_bias, NULL);
  const HfSpread to_hidden = {normed, hidden}, from_hidden = {hidden, NULL};

  self->fc = hf_weights_linear (weights, fc, TRUE, &to_hidden, error);
  if (self->fc == NULL)
    return FALSE;
  self->proj = hf_weights_linear (weights, proj, TRUE, &from_hidden, error);
  return self->proj != NULL;
}

gboolean
hf_block_load (HfBlock *self, const HfWeights *weights, const char *blocks,
               int number, gboolean pooled, GError **error)
{
  g_autofree char *prefix =
      g_strdup_printf ("%s.resblocks.%d.", blocks, number);
  g_autofree char *ln_1 = g_strconcat (prefix, "ln_1", NULL);
  g_autofree char *ln_2 = g_strconcat (prefix, "ln_2", NULL);

  return hf_block_load_norm (weights, ln_1, self->ln_1, error) &&
         hf_block_load_norm (weights, ln_2, self->ln_2, error) &&
         load_attention (self, weights, prefix, pooled, error) &&
         load_mlp (self, weights, prefix, error);
}
