/* members.c: see the header. */
#include "probe/train/members.h"

#include <string.h>

#include "base/rng.h"

typedef struct {
  int group;
  gsize row;
} Place;

static int
compare_places (gconstpointer a, gconstpointer b)
{
  const Place *p = a, *q = b;

  if (p->group != q->group)
    return p->group < q->group ? -1 : 1;
  return p->row < q->row ? -1 : p->row > q->row;
}

HfMembers *
hf_members_new (const int *group, gsize n)
{
  HfMembers *self = g_new0 (HfMembers, 1);
  g_autofree Place *places = g_new (Place, MAX (n, 1));

  self->row = g_new (gsize, MAX (n, 1));
  self->first = g_new0 (gsize, n + 1);
  for (gsize i = 0; i < n; i++)
    places[i] = (Place){group[i], i};
  qsort (places, n, sizeof *places, compare_places);
  for (gsize i = 0; i < n; i++) {
    if (i == 0 || places[i].group != places[i - 1].group)
      self->first[self->n_groups++] = i;
    self->row[i] = places[i].row;
  }
  self->first[self->n_groups] = n;
  return self;
}

void
hf_members_free (HfMembers *self)
{
  if (self == NULL)
    return;
  g_free (self->row);
  g_free (self->first);
  g_free (self);
}

/* Rows of each class in group @g, to gsize[n_classes]. */
static void
count_classes (const HfMembers *self, gsize g, const int *label, int n_classes,
               gsize *count)
{
  memset (count, 0, (gsize) n_classes * sizeof *count);
  for (gsize k = self->first[g]; k < self->first[g + 1]; k++)
    count[label[self->row[k]]]++;
}

gsize
hf_members_count_rarest (const HfMembers *self, const int *label, int n_classes)
{
  g_autofree gsize *count = g_new (gsize, n_classes);
  g_autofree gsize *groups = g_new0 (gsize, n_classes);
  gsize rarest = G_MAXSIZE;

  for (gsize g = 0; g < self->n_groups; g++) {
    count_classes (self, g, label, n_classes, count);
    for (int c = 0; c < n_classes; c++)
      groups[c] += count[c] > 0;
  }
  for (int c = 0; c < n_classes; c++)
    rarest = MIN (rarest, groups[c]);
  return rarest;
}

/* How bad it is to put a group of @count into a fold that has @have of every
 * class, where a class has @total: the parts of the classes that would stand
 * together, so that rare classes weigh as much as common ones. */
static double
find_cost (const gsize *count, const gsize *have, const gsize *total,
           int n_classes)
{
  double cost = 0;

  for (int c = 0; c < n_classes; c++)
    if (count[c] > 0)
      cost += (double) count[c] * (double) have[c] /
              ((double) total[c] * (double) total[c]);
  return cost;
}

/* Groups in the order in which they are dealt: large ones first, since small
 * ones level what they leave; equals as the seed has it. */
static gsize *
dup_dealing_order (const HfMembers *self, guint64 seed)
{
  gsize *order = g_new (gsize, MAX (self->n_groups, 1));
  HfRng rng;

  for (gsize g = 0; g < self->n_groups; g++)
    order[g] = g;
  hf_rng_init (&rng, seed);
  hf_rng_shuffle (&rng, order, self->n_groups);
  /* Insertion keeps the shuffled order of equals. */
  for (gsize i = 1; i < self->n_groups; i++) {
    gsize g = order[i], size = self->first[g + 1] - self->first[g], j = i;

    for (; j > 0; j--) {
      gsize before = order[j - 1];

      if (self->first[before + 1] - self->first[before] >= size)
        break;
      order[j] = before;
    }
    order[j] = g;
  }
  return order;
}

void
hf_members_assign_folds (const HfMembers *self, const int *label, int n_classes,
                         int n_folds, guint64 seed, int *fold)
{
  g_autofree gsize *order = dup_dealing_order (self, seed);
  g_autofree gsize *total = g_new0 (gsize, n_classes);
  g_autofree gsize *count = g_new (gsize, n_classes);
  g_autofree gsize *have = g_new0 (gsize, n_folds * n_classes);
  g_autofree gsize *rows = g_new0 (gsize, n_folds);

  for (gsize k = 0; k < self->first[self->n_groups]; k++)
    total[label[k]]++;
  for (gsize i = 0; i < self->n_groups; i++) {
    gsize g = order[i];
    double least = G_MAXDOUBLE;
    int best = 0;

    count_classes (self, g, label, n_classes, count);
    for (int f = 0; f < n_folds; f++) {
      double cost = find_cost (count, have + f * n_classes, total, n_classes) +
                    1e-9 * (double) rows[f];

      if (cost < least) {
        least = cost;
        best = f;
      }
    }
    for (int c = 0; c < n_classes; c++)
      have[best * n_classes + c] += count[c];
    for (gsize k = self->first[g]; k < self->first[g + 1]; k++)
      fold[self->row[k]] = best;
    rows[best] += self->first[g + 1] - self->first[g];
  }
}
