/* probe/words.h: the words that prompt tuning learned, as a probe keeps them.
 * They are in its weights already; here they are to be looked at, and to be
 * learned further. Plain struct; read-only once made. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize n_sets; /* 1: shared by the classes; or one for each */
  gsize n_vectors, width;
  float *vectors; /* [n_sets][n_vectors][width], of the model's token rows */
  char **nearest; /* [n_sets * n_vectors], NULL-terminated: the nearest of the
                     vocabulary, as people read them: a hint, no more */
} HfWords;

/* Takes @vectors, float[n_sets][n_vectors][width], and @nearest. */
HfWords *hf_words_new_take (gsize n_sets, gsize n_vectors, gsize width,
                            float *vectors,
                            char **nearest) G_GNUC_WARN_UNUSED_RESULT;
/* "a photo of a", or of class after class, with "; " between them (caller
 * frees). */
char *hf_words_dup_hint (const HfWords *self) G_GNUC_WARN_UNUSED_RESULT;
void hf_words_free (HfWords *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWords, hf_words_free)
G_END_DECLS
