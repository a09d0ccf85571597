/* paired.c: see the header. The design effect is that of rate.c for a mean of
 * -1, 0 and 1: what groups vary by over what as many pictures without groups
 * would, and at least 1 + (n/m - 1) / (1 + g)^2 with g groups in which
 * something changes. */
#include "evaluate/paired.h"

#include "evaluate/rate.h"

#include <math.h>

#define Z 1.96 /* two-sided 95 % of the normal distribution */

typedef struct {
  double n, sum;
  gboolean changes;
} Group;

static gboolean
is_right (const gboolean *right, gsize i)
{
  return right[i] != FALSE;
}

static int
get_change (const gboolean *before, const gboolean *after, gsize i)
{
  return is_right (after, i) - is_right (before, i);
}

/* Group to its sums. */
static GHashTable *
new_groups (const gboolean *before, const gboolean *after, const int *group,
            gsize n)
{
  GHashTable *groups = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  for (gsize i = 0; i < n; i++) {
    Group *one = g_hash_table_lookup (groups, GINT_TO_POINTER (group[i]));
    int change = get_change (before, after, i);

    if (one == NULL) {
      one = g_new0 (Group, 1);
      g_hash_table_insert (groups, GINT_TO_POINTER (group[i]), one);
    }
    one->n += 1;
    one->sum += change;
    one->changes = one->changes || change != 0;
  }
  return groups;
}

/* How many times fewer pictures these are worth for belonging together. */
static double
find_design_effect (const HfPairedChange *self, GHashTable *groups)
{
  double n = (double) self->n, m = (double) g_hash_table_size (groups);
  double mean = (double) (self->gained - self->lost) / n;
  double plain =
      (double) (self->gained + self->lost) - n * mean * mean; /* no groups */
  double sum = 0, heard = 1, least;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, groups);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    const Group *one = value;
    double off = one->sum - mean * one->n;

    sum += off * off;
    heard += one->changes;
  }
  least = 1 + (n / m - 1) / (heard * heard);
  return plain > 0 ? MAX (least, m / (m - 1) * sum / plain) : least;
}

static void
find_interval (HfPairedChange *self, GHashTable *groups)
{
  double m = (double) g_hash_table_size (groups), n = (double) self->n + 2;
  double gained = (double) self->gained + .5, lost = (double) self->lost + .5;
  double mean = (gained - lost) / n;
  double variance = (gained + lost - n * mean * mean) / (n * n);
  double effect = 1, z = Z, half;

  if (m < (double) self->n) {
    effect = find_design_effect (self, groups);
    z = MAX (Z, hf_rate_student (m - 1));
  }
  half = z * sqrt (variance * effect);
  self->low = MAX (-1, mean - half);
  self->high = MIN (1, mean + half);
}

HfPairedChange
hf_paired_change_new (const gboolean *before, const gboolean *after,
                      const int *group, gsize n)
{
  HfPairedChange self = {.n = (gint64) n, .low = NAN, .high = NAN};
  g_autoptr (GHashTable) groups = new_groups (before, after, group, n);

  for (gsize i = 0; i < n; i++) {
    int change = get_change (before, after, i);

    self.gained += change > 0;
    self.lost += change < 0;
  }
  if (g_hash_table_size (groups) > 1)
    find_interval (&self, groups);
  return self;
}
