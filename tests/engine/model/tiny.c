/* tiny.c: see the header. All numbers are zeros. */
#include "tiny.h"

#include "tensor/safetensors.h"

#include <glib/gstdio.h>
#include <string.h>

void
tiny_add (Tiny *self, const char *name, int n_dims, gint64 a, gint64 b,
          gint64 c, gint64 d)
{
  HfTensor tensor = {.dtype = HF_DTYPE_F32,
                     .n_dims = n_dims,
                     .shape = {a, b, c, d},
                     .data = (const guint8 *) self->zeros};
  gint64 stride = 1;

  for (int i = n_dims - 1; i >= 0; i--) {
    tensor.strides[i] = stride;
    stride *= tensor.shape[i];
  }
  g_assert_true (hf_tensor_file_add (self->file, name, &tensor));
}

static void
add_vectors (Tiny *self, const char *prefix, const char *const *names)
{
  for (; *names != NULL; names++) {
    g_autofree char *weight = g_strconcat (prefix, *names, ".weight", NULL);
    g_autofree char *bias = g_strconcat (prefix, *names, ".bias", NULL);

    tiny_add (self, weight, 1, 64, 0, 0, 0);
    tiny_add (self, bias, 1, 64, 0, 0, 0);
  }
}

static void
add_matrix (Tiny *self, const char *prefix, const char *name, gint64 out,
            gint64 in)
{
  g_autofree char *weight = g_strconcat (prefix, name, "weight", NULL);
  g_autofree char *bias = g_strconcat (prefix, name, "bias", NULL);

  tiny_add (self, weight, 2, out, in, 0, 0);
  tiny_add (self, bias, 1, out, 0, 0, 0);
}

static void
add_block (Tiny *self, const char *prefix)
{
  static const char *const norms[] = {"ln_1", "ln_2", NULL};

  add_vectors (self, prefix, norms);
  add_matrix (self, prefix, "attn.in_proj_", 192, 64);
  add_matrix (self, prefix, "attn.out_proj.", 64, 64);
  add_matrix (self, prefix, "mlp.c_fc.", 128, 64);
  add_matrix (self, prefix, "mlp.c_proj.", 64, 128);
}

Tiny *
tiny_new (const char *without)
{
  static const char *const norms[] = {"visual.ln_pre", "visual.ln_post",
                                      "ln_final", NULL};
  Tiny *self = g_new0 (Tiny, 1);

  self->folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  self->file = hf_tensor_file_new (NULL, NULL);
  self->zeros = g_new0 (float, 64 * 3 * 64);
  tiny_add (self, "visual.class_embedding", 1, 64, 0, 0, 0);
  if (g_strcmp0 (without, "visual.positional_embedding") != 0)
    tiny_add (self, "visual.positional_embedding", 2, 5, 64, 0, 0);
  tiny_add (self, "visual.conv1.weight", 4, 64, 3, 8, 8);
  add_vectors (self, "", norms);
  add_block (self, "visual.transformer.resblocks.0.");
  tiny_add (self, "visual.proj", 2, 64, 24, 0, 0);
  add_block (self, "transformer.resblocks.0.");
  tiny_add (self, "token_embedding.weight", 2, 32, 64, 0, 0);
  tiny_add (self, "positional_embedding", 2, 5, 64, 0, 0);
  tiny_add (self, "text_projection", 2, 64, 24, 0, 0);
  if (g_strcmp0 (without, "logit_scale") != 0)
    tiny_add (self, "logit_scale", 1, 1, 0, 0, 0);
  return self;
}

void
tiny_write (Tiny *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
tiny_save (Tiny *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (hf_safetensors_save (self->file, path, NULL));
}

void
tiny_free (Tiny *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (self->folder);
  hf_tensor_file_unref (self->file);
  g_free (self->zeros);
  g_free (self->folder);
  g_free (self);
}
