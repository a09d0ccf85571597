/* rows.c: see the header. The tensors of rows are in rows-tensors.c. */
#include "app/study/rows.h"

#include "evaluate/copies.h"
#include "features/extractor.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)

G_DEFINE_QUARK (hf_rows_error_quark, hf_rows_error)

static void
class_free (gpointer data)
{
  HfSampleClass *class = data;

  g_free (class->name);
  g_free (class);
}

/* @a x @b x @c x @size zero bytes; NULL if that is more than there is, and for
 * none. */
static void *
try_zeros (gsize a, gsize b, gsize c, gsize size, gboolean *ok)
{
  gsize n;
  void *data;

  if (!g_size_checked_mul (&n, a, b) || !g_size_checked_mul (&n, n, c) ||
      !g_size_checked_mul (&n, n, size) || n > G_MAXSSIZE) {
    *ok = FALSE;
    return NULL;
  }
  data = g_try_malloc0 (n);
  *ok = *ok && (data != NULL || n == 0);
  return data;
}

HfRows *
hf_rows_new (gsize n, gsize n_tiles, gsize clip_dim, gsize classic_dim,
             GError **error)
{
  return hf_rows_new_partly_seen (n, n, n_tiles, clip_dim, classic_dim, error);
}

HfRows *
hf_rows_new_partly_seen (gsize n, gsize n_seen, gsize n_tiles, gsize clip_dim,
                         gsize classic_dim, GError **error)
{
  g_autoptr (HfRows) self = g_new0 (HfRows, 1);
  gboolean ok = TRUE;

  self->n = n;
  self->n_tiles = n_tiles;
  self->clip_dim = clip_dim;
  self->classic_dim = classic_dim;
  self->logit_scale = 1;
  self->classes = g_ptr_array_new_with_free_func (class_free);
  self->clip = try_zeros (n, n_tiles, clip_dim, sizeof (float), &ok);
  self->classic = try_zeros (n, n_tiles, classic_dim, sizeof (float), &ok);
  self->looks = try_zeros (n_seen, LOOK_BYTES, 1, 1, &ok);
  self->sha256 = try_zeros (n + 1, 1, 1, sizeof (char *), &ok);
  self->group_name = try_zeros (n + 1, 1, 1, sizeof (char *), &ok);
  self->label = try_zeros (n, 1, 1, sizeof (int), &ok);
  self->group = try_zeros (n, 1, 1, sizeof (int), &ok);
  self->cluster = try_zeros (n, 1, 1, sizeof (int), &ok);
  self->audited = try_zeros (n, 1, 1, sizeof (gboolean), &ok);
  for (gsize i = 0; ok && i < n; i++)
    self->cluster[i] = (int) i;
  if (ok)
    return g_steal_pointer (&self);
  g_set_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_MEMORY,
               _("There is not enough memory for the features of %zu pictures "
                 "(%zu numbers each). Use fewer pictures, or fewer tiles."),
                  n, n_tiles * (clip_dim + classic_dim));
  return NULL;
}

static void
free_strings (char **strings, gsize n)
{
  for (gsize i = 0; strings != NULL && i < n; i++)
    g_free (strings[i]);
  g_free (strings);
}

void
hf_rows_free (HfRows *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->classes);
  free_strings (self->sha256, self->n);
  free_strings (self->group_name, self->n);
  g_free (self->clip);
  g_free (self->classic);
  g_free (self->looks);
  g_free (self->label);
  g_free (self->group);
  g_free (self->cluster);
  g_free (self->audited);
  g_free (self->kinds);
  g_free (self->text);
  hf_tuner_unref (self->tuner);
  g_free (self);
}

