/* known.c: see the header. */
#include "evaluate/known-private.h"

#include <string.h>

/* Returns how many there are. */
static int
find_classes (HfKnown *self, const HfDataset *whole, const gsize *rows,
              gsize n_rows, gboolean all)
{
  g_autofree gboolean *is_there = g_new0 (gboolean, whole->n_classes);
  int n_classes = 0;

  self->classes = g_new (int, whole->n_classes);
  for (gsize i = 0; i < n_rows; i++)
    is_there[whole->label[rows[i]]] = TRUE;
  for (int c = 0; c < whole->n_classes; c++)
    if (all || is_there[c])
      self->classes[n_classes++] = c;
  return n_classes;
}

static void
take_labels (HfKnown *self, const HfDataset *whole)
{
  g_autofree int *number = g_new (int, whole->n_classes);

  for (int c = 0; c < whole->n_classes; c++)
    number[c] = -1;
  for (int c = 0; c < self->data.n_classes; c++)
    number[self->classes[c]] = c;
  self->label = g_new (int, MAX (whole->n_rows, 1));
  for (gsize i = 0; i < whole->n_rows; i++)
    self->label[i] = number[whole->label[i]];
}

void
hf_known_init (HfKnown *self, const HfDataset *whole, const gsize *rows,
               gsize n_rows, gboolean all)
{
  gsize dim = whole->clip_dim;
  int n_classes;

  *self = (HfKnown){0};
  n_classes = find_classes (self, whole, rows, n_rows, all);
  self->data = *whole;
  self->data.n_classes = n_classes;
  if (n_classes == whole->n_classes)
    return;
  take_labels (self, whole);
  self->kinds = g_new (HfClassKind, MAX (n_classes, 1));
  if (whole->text != NULL)
    self->text = g_new (float, MAX (n_classes, 1) * dim);
  for (int c = 0; c < n_classes; c++) {
    self->kinds[c] = whole->kinds[self->classes[c]];
    if (whole->text != NULL)
      memcpy (self->text + (gsize) c * dim,
              whole->text + (gsize) self->classes[c] * dim,
              dim * sizeof *self->text);
  }
  self->data.label = self->label;
  self->data.kinds = self->kinds;
  self->data.text = self->text;
  if (whole->tuner != NULL)
    self->data.tuner =
        hf_tuner_new_part (whole->tuner, self->classes, n_classes);
}

void
hf_known_clear (HfKnown *self)
{
  /* A view of all classes has the whole's own tuner. */
  if (self->label != NULL)
    hf_tuner_unref (self->data.tuner);
  g_free (self->classes);
  g_free (self->label);
  g_free (self->kinds);
  g_free (self->text);
}

void
hf_known_spread (const HfKnown *self, const double *known, gsize n,
                 int n_classes, double *out)
{
  gsize k = (gsize) self->data.n_classes;

  memset (out, 0, n * (gsize) n_classes * sizeof *out);
  for (gsize i = 0; i < n; i++)
    for (gsize c = 0; c < k; c++)
      out[i * (gsize) n_classes + (gsize) self->classes[c]] = known[i * k + c];
}
