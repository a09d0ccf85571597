/* logistic.c: see the header.
 *
 * Newton's method. Each step solves H d = -g by conjugate gradients, only as
 * far as the distance from the minimum deserves (Dembo, Eisenstat and Steihaug
 * 1982), and is halved until it descends (Armijo). With p_i the probabilities
 * of row i,
 *   H = c sum_i weight_i (diag p_i - p_i p_i') x z_i z_i' + I
 * which is not formed: its product with a direction costs as much as a
 * gradient. The conjugate gradients are preconditioned by
 *   M = c S + I,   S = sum_i weight_i (1 - ||p_i||^2) / (k - 1) z_i z_i',
 * one matrix for all k rows of weights, which takes the mean curvature over
 * the directions in which a softmax is curved; for the binary loss M is H where
 * S was summed up. That costs as much as a dozen products with H, so S is kept,
 * for other strengths too, until more than that are needed with it.
 *
 * Rows are taken in blocks that stay in the cache between the two products that
 * need them. */
#include "probe/solve/logistic.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "probe/blas.h"

#define MAX_STEPS 200
#define MAX_HALVINGS 40
#define MAX_BLOCK 64     /* rows */
#define MANY_PRODUCTS 12 /* with an S that should be summed up again */

typedef struct {
  double *v;        /* [k][width] */
  double *p;        /* [n][k] probabilities; binary: that of target 1 */
  double *gradient; /* [k][width] */
  double value;     /* of the objective */
  double slope;     /* largest element of the gradient */
} Point;

struct _HfLogisticSolver {
  const HfLogistic *problem;
  gsize n_numbers;   /* k * width */
  double total;      /* of the weights */
  double c;          /* of the minimum that is sought */
  Point points[2];   /* where it stands, and where it may go */
  double *row;       /* [k][rows of a block] */
  double *scaled;    /* [n][width] */
  double *curvature; /* [width][width], lower: S */
  gboolean is_known; /* whether S is */
  int n_products;    /* with H, in the last step */
  double *factor;    /* [width][width], lower: M = factor factor' */
  double *step;      /* the rest are [k][width] */
  double *residual;  /* -g - H step */
  double *solved;    /* inverse(M) residual */
  double *direction;
  double *product; /* H direction */
};

HfLogisticSolver *
hf_logistic_solver_new (const HfLogistic *problem)
{
  HfLogisticSolver *self = g_new0 (HfLogisticSolver, 1);
  gsize k = (gsize) problem->n_weights, width = problem->width;

  hf_blas_use_one_thread ();
  self->problem = problem;
  self->n_numbers = k * width;
  for (gsize i = 0; i < problem->n; i++)
    self->total += problem->weight[i];
  for (int i = 0; i < 2; i++) {
    self->points[i].v = g_new0 (double, k *width);
    self->points[i].p = g_new (double, problem->n *k);
    self->points[i].gradient = g_new (double, k *width);
  }
  self->row = g_new (double, MAX_BLOCK *k);
  self->scaled = g_new (double, problem->n *width);
  self->curvature = g_new (double, width *width);
  self->factor = g_new (double, width *width);
  self->step = g_new (double, k *width);
  self->residual = g_new (double, k *width);
  self->solved = g_new (double, k *width);
  self->direction = g_new (double, k *width);
  self->product = g_new (double, k *width);
  return self;
}

void
hf_logistic_solver_free (HfLogisticSolver *self)
{
  if (self == NULL)
    return;
  for (int i = 0; i < 2; i++) {
    g_free (self->points[i].v);
    g_free (self->points[i].p);
    g_free (self->points[i].gradient);
  }
  g_free (self->row);
  g_free (self->scaled);
  g_free (self->curvature);
  g_free (self->factor);
  g_free (self->step);
  g_free (self->residual);
  g_free (self->solved);
  g_free (self->direction);
  g_free (self->product);
  g_free (self);
}

static double
find_largest (const double *x, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (x[i]));
  return largest;
}

/* The loss of a row whose logits @p[k] become probabilities. */
static double
soften (double *p, int k, int target)
{
  double largest = p[0], sum = 0, loss;

  if (k == 1) {
    double logit = target ? p[0] : -p[0], e = exp (-fabs (logit));

    p[0] = p[0] >= 0 ? 1 / (1 + e) : e / (1 + e);
    return log1p (e) + MAX (-logit, 0);
  }
  for (int q = 1; q < k; q++)
    largest = MAX (largest, p[q]);
  loss = largest - p[target];
  for (int q = 0; q < k; q++)
    sum += p[q] = exp (p[q] - largest);
  for (int q = 0; q < k; q++)
    p[q] /= sum;
  return loss + log (sum);
}

