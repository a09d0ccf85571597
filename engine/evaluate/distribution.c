/* distribution.c: the incomplete beta function by its continued fraction
 * (Abramowitz and Stegun 1964, 26.5.8), evaluated by the method of Lentz as
 * Thompson and Barnett (1986) modified it. It converges in about sqrt(a + b)
 * steps on the side of x < (a + 1) / (a + b + 2); the other side is its
 * complement. */
#include "evaluate/distribution-private.h"

#include <float.h>
#include <math.h>

#define TINY 1e-300 /* in the place of a zero denominator */

/* lgamma would write a global sign. */
static double
log_gamma (double x)
{
  int sign;

  return lgamma_r (x, &sign);
}

/* One step of Lentz: @c and @d are ratios of the fraction's numerators and
 * denominators, @term its next one. Returns the factor of the value. */
static double
step (double term, double *c, double *d)
{
  *d = 1 + term * *d;
  *c = 1 + term / *c;
  if (fabs (*d) < TINY)
    *d = TINY;
  if (fabs (*c) < TINY)
    *c = TINY;
  *d = 1 / *d;
  return *c * *d;
}

static double
fraction (double x, double a, double b)
{
  enum { MAX_STEPS = 20000 };
  double c = 1, d = 1 - (a + b) * x / (a + 1);
  double value;

  d = 1 / (fabs (d) < TINY ? TINY : d);
  value = d;
  for (int m = 1; m < MAX_STEPS; m++) {
    double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    double change;

    value *= step (even, &c, &d);
    change = step (odd, &c, &d);
    value *= change;
    if (fabs (change - 1) < DBL_EPSILON)
      break;
  }
  return value;
}

double
hf_distribution_beta (double x, double a, double b)
{
  double front;

  if (x <= 0 || x >= 1)
    return x <= 0 ? 0 : 1;
  front = exp (a * log (x) + b * log1p (-x) + log_gamma (a + b) -
               log_gamma (a) - log_gamma (b));
  if (x < (a + 1) / (a + b + 2))
    return front * fraction (x, a, b) / a;
  return 1 - front * fraction (1 - x, b, a) / b;
}

double
hf_distribution_bisect (double low, double high, HfDistributionTest has_passed,
                        gconstpointer data)
{
  enum { MAX_STEPS = 200 };

  for (int i = 0; i < MAX_STEPS; i++) {
    double middle = low + (high - low) / 2;

    if (middle <= low || middle >= high)
      break;
    if (has_passed (middle, data))
      high = middle;
    else
      low = middle;
  }
  return high;
}
