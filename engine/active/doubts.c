/* doubts.c: labels that a probe which did not see them would give otherwise. */
#include "active/suggestion.h"

static int
compare_doubts (const void *a, const void *b)
{
  const HfDoubt *left = a, *right = b;

  if (left->probability != right->probability)
    return left->probability < right->probability ? -1 : 1;
  return (left->index > right->index) - (left->index < right->index);
}

GArray *
hf_doubts_find (const double *probabilities, const int *label, gsize n,
                int n_classes)
{
  GArray *doubts = g_array_new (FALSE, FALSE, sizeof (HfDoubt));

  for (gsize i = 0; i < n; i++) {
    const double *p = probabilities + i * (gsize) n_classes;
    HfDoubt doubt = {i, p[label[i]], label[i]};

    for (int c = 0; c < n_classes; c++)
      if (p[c] > p[doubt.likely])
        doubt.likely = c;
    if (doubt.likely != label[i])
      g_array_append_val (doubts, doubt);
  }
  g_array_sort (doubts, compare_doubts);
  return doubts;
}