/* Equal names, equal numbers; a picture that stands alone gets its own. */
static void
number_groups (HfRows *self)
{
  g_autoptr (GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  int n_groups = 0;

  for (gsize i = 0; i < self->n; i++) {
    const char *name = self->group_name[i];
    gpointer number;

    if (name != NULL &&
        g_hash_table_lookup_extended (known, name, NULL, &number)) {
      self->group[i] = GPOINTER_TO_INT (number);
      continue;
    }
    self->group[i] = n_groups++;
    if (name != NULL)
      g_hash_table_insert (known, (char *) name,
                           GINT_TO_POINTER (self->group[i]));
  }
}

void
hf_rows_finish (HfRows *self)
{
  number_groups (self);
  g_free (self->kinds);
  self->kinds = g_new0 (HfClassKind, self->classes->len + 1);
  for (guint c = 0; c < self->classes->len; c++)
    self->kinds[c] = ((HfSampleClass *) self->classes->pdata[c])->kind;
  self->data = (HfDataset){.n_rows = self->n,
                           .n_classes = (int) self->classes->len,
                           .n_tiles = self->n_tiles,
                           .clip_dim = self->clip_dim,
                           .classic_dim = self->classic_dim,
                           .clip = self->clip,
                           .classic = self->classic,
                           .label = self->label,
                           .group = self->group,
                           .cluster = self->cluster,
                           .kinds = self->kinds,
                           .text = self->text,
                           .logit_scale = self->logit_scale,
                           .tuner = self->tuner};
}

void
hf_rows_copy (HfRows *self, gsize to, const HfRows *source, gsize from)
{
  gsize clip = self->n_tiles * self->clip_dim;
  gsize classic = self->n_tiles * self->classic_dim;

  g_return_if_fail (to < self->n && from < source->n);
  if (self->clip != NULL)
    memcpy (self->clip + to * clip, source->clip + from * clip,
            clip * sizeof (float));
  if (self->classic != NULL)
    memcpy (self->classic + to * classic, source->classic + from * classic,
            classic * sizeof (float));
  memcpy (self->looks + to * LOOK_BYTES, source->looks + from * LOOK_BYTES,
          LOOK_BYTES);
  self->sha256[to] = g_strdup (source->sha256[from]);
  self->group_name[to] = g_strdup (source->group_name[from]);
  self->audited[to] = source->audited[from];
}

float *
hf_rows_dup_unit (const float *clip, gsize n, gsize n_tiles, gsize clip_dim)
{
  float *unit;

  if (clip == NULL || clip_dim == 0)
    return NULL;
  unit = g_new0 (float, n *clip_dim);
  for (gsize i = 0; i < n; i++) {
    const float *row = clip + i * n_tiles * clip_dim;
    float *out = unit + i * clip_dim;
    double square = 0;

    for (gsize t = 0; t < n_tiles; t++)
      for (gsize j = 0; j < clip_dim; j++)
        out[j] += row[t * clip_dim + j];
    for (gsize j = 0; j < clip_dim; j++)
      square += (double) out[j] * out[j];
    for (gsize j = 0; j < clip_dim && square > 0; j++)
      out[j] = (float) (out[j] / sqrt (square));
  }
  return unit;
}

gboolean
hf_rows_have_groups (const HfRows *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < self->n; i++)
    if (!g_hash_table_add (seen, GINT_TO_POINTER (self->group[i])))
      return TRUE;
  return FALSE;
}

/* Index of the class of that name in @rows, or -1. */
static int
find_class (const HfRows *rows, const char *name)
{
  for (guint c = 0; c < rows->classes->len; c++) {
    const HfSampleClass *class = rows->classes->pdata[c];

    if (g_str_equal (class->name, name))
      return (int) c;
  }
  return -1;
}

/* Adds the class if it is new, gives it @kind, and takes its text row. */
static int
join_class (HfRows *self, const HfRows *source, int index)
{
  const HfSampleClass *class = source->classes->pdata[index];
  int c = find_class (self, class->name);
  HfSampleClass *joined;

  if (c < 0) {
    joined = g_new0 (HfSampleClass, 1);
    joined->name = g_strdup (class->name);
    g_ptr_array_add (self->classes, joined);
    c = (int) self->classes->len - 1;
  }
  joined = self->classes->pdata[c];
  joined->kind = class->kind;
  if (self->text != NULL)
    memcpy (self->text + (gsize) c * self->clip_dim,
            source->text + (gsize) index * self->clip_dim,
            self->clip_dim * sizeof (float));
  return c;
}

/* Copies rows of @source that are not in @except, to row @to and on; returns
 * the row behind the last. */
static gsize
join_rows (HfRows *self, gsize to, const HfRows *source, GHashTable *except)
{
  for (gsize i = 0; i < source->n; i++) {
    const HfSampleClass *class = source->classes->pdata[source->label[i]];

    if (except != NULL && g_hash_table_contains (except, source->sha256[i]))
      continue;
    hf_rows_copy (self, to, source, i);
    self->label[to++] = find_class (self, class->name);
  }
  return to;
}

