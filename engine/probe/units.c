/* units.c: see the header. */
#include "probe/units.h"

#include "base/sets.h"

/* Joins each row to the first row of its key. */
static void
join_by_key (gsize *parent, const int *key, gsize n)
{
  g_autoptr (GHashTable) first = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < n; i++) {
    gpointer known;

    if (!g_hash_table_lookup_extended (first, GINT_TO_POINTER (key[i]), NULL,
                                       &known)) {
      g_hash_table_insert (first, GINT_TO_POINTER (key[i]),
                           GSIZE_TO_POINTER (i));
      continue;
    }
    hf_sets_join (parent, i, GPOINTER_TO_SIZE (known));
  }
}

int *
hf_units_dup (const int *group, const int *cluster, gsize n, int *n_units)
{
  g_autofree gsize *parent = g_new (gsize, n);
  g_autofree int *number = g_new (int, n);
  int *unit = g_new (int, n);

  for (gsize i = 0; i < n; i++) {
    parent[i] = i;
    number[i] = -1;
  }
  join_by_key (parent, group, n);
  if (cluster != NULL)
    join_by_key (parent, cluster, n);
  *n_units = 0;
  for (gsize i = 0; i < n; i++) {
    gsize root = hf_sets_find (parent, i);

    if (number[root] < 0)
      number[root] = (*n_units)++;
    unit[i] = number[root];
  }
  return unit;
}

int *
hf_units_dup_groups (const int *group, const int *cluster, gsize n)
{
  int n_units;
  g_autofree int *unit = hf_units_dup (group, cluster, n, &n_units);
  g_autofree int *least = g_new (int, MAX (n_units, 1));
  int *joined = g_new (int, MAX (n, 1));

  for (int u = 0; u < n_units; u++)
    least[u] = G_MAXINT;
  for (gsize i = 0; i < n; i++)
    least[unit[i]] = MIN (least[unit[i]], group[i]);
  for (gsize i = 0; i < n; i++)
    joined[i] = least[unit[i]];
  return joined;
}
