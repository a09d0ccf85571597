/* tiny.h: a folder and in it a tiny ViT under OpenAI's names, which a test may
 * change before it saves it. Width 64, patch 8, 16 pixels, one layer each; the
 * text tower has 32 tokens and a context of 5. */
#pragma once

#include "tensor/tensor-file.h"

typedef struct {
  char *folder;
  HfTensorFile *file;
  float *zeros; /* what all its tensors view */
} Tiny;

/* @without names a tensor to leave out, or NULL. */
Tiny *tiny_new (const char *without);
void tiny_free (Tiny *self); /* and the folder */

/* Sizes behind the first @n_dims are ignored. */
void tiny_add (Tiny *self, const char *name, int n_dims, gint64 a, gint64 b,
               gint64 c, gint64 d);

/* Files of the folder: safetensors, and any text. */
void tiny_save (Tiny *self, const char *name);
void tiny_write (Tiny *self, const char *name, const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tiny, tiny_free)
