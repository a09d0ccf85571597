/* logistic.c: see the header.
 *
 * Newton's method. Each step solves H d = -g by conjugate gradients, only as
 * far as the distance from the minimum deserves (Dembo, Eisenstat and Steihaug
 * 1982), and is halved until it descends (Armijo). With p_i the probabilities
 * of row i,
 *   H = sum_i weight_i (diag p_i - p_i p_i') x z_i z_i' + I
 * which is not formed: its product with a direction costs as much as a
 * gradient. The conjugate gradients are preconditioned by
 *   M = sum_i weight_i c_i z_i z_i' + I,   c_i = (1 - ||p_i||^2) / (k - 1),
 * one matrix for all k rows of weights, which takes the mean curvature over
 * the directions in which a softmax is curved; for the binary loss M is H. */
#include "probe/solve/logistic.h"

#include <cblas.h>
#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "probe/blas.h"

#define MAX_STEPS 200
#define MAX_HALVINGS 40

typedef struct {
  double *v;        /* [k][width] */
  double *p;        /* [n][k] probabilities; binary: that of target 1 */
  double *gradient; /* [k][width] */
  double value;     /* of the objective */
  double slope;     /* largest element of the gradient */
} Point;

typedef struct {
  const HfLogistic *problem;
  gsize n_numbers;  /* k * width */
  double rounding;  /* no gradient is known better than this */
  double *row;      /* [n][k] */
  double *scaled;   /* [n][width] */
  double *factor;   /* [width][width], lower: M = factor factor' */
  double *step;     /* the rest are [k][width] */
  double *residual; /* -g - H step */
  double *solved;   /* inverse(M) residual */
  double *direction;
  double *product; /* H direction */
} Solver;

static void
point_clear (Point *self)
{
  g_free (self->v);
  g_free (self->p);
  g_free (self->gradient);
}

static void
solver_clear (Solver *self)
{
  g_free (self->row);
  g_free (self->scaled);
  g_free (self->factor);
  g_free (self->step);
  g_free (self->residual);
  g_free (self->solved);
  g_free (self->direction);
  g_free (self->product);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Point, point_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Solver, solver_clear)

static void
point_init (Point *self, const HfLogistic *problem)
{
  gsize k = (gsize) problem->n_weights;

  self->v = g_new0 (double, k * problem->width);
  self->p = g_new (double, problem->n *k);
  self->gradient = g_new (double, k * problem->width);
}

static void
solver_init (Solver *self, const HfLogistic *problem)
{
  gsize k = (gsize) problem->n_weights, width = problem->width;
  double total = 0;

  for (gsize i = 0; i < problem->n; i++)
    total += problem->weight[i];
  self->problem = problem;
  self->n_numbers = k * width;
  self->rounding = 4 * DBL_EPSILON * total;
  self->row = g_new (double, problem->n *k);
  self->scaled = g_new (double, problem->n *width);
  self->factor = g_new (double, width *width);
  self->step = g_new (double, k *width);
  self->residual = g_new (double, k *width);
  self->solved = g_new (double, k *width);
  self->direction = g_new (double, k *width);
  self->product = g_new (double, k *width);
}

static double
find_largest (const double *x, gsize n)
{
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    largest = MAX (largest, fabs (x[i]));
  return largest;
}

/* @out[k][width] = @row[n][k]' z + @v, where the intercepts of v do not count.
 */
static void
gather_rows (const HfLogistic *problem, const double *row, const double *v,
             double *out)
{
  gsize k = (gsize) problem->n_weights, width = problem->width;

  memcpy (out, v, k * width * sizeof *out);
  for (gsize c = 0; c < k; c++)
    out[c * width + width - 1] = 0;
  cblas_dgemm (CblasRowMajor, CblasTrans, CblasNoTrans, (blasint) k,
               (blasint) width, (blasint) problem->n, 1, row, (blasint) k,
               problem->z, (blasint) width, 1, out, (blasint) width);
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
  for (int c = 1; c < k; c++)
    largest = MAX (largest, p[c]);
  loss = largest - p[target];
  for (int c = 0; c < k; c++)
    sum += p[c] = exp (p[c] - largest);
  for (int c = 0; c < k; c++)
    p[c] /= sum;
  return loss + log (sum);
}

/* Value and gradient at the point's v. */
static void
evaluate (Solver *self, Point *at)
{
  const HfLogistic *problem = self->problem;
  int k = problem->n_weights;
  gsize width = problem->width;
  double norm = 0;

  hf_blas_multiply_transposed (problem->z, at->v, problem->n, (gsize) k, width,
                               at->p);
  at->value = 0;
  for (gsize i = 0; i < problem->n; i++) {
    double *p = at->p + i * (gsize) k, *row = self->row + i * (gsize) k;
    double weight = problem->weight[i];

    for (int c = 0; problem->offset && c < k; c++)
      p[c] += problem->offset[i * (gsize) k + (gsize) c];
    at->value += weight * soften (p, k, problem->target[i]);
    for (int c = 0; c < k; c++)
      row[c] = weight * (p[c] - (problem->target[i] == (k == 1 ? 1 : c)));
  }
  for (gsize j = 0; j < self->n_numbers; j++)
    if (j % width != width - 1)
      norm += at->v[j] * at->v[j];
  at->value += norm / 2;
  gather_rows (problem, self->row, at->v, at->gradient);
  at->slope = find_largest (at->gradient, self->n_numbers);
}

