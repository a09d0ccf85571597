/* texts.c: see the header. */
#include "app/jobs/texts.h"

#include <glib/gi18n-lib.h>

struct _HfTexts {
  gsize n;
  char **texts;
  int **ids;         /* [n][n_ids[i]] */
  gsize *n_ids;      /* [n] after cutting */
  gsize *n_full_ids; /* [n] before */
};

HfTexts *
hf_texts_new (const HfTokenizer *tokenizer, const char *const *texts,
              gsize context_length)
{
  HfTexts *self = g_new0 (HfTexts, 1);

  self->texts = g_strdupv ((char **) texts);
  self->n = g_strv_length (self->texts);
  self->ids = g_new0 (int *, self->n + 1);
  self->n_ids = g_new0 (gsize, self->n + 1);
  self->n_full_ids = g_new0 (gsize, self->n + 1);
  for (gsize i = 0; i < self->n; i++) {
    self->ids[i] =
        hf_tokenizer_encode (tokenizer, self->texts[i], &self->n_ids[i]);
    self->n_full_ids[i] = self->n_ids[i];
    hf_tokens_cut (self->ids[i], &self->n_ids[i], context_length);
  }
  return self;
}

void
hf_texts_free (HfTexts *self)
{
  if (self == NULL)
    return;
  for (gsize i = 0; i < self->n; i++)
    g_free (self->ids[i]);
  g_free (self->ids);
  g_free (self->n_ids);
  g_free (self->n_full_ids);
  g_strfreev (self->texts);
  g_free (self);
}

gsize
hf_texts_get_n (const HfTexts *self)
{
  return self->n;
}

const char *
hf_texts_get (const HfTexts *self, gsize i)
{
  g_return_val_if_fail (i < self->n, NULL);
  return self->texts[i];
}

const int *const *
hf_texts_get_ids (const HfTexts *self)
{
  return (const int *const *) self->ids;
}

const gsize *
hf_texts_get_n_ids (const HfTexts *self)
{
  return self->n_ids;
}

char *
hf_texts_dup_cut_notice (const HfTexts *self, gsize i)
{
  enum { SHOWN_LETTERS = 40 };
  g_autofree char *valid = NULL;
  g_autofree char *begin = NULL;
  gboolean is_long;

  g_return_val_if_fail (i < self->n, NULL);
  if (self->n_ids[i] == self->n_full_ids[i])
    return NULL;
  valid = g_utf8_make_valid (self->texts[i], -1);
  is_long = g_utf8_strlen (valid, -1) > SHOWN_LETTERS;
  begin = g_utf8_substring (valid, 0, is_long ? SHOWN_LETTERS : -1);
  return g_strdup_printf (
      _("The text \"%s%s\" has %zu tokens; the model reads %zu, so its end is "
        "cut off."),
         begin, is_long ? "..." : "", self->n_full_ids[i], self->n_ids[i]);
}
