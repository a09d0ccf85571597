/* reliability.c: see the header. */
#include "evaluate/reliability-private.h"

#include "base/rng.h"

#include <math.h>

enum { N_BINS = 15 };

/* The bin whose upper end is the first at or above @value. */
static int
find_bin (double value, int n_bins)
{
  return CLAMP ((int) ceil (value * n_bins) - 1, 0, n_bins - 1);
}

/* Sums of confidence and of right answers are all that the error needs. */
static double
sum_bins (const double *confidence_sums, const double *right_sums, gsize n)
{
  double sum = 0;

  for (int b = 0; b < N_BINS; b++)
    sum += fabs (right_sums[b] - confidence_sums[b]);
  return n > 0 ? sum / (double) n : 0;
}

double
hf_reliability_error (const double *confidence, const gboolean *right, gsize n)
{
  double confidence_sums[N_BINS] = {0}, right_sums[N_BINS] = {0};

  for (gsize i = 0; i < n; i++) {
    int b = find_bin (confidence[i], N_BINS);

    confidence_sums[b] += confidence[i];
    right_sums[b] += right[i] ? 1 : 0;
  }
  return sum_bins (confidence_sums, right_sums, n);
}

double
hf_reliability_expected (const double *confidence, gsize n)
{
  /* Enough for the mean to stand to about 2 % of itself; fewer where each has
   * many rows and so little spread. */
  enum { MAX_DRAWS = 200, MIN_DRAWS = 20, MAX_ROWS = 400000 };
  gsize n_draws = CLAMP (MAX_ROWS / MAX (n, 1), MIN_DRAWS, MAX_DRAWS);
  double confidence_sums[N_BINS] = {0}, mean = 0;
  g_autofree guint8 *bin = g_new (guint8, n);
  HfRng rng;

  for (gsize i = 0; i < n; i++) {
    bin[i] = (guint8) find_bin (confidence[i], N_BINS);
    confidence_sums[bin[i]] += confidence[i];
  }
  hf_rng_init (&rng, n);
  for (gsize draw = 0; draw < n_draws; draw++) {
    double right_sums[N_BINS] = {0};

    for (gsize i = 0; i < n; i++)
      if (hf_rng_next_double (&rng) < confidence[i])
        right_sums[bin[i]]++;
    mean += sum_bins (confidence_sums, right_sums, n) / (double) n_draws;
  }
  return mean;
}

void
hf_reliability_bins (const double *confidence, const gboolean *right,
                     const int *group, gsize n, int n_folds,
                     HfCalibrationBin *bins)
{
  g_autofree gboolean *hit = g_new (gboolean, n);
  g_autofree int *hit_group = g_new (int, n);

  for (int b = 0; b < HF_CALIBRATION_BINS; b++) {
    double sum = 0;
    gsize n_in = 0;

    for (gsize i = 0; i < n; i++) {
      if (find_bin (confidence[i], HF_CALIBRATION_BINS) != b)
        continue;
      sum += confidence[i];
      hit[n_in] = right[i];
      hit_group[n_in++] = group[i];
    }
    bins[b].n = (gint64) n_in;
    bins[b].mean_probability = n_in > 0 ? sum / (double) n_in : NAN;
    bins[b].right = hf_rate_new (hit, hit_group, n_in, n_folds);
  }
}
