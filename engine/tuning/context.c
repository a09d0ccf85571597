/* context.c: see the header. */
#include "tuning/context.h"

#include "base/rng.h"

#include <string.h>

/* Half the width of the range that vectors without a word begin in: token rows
 * of CLIP have a standard deviation of 0.01 to 0.02. */
#define SPREAD 0.02

/* How many tokens all prompts begin with, less the end token. */
static int
count_shared (const int *const *ids, const gsize *n_ids, int n_classes)
{
  gsize n = 0;

  for (;; n++)
    for (int c = 0; c < n_classes; c++)
      if (n + 1 >= n_ids[c] || ids[c][n] != ids[0][n])
        return (int) n;
}

/* One prompt's rows to @row; returns how many. @n_words of its tokens become
 * vectors. */
static int
write_prompt (const HfContext *self, const HfTextTape *tape, const int *ids,
              gsize n_ids, int n_words, int context_length, float *row)
{
  int n_behind = (int) n_ids - self->first - n_words;
  int most = context_length - self->first - self->n_vectors;
  int n = MIN (n_behind, most);

  for (int t = 0; t < self->first; t++, row += self->width)
    hf_text_tape_read_token (tape, ids[t], row);
  row += (gsize) self->n_vectors * self->width;
  for (int t = 0; t < n; t++, row += self->width) {
    /* Of a prompt that is cut the end token stays. */
    int at = t == n - 1 ? (int) n_ids - 1 : self->first + n_words + t;

    hf_text_tape_read_token (tape, ids[at], row);
  }
  return self->first + self->n_vectors + n;
}

static void
begin_vectors (HfContext *self, const HfTextTape *tape, const int *ids,
               int n_words, guint64 seed)
{
  gsize size = (gsize) self->n_vectors * self->width;
  float *row = self->vectors;
  HfRng rng;

  hf_rng_init (&rng, seed);
  for (int v = 0; v < self->n_vectors - n_words; v++)
    for (int d = 0; d < self->width; d++)
      *row++ = (float) ((hf_rng_next_double (&rng) * 2 - 1) * SPREAD);
  for (int t = 0; t < n_words; t++, row += self->width)
    hf_text_tape_read_token (tape, ids[self->first + t], row);
  for (int s = 1; s < self->n_sets; s++)
    memcpy (self->vectors + (gsize) s * size, self->vectors,
            size * sizeof (float));
}

HfContext *
hf_context_new (const HfTextTape *tape, const int *const *ids,
                const gsize *n_ids, int n_classes, int context_length,
                int n_vectors, gboolean per_class, guint64 seed)
{
  HfContext *self;
  int shared, n_words, at = 0;
  gsize most = 0;

  g_return_val_if_fail (n_classes > 1 && n_vectors > 0, NULL);
  /* Beside the start token, one of the class and the end token. */
  g_return_val_if_fail (n_vectors + 3 <= context_length, NULL);

  /* The start token is no word, and a template that fills all the room must
   * leave some for the class. */
  shared = MIN (count_shared (ids, n_ids, n_classes), context_length - 2);
  n_words = CLAMP (shared - 1, 0, n_vectors);
  self = g_new0 (HfContext, 1);
  self->n_classes = n_classes;
  self->n_vectors = n_vectors;
  self->n_sets = per_class ? n_classes : 1;
  self->width = hf_text_tape_get_width (tape);
  self->first = MIN (MAX (shared, 1) - n_words, context_length - 2 - n_vectors);
  self->n_shared = self->first + (per_class ? 0 : n_vectors);
  self->lengths = g_new (int, n_classes);
  for (int c = 0; c < n_classes; c++)
    most += n_ids[c] + (gsize) n_vectors;
  self->rows = g_new0 (float, most *(gsize) self->width);
  self->vectors = g_new (float, hf_context_get_n_numbers (self));
  begin_vectors (self, tape, ids[0], n_words, seed);
  for (int c = 0; c < n_classes; c++) {
    self->lengths[c] =
        write_prompt (self, tape, ids[c], n_ids[c], n_words, context_length,
                      self->rows + (gsize) at * self->width);
    at += self->lengths[c];
  }
  self->n_rows = at;
  hf_context_put (self, self->vectors, self->rows);
  return self;
}

void
hf_context_free (HfContext *self)
{
  if (self == NULL)
    return;
  g_free (self->lengths);
  g_free (self->rows);
  g_free (self->vectors);
  g_free (self);
}

gsize
hf_context_get_n_numbers (const HfContext *self)
{
  return (gsize) self->n_sets * self->n_vectors * self->width;
}

void
hf_context_put (const HfContext *self, const float *vectors, float *rows)
{
  gsize size = (gsize) self->n_vectors * self->width;

  for (int c = 0, at = self->first; c < self->n_classes;
       at += self->lengths[c++])
    memcpy (rows + (gsize) at * self->width,
            vectors + (self->n_sets > 1 ? (gsize) c * size : 0),
            size * sizeof (float));
}

void
hf_context_gather (const HfContext *self, const float *d_rows,
                   double *d_vectors)
{
  gsize size = (gsize) self->n_vectors * self->width;

  memset (d_vectors, 0, (gsize) self->n_sets * size * sizeof *d_vectors);
  for (int c = 0, at = self->first; c < self->n_classes;
       at += self->lengths[c++]) {
    const float *from = d_rows + (gsize) at * self->width;
    double *to = d_vectors + (self->n_sets > 1 ? (gsize) c * size : 0);

    for (gsize j = 0; j < size; j++)
      to[j] += from[j];
  }
}