/* Turns the products @t[k][n] of rows @first ... with weights into what each
 * row adds to a gradient, or to a product with H. */
typedef void (*RowsFunc) (const HfLogisticSolver *self, Point *at, gsize first,
                          gsize n, double *t);

static void
find_slopes (const HfLogisticSolver *self, Point *at, gsize first, gsize n,
             double *t)
{
  const HfLogistic *problem = self->problem;
  gsize k = (gsize) problem->n_weights;

  for (gsize i = 0; i < n; i++) {
    double *p = at->p + (first + i) * k;
    double weight = self->c * problem->weight[first + i];
    gsize target = (gsize) problem->target[first + i];

    for (gsize q = 0; q < k; q++)
      p[q] = t[q * n + i] +
             (problem->offset ? problem->offset[(first + i) * k + q] : 0);
    at->value += weight * soften (p, (int) k, (int) target);
    for (gsize q = 0; q < k; q++)
      t[q * n + i] = weight * (p[q] - (target == (k == 1 ? 1 : q)));
  }
}

static void
find_bends (const HfLogisticSolver *self, Point *at, gsize first, gsize n,
            double *t)
{
  gsize k = (gsize) self->problem->n_weights;

  for (gsize i = 0; i < n; i++) {
    const double *p = at->p + (first + i) * k;
    double weight = self->c * self->problem->weight[first + i], mean = 0;

    /* For the binary loss p (t - p t) is the second derivative as well. */
    for (gsize q = 0; q < k; q++)
      mean += p[q] * t[q * n + i];
    for (gsize q = 0; q < k; q++)
      t[q * n + i] = weight * p[q] * (t[q * n + i] - mean);
  }
}

/* @out[k][width] = @func (z @v')' z + @v, where the intercepts of v do not
 * count. */
static void
sweep (HfLogisticSolver *self, Point *at, const double *v, RowsFunc func,
       double *out)
{
  const HfLogistic *problem = self->problem;
  blasint k = problem->n_weights, width = (blasint) problem->width;

  memcpy (out, v, self->n_numbers * sizeof *out);
  for (blasint q = 0; q < k; q++)
    out[q * width + width - 1] = 0;
  for (gsize first = 0; first < problem->n; first += MAX_BLOCK) {
    const double *z = problem->z + first * problem->width;
    blasint n = (blasint) MIN (MAX_BLOCK, problem->n - first);

    cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, k, n, width, 1, v,
                 width, z, width, 0, self->row, n);
    func (self, at, first, (gsize) n, self->row);
    cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, k, width, n, 1,
                 self->row, n, z, width, 1, out, width);
  }
}

/* Value and gradient at the point's v. */
static void
evaluate (HfLogisticSolver *self, Point *at)
{
  gsize width = self->problem->width;
  double norm = 0;

  at->value = 0;
  sweep (self, at, at->v, find_slopes, at->gradient);
  for (gsize j = 0; j < self->n_numbers; j++)
    if (j % width != width - 1)
      norm += at->v[j] * at->v[j];
  at->value += norm / 2;
  at->slope = find_largest (at->gradient, self->n_numbers);
}

static double
find_mean_curvature (const double *p, int k)
{
  double sum = 0;

  if (k == 1)
    return p[0] * (1 - p[0]);
  for (int q = 0; q < k; q++)
    sum += p[q] * (1 - p[q]);
  return sum / (k - 1);
}

static void
sum_curvature (HfLogisticSolver *self, const Point *at)
{
  const HfLogistic *problem = self->problem;
  gsize width = problem->width;

  for (gsize i = 0; i < problem->n; i++) {
    const double *p = at->p + i * (gsize) problem->n_weights;
    double root =
        sqrt (problem->weight[i] * find_mean_curvature (p, problem->n_weights));

    for (gsize j = 0; j < width; j++)
      self->scaled[i * width + j] = root * problem->z[i * width + j];
  }
  cblas_dsyrk (CblasRowMajor, CblasLower, CblasTrans, (blasint) width,
               (blasint) problem->n, 1, self->scaled, (blasint) width, 0,
               self->curvature, (blasint) width);
  self->is_known = TRUE;
}

/* Sets the factor of M. The intercept has no penalty and, where every row is
 * sure of its class, no curvature either: it gets the least that keeps M
 * positive definite. */
