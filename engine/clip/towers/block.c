/* block.c: see the header. */
#include "clip/towers/block.h"

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

static gboolean
load_attention (HfBlock *self, const HfWeights *weights, const char *prefix,
                gboolean pooled, GError **error)
{
  static const char *const all[] = {"attn.q_proj", "attn.k_proj", "attn.v_proj",
                                    NULL};
  g_autofree char *q = g_strconcat (prefix, all[0], NULL);
  g_autofree char *out = g_strconcat (prefix, "attn.out_proj", NULL);

  self->qkv =
      hf_weights_stacked (weights, prefix, pooled ? all + 1 : all, error);
  if (self->qkv == NULL)
    return FALSE;
  if (pooled) {
    self->q = hf_weights_linear (weights, q, TRUE, error);
    if (self->q == NULL)
      return FALSE;
  }
  self->out = hf_weights_linear (weights, out, TRUE, error);
  return self->out != NULL;
}

gboolean
hf_block_load (HfBlock *self, const HfWeights *weights, const char *blocks,
               int number, gboolean pooled, GError **error)
{
  g_autofree char *prefix =
      g_strdup_printf ("%s.resblocks.%d.", blocks, number);
  g_autofree char *ln_1 = g_strconcat (prefix, "ln_1", NULL);
  g_autofree char *ln_2 = g_strconcat (prefix, "ln_2", NULL);
  g_autofree char *fc = g_strconcat (prefix, "mlp.c_fc", NULL);
  g_autofree char *proj = g_strconcat (prefix, "mlp.c_proj", NULL);

  if (!hf_block_load_norm (weights, ln_1, self->ln_1, error) ||
      !hf_block_load_norm (weights, ln_2, self->ln_2, error) ||
      !load_attention (self, weights, prefix, pooled, error))
    return FALSE;
  self->fc = hf_weights_linear (weights, fc, TRUE, error);
  if (self->fc == NULL)
    return FALSE;
  self->proj = hf_weights_linear (weights, proj, TRUE, error);
  return self->proj != NULL;
}
