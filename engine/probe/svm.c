/* svm.c: see the header. solve/smo.c has the minimum of one pair; here pairs
 * are cut out of the kernel matrix and put together again. */
#include "probe/svm.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "probe/blas.h"
#include "probe/solve/smo.h"

int
hf_svm_get_n_pairs (int n_classes)
{
  return n_classes * (n_classes - 1) / 2;
}

void
hf_svm_kernel_rbf (const double *gram, gsize n, double gamma, double *out)
{
  g_autofree double *norm = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    norm[i] = gram[i * n + i];
  for (gsize i = 0; i < n; i++) {
    out[i * n + i] = 1;
    for (gsize j = 0; j < i; j++) {
      double square = norm[i] + norm[j] - 2 * gram[i * n + j];

      out[i * n + j] = out[j * n + i] = exp (-gamma * MAX (square, 0));
    }
  }
}

static gsize
get_row (const gsize *rows, gsize i)
{
  return rows ? rows[i] : i;
}

/* The largest |y alpha| of a row of each class at c = 1; 0 if it has none. */
static double *
dup_bounds (const HfSvmData *data, const gsize *rows, gsize n_rows)
{
  double *bound = g_new0 (double, data->n_classes);
  int n_present = 0;

  for (gsize i = 0; i < n_rows; i++)
    bound[data->label[get_row (rows, i)]]++;
  for (int c = 0; c < data->n_classes; c++)
    n_present += bound[c] > 0;
  for (int c = 0; c < data->n_classes; c++)
    if (bound[c] > 0)
      bound[c] = data->balanced ? (double) n_rows / (n_present * bound[c]) : 1;
  return bound;
}

/* The rows of two classes, cut out. */
typedef struct {
  gsize n;
  gsize *place;   /* [n]: index among the rows that are fitted */
  double *kernel; /* [n][n] */
  double *y;      /* [n] */
  double *unit;   /* [n]: bounds at c = 1 */
  double *bound;  /* [n]: bounds */
  double *beta;   /* [n], where the last minimum was */
} Pair;

static void
pair_clear (Pair *self)
{
  g_free (self->place);
  g_free (self->kernel);
  g_free (self->y);
  g_free (self->unit);
  g_free (self->bound);
  g_free (self->beta);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static void
pair_init (Pair *self, const HfSvmData *data, const gsize *rows, gsize n_rows,
           int a, int b, const double *unit)
{
  g_autofree gsize *row = g_new (gsize, n_rows);

  self->place = g_new (gsize, n_rows);
  for (gsize i = 0; i < n_rows; i++) {
    gsize r = get_row (rows, i);

    if (data->label[r] != a && data->label[r] != b)
      continue;
    row[self->n] = r;
    self->place[self->n++] = i;
  }
  self->kernel = g_new (double, self->n * self->n);
  self->y = g_new (double, self->n);
  self->unit = g_new (double, self->n);
  self->bound = g_new (double, self->n);
  self->beta = g_new0 (double, self->n);
  for (gsize i = 0; i < self->n; i++) {
    const double *from = data->kernel + row[i] * data->n;

    self->y[i] = data->label[row[i]] == a ? 1 : -1;
    self->unit[i] = unit[data->label[row[i]]];
    for (gsize j = 0; j < self->n; j++)
      self->kernel[i * self->n + j] = from[row[j]];
  }
}

/* The minimum at strength @c, into @model[n_rows + 1], whose other rows stay as
 * they are. */
static gsize
pair_minimise (Pair *self, gsize n_rows, double c, double tolerance,
               double *model)
{
  HfSmo problem = {self->n, self->kernel, self->y, self->bound};
  gsize n_steps;

  for (gsize i = 0; i < self->n; i++)
    self->bound[i] = c * self->unit[i];
  n_steps = hf_smo_minimise (&problem, tolerance, self->beta, &model[n_rows]);
  for (gsize i = 0; i < self->n; i++)
    model[self->place[i]] = self->beta[i];
  return n_steps;
}

/* Without two classes there is nothing to minimise. */
static gboolean
decide_absent (const double *unit, int a, int b, gsize n_rows, double *model)
{
  if (unit[a] > 0 && unit[b] > 0)
    return FALSE;
  memset (model, 0, n_rows * sizeof *model);
  model[n_rows] = (unit[a] > 0) - (unit[b] > 0);
  return TRUE;
}

gsize
hf_svm_fit (const HfSvmData *data, const gsize *rows, gsize n_rows, double c,
            double tolerance, double *model)
{
  g_autofree double *unit = NULL;
  gsize n_steps = 0;

  if (rows == NULL)
    n_rows = data->n;
  hf_blas_use_one_thread ();
  unit = dup_bounds (data, rows, n_rows);
  for (int a = 0; a < data->n_classes; a++)
    for (int b = a + 1; b < data->n_classes; b++, model += n_rows + 1) {
      g_auto (Pair) pair = {0};

      if (decide_absent (unit, a, b, n_rows, model))
        continue;
      pair_init (&pair, data, rows, n_rows, a, b, unit);
      for (gsize i = 0; i < pair.n; i++)
        pair.beta[i] = model[pair.place[i]];
      n_steps += pair_minimise (&pair, n_rows, c, tolerance, model);
    }
  return n_steps;
}

void
hf_svm_decide (const double *model, int n_classes, gsize n_rows,
               const double *kernel, gsize n, double *decisions)
{
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (n_classes);

  hf_blas_use_one_thread ();
  for (gsize i = 0; i < n * n_pairs; i++)
    decisions[i] = model[(i % n_pairs) * (n_rows + 1) + n_rows];
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) n,
               (blasint) n_pairs, (blasint) n_rows, 1, kernel, (blasint) n_rows,
               model, (blasint) n_rows + 1, 1, decisions, (blasint) n_pairs);
}