gboolean
hf_rows_find_near_copies (HfRows *self, HfProgress *progress, GError **error)
{
  g_autofree float *unit =
      hf_rows_dup_unit (self->clip, self->n, self->n_tiles, self->clip_dim);
  const HfCopiesInput input = {.n = self->n,
                               .sha256 = (const char *const *) self->sha256,
                               .looks = self->looks,
                               .rows = unit,
                               .dim = self->clip_dim,
                               .label = self->label};
  g_autoptr (HfCopies) copies = hf_copies_find (&input, progress, error);

  if (copies == NULL)
    return FALSE;
  if (self->n > 0)
    memcpy (self->cluster, copies->cluster, self->n * sizeof (int));
  self->bounded = copies->was_bounded;
  return TRUE;
}

/* An old class of which every row was labelled anew has none left, and goes:
 * the rows of the others keep their order. */
static void
drop_empty_classes (HfRows *self)
{
  for (guint c = self->classes->len; c-- > 0;) {
    gboolean used = FALSE;

    for (gsize i = 0; i < self->n; i++)
      used = used || self->label[i] == (int) c;
    if (used)
      continue;
    g_ptr_array_remove_index (self->classes, c);
    for (gsize i = 0; i < self->n; i++)
      if (self->label[i] > (int) c)
        self->label[i]--;
    if (self->text != NULL)
      memmove (self->text + c * self->clip_dim,
               self->text + (c + 1) * self->clip_dim,
               (self->classes->len - c) * self->clip_dim * sizeof (float));
  }
}

static gsize
count_except (const HfRows *source, GHashTable *except)
{
  gsize n = 0;

  for (gsize i = 0; i < source->n; i++)
    n += !g_hash_table_contains (except, source->sha256[i]);
  return n;
}

/* Whether @fresh has the classes of all rows of @old that are not in @except:
 * then the joined rows keep its order of them, and with it its tuner. */
static gboolean
has_all_classes (const HfRows *fresh, const HfRows *old, GHashTable *except)
{
  for (gsize i = 0; i < old->n; i++) {
    const HfSampleClass *class = old->classes->pdata[old->label[i]];

    if (!g_hash_table_contains (except, old->sha256[i]) &&
        find_class (fresh, class->name) < 0)
      return FALSE;
  }
  return TRUE;
}

gboolean
hf_rows_are_alike (const HfRows *self, const HfRows *other)
{
  const GPtrArray *a = self->classes, *b = other->classes;

  for (guint c = 0; c < MIN (a->len, b->len); c++)
    if (!g_str_equal (((HfSampleClass *) a->pdata[c])->name,
                      ((HfSampleClass *) b->pdata[c])->name))
      return FALSE;
  return a->len == b->len;
}

HfRows *
hf_rows_join (const HfRows *old, const HfRows *fresh, gsize *n_old,
              HfProgress *progress, GError **error)
{
  g_autoptr (GHashTable) again = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (HfRows) self = NULL;
  gboolean as_fresh;
  gsize kept;

  if (old->n_tiles != fresh->n_tiles || old->clip_dim != fresh->clip_dim ||
      old->classic_dim != fresh->classic_dim ||
      (old->text != NULL) != (fresh->text != NULL)) {
    g_set_error (error, HF_ROWS_ERROR, HF_ROWS_ERROR_MISMATCH,
                 _("The old probe's training rows hold %zu x (%zu + %zu) "
                   "numbers and the new ones %zu x (%zu + %zu); use the old "
                   "features, framing and model."),
                    old->n_tiles, old->clip_dim, old->classic_dim,
                    fresh->n_tiles, fresh->clip_dim, fresh->classic_dim);
    return NULL;
  }
  for (gsize i = 0; i < fresh->n; i++)
    g_hash_table_add (again, fresh->sha256[i]);
  kept = count_except (old, again);
  self = hf_rows_new (kept + fresh->n, old->n_tiles, old->clip_dim,
                      old->classic_dim, error);
  if (self == NULL)
    return NULL;
  if (old->text != NULL)
    self->text = g_new0 (float, (old->classes->len + fresh->classes->len) *
                                    old->clip_dim);
  self->logit_scale = fresh->logit_scale;
  as_fresh = fresh->tuner != NULL && has_all_classes (fresh, old, again);
  for (guint c = 0; c < old->classes->len && !as_fresh; c++)
    join_class (self, old, (int) c);
  for (guint c = 0; c < fresh->classes->len; c++)
    join_class (self, fresh, (int) c);
  join_rows (self, join_rows (self, 0, old, again), fresh, NULL);
  drop_empty_classes (self);
  if (as_fresh)
    self->tuner = hf_tuner_ref (fresh->tuner);
  if (!hf_rows_find_near_copies (self, progress, error))
    return NULL;
  hf_rows_finish (self);
  *n_old = kept;
  return g_steal_pointer (&self);
}
