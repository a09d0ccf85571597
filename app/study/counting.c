/* counting.c: see the header. */
#include "app/study/counting.h"

#include "evaluate/copies.h"

#include <string.h>

static HfCopies *
find_copies (const HfRows *given, HfProgress *progress, GError **error)
{
  g_autofree float *unit =
      hf_rows_dup_unit (given->clip, given->n, given->n_tiles, given->clip_dim);
  const HfCopiesInput input = {.n = given->n,
                               .sha256 = (const char *const *) given->sha256,
                               .looks = given->looks,
                               .rows = unit,
                               .dim = given->clip_dim,
                               .label = given->label};

  return hf_copies_find (&input, progress, error);
}

/* Lists what does not count, and leaves in @given what does. Returns how
 * many. */
static gsize
drop_copies (HfCounted *self, const HfCopies *copies, gsize n)
{
  gsize n_kept = 0;

  self->n_near = copies->n_near;
  for (gsize i = 0; i < n; i++) {
    const HfCountedCopy copy = {
        .row = i, .twin = copies->twin[i], .conflict = copies->conflict[i]};

    if (copy.conflict || copy.twin != i)
      g_array_append_val (self->copies, copy);
    else
      self->given[n_kept++] = i;
  }
  return n_kept;
}

/* Labels of the rows, by the classes that have one. */
static void
take_labels (HfCounted *self, const HfRows *given, const GPtrArray *classes)
{
  HfRows *rows = self->rows;
  g_autofree int *place = g_new0 (int, classes->len + 1);

  for (gsize i = 0; i < rows->n; i++)
    place[given->label[self->given[i]]] = 1;
  for (guint c = 0; c < classes->len; c++) {
    if (place[c] == 0)
      continue;
    place[c] = (int) rows->classes->len;
    g_ptr_array_add (rows->classes, hf_sample_class_dup (classes->pdata[c]));
  }
  for (gsize i = 0; i < rows->n; i++)
    rows->label[i] = place[given->label[self->given[i]]];
}

HfCounted *
hf_counted_new (const HfRows *given, const GPtrArray *classes,
                HfProgress *progress, GError **error)
{
  g_autoptr (HfCounted) self = g_new0 (HfCounted, 1);
  g_autoptr (HfCopies) copies = find_copies (given, progress, error);
  gsize n;

  if (copies == NULL)
    return NULL;
  self->copies = g_array_new (FALSE, FALSE, sizeof (HfCountedCopy));
  self->given = g_new0 (gsize, given->n + 1);
  n = drop_copies (self, copies, given->n);
  self->rows = hf_rows_new (n, given->n_tiles, given->clip_dim,
                            given->classic_dim, error);
  if (self->rows == NULL)
    return NULL;
  self->rows->bounded = copies->was_bounded;
  for (gsize i = 0; i < n; i++) {
    hf_rows_copy (self->rows, i, given, self->given[i]);
    self->rows->cluster[i] = copies->cluster[self->given[i]];
  }
  take_labels (self, given, classes);
  return g_steal_pointer (&self);
}

void
hf_counted_free (HfCounted *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, hf_rows_free);
  g_clear_pointer (&self->copies, g_array_unref);
  g_free (self->given);
  g_free (self);
}
