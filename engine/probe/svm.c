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
  hf_svm_kernel_rbf_between (gram, norm, n, norm, n, gamma, out);
}

void
hf_svm_kernel_rbf_between (const double *gram, const double *norm_a, gsize n_a,
                           const double *norm_b, gsize n_b, double gamma,
                           double *out)
{
  for (gsize i = 0; i < n_a; i++)
    for (gsize j = 0; j < n_b; j++) {
      double square = norm_a[i] + norm_b[j] - 2 * gram[i * n_b + j];

      out[i * n_b + j] = exp (-gamma * MAX (square, 0));
    }
}

static gsize
get_row (const gsize *rows, gsize i)
{
  return rows ? rows[i] : i;
}

/* The largest |y alpha| of a row of each class at @c = 1; 0 if it has none. */
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
  double *bound;  /* [n] */
  double *beta;   /* [n] */
} Pair;

static void
pair_clear (Pair *self)
{
  g_free (self->place);
  g_free (self->kernel);
  g_free (self->y);
  g_free (self->bound);
  g_free (self->beta);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static void
pair_init (Pair *self, const HfSvmData *data, const gsize *rows, gsize n_rows,
           int a, int b, const double *bound, const double *model)
{
  self->place = g_new (gsize, n_rows);
  for (gsize i = 0; i < n_rows; i++) {
    int label = data->label[get_row (rows, i)];

    if (label == a || label == b)
      self->place[self->n++] = i;
  }
  self->kernel = g_new (double, self->n * self->n);
  self->y = g_new (double, self->n);
  self->bound = g_new (double, self->n);
  self->beta = g_new (double, self->n);
  for (gsize i = 0; i < self->n; i++) {
    gsize r = get_row (rows, self->place[i]);
    int label = data->label[r];

    self->y[i] = label == a ? 1 : -1;
    self->bound[i] = bound[label];
    self->beta[i] = model[self->place[i]];
    for (gsize j = 0; j < self->n; j++)
      self->kernel[i * self->n + j] =
          data->kernel[r * data->n + get_row (rows, self->place[j])];
  }
}

static gsize
fit_pair (const HfSvmData *data, const gsize *rows, gsize n_rows, int a, int b,
          const double *bound, double tolerance, double *model)
{
  g_auto (Pair) pair = {0};
  HfSmo problem;
  gsize n_steps;

  if (bound[a] == 0 || bound[b] == 0) {
    memset (model, 0, n_rows * sizeof *model);
    model[n_rows] = (bound[a] > 0) - (bound[b] > 0);
    return 0;
  }
  pair_init (&pair, data, rows, n_rows, a, b, bound, model);
  problem = (HfSmo){pair.n, pair.kernel, pair.y, pair.bound};
  n_steps = hf_smo_minimise (&problem, tolerance, pair.beta, &model[n_rows]);
  for (gsize i = 0; i < pair.n; i++)
    model[pair.place[i]] = pair.beta[i];
  return n_steps;
}

gsize
hf_svm_fit (const HfSvmData *data, const gsize *rows, gsize n_rows, double c,
            double tolerance, double *model)
{
  g_autofree double *bound = NULL;
  gsize n_steps = 0;

  if (rows == NULL)
    n_rows = data->n;
  hf_blas_use_one_thread ();
  bound = dup_bounds (data, rows, n_rows);
  for (int k = 0; k < data->n_classes; k++)
    bound[k] *= c;
  for (int a = 0; a < data->n_classes; a++)
    for (int b = a + 1; b < data->n_classes; b++, model += n_rows + 1)
      n_steps += fit_pair (data, rows, n_rows, a, b, bound, tolerance, model);
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

/* What a fold shares between strengths. */
typedef struct {
  gsize n_train, n_test;
  gsize *train;   /* [n_train]: rows of the data */
  gsize *test;    /* [n_test]: index among all rows at hand */
  double *kernel; /* [n_test][n_train] */
  double *model;  /* [n_pairs][n_train + 1] */
} Fold;

static void
fold_clear (Fold *self)
{
  g_free (self->train);
  g_free (self->test);
  g_free (self->kernel);
  g_free (self->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fold, fold_clear)

static void
fold_init (Fold *self, const HfSvmData *data, const gsize *rows, gsize n_rows,
           const int *fold, int which)
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
  self->model = g_new0 (double, (gsize) hf_svm_get_n_pairs (data->n_classes) *
                                    (self->n_train + 1));
}

/* Writes the fold's part of @scores[n_rows][n_classes]. */
static void
fold_score (const Fold *self, int n_classes, double *scores)
{
  gsize n_pairs = (gsize) hf_svm_get_n_pairs (n_classes);
  gsize k = (gsize) n_classes;
  g_autofree double *decisions = g_new (double, self->n_test *n_pairs);

  hf_svm_decide (self->model, n_classes, self->n_train, self->kernel,
                 self->n_test, decisions);
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

  for (int f = 0; f < n_folds; f++) {
    g_auto (Fold) part = {0};

    fold_init (&part, data, rows, n, fold, f);
    for (int s = 0; s < n_c; s++) {
      if (!hf_progress_check (progress, error))
        return FALSE;
      hf_svm_fit (data, part.train, part.n_train, c[s], tolerance, part.model);
      fold_score (&part, data->n_classes,
                  scores + (gsize) s * n * (gsize) data->n_classes);
    }
  }
  return TRUE;
}
