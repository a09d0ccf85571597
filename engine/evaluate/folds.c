/* folds.c: see the header.
 *
 * A unit is what must stay together: groups, joined where near-copies lie in
 * several of them. Units are dealt, the largest first and classes in turn, each
 * to the fold that has the smallest share of the unit's classes yet, then to
 * the smallest fold. Two things must hold of the result: no fold is empty, and
 * no fold holds all units of a class that is tested, for then nobody could
 * learn it. A deal that breaks them is tried again in another order, then with
 * a fold more; with as many folds as units both hold always. A class that is
 * not tested may be wanting where its one unit is held out. */
#include "evaluate/folds-private.h"

#include "base/rng.h"
#include "probe/units.h"

#include <glib/gi18n-lib.h>
#include <stdlib.h>

enum { DEFAULT_FOLDS = 5, LEAVE_ONE_BELOW = 20, N_TRIES = 16 };

G_DEFINE_QUARK (hf - evaluate - error - quark, hf_evaluate_error)

typedef struct {
  const HfDataset *data;
  const int *unit; /* [n_rows] */
  int n_units;
  int n_classes;
  gint64 *counts;       /* [n_units][n_classes] rows that are tested */
  gint64 *sizes;        /* [n_units] */
  gint64 *class_rows;   /* [n_classes] */
  int *class_units;     /* [n_classes] units in which a class has rows */
  gboolean *is_allowed; /* [n_rows] */
} Deal;

static void
deal_clear (Deal *self)
{
  g_free (self->counts);
  g_free (self->sizes);
  g_free (self->class_rows);
  g_free (self->class_units);
  g_free (self->is_allowed);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Deal, deal_clear)

/* In how many units each class lies, of the rows that are allowed. */
static void
count_class_units (Deal *self)
{
  for (int u = 0; u < self->n_units; u++)
    for (int c = 0; c < self->n_classes; c++)
      if (self->counts[u * self->n_classes + c] > 0)
        self->class_units[c]++;
}

/* The unit of all good pictures that are allowed, -1 if there is no single one.
 * A probe that has not seen it knows nothing to let a part pass as. */
static int
find_only_good_unit (const Deal *self, const gboolean *allowed)
{
  const HfDataset *data = self->data;
  int unit = -1;

  for (gsize i = 0; data->kinds != NULL && i < data->n_rows; i++) {
    if (data->kinds[data->label[i]] != HF_CLASS_GOOD ||
        (allowed != NULL && !allowed[i]))
      continue;
    if (unit >= 0 && unit != self->unit[i])
      return -1;
    unit = self->unit[i];
  }
  return unit;
}

static void
deal_init (Deal *self, const gboolean *allowed)
{
  const HfDataset *data = self->data;
  gsize n_cells = (gsize) self->n_units * (gsize) self->n_classes;
  int shut;

  self->counts = g_new0 (gint64, n_cells);
  self->sizes = g_new0 (gint64, self->n_units);
  self->class_rows = g_new0 (gint64, self->n_classes);
  self->class_units = g_new0 (int, self->n_classes);
  self->is_allowed = g_new0 (gboolean, data->n_rows);
  shut = find_only_good_unit (self, allowed);
  for (gsize i = 0; i < data->n_rows; i++)
    self->is_allowed[i] =
        self->unit[i] != shut && (allowed == NULL || allowed[i]);
  for (gsize i = 0; i < data->n_rows; i++)
    if (self->is_allowed[i])
      self->counts[self->unit[i] * self->n_classes + data->label[i]]++;
  count_class_units (self);
  for (gsize i = 0; i < data->n_rows; i++) {
    gboolean is_spread = self->class_units[data->label[i]] > 1;

    self->is_allowed[i] = is_spread && self->is_allowed[i];
    if (!is_spread)
      self->counts[self->unit[i] * self->n_classes + data->label[i]] = 0;
    if (!self->is_allowed[i])
      continue;
    self->sizes[self->unit[i]]++;
    self->class_rows[data->label[i]]++;
  }
}

