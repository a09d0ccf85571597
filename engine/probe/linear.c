/* linear.c: see the header. solve/logistic.c has the minimum itself; here rows
 * are gathered, weighed and brought to a common size.
 *
 * With v = W - A the penalty is ||v||^2 / 2, the anchor's logits are an offset
 * of each row, and v stays in the span of the rows. Rows are divided by a
 * power of two s near their root mean square length: with z = x / s the
 * objective times s^2 has c s^2 for c and v s for v, and the stop rule does
 * not depend on the units of x. */
#include "probe/linear.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#include "probe/blas.h"
#include "probe/solve/logistic.h"
#include "probe/solve/span.h"

/* Below this part of dim rows are so few that turning them pays for one fit. */
#define FEW_ROWS 0.75

/* Rows that are fitted, of data whose span is not narrower any more. */
typedef struct {
  gsize n, dim;
  int n_classes;  /* as the caller counts them */
  int n_present;  /* that have a row */
  int n_weights;  /* of the problem that is solved: 1 or n_present */
  int *place;     /* [n_classes]: index among the present, or -1 */
  double s;       /* rows are divided by it */
  double *z;      /* [n][dim + 1], a 1 behind each row */
  int *target;    /* [n], in [0, n_present) */
  double *weight; /* [n] */
  double *offset; /* [n][n_weights], or NULL */
  HfLogistic problem;
  HfLogisticSolver *solver; /* NULL if one class alone is present */
} Fit;

static void
fit_clear (Fit *self)
{
  hf_logistic_solver_free (self->solver);
  g_free (self->place);
  g_free (self->z);
  g_free (self->target);
  g_free (self->weight);
  g_free (self->offset);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fit, fit_clear)

int
hf_linear_get_n_weights (int n_classes)
{
  return n_classes == 2 ? 1 : n_classes;
}

static gsize
get_row (const gsize *rows, gsize i)
{
  return rows ? rows[i] : i;
}

static void
find_targets (Fit *self, const HfLinearData *data, const gsize *rows)
{
  g_autofree gsize *count = g_new0 (gsize, data->n_classes);

  self->place = g_new (int, data->n_classes);
  self->target = g_new (int, self->n);
  self->weight = g_new (double, self->n);
  for (gsize i = 0; i < self->n; i++)
    count[data->label[get_row (rows, i)]]++;
  for (int c = 0; c < data->n_classes; c++)
    self->place[c] = count[c] > 0 ? self->n_present++ : -1;
  for (gsize i = 0; i < self->n; i++) {
    gsize r = get_row (rows, i);
    int label = data->label[r];

    self->target[i] = self->place[label];
    self->weight[i] = data->row_weight ? data->row_weight[r] : 1;
    if (data->balanced)
      self->weight[i] *=
          (double) self->n / ((double) self->n_present * (double) count[label]);
  }
  self->n_weights =
      data->n_classes == 2 && self->n_present == 2 ? 1 : self->n_present;
}

static void
gather_rows (Fit *self, const HfLinearData *data, const gsize *rows)
{
  gsize dim = self->dim;
  double square = 0;
  int exponent;

  self->z = g_new (double, self->n *(dim + 1));
  for (gsize i = 0; i < self->n; i++) {
    const double *x = data->x + get_row (rows, i) * dim;

    for (gsize j = 0; j < dim; j++)
      square += x[j] * x[j];
  }
  frexp (sqrt (square / (double) self->n), &exponent);
  self->s = square > 0 ? ldexp (1, exponent) : 1;
  for (gsize i = 0; i < self->n; i++) {
    const double *x = data->x + get_row (rows, i) * dim;
    double *z = self->z + i * (dim + 1);

    for (gsize j = 0; j < dim; j++)
      z[j] = x[j] / self->s;
    z[dim] = 1;
  }
}

