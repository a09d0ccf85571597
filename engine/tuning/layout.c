/* layout.c: see the header. */
#include "tuning/layout.h"

/* Row t of text i is narrow row t where it is shared. */
static void
number_rows (HfLayout *self, const int *lengths)
{
  int *narrow, next = self->n_shared;

  for (int i = 0; i < self->n_texts; i++)
    self->n_wide += lengths[i];
  self->narrow = narrow = g_new (int, self->n_wide);
  for (int i = 0; i < self->n_texts; i++)
    for (int t = 0; t < lengths[i]; t++)
      *narrow++ = t < self->n_shared ? t : next++;
  self->n_narrow = next;
}

static HfBuffer *
upload (HfOps *ops, const int *values, int n, GError **error)
{
  return hf_buffer_new_from (hf_ops_get_device (ops), values,
                             (gsize) n * sizeof (int), error);
}

static gboolean
make_firsts (HfLayout *self, HfOps *ops, GError **error)
{
  g_autofree int *to_narrow = g_new (int, self->n_narrow);
  g_autofree int *first_of = g_new (int, self->n_wide);

  for (int w = self->n_wide - 1; w >= 0; w--)
    to_narrow[self->narrow[w]] = w;
  for (int w = 0; w < self->n_wide; w++)
    first_of[w] = to_narrow[self->narrow[w]] == w ? self->narrow[w] : -1;
  self->to_narrow = upload (ops, to_narrow, self->n_narrow, error);
  if (self->to_narrow == NULL)
    return FALSE;
  self->first_of = upload (ops, first_of, self->n_wide, error);
  return self->first_of != NULL;
}

/* Wide rows by narrow row, in their order. */
static gboolean
make_sums (HfLayout *self, HfOps *ops, GError **error)
{
  g_autofree int *first = g_new0 (int, self->n_narrow + 1);
  g_autofree int *next = g_new (int, self->n_narrow);
  g_autofree int *index = g_new (int, self->n_wide);

  for (int w = 0; w < self->n_wide; w++)
    first[self->narrow[w] + 1]++;
  for (int r = 0; r < self->n_narrow; r++) {
    first[r + 1] += first[r];
    next[r] = first[r];
  }
  for (int w = 0; w < self->n_wide; w++)
    index[next[self->narrow[w]]++] = w;
  self->sum_first = upload (ops, first, self->n_narrow + 1, error);
  if (self->sum_first == NULL)
    return FALSE;
  self->sum_index = upload (ops, index, self->n_wide, error);
  return self->sum_index != NULL;
}

static gboolean
make_ends (HfLayout *self, HfOps *ops, const int *lengths, GError **error)
{
  g_autofree int *ends = g_new (int, self->n_texts);
  g_autofree int *end_of = g_new (int, self->n_narrow);
  int w = 0;

  for (int r = 0; r < self->n_narrow; r++)
    end_of[r] = -1;
  for (int i = 0; i < self->n_texts; i++) {
    w += lengths[i];
    ends[i] = self->narrow[w - 1];
    end_of[ends[i]] = i;
  }
  self->ends = upload (ops, ends, self->n_texts, error);
  if (self->ends == NULL)
    return FALSE;
  self->end_of = upload (ops, end_of, self->n_narrow, error);
  return self->end_of != NULL;
}

gboolean
hf_layout_init (HfLayout *self, HfOps *ops, const int *lengths, int n,
                int n_shared, GError **error)
{
  *self = (HfLayout){.n_texts = n, .n_shared = n_shared};
  for (int i = 0; i < n; i++)
    g_return_val_if_fail (n_shared >= 0 && n_shared < lengths[i], FALSE);

  number_rows (self, lengths);
  self->runs = hf_runs_new (ops, lengths, n, TRUE, error);
  if (self->runs == NULL)
    return FALSE;
  self->to_wide = upload (ops, self->narrow, self->n_wide, error);
  return self->to_wide != NULL && make_firsts (self, ops, error) &&
         make_sums (self, ops, error) && make_ends (self, ops, lengths, error);
}

void
hf_layout_clear (HfLayout *self)
{
  g_free (self->narrow);
  hf_runs_free (self->runs);
  hf_buffer_free (self->to_wide);
  hf_buffer_free (self->to_narrow);
  hf_buffer_free (self->first_of);
  hf_buffer_free (self->sum_first);
  hf_buffer_free (self->sum_index);
  hf_buffer_free (self->ends);
  hf_buffer_free (self->end_of);
  *self = (HfLayout){0};
}