static void
score_row (const double *decisions, int n_classes, double *scores)
{
  g_autofree double *sum = g_new0 (double, n_classes);

  memset (scores, 0, (gsize) n_classes * sizeof *scores);
  for (int a = 0; a < n_classes; a++)
    for (int b = a + 1; b < n_classes; b++, decisions++) {
      scores[*decisions >= 0 ? a : b]++;
      sum[a] += *decisions;
      sum[b] -= *decisions;
    }
  for (int k = 0; k < n_classes; k++)
    scores[k] += sum[k] / (3 * (fabs (sum[k]) + 1));
}

void
hf_svm_score (const double *decisions, int n_classes, gsize n, double *scores)
{
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (n_classes);

  for (gsize i = 0; i < n; i++) {
    if (n_classes > 2) {
      score_row (decisions + i * n_pairs, n_classes,
                 scores + i * (gsize) n_classes);
      continue;
    }
    scores[2 * i] = decisions[i] / 2;
    scores[2 * i + 1] = -decisions[i] / 2;
  }
}

/* One fold, with what its strengths share. */
typedef struct {
  gsize n_train, n_test;
  gsize *train;   /* [n_train]: rows of the data */
  gsize *test;    /* [n_test]: index among all rows at hand */
  double *kernel; /* [n_test][n_train] */
  double *models; /* [n_c][n_pairs][n_train + 1] */
} Fold;

static void
fold_clear (Fold *self)
{
  g_free (self->train);
  g_free (self->test);
  g_free (self->kernel);
  g_free (self->models);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fold, fold_clear)

static gsize
fold_get_model_size (const Fold *self, int n_classes)
{
  return (gsize) hf_svm_get_n_pairs (n_classes) * (self->n_train + 1);
}

static void
fold_init (Fold *self, const HfSvmData *data, const gsize *rows, gsize n_rows,
           const int *fold, int which, int n_c)
{
  self->train = g_new (gsize, n_rows);
  self->test = g_new (gsize, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    if (fold[i] == which)
      self->test[self->n_test++] = i;
    else
      self->train[self->n_train++] = get_row (rows, i);
  self->kernel = g_new (double, self->n_test * self->n_train);
  for (gsize i = 0; i < self->n_test; i++)
    for (gsize j = 0; j < self->n_train; j++)
      self->kernel[i * self->n_train + j] =
          data->kernel[get_row (rows, self->test[i]) * data->n +
                       self->train[j]];
  self->models =
      g_new0 (double, (gsize) n_c *fold_get_model_size (self, data->n_classes));
}

/* Fits each pair at every strength, so that it is cut out once. */
static gboolean
fold_fit (Fold *self, const HfSvmData *data, const double *c, int n_c,
          double tolerance, HfProgress *progress, GError **error)
{
  g_autofree double *unit = dup_bounds (data, self->train, self->n_train);
  gsize size = fold_get_model_size (self, data->n_classes);
  double *model = self->models;

  for (int a = 0; a < data->n_classes; a++)
    for (int b = a + 1; b < data->n_classes; b++, model += self->n_train + 1) {
      g_auto (Pair) pair = {0};

      if (!hf_progress_check (progress, error))
        return FALSE;
      if (unit[a] > 0 && unit[b] > 0)
        pair_init (&pair, data, self->train, self->n_train, a, b, unit);
      for (int s = 0; s < n_c; s++)
        if (!decide_absent (unit, a, b, self->n_train,
                            model + (gsize) s * size))
          pair_minimise (&pair, self->n_train, c[s], tolerance,
                         model + (gsize) s * size);
    }
  return TRUE;
}

/* Writes the fold's part of @scores[n_rows][n_classes] by one of its models. */
static void
fold_score (const Fold *self, const double *model, int n_classes,
            double *scores)
{
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (n_classes);
  gsize k = (gsize) n_classes;
  g_autofree double *decisions = g_new (double, self->n_test *n_pairs);

  hf_svm_decide (model, n_classes, self->n_train, self->kernel, self->n_test,
                 decisions);
  for (gsize i = 0; i < self->n_test; i++)
    hf_svm_score (decisions + i * n_pairs, n_classes, 1,
                  scores + self->test[i] * k);
}

gboolean
hf_svm_score_held_out (const HfSvmData *data, const gsize *rows, gsize n_rows,
                       const int *fold, int n_folds, const double *c, int n_c,
                       double tolerance, double *scores, HfProgress *progress,
                       GError **error)
{
  gsize n = rows ? n_rows : data->n;

  hf_blas_use_one_thread ();
  for (int f = 0; f < n_folds; f++) {
    g_auto (Fold) part = {0};

    fold_init (&part, data, rows, n, fold, f, n_c);
    if (!fold_fit (&part, data, c, n_c, tolerance, progress, error))
      return FALSE;
    for (int s = 0; s < n_c; s++)
      fold_score (&part,
                  part.models +
                      (gsize) s * fold_get_model_size (&part, data->n_classes),
                  data->n_classes,
                  scores + (gsize) s * n * (gsize) data->n_classes);
  }
  return TRUE;
}
