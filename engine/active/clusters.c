/* clusters.c: k-means on the unit sphere (Dhillon and Modha 2001): a centre is
 * the mean of its rows brought to unit length, and a row belongs to the centre
 * with the largest product. Centres start as k-means++ draws them (Arthur and
 * Vassilvitskii 2007, in the greedy form of section 6) and move on a sample of
 * the rows, which places them as well as all rows would; then every row is
 * assigned once. */
#include "active/clusters-private.h"

#include "base/rng.h"

#include <math.h>
#include <string.h>

enum { MAX_SAMPLE = 4096, N_ROUNDS = 10, CHECK_EVERY = 1024 };

typedef struct {
  const float *rows;
  gsize dim;
  gsize *sample; /* [n_sample] */
  gsize n_sample;
  float *centres; /* [n_centres][dim], unit */
  int n_centres;
} Means;

static void
means_clear (Means *self)
{
  g_free (self->sample);
  g_free (self->centres);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Means, means_clear)

/* Eight sums side by side, which a compiler can keep in one register. */
static float
dot (const float *a, const float *b, gsize dim)
{
  enum { LANES = 8 };
  float sums[LANES] = {0}, sum = 0;
  gsize i;

  for (i = 0; i + LANES <= dim; i += LANES)
    for (int lane = 0; lane < LANES; lane++)
      sums[lane] += a[i + (gsize) lane] * b[i + (gsize) lane];
  for (; i < dim; i++)
    sum += a[i] * b[i];
  for (int lane = 0; lane < LANES; lane++)
    sum += sums[lane];
  return sum;
}

/* The centre that is nearest to @row, the first of equals. */
static int
find_centre (const Means *self, const float *row, float *nearness)
{
  int best = 0;

  *nearness = -INFINITY;
  for (int c = 0; c < self->n_centres; c++) {
    float near = dot (row, self->centres + (gsize) c * self->dim, self->dim);

    if (near > *nearness) {
      *nearness = near;
      best = c;
    }
  }
  return best;
}

static void
draw_sample (Means *self, gsize n, HfRng *rng)
{
  self->sample = g_new (gsize, n);
  for (gsize i = 0; i < n; i++)
    self->sample[i] = i;
  hf_rng_shuffle (rng, self->sample, n);
  self->n_sample = MIN (n, MAX_SAMPLE);
}

static const float *
get_row (const Means *self, gsize s)
{
  return self->rows + self->sample[s] * self->dim;
}

/* Draws a row of the sample with a chance in proportion to @weight. Returns
 * FALSE if all weights are 0: no row is left that differs. */
static gboolean
draw_weighted (const double *weight, gsize n, HfRng *rng, gsize *drawn)
{
  double all = 0, aim;

  for (gsize s = 0; s < n; s++)
    all += weight[s];
  if (all <= 0)
    return FALSE;
  aim = hf_rng_next_double (rng) * all;
  for (gsize s = 0; s < n; s++) {
    if (weight[s] <= 0)
      continue;
    *drawn = s;
    aim -= weight[s];
    if (aim < 0)
      break;
  }
  return TRUE;
}

/* What the weights become once sample row @drawn is a centre, into @out; and
 * their sum. A weight is the squared distance from the nearest centre. */
static double
weigh (const Means *self, gsize drawn, const double *weight, double *out)
{
  const double same = 1e-5; /* what rounding makes of equal rows */
  double all = 0;

  for (gsize s = 0; s < self->n_sample; s++) {
    double away = 2 - 2 * (double) dot (get_row (self, s),
                                        get_row (self, drawn), self->dim);

    away = away > same ? away : 0;
    out[s] = self->n_centres == 0 ? away : MIN (away, weight[s]);
    all += out[s];
  }
  return all;
}

/* Places the first centres. Each is the best of a few rows that are drawn with
 * a chance in proportion to their weight: single draws now and then place two
 * centres in one cluster and none in another. */
static void
place_centres (Means *self, int n_wanted, HfRng *rng)
{
  enum { N_DRAWS = 4 };
  g_autofree double *weight = g_new (double, self->n_sample);
  g_autofree double *best = g_new (double, self->n_sample);
  g_autofree double *tried = g_new (double, self->n_sample);
  gsize drawn = 0;

  self->centres = g_new (float, (gsize) n_wanted * self->dim);
  for (gsize s = 0; s < self->n_sample; s++)
    weight[s] = 1;
  while (self->n_centres < n_wanted &&
         draw_weighted (weight, self->n_sample, rng, &drawn)) {
    gsize chosen = drawn;
    double least = weigh (self, drawn, weight, best);

    for (int i = 1; i < N_DRAWS; i++) {
      double all;

      draw_weighted (weight, self->n_sample, rng, &drawn);
      all = weigh (self, drawn, weight, tried);
      if (all >= least)
        continue;
      least = all;
      chosen = drawn;
      memcpy (best, tried, self->n_sample * sizeof *best);
    }
    memcpy (self->centres + (gsize) self->n_centres++ * self->dim,
            get_row (self, chosen), self->dim * sizeof *self->centres);
    memcpy (weight, best, self->n_sample * sizeof *weight);
  }
}

/* Moves every centre to the mean direction of its rows. A centre without rows
 * stays. */
static void
move_centres (Means *self)
{
  g_autofree double *sums =
      g_new0 (double, (gsize) self->n_centres * self->dim);

  for (gsize s = 0; s < self->n_sample; s++) {
    const float *row = get_row (self, s);
    float nearness;
    double *sum = sums + (gsize) find_centre (self, row, &nearness) * self->dim;

    for (gsize i = 0; i < self->dim; i++)
      sum[i] += (double) row[i];
  }
  for (int c = 0; c < self->n_centres; c++) {
    const double *sum = sums + (gsize) c * self->dim;
    double square = 0;

    for (gsize i = 0; i < self->dim; i++)
      square += sum[i] * sum[i];
    for (gsize i = 0; i < self->dim && square > 0; i++)
      self->centres[(gsize) c * self->dim + i] =
          (float) (sum[i] / sqrt (square));
  }
}

HfClusters *
hf_clusters_new (const float *rows, gsize n, gsize dim, int n_wanted,
                 guint64 seed, HfProgress *progress, GError **error)
{
  g_auto (Means) means = {.rows = rows, .dim = dim};
  g_autoptr (HfClusters) self = g_new0 (HfClusters, 1);
  HfRng rng;

  hf_rng_init (&rng, seed);
  draw_sample (&means, n, &rng);
  place_centres (&means, n_wanted, &rng);
  for (int round = 0; round < N_ROUNDS; round++) {
    if (!hf_progress_check (progress, error))
      return NULL;
    move_centres (&means);
  }
  self->n_clusters = means.n_centres;
  self->cluster = g_new (int, n);
  self->nearness = g_new (float, n);
  for (gsize i = 0; i < n; i++) {
    if (i % CHECK_EVERY == 0 && !hf_progress_check (progress, error))
      return NULL;
    self->cluster[i] = find_centre (&means, rows + i * dim, &self->nearness[i]);
  }
  return g_steal_pointer (&self);
}

void
hf_clusters_free (HfClusters *self)
{
  if (self == NULL)
    return;
  g_free (self->cluster);
  g_free (self->nearness);
  g_free (self);
}
