/* curves.c: see the header. All of it walks once down the sorted scores, from
 * one set of equal scores to the next. */
#include "evaluate/curves-private.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  double score;
  gboolean positive;
} Mark;

typedef struct {
  Mark *marks; /* [n], the highest score first */
  gsize n, next;
  gint64 n_positive, n_negative;
  gint64 seen_positive, seen_negative; /* among the first @next */
} Walk;

static int
compare_marks (const void *a, const void *b)
{
  const Mark *left = a, *right = b;

  return (left->score < right->score) - (left->score > right->score);
}

static void
walk_init (Walk *self, const double *score, const gboolean *positive, gsize n)
{
  *self = (Walk){.marks = g_new (Mark, n), .n = n};
  for (gsize i = 0; i < n; i++) {
    self->marks[i] = (Mark){score[i], positive[i]};
    if (positive[i])
      self->n_positive++;
  }
  self->n_negative = (gint64) n - self->n_positive;
  if (n > 0)
    qsort (self->marks, n, sizeof (Mark), compare_marks);
}

static void
walk_clear (Walk *self)
{
  g_free (self->marks);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Walk, walk_clear)

/* Passes the next set of equal scores; FALSE at the end. */
static gboolean
walk_on (Walk *self)
{
  double score;

  if (self->next == self->n)
    return FALSE;
  score = self->marks[self->next].score;
  while (self->next < self->n && self->marks[self->next].score == score) {
    if (self->marks[self->next].positive)
      self->seen_positive++;
    else
      self->seen_negative++;
    self->next++;
  }
  return TRUE;
}

double
hf_curves_auc (const double *score, const gboolean *positive, gsize n)
{
  g_auto (Walk) walk = {0};
  double twice_area = 0;
  gint64 before = 0, above = 0;

  walk_init (&walk, score, positive, n);
  if (walk.n_positive == 0 || walk.n_negative == 0)
    return NAN;
  while (walk_on (&walk)) {
    twice_area += (double) (walk.seen_negative - before) *
                  (double) (walk.seen_positive + above);
    before = walk.seen_negative;
    above = walk.seen_positive;
  }
  return twice_area / 2 / ((double) walk.n_positive * (double) walk.n_negative);
}

double
hf_curves_average_precision (const double *score, const gboolean *positive,
                             gsize n)
{
  g_auto (Walk) walk = {0};
  double sum = 0;
  gint64 above = 0;

  walk_init (&walk, score, positive, n);
  while (walk_on (&walk)) {
    sum += (double) (walk.seen_positive - above) * (double) walk.seen_positive /
           (double) walk.next;
    above = walk.seen_positive;
  }
  return walk.n_positive > 0 ? sum / (double) walk.n_positive : NAN;
}

/* Points of either curve, the part that is least likely good first. */
static GArray *
dup_points (const double *good, const gboolean *is_bad, gsize n, gboolean roc)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (HfCurvePoint));
  g_autofree double *bad = g_new (double, n);
  g_auto (Walk) walk = {0};

  for (gsize i = 0; i < n; i++)
    bad[i] = -good[i];
  walk_init (&walk, bad, is_bad, n);
  if (walk.n_positive == 0 || walk.n_negative == 0)
    return points;
  do {
    double found = (double) walk.seen_positive / (double) walk.n_positive;
    double rejected = (double) walk.seen_negative / (double) walk.n_negative;
    /* Above every probability there is, nothing passes. */
    HfCurvePoint point = {.threshold = walk.next < n
                                           ? -walk.marks[walk.next].score
                                           : nextafter (1, 2)};

    point.x = roc ? rejected : found;
    point.y =
        roc ? found : (double) walk.seen_positive / (double) MAX (1, walk.next);
    if (roc || walk.next > 0)
      g_array_append_val (points, point);
  } while (walk_on (&walk));
  return points;
}

GArray *
hf_curves_dup_roc (const double *good, const gboolean *is_bad, gsize n)
{
  return dup_points (good, is_bad, n, TRUE);
}

GArray *
hf_curves_dup_pr (const double *good, const gboolean *is_bad, gsize n)
{
  return dup_points (good, is_bad, n, FALSE);
}
