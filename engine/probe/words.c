/* words.c: see the header. */
#include "probe/words.h"

HfWords *
hf_words_new_take (gsize n_sets, gsize n_vectors, gsize width, float *vectors,
                   char **nearest)
{
  HfWords *self = g_new (HfWords, 1);

  *self = (HfWords){n_sets, n_vectors, width, vectors, nearest};
  return self;
}

char *
hf_words_dup_hint (const HfWords *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize v = 0; v < self->n_sets * self->n_vectors; v++)
    g_string_append_printf (text, "%s%s",
                            v == 0                     ? ""
                            : v % self->n_vectors == 0 ? "; "
                                                       : " ",
                            self->nearest[v]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

void
hf_words_free (HfWords *self)
{
  if (self == NULL)
    return;
  g_free (self->vectors);
  g_strfreev (self->nearest);
  g_free (self);
}
