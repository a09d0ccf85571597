/* calibration.c: see the header. */
#include "probe/calibration.h"

#include <math.h>

/* Ends of the search for 1 / temperature, in units of 1 / spread. */
#define LEAST_SLOPE 1e-3
#define GREATEST_SLOPE 1e3
#define SLOPE_PRECISION 1e-9
#define MAX_STEPS 60
/* The offset is searched within these many nats, and drawn to 0 by this. */
#define GREATEST_OFFSET 20
#define OFFSET_SCALE 5
/* A label that was given no chance at all still costs a finite loss. */
#define LEAST_PROBABILITY 1e-12

/* The problem: kinds NULL where there is no offset. */
typedef struct {
  const HfHeldScores *held;
  const HfClassKind *kinds;
  double spread; /* > 0 */
  double prior;
} Search;

void
hf_calibration_join_tiles (const double *score, gsize n, gsize n_tiles,
                           const HfClassKind *kinds, int n_classes, double *out)
{
  for (gsize i = 0; i < n; i++, out += n_classes)
    for (int c = 0; c < n_classes; c++) {
      double sum = 0, greatest = -G_MAXDOUBLE;

      for (gsize t = 0; t < n_tiles; t++) {
        double s = score[(i * n_tiles + t) * (gsize) n_classes + (gsize) c];

        sum += s;
        greatest = MAX (greatest, s);
      }
      out[c] = kinds[c] == HF_CLASS_DEFECT ? greatest : sum / (double) n_tiles;
    }
}

double
hf_calibration_find_spread (const double *score, gsize n, int n_classes)
{
  double sum = 0;

  for (gsize i = 0; i < n; i++, score += n_classes) {
    double mean = 0;

    for (int c = 0; c < n_classes; c++)
      mean += score[c] / n_classes;
    for (int c = 0; c < n_classes; c++)
      sum += (score[c] - mean) * (score[c] - mean);
  }
  return n > 0 ? sqrt (sum / ((double) n * n_classes)) : 0;
}

/* softmax (slope score + offset) of one row, to double[n_classes]; @out may be
 * @score. */
static void
soften (const double *score, const HfClassKind *kinds, int n_classes,
        double slope, double offset, double *out)
{
  double greatest = -G_MAXDOUBLE, sum = 0;

  for (int c = 0; c < n_classes; c++) {
    out[c] = slope * score[c];
    if (kinds && kinds[c] == HF_CLASS_DEFECT)
      out[c] += offset;
    greatest = MAX (greatest, out[c]);
  }
  for (int c = 0; c < n_classes; c++) {
    out[c] = exp (out[c] - greatest);
    sum += out[c];
  }
  for (int c = 0; c < n_classes; c++)
    out[c] /= sum;
}

/* First and second derivative of the objective by the slope. */
static void
derive_by_slope (const Search *search, double slope, double offset,
                 double *first, double *second)
{
  const HfHeldScores *held = search->held;
  int k = held->n_classes;
  g_autofree double *p = g_new (double, k);

  *first = 2 * search->spread * (slope * search->spread - search->prior);
  *second = 2 * search->spread * search->spread;
  for (gsize i = 0; i < held->n; i++) {
    const double *s = held->score + i * (gsize) k;
    double mean = 0, square = 0;

    soften (s, search->kinds, k, slope, offset, p);
    for (int c = 0; c < k; c++) {
      double off = s[c] - s[0]; /* differences alone count */

      mean += p[c] * off;
      square += p[c] * off * off;
    }
    *first += held->weight[i] * (mean - (s[held->label[i]] - s[0]));
    *second += held->weight[i] * MAX (square - mean * mean, 0);
  }
}

/* The slope at which the first derivative is 0: Newton's steps, halving the
 * bracket where one leaves it. */
static double
find_slope (const Search *search, double offset)
{
  double low = LEAST_SLOPE / search->spread;
  double high = GREATEST_SLOPE / search->spread;
  double slope = search->prior / search->spread;

  for (int step = 0; step < MAX_STEPS; step++) {
    double first, second, next;

    derive_by_slope (search, slope, offset, &first, &second);
    if (first > 0)
      high = slope;
    else
      low = slope;
    next = slope - first / second;
    if (fabs (next - slope) <= SLOPE_PRECISION * slope)
      return CLAMP (next, low, high);
    slope = next > low && next < high ? next : sqrt (low * high);
  }
  return slope;
}

/* Derivative by the offset at the best slope for it: the derivative of a convex
 * function of the offset alone. */
static double
derive_by_offset (const Search *search, double offset)
{
  const HfHeldScores *held = search->held;
  int k = held->n_classes;
  double slope = find_slope (search, offset);
  double sum = 2 * offset / (OFFSET_SCALE * OFFSET_SCALE);
  g_autofree double *p = g_new (double, k);

  for (gsize i = 0; i < held->n; i++) {
    soften (held->score + i * (gsize) k, search->kinds, k, slope, offset, p);
    for (int c = 0; c < k; c++)
      if (search->kinds[c] == HF_CLASS_DEFECT)
        sum += held->weight[i] * (p[c] - (c == held->label[i]));
  }
  return sum;
}

static gboolean
needs_offset (const HfClassKind *kinds, int n_classes)
{
  int n_defects = 0;

  for (int c = 0; kinds && c < n_classes; c++)
    n_defects += kinds[c] == HF_CLASS_DEFECT;
  return n_defects > 0 && n_defects < n_classes;
}

void
hf_calibration_fit (const HfHeldScores *held, const HfClassKind *kinds,
                    double spread, double prior, HfCalibration *out)
{
  Search search = {held, NULL, spread, prior};
  double low = -GREATEST_OFFSET, high = GREATEST_OFFSET;

  *out = (HfCalibration){1, 0};
  if (!(spread > 0))
    return;
  if (needs_offset (kinds, held->n_classes)) {
    search.kinds = kinds;
    while (high - low > 1e-6) {
      double middle = (low + high) / 2;

      if (derive_by_offset (&search, middle) > 0)
        high = middle;
      else
        low = middle;
    }
    out->offset = (low + high) / 2;
  }
  out->temperature = 1 / find_slope (&search, out->offset);
}

void
hf_calibration_apply (const HfCalibration *self, const HfClassKind *kinds,
                      gsize n, int n_classes, double *score)
{
  for (gsize i = 0; i < n; i++, score += n_classes)
    soften (score, kinds, n_classes, 1 / self->temperature, self->offset,
            score);
}

void
hf_calibration_judge (const HfHeldScores *held, double *loss)
{
  int k = held->n_classes;
  HfCalibration calibration;
  double spread = hf_calibration_find_spread (held->score, held->n, k);
  g_autofree double *p = g_new (double, k);

  hf_calibration_fit (held, NULL, spread, 1, &calibration);
  for (gsize i = 0; i < held->n; i++) {
    soften (held->score + i * (gsize) k, NULL, k, 1 / calibration.temperature,
            0, p);
    loss[i] = -log (MAX (p[held->label[i]], LEAST_PROBABILITY));
  }
}