/* How many folds, by the rule of the header. */
static int
find_n_folds (const Deal *self, int n_wanted, gboolean *leave_one)
{
  int n_tested_units = 0, rarest = self->n_units;

  for (int u = 0; u < self->n_units; u++)
    n_tested_units += self->sizes[u] > 0;
  for (int c = 0; c < self->n_classes; c++)
    if (self->class_rows[c] > 0)
      rarest = MIN (rarest, self->class_units[c]);
  *leave_one = n_wanted <= 0 && n_tested_units < LEAVE_ONE_BELOW;
  if (*leave_one)
    return n_tested_units;
  return MAX (2, MIN (n_wanted > 0 ? n_wanted : DEFAULT_FOLDS, rarest));
}

typedef struct {
  gint64 size;
  int class_id; /* the most frequent one, the first of equals */
  gsize place;  /* drawn by lot */
  int unit;
} Card;

static int
compare_cards (const void *a, const void *b)
{
  const Card *left = a, *right = b;

  if (left->size != right->size)
    return left->size < right->size ? 1 : -1;
  if (left->class_id != right->class_id)
    return left->class_id - right->class_id;
  return (left->place > right->place) - (left->place < right->place);
}

/* Units that have something to be tested, in the order in which they are
 * dealt. */
static Card *
shuffle_cards (const Deal *self, guint64 seed, int *n_cards)
{
  g_autofree gsize *place = g_new (gsize, self->n_units);
  Card *cards = g_new (Card, self->n_units);
  HfRng rng;

  for (int u = 0; u < self->n_units; u++)
    place[u] = (gsize) u;
  hf_rng_init (&rng, seed);
  hf_rng_shuffle (&rng, place, (gsize) self->n_units);
  *n_cards = 0;
  for (int u = 0; u < self->n_units; u++) {
    const gint64 *counts = self->counts + u * self->n_classes;
    int class_id = 0;

    for (int c = 1; c < self->n_classes; c++)
      if (counts[c] > counts[class_id])
        class_id = c;
    if (self->sizes[u] > 0)
      cards[(*n_cards)++] = (Card){self->sizes[u], class_id, place[u], u};
  }
  qsort (cards, (gsize) *n_cards, sizeof *cards, compare_cards);
  return cards;
}

/* How much of the unit's classes a fold has: smaller is better. Squared shares
 * summed over folds are least when every fold has its part of every class. */
static double
weigh_fold (const Deal *self, const gint64 *fold_counts, int unit)
{
  double weight = 0;

  for (int c = 0; c < self->n_classes; c++) {
    double rows = (double) self->class_rows[c];

    if (rows > 0)
      weight += (double) fold_counts[c] *
                (double) self->counts[unit * self->n_classes + c] /
                (rows * rows);
  }
  return weight;
}

static int
choose_fold (const Deal *self, const gint64 *fold_counts,
             const gint64 *fold_sizes, int n_folds, int unit)
{
  int best = 0;
  double best_weight = 0;

  for (int f = 0; f < n_folds; f++) {
    double weight = weigh_fold (self, fold_counts + f * self->n_classes, unit);

    if (f > 0 && (weight > best_weight ||
                  (weight == best_weight && fold_sizes[f] >= fold_sizes[best])))
      continue;
    best = f;
    best_weight = weight;
  }
  return best;
}

/* Whether every fold tests something, and leaves something of every class that
 * is tested. */
static gboolean
is_sound (const Deal *self, const gint64 *fold_counts, const gint64 *fold_sizes,
          int n_folds)
{
  for (int f = 0; f < n_folds; f++) {
    if (fold_sizes[f] == 0)
      return FALSE;
    for (int c = 0; c < self->n_classes; c++)
      if (self->class_rows[c] > 0 &&
          fold_counts[f * self->n_classes + c] == self->class_rows[c])
        return FALSE;
  }
  return TRUE;
}