/* The anchor's logits of every row. */
static void
find_offsets (Fit *self, const HfLinearData *data)
{
  gsize k = (gsize) self->n_weights, dim = self->dim;
  g_autofree double *anchor = g_new0 (double, k *(dim + 1));
  int n_weights = hf_linear_get_n_weights (data->n_classes);

  for (int c = 0; c < n_weights; c++) {
    int place = n_weights == 1 ? 0 : self->place[c];

    if (place < 0)
      continue;
    for (gsize j = 0; j < dim; j++)
      anchor[(gsize) place * (dim + 1) + j] =
          data->anchor[(gsize) c * dim + j] * self->s;
  }
  self->offset = g_new (double, self->n *k);
  hf_blas_multiply_transposed (self->z, anchor, self->n, k, dim + 1,
                               self->offset);
}

static void
fit_init (Fit *self, const HfLinearData *data, const gsize *rows, gsize n_rows)
{
  self->n = n_rows;
  self->dim = data->dim;
  self->n_classes = data->n_classes;
  find_targets (self, data, rows);
  gather_rows (self, data, rows);
  if (self->n_present < 2)
    return;
  if (data->anchor)
    find_offsets (self, data);
  self->problem = (HfLogistic){.n = self->n,
                               .width = self->dim + 1,
                               .n_weights = self->n_weights,
                               .z = self->z,
                               .target = self->target,
                               .weight = self->weight,
                               .offset = self->offset};
  self->solver = hf_logistic_solver_new (&self->problem);
}

/* Weights @v of the caller's classes, without the anchor, as the problem has
 * them, and back: there absent classes keep their anchor alone. */
static void
enter (const Fit *self, const double *v, double *inner)
{
  gsize width = self->dim + 1;
  int n_weights = hf_linear_get_n_weights (self->n_classes);

  for (int c = 0; c < n_weights; c++) {
    double *row = inner + (gsize) (n_weights == 1 ? 0 : self->place[c]) * width;

    if (self->place[c] < 0)
      continue;
    for (gsize j = 0; j < width; j++)
      row[j] = v[(gsize) c * width + j] * (j < self->dim ? self->s : 1);
  }
}

static void
leave (const Fit *self, const double *inner, double *v)
{
  gsize width = self->dim + 1;
  int n_weights = hf_linear_get_n_weights (self->n_classes);
  double mean = 0;

  for (int c = 0; n_weights > 1 && c < self->n_weights; c++)
    mean += inner[(gsize) c * width + self->dim] / self->n_weights;
  memset (v, 0, (gsize) n_weights * width * sizeof *v);
  for (int c = 0; c < n_weights; c++) {
    const double *row = inner + (gsize) MAX (self->place[c], 0) * width;

    v[(gsize) c * width + self->dim] = HF_LINEAR_ABSENT;
    if (self->place[c] < 0)
      continue;
    for (gsize j = 0; j < self->dim; j++)
      v[(gsize) c * width + j] = row[j] / self->s;
    v[(gsize) c * width + self->dim] = row[self->dim] - mean;
  }
}

/* One class alone teaches nothing: its intercept stays above the others'. */
static void
leave_alone (const Fit *self, double *v)
{
  gsize width = self->dim + 1;
  int n_weights = hf_linear_get_n_weights (self->n_classes);

  memset (v, 0, (gsize) n_weights * width * sizeof *v);
  for (int c = 0; n_weights > 1 && c < n_weights; c++)
    v[(gsize) c * width + self->dim] =
        self->place[c] < 0 ? HF_LINEAR_ABSENT : 0;
  if (n_weights == 1)
    v[self->dim] = self->place[0] < 0 ? -HF_LINEAR_ABSENT : HF_LINEAR_ABSENT;
}

/* The minimum at strength @c, from and into @v[n_weights][dim + 1], without
 * the anchor. */
static int
fit_minimise (const Fit *self, double c, double tolerance, double *v)
{
  g_autofree double *inner = NULL;
  int n_steps;

  if (self->n_present < 2) {
    leave_alone (self, v);
    return 0;
  }
  inner = g_new (double, (gsize) self->n_weights *(self->dim + 1));
  enter (self, v, inner);
  n_steps = hf_logistic_minimise (self->solver, c * self->s * self->s,
                                  tolerance, inner);
  leave (self, inner, v);
  return n_steps;
}

