/* smo.c: see the header.
 *
 * Sequential minimal optimisation (Platt 1998) in beta = y alpha, so that the
 * sign of a row occurs only in its bounds. With F = K beta - y, the gradient,
 * the optimum is where no row whose beta may grow has a smaller F than one
 * whose beta may shrink. Each step moves d from row j to row i:
 *   i has the least F of those that may grow,
 *   j, of those that may shrink, promises the largest fall by the second order,
 *   (F_j - F_i)^2 / (K_ii + K_jj - 2 K_ij),
 * (Fan, Chen and Lin 2005, section 2.3), and d is the minimum on that line, cut
 * at the bounds. F is updated by steps and computed anew before the end is
 * believed. */
#include "probe/solve/smo.h"

#include <cblas.h>
#include <float.h>
#include <math.h>

/* Two equal rows span no curve; this one stands for it. */
#define LEAST_CURVATURE 1e-12
#define MAX_REFRESHES 8

typedef struct {
  const HfSmo *problem;
  double *beta;            /* [n] */
  double *gradient;        /* [n]: F */
  double *least, *largest; /* [n]: bounds of beta */
  double *diagonal;        /* [n]: of the kernel */
  double noise;            /* F is not known better */
} Smo;

static void
smo_clear (Smo *self)
{
  g_free (self->gradient);
  g_free (self->least);
  g_free (self->largest);
  g_free (self->diagonal);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Smo, smo_clear)

static void
smo_init (Smo *self, const HfSmo *problem, double *beta)
{
  gsize n = problem->n;

  self->problem = problem;
  self->beta = beta;
  self->gradient = g_new (double, n);
  self->least = g_new (double, n);
  self->largest = g_new (double, n);
  self->diagonal = g_new (double, n);
  for (gsize r = 0; r < n; r++) {
    self->least[r] = problem->y[r] > 0 ? 0 : -problem->bound[r];
    self->largest[r] = problem->y[r] > 0 ? problem->bound[r] : 0;
    self->diagonal[r] = problem->kernel[r * n + r];
  }
}

/* Computes F from beta. */
static void
refresh (Smo *self)
{
  gsize n = self->problem->n;
  double size = 0, largest = 1;

  for (gsize r = 0; r < n; r++)
    self->gradient[r] = -self->problem->y[r];
  for (gsize s = 0; s < n; s++) {
    if (self->beta[s] == 0)
      continue;
    size += fabs (self->beta[s]);
    cblas_daxpy ((blasint) n, self->beta[s], self->problem->kernel + s * n, 1,
                 self->gradient, 1);
  }
  for (gsize r = 0; r < n; r++)
    largest = MAX (largest, fabs (self->diagonal[r]));
  self->noise = DBL_EPSILON * largest * size;
}

/* The row with the least F of those whose beta may grow. */
static gsize
find_growing (const Smo *self)
{
  double least = G_MAXDOUBLE;
  gsize i = self->problem->n;

  for (gsize r = 0; r < self->problem->n; r++)
    if (self->beta[r] < self->largest[r] && self->gradient[r] < least) {
      least = self->gradient[r];
      i = r;
    }
  return i;
}

/* The row that is best to shrink for @i; @violation is by how much the worst
 * one is above it. */
static gsize
find_shrinking (const Smo *self, gsize i, double *violation)
{
  gsize n = self->problem->n, j = n;
  const double *row = self->problem->kernel + i * n;
  double best = 0, floor = self->gradient[i];

  *violation = 0;
  for (gsize r = 0; r < n; r++) {
    double above = self->gradient[r] - floor, curvature;

    if (self->beta[r] <= self->least[r] || above <= 0)
      continue;
    *violation = MAX (*violation, above);
    curvature = self->diagonal[i] + self->diagonal[r] - 2 * row[r];
    above = above * above / MAX (curvature, LEAST_CURVATURE);
    if (above > best) {
      best = above;
      j = r;
    }
  }
  return j;
}

/* FALSE if the step is too small to change anything. */
static gboolean
move (Smo *self, gsize i, gsize j)
{
  gsize n = self->problem->n;
  const double *a = self->problem->kernel + i * n;
  const double *b = self->problem->kernel + j * n;
  double curvature = self->diagonal[i] + self->diagonal[j] - 2 * a[j];
  double room_i = self->largest[i] - self->beta[i];
  double room_j = self->beta[j] - self->least[j];
  double d = (self->gradient[j] - self->gradient[i]) /
             MAX (curvature, LEAST_CURVATURE);

  d = MIN (d, MIN (room_i, room_j));
  if (self->beta[i] + d == self->beta[i] && self->beta[j] - d == self->beta[j])
    return FALSE;
  /* What is cut at a bound lies on it exactly, so that it is not chosen again.
   */
  self->beta[i] = d == room_i ? self->largest[i] : self->beta[i] + d;
  self->beta[j] = d == room_j ? self->least[j] : self->beta[j] - d;
  for (gsize r = 0; r < n; r++)
    self->gradient[r] += d * (a[r] - b[r]);
  return TRUE;
}

/* The mean of -F over rows between their bounds; without one, the middle of
 * what the others allow. */
static double
find_intercept (const Smo *self)
{
  double sum = 0, low = -G_MAXDOUBLE, high = G_MAXDOUBLE;
  gsize n_free = 0;

  for (gsize r = 0; r < self->problem->n; r++) {
    double b = -self->gradient[r];
    gboolean may_grow = self->beta[r] < self->largest[r];
    gboolean may_shrink = self->beta[r] > self->least[r];

    if (may_grow && may_shrink) {
      sum += b;
      n_free++;
    } else if (may_grow) {
      low = MAX (low, b);
    } else if (may_shrink) {
      high = MIN (high, b);
    }
  }
  if (n_free > 0)
    return sum / (double) n_free;
  if (low == -G_MAXDOUBLE || high == G_MAXDOUBLE)
    return low == -G_MAXDOUBLE ? (high == G_MAXDOUBLE ? 0 : high) : low;
  return (low + high) / 2;
}

gsize
hf_smo_minimise (const HfSmo *problem, double tolerance, double *beta,
                 double *intercept)
{
  g_auto (Smo) smo = {0};
  gsize n_steps = 0, limit = MAX (10000000, 100 * problem->n);
  int n_refreshes = 0;

  smo_init (&smo, problem, beta);
  refresh (&smo);
  while (n_steps < limit) {
    double violation = 0;
    gsize i = find_growing (&smo), j = problem->n;

    if (i < problem->n)
      j = find_shrinking (&smo, i, &violation);
    if (j < problem->n && violation > MAX (tolerance, smo.noise) &&
        move (&smo, i, j)) {
      n_steps++;
      continue;
    }
    if (n_steps == 0 || n_refreshes++ == MAX_REFRESHES)
      break;
    refresh (&smo);
    i = find_growing (&smo);
    if (i == problem->n || find_shrinking (&smo, i, &violation) == problem->n ||
        violation <= MAX (tolerance, smo.noise))
      break;
  }
  *intercept = find_intercept (&smo);
  return n_steps;
}
