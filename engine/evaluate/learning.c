/* learning.c: see the header. Subsets are nested: a row that is in one is in
 * all larger ones of the same order, so that points differ by what was added
 * alone. Strengths are chosen again in every subset. */
#include "evaluate/learning.h"

#include "base/rng.h"
#include "evaluate/fits-private.h"
#include "evaluate/folds-private.h"
#include "evaluate/learning-private.h"
#include "probe/units.h"

#include <float.h>

enum { N_REPEATS = 5 };

typedef struct {
  const HfDataset *data;
  const int *unit;
  int n_units;
  const HfFolds *folds;
  const HfProbeSpec *spec;
  GArray *sizes; /* int, labels a class */
} Curve;

/* The fewest rows of a class that some fold trains on. */
static int
find_rarest (const HfDataset *data, const HfFolds *folds)
{
  g_autofree int *counts = g_new0 (int, data->n_classes);
  int rarest = G_MAXINT;

  for (int f = 0; f < folds->n_folds; f++) {
    for (int c = 0; c < data->n_classes; c++)
      counts[c] = 0;
    for (gsize i = 0; i < data->n_rows; i++)
      if (folds->held[i] != f)
        counts[data->label[i]]++;
    for (int c = 0; c < data->n_classes; c++)
      if (counts[c] > 0)
        rarest = MIN (rarest, counts[c]);
  }
  return rarest;
}

/* 1, 2, 4, ... and the most that there are. */
static GArray *
dup_sizes (int rarest)
{
  GArray *sizes = g_array_new (FALSE, FALSE, sizeof (int));

  for (int size = 1; size < rarest; size *= 2)
    g_array_append_val (sizes, size);
  g_array_append_val (sizes, rarest);
  return sizes;
}

/* Both places are drawn by lot. */
typedef struct {
  gsize unit_place;
  gsize place; /* among all rows, which decides within the unit */
  gsize row;
} Turn;

static int
compare_turns (const void *a, const void *b)
{
  const Turn *left = a, *right = b;

  if (left->unit_place != right->unit_place)
    return left->unit_place < right->unit_place ? -1 : 1;
  return (left->place > right->place) - (left->place < right->place);
}

/* @n numbers from 0 on in an order drawn by lot. */
static gsize *
shuffle (HfRng *rng, gsize n)
{
  gsize *places = g_new (gsize, n);

  for (gsize i = 0; i < n; i++)
    places[i] = i;
  hf_rng_shuffle (rng, places, n);
  return places;
}

