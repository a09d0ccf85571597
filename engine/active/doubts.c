/* doubts.c: labels that a probe which did not see them would give otherwise,
 * and is sure of it.
 *
 * A probe's own mistakes outnumber wrong labels wherever it is not good yet, so
 * that it must be surer than "another class is more probable". What stands here
 * was compared with the thresholds of Northcutt, Jiang and Chuang 2021
 * (confident learning), and with asking several sets of folds, on planted wrong
 * labels: docs/evaluation.md. */
#include "active/suggestion.h"

#include <float.h>

typedef struct {
  HfDoubt doubt;
  double odds; /* of the likely class against the label */
} Ranked;

static Ranked
rank (const double *p, int label, int n_classes, gsize index)
{
  Ranked ranked = {.doubt = {index, p[label], label}};

  for (int c = 0; c < n_classes; c++)
    if (p[c] > p[ranked.doubt.likely])
      ranked.doubt.likely = c;
  ranked.odds = p[ranked.doubt.likely] / MAX (p[label], DBL_MIN);
  return ranked;
}

static gboolean
is_doubted (const Ranked *ranked)
{
  return ranked->odds >= HF_DOUBT_ODDS;
}

gboolean
hf_doubts_has (const double *probabilities, int label, int n_classes)
{
  Ranked ranked = rank (probabilities, label, n_classes, 0);

  return is_doubted (&ranked);
}

static int
compare_odds (const void *a, const void *b)
{
  const Ranked *left = a, *right = b;

  if (left->odds != right->odds)
    return left->odds > right->odds ? -1 : 1;
  return (left->doubt.index > right->doubt.index) -
         (left->doubt.index < right->doubt.index);
}

GArray *
hf_doubts_find (const double *probabilities, const int *label, gsize n,
                int n_classes)
{
  g_autoptr (GArray) ranking = g_array_new (FALSE, FALSE, sizeof (Ranked));
  GArray *doubts = g_array_new (FALSE, FALSE, sizeof (HfDoubt));

  for (gsize i = 0; i < n; i++) {
    Ranked one =
        rank (probabilities + i * (gsize) n_classes, label[i], n_classes, i);

    if (is_doubted (&one))
      g_array_append_val (ranking, one);
  }
  g_array_sort (ranking, compare_odds);
  for (guint i = 0; i < ranking->len; i++)
    g_array_append_val (doubts, g_array_index (ranking, Ranked, i).doubt);
  return doubts;
}