/* Adds @times the anchor to the weights. */
static void
add_anchor (const HfLinearData *data, double times, double *weights)
{
  int n_weights = hf_linear_get_n_weights (data->n_classes);

  for (int c = 0; data->anchor && c < n_weights; c++)
    for (gsize j = 0; j < data->dim; j++)
      weights[(gsize) c * (data->dim + 1) + j] +=
          times * data->anchor[(gsize) c * data->dim + j];
}

static double *
dup_rows (const double *x, const gsize *rows, gsize n_rows, gsize dim)
{
  double *out = g_new (double, n_rows *dim);

  for (gsize i = 0; i < n_rows; i++)
    memcpy (out + i * dim, x + get_row (rows, i) * dim, dim * sizeof *out);
  return out;
}

/* Weights without intercepts through the span, one way or the other. */
typedef void (*TurnFunc) (const HfSpan *span, const double *vectors,
                          gsize count, double *out);

static void
turn_weights (const HfSpan *span, TurnFunc turn, const double *from,
              gsize from_dim, double *to, gsize to_dim, gsize count)
{
  for (gsize c = 0; c < count; c++) {
    turn (span, from + c * (from_dim + 1), 1, to + c * (to_dim + 1));
    to[c * (to_dim + 1) + to_dim] = from[c * (from_dim + 1) + from_dim];
  }
}

/* What @data is in the span of some of its rows. */
typedef struct {
  HfLinearData data;
  HfSpan *span;
  double *x; /* [n_rows][dim of the original] */
  int *label;
  double *row_weight; /* or NULL */
  double *anchor;     /* or NULL */
} Turned;

static void
turned_clear (Turned *self)
{
  hf_span_free (self->span);
  g_free (self->x);
  g_free (self->label);
  g_free (self->row_weight);
  g_free (self->anchor);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Turned, turned_clear)

static void
turned_init (Turned *self, const HfLinearData *data, const gsize *rows,
             gsize n_rows)
{
  gsize k = (gsize) hf_linear_get_n_weights (data->n_classes);

  self->x = dup_rows (data->x, rows, n_rows, data->dim);
  self->span = hf_span_new (self->x, n_rows, data->dim);
  self->label = g_new (int, n_rows);
  for (gsize i = 0; i < n_rows; i++)
    self->label[i] = data->label[get_row (rows, i)];
  if (data->row_weight)
    self->row_weight = dup_rows (data->row_weight, rows, n_rows, 1);
  self->data = *data;
  self->data.n = n_rows;
  self->data.dim = hf_span_get_width (self->span);
  self->data.x = hf_span_get_rows (self->span);
  self->data.label = self->label;
  self->data.row_weight = self->row_weight;
  if (data->anchor == NULL)
    return;
  self->anchor = g_new (double, k * self->data.dim);
  hf_span_project (self->span, data->anchor, k, self->anchor);
  self->data.anchor = self->anchor;
}

static int
fit_turned (const HfLinearData *data, const gsize *rows, gsize n_rows, double c,
            double tolerance, double *v)
{
  g_auto (Turned) turned = {0};
  g_auto (Fit) fit = {0};
  gsize k = (gsize) hf_linear_get_n_weights (data->n_classes);
  g_autofree double *inner = NULL;
  int n_steps;

  turned_init (&turned, data, rows, n_rows);
  inner = g_new (double, k *(turned.data.dim + 1));
  turn_weights (turned.span, hf_span_project, v, data->dim, inner,
                turned.data.dim, k);
  fit_init (&fit, &turned.data, NULL, n_rows);
  n_steps = fit_minimise (&fit, c, tolerance, inner);
  turn_weights (turned.span, hf_span_lift, inner, turned.data.dim, v, data->dim,
                k);
  return n_steps;
}