static double
find_mean_curvature (const double *p, int k)
{
  double sum = 0;

  if (k == 1)
    return p[0] * (1 - p[0]);
  for (int c = 0; c < k; c++)
    sum += p[c] * (1 - p[c]);
  return sum / (k - 1);
}

/* Sets the factor of M. The intercept has no penalty and, where every row is
 * sure of its class, no curvature either: it gets the least that keeps M
 * positive definite. */
static void
prepare (Solver *self, const Point *at)
{
  const HfLogistic *problem = self->problem;
  gsize n = problem->n, width = problem->width;
  double *m = self->factor, ridge = 1e-10;

  for (gsize i = 0; i < n; i++) {
    double root =
        sqrt (problem->weight[i] *
              find_mean_curvature (at->p + i * (gsize) problem->n_weights,
                                   problem->n_weights));

    for (gsize j = 0; j < width; j++)
      self->scaled[i * width + j] = root * problem->z[i * width + j];
  }
  for (;;) {
    cblas_dsyrk (CblasRowMajor, CblasLower, CblasTrans, (blasint) width,
                 (blasint) n, 1, self->scaled, (blasint) width, 0, m,
                 (blasint) width);
    for (gsize j = 0; j < width; j++)
      m[j * width + j] += (j + 1 < width) + ridge * (1 + m[j * width + j]);
    if (hf_blas_factor (m, width))
      return;
    ridge *= 100;
  }
}

static void
solve_factor (Solver *self)
{
  gsize width = self->problem->width;
  int info;

  memcpy (self->solved, self->residual, self->n_numbers * sizeof (double));
  /* A lower triangle by rows is LAPACK's upper one by columns. */
  info = LAPACKE_dpotrs (LAPACK_COL_MAJOR, 'U', (lapack_int) width,
                         self->problem->n_weights, self->factor,
                         (lapack_int) width, self->solved, (lapack_int) width);
  g_assert (info == 0);
}

static void
multiply_hessian (Solver *self, const Point *at)
{
  const HfLogistic *problem = self->problem;
  int k = problem->n_weights;

  hf_blas_multiply_transposed (problem->z, self->direction, problem->n,
                               (gsize) k, problem->width, self->row);
  for (gsize i = 0; i < problem->n; i++) {
    const double *p = at->p + i * (gsize) k;
    double *t = self->row + i * (gsize) k, mean = 0;

    /* For the binary loss p (t - p t) is the second derivative as well. */
    for (int c = 0; c < k; c++)
      mean += p[c] * t[c];
    for (int c = 0; c < k; c++)
      t[c] = problem->weight[i] * p[c] * (t[c] - mean);
  }
  gather_rows (problem, self->row, self->direction, self->product);
}

static double
multiply (const double *a, const double *b, gsize n)
{
  return cblas_ddot ((blasint) n, a, 1, b, 1);
}

/* The step from @at, as far as @accuracy (of the gradient, in the norm of
 * inverse(M)) asks. */
static void
find_step (Solver *self, const Point *at, double accuracy)
{
  gsize n = self->n_numbers;
  double rest, first;

  memset (self->step, 0, n * sizeof (double));
  for (gsize j = 0; j < n; j++)
    self->residual[j] = -at->gradient[j];
  solve_factor (self);
  memcpy (self->direction, self->solved, n * sizeof (double));
  first = rest = multiply (self->residual, self->solved, n);
  for (gsize i = 0; i < 2 * n && rest > accuracy * accuracy * first; i++) {
    double curvature, length, next;

    multiply_hessian (self, at);
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
descend (Solver *self, const Point *at, Point *next)
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
hf_logistic_minimise (const HfLogistic *problem, double tolerance, double *v)
{
  g_auto (Solver) solver = {0};
  g_auto (Point) one = {0}, other = {0};
  Point *at = &one, *next = &other;
  double first;
  int n_steps = 0;

  solver_init (&solver, problem);
  point_init (at, problem);
  point_init (next, problem);
  memcpy (at->v, v, solver.n_numbers * sizeof *v);
  evaluate (&solver, at);
  first = at->slope;
  while (n_steps < MAX_STEPS &&
         at->slope > MAX (tolerance * find_largest (at->v, solver.n_numbers),
                          solver.rounding)) {
    Point *last = at;

    prepare (&solver, at);
    find_step (&solver, at, MIN (0.1, sqrt (at->slope / first)));
    if (!descend (&solver, at, next))
      break;
    at = next;
    next = last;
    n_steps++;
  }
  memcpy (v, at->v, solver.n_numbers * sizeof *v);
  return n_steps;
}