static void
factor (HfLogisticSolver *self)
{
  gsize width = self->problem->width;

  for (double ridge = 1e-10;; ridge *= 100) {
    for (gsize i = 0; i < width; i++) {
      double *row = self->factor + i * width;

      for (gsize j = 0; j <= i; j++)
        row[j] = self->c * self->curvature[i * width + j];
      row[i] += (i + 1 < width) + ridge * (1 + row[i]);
    }
    if (hf_blas_factor (self->factor, width))
      return;
  }
}

static void
solve_factor (HfLogisticSolver *self)
{
  blasint width = (blasint) self->problem->width;

  /* A lower triangle by rows is an upper one by columns. */
  memcpy (self->solved, self->residual, self->n_numbers * sizeof (double));
  cblas_dtrsm (CblasColMajor, CblasLeft, CblasUpper, CblasTrans, CblasNonUnit,
               width, self->problem->n_weights, 1, self->factor, width,
               self->solved, width);
  cblas_dtrsm (CblasColMajor, CblasLeft, CblasUpper, CblasNoTrans, CblasNonUnit,
               width, self->problem->n_weights, 1, self->factor, width,
               self->solved, width);
}

static double
multiply (const double *a, const double *b, gsize n)
{
  return cblas_ddot ((blasint) n, a, 1, b, 1);
}

/* The step from @at, as far as @accuracy (of the gradient, in the norm of
 * inverse(M)) asks. */
static void
find_step (HfLogisticSolver *self, Point *at, double accuracy)
{
  gsize n = self->n_numbers;
  double rest, first;

  self->n_products = 0;
  memset (self->step, 0, n * sizeof (double));
  for (gsize j = 0; j < n; j++)
    self->residual[j] = -at->gradient[j];
  solve_factor (self);
  memcpy (self->direction, self->solved, n * sizeof (double));
  first = rest = multiply (self->residual, self->solved, n);
  for (gsize i = 0; i < 2 * n && rest > accuracy * accuracy * first; i++) {
    double curvature, length, next;

    sweep (self, at, self->direction, find_bends, self->product);
    self->n_products++;
    curvature = multiply (self->direction, self->product, n);
    if (!(curvature > 0))
      return;
    length = rest / curvature;
    cblas_daxpy ((blasint) n, length, self->direction, 1, self->step, 1);
    cblas_daxpy ((blasint) n, -length, self->product, 1, self->residual, 1);
    solve_factor (self);
    next = multiply (self->residual, self->solved, n);
    for (gsize j = 0; j < n; j++)
      self->direction[j] = self->solved[j] + next / rest * self->direction[j];
    rest = next;
  }
}

/* Writes the point that the step, halved until it descends, leads to. Near the
 * minimum, where values differ by rounding alone, the gradient decides. FALSE
 * if there is none. */
static gboolean
descend (HfLogisticSolver *self, const Point *at, Point *next)
{
  double fall = multiply (self->step, at->gradient, self->n_numbers);
  double noise = 1e-13 * fabs (at->value), length = 1;

  if (!(fall < 0))
    return FALSE;
  for (int i = 0; i < MAX_HALVINGS; i++, length /= 2) {
    for (gsize j = 0; j < self->n_numbers; j++)
      next->v[j] = at->v[j] + length * self->step[j];
    evaluate (self, next);
    if (-fall * length > 10 * noise
            ? next->value <= at->value + 1e-4 * length * fall
            : next->slope <= 0.9 * at->slope)
      return TRUE;
  }
  return FALSE;
}

int
hf_logistic_minimise (HfLogisticSolver *self, double c, double tolerance,
                      double *v)
{
  Point *at = &self->points[0], *next = &self->points[1];
  double rounding = 4 * DBL_EPSILON * c * self->total, first;
  gboolean is_factored = FALSE;
  int n_steps = 0;

  self->c = c;
  memcpy (at->v, v, self->n_numbers * sizeof *v);
  evaluate (self, at);
  first = at->slope;
  while (n_steps < MAX_STEPS &&
         at->slope > MAX (tolerance * find_largest (at->v, self->n_numbers),
                          rounding)) {
    Point *last = at;
    gboolean is_stale = !self->is_known || self->n_products > MANY_PRODUCTS;

    if (is_stale)
      sum_curvature (self, at);
    if (is_stale || !is_factored)
      factor (self);
    is_factored = TRUE;
    find_step (self, at, MIN (0.1, sqrt (at->slope / first)));
    if (!descend (self, at, next))
      break;
    at = next;
    next = last;
    n_steps++;
  }
  memcpy (v, at->v, self->n_numbers * sizeof *v);
  return n_steps;
}
