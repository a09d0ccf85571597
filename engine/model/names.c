/* names.c: two naming schemes, one table each. The token table, which every
 * CLIP has, tells the scheme and the prefix that training added. */
#include "model/names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *from;
  const char *to;
} Rename;

/* What tells the scheme; tried in this order, since the later are endings of
 * the earlier. */
static const struct {
  const char *name;
  HfNaming naming;
} signs[] = {
    {"text_model.embeddings.token_embedding.weight", HF_NAMING_HUGGING_FACE},
    {"text.token_embedding.weight", HF_NAMING_OPEN_CLIP},
    {"token_embedding.weight", HF_NAMING_OPENAI},
};

/* Beginnings of Hugging Face's names. */
static const Rename hugging_face[] = {
    {"text_model.embeddings.token_embedding.", "token_embedding."},
    {"text_model.embeddings.position_embedding.weight", "positional_embedding"},
    {"text_model.encoder.layers.", "transformer.resblocks."},
    {"text_model.final_layer_norm.", "ln_final."},
    {"text_projection.weight", "text_projection"},
    {"vision_model.embeddings.class_embedding", "visual.class_embedding"},
    {"vision_model.embeddings.patch_embedding.", "visual.conv1."},
    {"vision_model.embeddings.position_embedding.weight",
     "visual.positional_embedding"},
    {"vision_model.pre_layrnorm.", "visual.ln_pre."}, /* spelt so there */
    {"vision_model.pre_layernorm.", "visual.ln_pre."},
    {"vision_model.encoder.layers.", "visual.transformer.resblocks."},
    {"vision_model.post_layernorm.", "visual.ln_post."},
    {"visual_projection.weight", "visual.proj"},
};

/* The same within a layer, after its number. */
static const Rename hugging_face_layer[] = {
    {"self_attn.", "attn."},     {"layer_norm1.", "ln_1."},
    {"layer_norm2.", "ln_2."},   {"mlp.fc1.", "mlp.c_fc."},
    {"mlp.fc2.", "mlp.c_proj."},
};

/* State that has no part in the numbers. */
static const char *const idle_endings[] = {
    "num_batches_tracked", "position_ids", "attn_mask",  "input_resolution",
    "context_length",      "vocab_size",   "logit_bias",
};

static gboolean
is_idle (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (idle_endings); i++)
    if (g_str_has_suffix (name, idle_endings[i]))
      return TRUE;
  return FALSE;
}

