/* sets.c: see the header. */
#include "base/sets.h"

gsize
hf_sets_find (gsize *parent, gsize i)
{
  while (parent[i] != i) {
    parent[i] = parent[parent[i]];
    i = parent[i];
  }
  return i;
}

void
hf_sets_join (gsize *parent, gsize i, gsize j)
{
  gsize a = hf_sets_find (parent, i), b = hf_sets_find (parent, j);

  parent[MAX (a, b)] = MIN (a, b);
}