/* All rows in an order drawn by lot, units whole. */
static Turn *
shuffle_rows (const Curve *self, guint64 seed)
{
  gsize n_rows = self->data->n_rows;
  g_autofree gsize *unit_places = NULL;
  g_autofree gsize *places = NULL;
  Turn *turns = g_new (Turn, n_rows);
  HfRng rng;

  hf_rng_init (&rng, seed);
  unit_places = shuffle (&rng, (gsize) self->n_units);
  places = shuffle (&rng, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    turns[i] = (Turn){unit_places[self->unit[i]], places[i], i};
  qsort (turns, n_rows, sizeof *turns, compare_turns);
  return turns;
}

static int
compare_rows (const void *a, const void *b)
{
  gsize left = *(const gsize *) a, right = *(const gsize *) b;

  return (left > right) - (left < right);
}

/* The first @size rows of each class that fold @fold trains on, ascending. */
static GArray *
take_first (const Curve *self, const Turn *turns, int fold, int size)
{
  GArray *rows = g_array_new (FALSE, FALSE, sizeof (gsize));
  g_autofree int *taken = g_new0 (int, self->data->n_classes);

  for (gsize i = 0; i < self->data->n_rows; i++) {
    gsize row = turns[i].row;
    int *count = &taken[self->data->label[row]];

    if (self->folds->held[row] == fold || *count == size)
      continue;
    (*count)++;
    g_array_append_val (rows, row);
  }
  g_array_sort (rows, compare_rows);
  return rows;
}

/* Mean recall of the classes that are tested. @fits are those of one size, one
 * for each fold. */
static double
find_balanced_accuracy (const Curve *self, const HfFit *fits)
{
  int n_classes = self->data->n_classes, n_seen = 0;
  g_autofree double *right = g_new0 (double, n_classes);
  g_autofree double *tested = g_new0 (double, n_classes);
  double sum = 0;

  for (int f = 0; f < self->folds->n_folds; f++)
    for (guint i = 0; i < fits[f].test->len; i++) {
      int truth = self->data->label[g_array_index (fits[f].test, gsize, i)];
      const double *p = fits[f].probabilities + i * (gsize) n_classes;

      tested[truth]++;
      right[truth] += hf_verdict_find_class (p, n_classes) == truth;
    }
  for (int c = 0; c < n_classes; c++) {
    if (tested[c] == 0)
      continue;
    sum += right[c] / tested[c];
    n_seen++;
  }
  return sum / n_seen;
}

/* One order of the rows: writes double[sizes] of balanced accuracies. */
static gboolean
repeat (const Curve *self, guint64 seed, HfWorkers *workers, double *accuracies,
        GError **error)
{
  g_autofree Turn *turns = shuffle_rows (self, seed);
  g_autoptr (GPtrArray) lists =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autoptr (GArray) fits = g_array_new (FALSE, TRUE, sizeof (HfFit));
  int n_folds = self->folds->n_folds;

  g_array_set_clear_func (fits, (GDestroyNotify) hf_fit_clear);
  for (guint s = 0; s < self->sizes->len; s++)
    for (int f = 0; f < n_folds; f++) {
      HfFit fit = {.spec = self->spec};

      fit.train =
          take_first (self, turns, f, g_array_index (self->sizes, int, s));
      fit.test = hf_fits_select (self->folds, self->data->n_rows, f, TRUE);
      g_ptr_array_add (lists, (gpointer) fit.train);
      g_ptr_array_add (lists, (gpointer) fit.test);
      g_array_append_val (fits, fit);
    }
  if (!hf_fits_run (self->data, (HfFit *) fits->data, fits->len, workers,
                    error))
    return FALSE;
  for (guint s = 0; s < self->sizes->len; s++)
    accuracies[s] = find_balanced_accuracy (
        self, &g_array_index (fits, HfFit, s * (guint) n_folds));
  return TRUE;
}

GArray *
hf_learning_dup_sizes (const HfDataset *data, const HfFolds *folds)
{
  return dup_sizes (find_rarest (data, folds));
}

gsize
hf_learning_count (const HfDataset *data, const HfFolds *folds)
{
  g_autoptr (GArray) sizes = hf_learning_dup_sizes (data, folds);

  return (gsize) N_REPEATS * sizes->len * (gsize) folds->n_folds;
}

GArray *
hf_learning_new (const HfDataset *data, const int *unit, int n_units,
                 const HfFolds *folds, const HfProbeSpec *spec, guint64 seed,
                 HfWorkers *workers, GError **error)
{
  g_autoptr (GArray) sizes = hf_learning_dup_sizes (data, folds);
  g_autoptr (GArray) points =
      g_array_new (FALSE, FALSE, sizeof (HfLearningPoint));
  g_autofree double *accuracies = g_new (double, sizes->len);
  Curve curve = {data, unit, n_units, folds, spec, sizes};

  for (guint s = 0; s < sizes->len; s++) {
    HfLearningPoint point = {.n_labels = g_array_index (sizes, int, s),
                             .n_repeats = N_REPEATS,
                             .accuracy_low = DBL_MAX,
                             .accuracy_high = -DBL_MAX};

    g_array_append_val (points, point);
  }
  for (int r = 0; r < N_REPEATS; r++) {
    if (!repeat (&curve, seed + (guint64) r, workers, accuracies, error))
      return NULL;
    for (guint s = 0; s < sizes->len; s++) {
      HfLearningPoint *point = &g_array_index (points, HfLearningPoint, s);

      point->accuracy += accuracies[s];
      point->accuracy_low = MIN (point->accuracy_low, accuracies[s]);
      point->accuracy_high = MAX (point->accuracy_high, accuracies[s]);
    }
  }
  /* Divided once, so that equal draws have themselves as their mean. */
  for (guint s = 0; s < sizes->len; s++) {
    HfLearningPoint *point = &g_array_index (points, HfLearningPoint, s);

    point->accuracy = CLAMP (point->accuracy / N_REPEATS, point->accuracy_low,
                             point->accuracy_high);
  }
  return g_steal_pointer (&points);
}

GArray *
hf_learning_find (const HfEvaluation *evaluation, const HfDataset *data,
                  const HfProbeSpec *spec, const HfEvaluationOptions *options,
                  HfProgress *progress, GError **error)
{
  int n_units;
  g_autofree int *unit =
      hf_units_dup (data->group, data->cluster, data->n_rows, &n_units);
  HfWorkers workers = {options->n_threads, progress};

  workers.n_total = hf_learning_count (data, evaluation->folds);
  return hf_learning_new (data, unit, n_units, evaluation->folds, spec,
                          options->seed, &workers, error);
}