/* Whether it has what open_clip's models may have, and OpenAI's never. */
static gboolean
has_open_clip_signs (const HfTensorFile *tensors, const char *prefix)
{
  static const char *const names[] = {"logit_bias", "text_projection.weight"};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = g_strconcat (prefix, names[i], NULL);

    if (hf_tensor_file_get (tensors, name) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Finds the scheme, and the shortest prefix it stands under: a checkpoint may
 * hold a second, averaged model under a longer one. */
static gboolean
find_scheme (const HfTensorFile *tensors, HfNaming *naming, char **prefix)
{
  for (gsize s = 0; s < G_N_ELEMENTS (signs); s++) {
    gsize sign_length = strlen (signs[s].name);
    const char *best = NULL;

    for (guint i = 0; i < hf_tensor_file_get_n_tensors (tensors); i++) {
      const char *name = hf_tensor_file_get_nth (tensors, i)->name;
      gsize length = strlen (name);

      if (!g_str_has_suffix (name, signs[s].name) ||
          (length > sign_length && name[length - sign_length - 1] != '.'))
        continue;
      if (best == NULL || length < strlen (best))
        best = name;
    }
    if (best != NULL) {
      *naming = signs[s].naming;
      *prefix = g_strndup (best, strlen (best) - sign_length);
      if (*naming == HF_NAMING_OPENAI && has_open_clip_signs (tensors, *prefix))
        *naming = HF_NAMING_OPEN_CLIP;
      return TRUE;
    }
  }
  return FALSE;
}

/* @name with the beginning that the table knows exchanged, or NULL. */
static char *
rename_by (const Rename *table, gsize n, const char *name)
{
  for (gsize i = 0; i < n; i++)
    if (g_str_has_prefix (name, table[i].from))
      return g_strconcat (table[i].to, name + strlen (table[i].from), NULL);
  return NULL;
}

static char *
rename_hugging_face (const char *name)
{
  g_autofree char *outer =
      rename_by (hugging_face, G_N_ELEMENTS (hugging_face), name);
  g_autofree char *inner = NULL;
  char *layer = outer != NULL ? strstr (outer, "resblocks.") : NULL;

  if (layer == NULL)
    return outer != NULL ? g_steal_pointer (&outer) : g_strdup (name);
  layer += strlen ("resblocks.");
  layer += strspn (layer, "0123456789");
  if (*layer != '.')
    return g_steal_pointer (&outer);
  layer++;
  inner =
      rename_by (hugging_face_layer, G_N_ELEMENTS (hugging_face_layer), layer);
  if (inner == NULL)
    return g_steal_pointer (&outer);
  *layer = '\0';
  return g_strconcat (outer, inner, NULL);
}

static gboolean
add (HfTensorFile *out, const char *name, const HfTensor *tensor,
     GError **error)
{
  if (hf_tensor_file_add (out, name, tensor))
    return TRUE;
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
               _("has two tensors for %s"), name);
  return FALSE;
}

/* STEM.in_proj_weight [3w][w] or STEM.in_proj_bias [3w]: query, key, value. */
static gboolean
add_in_proj (HfTensorFile *out, const char *name, const HfTensor *tensor,
             GError **error)
{
  static const char letters[] = "qkv";
  const char *leaf = g_str_has_suffix (name, "_weight") ? "weight" : "bias";
  g_autofree char *stem =
      g_strndup (name, (gsize) (strstr (name, "in_proj_") - name));

  if (tensor->n_dims < 1 || tensor->shape[0] % 3 != 0) {
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
                 _("has a tensor %s that is not three matrices in one"), name);
    return FALSE;
  }
  for (int i = 0; i < 3; i++) {
    gint64 n_rows = tensor->shape[0] / 3;
    HfTensor part = hf_tensor_view_rows (tensor, i * n_rows, n_rows);
    g_autofree char *part_name =
        g_strdup_printf ("%s%c_proj.%s", stem, letters[i], leaf);

    if (!add (out, part_name, &part, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_openai (HfTensorFile *out, const char *name, const HfTensor *tensor,
            GError **error)
{
  if (g_str_has_prefix (name, "text."))
    name += strlen ("text.");
  if (g_str_has_suffix (name, ".attn.in_proj_weight") ||
      g_str_has_suffix (name, ".attn.in_proj_bias"))
    return add_in_proj (out, name, tensor, error);
  if ((g_str_equal (name, "visual.proj") ||
       g_str_equal (name, "text_projection")) &&
      tensor->n_dims == 2) {
    HfTensor turned = hf_tensor_view_transposed (tensor);

    return add (out, name, &turned, error);
  }
  /* open_clip may keep the projection as a linear layer, [out][in] already. */
  if (g_str_equal (name, "text_projection.weight"))
    name = "text_projection";
  return add (out, name, tensor, error);
}

/* Some writers keep the scale as a vector of one. */
static HfTensor
as_scalar (const HfTensor *tensor)
{
  HfTensor view = *tensor;

  if (hf_tensor_get_n_elements (tensor) == 1)
    view.n_dims = 0;
  return view;
}

static gboolean
add_any (HfTensorFile *out, HfNaming naming, const char *name,
         const HfTensor *tensor, GError **error)
{
  g_autofree char *renamed = NULL;

  if (is_idle (name))
    return TRUE;
  if (g_str_equal (name, "logit_scale")) {
    HfTensor scalar = as_scalar (tensor);

    return add (out, name, &scalar, error);
  }
  if (naming != HF_NAMING_HUGGING_FACE)
    return add_openai (out, name, tensor, error);
  renamed = rename_hugging_face (name);
  return add (out, renamed, tensor, error);
}

HfTensorFile *
hf_names_canonicalise (HfTensorFile *tensors, HfNaming *naming, GError **error)
{
  g_autoptr (HfTensorFile) out = NULL;
  g_autofree char *prefix = NULL;

  if (!find_scheme (tensors, naming, &prefix)) {
    g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                         _("has no token embedding under a name of OpenAI, "
                           "open_clip or Hugging Face: it is no CLIP"));
    return NULL;
  }
  out = hf_tensor_file_new (hf_tensor_file_ref (tensors),
                            (GDestroyNotify) hf_tensor_file_unref);
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (tensors); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (tensors, i);

    if (g_str_has_prefix (tensor->name, prefix) &&
        !add_any (out, *naming, tensor->name + strlen (prefix), tensor, error))
      return NULL;
  }
  return g_steal_pointer (&out);
}
