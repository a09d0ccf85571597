/* rate.c: see the header.
 *
 * With e of n pictures in m groups, k_g of n_g each, and p = e/n, the variance
 * of the ratio p over groups is (Cochran 1977, section 3.12, groups taken as
 * the sampled units)
 *
 *   v = m / (m - 1) * sum (k_g - p n_g)^2 / n^2
 *
 * and deff = v n / (p (1 - p)) says how many times larger that is than for n
 * pictures that have nothing to do with each other (Kish 1965). It is an
 * estimate, and a poor one where few groups tell pictures apart: with one error
 * in 80 pictures of 8 lots it says 1, though the next lot may be bad as a
 * whole. So with g groups in which something counts (or g in which something
 * does not, if those are fewer) deff is at least
 *
 *   1 + (n/m - 1) / (1 + g)^2
 *
 * which is n/m, a group for a picture, where no picture or every picture
 * counts, and fades as more groups are heard. docs/decisions.md has what it is
 * worth. */
#include "evaluate/rate.h"

#include "evaluate/distribution-private.h"

#include <math.h>
#include <stdlib.h>

#define Z 1.96        /* two-sided 95 % of the normal distribution */
#define ONE_SIDED .05 /* what is left above an exact bound */

typedef struct {
  int group;
  gboolean hit;
} Member;

static int
compare_members (const void *a, const void *b)
{
  const Member *left = a, *right = b;

  return (left->group > right->group) - (left->group < right->group);
}

static Member *
sort_members (const gboolean *hit, const int *group, gsize n)
{
  Member *members = g_new (Member, n);

  for (gsize i = 0; i < n; i++)
    members[i] = (Member){group[i], hit[i] ? 1 : 0};
  qsort (members, n, sizeof *members, compare_members);
  return members;
}

/* Counts groups, those that tell something (g above), and returns
 * sum (k_g - p n_g)^2. */
static double
add_groups (HfRate *self, const Member *members, gsize n, gint64 *n_telling)
{
  gint64 n_with_hits = 0, n_with_misses = 0;
  double sum = 0;

  for (gsize start = 0, end; start < n; start = end) {
    gint64 hits = 0;
    double off;

    for (end = start; end < n && members[end].group == members[start].group;
         end++)
      hits += members[end].hit;
    self->n_groups++;
    n_with_hits += hits > 0;
    n_with_misses += hits < (gint64) (end - start);
    if (end - start > 1)
      self->grouped = TRUE;
    off = (double) hits - self->rate * (double) (end - start);
    sum += off * off;
  }
  *n_telling = MIN (n_with_hits, n_with_misses);
  return sum;
}

/* How many times fewer pictures these are worth for belonging together. */
static double
find_design_effect (const HfRate *self, double sum, gint64 n_telling)
{
  double n = (double) self->n, m = (double) self->n_groups;
  double p = self->rate, heard = 1 + (double) n_telling;
  double least = 1 + (n / m - 1) / (heard * heard);

  if (!self->grouped)
    return 1;
  if (m < 2 || n_telling == 0)
    return least;
  return MAX (least, m / (m - 1) * sum / n / (p * (1 - p)));
}

void
hf_rate_wilson (double p, double n, double z, double *low, double *high)
{
  double z2 = z * z;
  double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  double half = z / (1 + z2 / n) * sqrt (p * (1 - p) / n + z2 / (4 * n * n));

  /* Rounding must not keep the ends from 0 and 1. */
  *low = p <= 0 ? 0 : MAX (0, middle - half);
  *high = p >= 1 ? 1 : MIN (1, middle + half);
}

static void
find_interval (HfRate *self)
{
  double low, high, z = Z;

  if (self->grouped)
    z = MAX (Z, hf_rate_student ((double) self->n_groups - 1));
  hf_rate_wilson (self->rate, self->n_eff, z, &self->low, &self->high);
  hf_rate_wilson (self->rate, (double) self->n, Z, &low, &high);
  self->low = MIN (self->low, low);
  self->high = MAX (self->high, high);
}

HfRate
hf_rate_new (const gboolean *hit, const int *group, gsize n, int n_folds)
{
  HfRate self = {
      .n = (gint64) n, .rate = NAN, .low = NAN, .high = NAN, .upper = NAN};
  g_autofree Member *members = NULL;
  gint64 n_telling;
  double f = 1, sum;

  if (n == 0)
    return self;
  members = sort_members (hit, group, n);
  for (gsize i = 0; i < n; i++)
    self.k += members[i].hit;
  self.rate = (double) self.k / (double) n;
  sum = add_groups (&self, members, n, &n_telling);
  /* Folds share training rows, so that their errors go together. */
  if (n_folds > 1)
    f = MAX (1.25, (double) n_folds / (n_folds - 1));
  if (self.k == 0)
    self.upper = hf_rate_upper (0, self.grouped ? self.n_groups : self.n);
  self.n_eff = (double) n / (f * find_design_effect (&self, sum, n_telling));
  if (self.n_groups > 1)
    find_interval (&self);
  return self;
}

typedef struct {
  gint64 k, n;
} Count;

/* Whether at a rate of @p so few as k of n happen with less than 5 %. */
static gboolean
is_above_bound (double p, gconstpointer data)
{
  const Count *count = data;

  return 1 - hf_distribution_beta (p, (double) count->k + 1,
                                   (double) (count->n - count->k)) <
         ONE_SIDED;
}

double
hf_rate_upper (gint64 k, gint64 n)
{
  Count count = {k, n};

  if (k >= n)
    return 1;
  return hf_distribution_bisect (0, 1, is_above_bound, &count);
}

/* Whether |t| lies below the quantile's aim; @x is df / (df + t^2). */
static gboolean
is_beyond_tails (double x, gconstpointer data)
{
  double df = *(const double *) data;

  return hf_distribution_beta (x, df / 2, .5) > ONE_SIDED;
}

double
hf_rate_student (double df)
{
  /* P(|T| > t) = I_x(df/2, 1/2) at x = df / (df + t^2). */
  double x = hf_distribution_bisect (0, 1, is_beyond_tails, &df);

  return sqrt (df * (1 - x) / x);
}

gint64
hf_rate_proof (double max_rate, gint64 faults)
{
  gint64 low = faults, high = faults + 1;

  g_return_val_if_fail (max_rate > 0 && max_rate <= 1 && faults >= 0, 0);
  while (!is_above_bound (max_rate, &(Count){faults, high})) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    gint64 middle = low + (high - low) / 2;

    if (is_above_bound (max_rate, &(Count){faults, middle}))
      high = middle;
    else
      low = middle;
  }
  return high;
}