int
hf_linear_fit (const HfLinearData *data, const gsize *rows, gsize n_rows,
               double c, double tolerance, double *weights)
{
  int n_steps;

  if (rows == NULL)
    n_rows = data->n;
  hf_blas_use_one_thread ();
  add_anchor (data, -1, weights);
  if ((double) n_rows < FEW_ROWS * (double) data->dim) {
    n_steps = fit_turned (data, rows, n_rows, c, tolerance, weights);
  } else {
    g_auto (Fit) fit = {0};

    fit_init (&fit, data, rows, n_rows);
    n_steps = fit_minimise (&fit, c, tolerance, weights);
  }
  add_anchor (data, 1, weights);
  return n_steps;
}

void
hf_linear_score (const double *weights, int n_classes, gsize dim,
                 const double *x, gsize n, double *scores)
{
  int k = hf_linear_get_n_weights (n_classes);

  hf_blas_use_one_thread ();
  for (gsize i = 0; i < n; i++)
    for (int c = 0; c < n_classes; c++) {
      int row = c - (n_classes - k);

      scores[i * (gsize) n_classes + (gsize) c] =
          row < 0 ? 0 : weights[(gsize) row * (dim + 1) + dim];
    }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) n,
               (blasint) k, (blasint) dim, 1, x, (blasint) dim, weights,
               (blasint) dim + 1, 1, scores + (n_classes - k),
               (blasint) n_classes);
}

/* Weights @v[n], the minimum at c[s - 1], become a guess of that at c[s]: a
 * straight line over log c through the last two, of which @before, kept by this
 * function, is the one but last. It spares a fifth of the steps. */
static void
extrapolate (double *v, double *before, gsize n, const double *c, int s)
{
  double ratio = 0;

  if (s > 1 && c[s - 1] > c[s - 2])
    ratio = log (c[s] / c[s - 1]) / log (c[s - 1] / c[s - 2]);
  for (gsize j = 0; j < n; j++) {
    double last = v[j];

    v[j] += ratio * (last - before[j]);
    before[j] = last;
  }
}

/* Fits of one fold at every strength; @scores is [n_c][n][n_classes] of all
 * rows of @data, of which those of the fold are written. */
static gboolean
score_fold (const HfLinearData *data, const int *fold, int which,
            const double *c, int n_c, double tolerance, double *scores,
            HfProgress *progress, GError **error)
{
  g_autofree gsize *rows = g_new (gsize, data->n);
  gsize k = (gsize) hf_linear_get_n_weights (data->n_classes);
  gsize width = data->dim + 1, n_rows = 0;
  g_autofree double *v = g_new0 (double, k *width);
  g_autofree double *weights = g_new (double, k *width);
  g_autofree double *before = g_new0 (double, k *width);
  g_auto (Fit) fit = {0};

  for (gsize i = 0; i < data->n; i++)
    if (fold[i] != which)
      rows[n_rows++] = i;
  fit_init (&fit, data, rows, n_rows);
  for (int s = 0; s < n_c; s++) {
    if (!hf_progress_check (progress, error))
      return FALSE;
    extrapolate (v, before, k * width, c, s);
    fit_minimise (&fit, c[s], tolerance, v);
    memcpy (weights, v, k * width * sizeof *v);
    add_anchor (data, 1, weights);
    for (gsize i = 0; i < data->n; i++)
      if (fold[i] == which)
        hf_linear_score (
            weights, data->n_classes, data->dim, data->x + i * data->dim, 1,
            scores + ((gsize) s * data->n + i) * (gsize) data->n_classes);
  }
  return TRUE;
}

gboolean
hf_linear_score_held_out (const HfLinearData *data, const gsize *rows,
                          gsize n_rows, const int *fold, int n_folds,
                          const double *c, int n_c, double tolerance,
                          double *scores, HfProgress *progress, GError **error)
{
  g_auto (Turned) turned = {0};

  hf_blas_use_one_thread ();
  turned_init (&turned, data, rows, rows ? n_rows : data->n);
  for (int f = 0; f < n_folds; f++)
    if (!score_fold (&turned.data, fold, f, c, n_c, tolerance, scores, progress,
                     error))
      return FALSE;
  return TRUE;
}