/* Deals all units to @unit_fold (int[n_units], -1: nothing to be tested). */
static gboolean
deal_units (const Deal *self, int n_folds, gboolean leave_one, guint64 seed,
            int *unit_fold)
{
  int n_cards;
  g_autofree Card *cards = shuffle_cards (self, seed, &n_cards);
  g_autofree gint64 *fold_sizes = g_new0 (gint64, n_folds);
  g_autofree gint64 *fold_counts =
      g_new0 (gint64, (gsize) n_folds * (gsize) self->n_classes);

  for (int u = 0; u < self->n_units; u++)
    unit_fold[u] = -1;
  for (int i = 0; i < n_cards; i++) {
    int u = cards[i].unit;
    int f =
        leave_one ? i : choose_fold (self, fold_counts, fold_sizes, n_folds, u);

    unit_fold[u] = f;
    fold_sizes[f] += self->sizes[u];
    for (int c = 0; c < self->n_classes; c++)
      fold_counts[f * self->n_classes + c] +=
          self->counts[u * self->n_classes + c];
  }
  return is_sound (self, fold_counts, fold_sizes, n_folds);
}

/* Numbers the folds of single units in the order of the rows, which is how a
 * reader finds them again. */
static void
number_in_order (const Deal *self, int *unit_fold)
{
  int next = 0;

  for (int u = 0; u < self->n_units; u++)
    if (self->sizes[u] > 0)
      unit_fold[u] = next++;
}

static gboolean
check_classes (const Deal *self, GError **error)
{
  int n_tested = 0;

  for (int c = 0; c < self->n_classes; c++)
    n_tested += self->class_rows[c] > 0;
  if (n_tested > 1)
    return TRUE;
  if (self->n_classes == 1)
    g_set_error (
        error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW,
        _("All labelled pictures are of one class, and there is nothing to "
          "tell it from. Label pictures of a second one."));
  else
    g_set_error (
        error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW,
        _("%d of %d classes can be tested, and it takes two: a class must have "
          "pictures in at least two groups. Label more pictures, from other "
          "lots."),
           n_tested, self->n_classes);
  return FALSE;
}

HfFolds *
hf_folds_new_by_units (const HfDataset *data, const int *unit, int n_units,
                       const gboolean *allowed, int n_wanted, guint64 seed,
                       GError **error)
{
  g_auto (Deal) deal = {.data = data,
                        .unit = unit,
                        .n_units = n_units,
                        .n_classes = data->n_classes};
  g_autofree int *unit_fold = g_new (int, n_units);
  HfFolds *self;
  gboolean leave_one;
  int n_folds;

  deal_init (&deal, allowed);
  if (!check_classes (&deal, error))
    return NULL;
  n_folds = find_n_folds (&deal, n_wanted, &leave_one);
  for (guint64 i = 0;
       !deal_units (&deal, n_folds, leave_one, seed + i, unit_fold); i++)
    if (i % N_TRIES == N_TRIES - 1)
      n_folds++;
  if (leave_one)
    number_in_order (&deal, unit_fold);

  self = g_new0 (HfFolds, 1);
  self->n_folds = n_folds;
  self->leave_one_group = leave_one;
  self->fold = g_new (int, data->n_rows);
  self->held = g_new (int, data->n_rows);
  for (gsize i = 0; i < data->n_rows; i++) {
    self->held[i] = unit_fold[unit[i]];
    self->fold[i] = deal.is_allowed[i] ? self->held[i] : -1;
  }
  return self;
}

HfFolds *
hf_folds_new (const HfDataset *data, int n_wanted, guint64 seed, GError **error)
{
  int n_units;
  g_autofree int *unit =
      hf_units_dup (data->group, data->cluster, data->n_rows, &n_units);

  return hf_folds_new_by_units (data, unit, n_units, NULL, n_wanted, seed,
                                error);
}

void
hf_folds_free (HfFolds *self)
{
  if (self == NULL)
    return;
  g_free (self->fold);
  g_free (self->held);
  g_free (self);
}
