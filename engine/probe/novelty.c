/* novelty.c: see the header. */
#include "probe/novelty.h"

#include <math.h>
#include <string.h>

#include "probe/blas.h"
#include "probe/row.h"
#include "probe/train/members.h"

/* Part of the mean deviation that is added to each, as in joint.h. */
#define LEAST_SPREAD 1e-2

static void
narrow (const double *from, gsize n, float *to)
{
  for (gsize i = 0; i < n; i++)
    to[i] = (float) from[i];
}

/* The means, the widest axes and their weights; what remains counts as spread
 * evenly over the directions that remain. */
static void
keep_rows (HfNovelty *self, const HfScatter *scatter, double lambda)
{
  gsize n_classes = (gsize) scatter->n_classes;
  double ridge, kept = 0, dim = (double) scatter->dim;
  gboolean is_flat = hf_scatter_find_ridge (scatter->trace, scatter->n,
                                            scatter->dim, lambda, &ridge);
  g_autofree double *axes = NULL;
  gsize first;

  self->n_axes = is_flat ? 0 : MIN (scatter->rank, HF_NOVELTY_MAX_AXES);
  first = scatter->rank - self->n_axes;
  axes = hf_scatter_dup_axes (scatter, first);
  self->rows = g_new (float, (n_classes + self->n_axes) * scatter->dim);
  narrow (scatter->mean, n_classes * scatter->dim, self->rows);
  narrow (axes, self->n_axes * scatter->dim,
          self->rows + n_classes * scatter->dim);
  self->axis_weight = g_new (float, MAX (self->n_axes, 1));
  for (gsize k = 0; k < self->n_axes; k++) {
    kept += scatter->value[first + k];
    self->axis_weight[k] = (float) (dim / (scatter->value[first + k] + ridge));
  }
  self->rest = dim / ridge;
  if (!is_flat && self->n_axes < scatter->dim)
    self->rest = dim / (MAX (scatter->trace - kept, 0) /
                            (double) (scatter->dim - self->n_axes) +
                        ridge);
}

/* Distances of the training rows themselves by the whole of P. */
static double *
dup_whole_distances (const HfScatter *scatter, double lambda)
{
  gsize n = scatter->n, rank = scatter->rank;
  gsize n_classes = (gsize) scatter->n_classes;
  double *out = g_new (double, n), ridge;
  gboolean is_flat =
      hf_scatter_find_ridge (scatter->trace, n, scatter->dim, lambda, &ridge);

  for (gsize i = 0; i < n; i++) {
    gsize own = (gsize) scatter->label[i];

    out[i] = G_MAXDOUBLE;
    for (gsize c = 0; c < n_classes; c++) {
      const double *a = scatter->coords + i * rank;
      const double *b = scatter->coords + (n + c) * rank;
      const double *r = scatter->residual;
      double sum = 0;

      if (r)
        sum = (r[own * n_classes + own] - 2 * r[own * n_classes + c] +
               r[c * n_classes + c]) /
              ridge;
      for (gsize k = 0; k < rank; k++)
        sum += (a[k] - b[k]) * (a[k] - b[k]) /
               (is_flat ? ridge : scatter->value[k] + ridge);
      out[i] = MIN (out[i], (double) scatter->dim * sum);
    }
  }
  return out;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return x < y ? -1 : x > y;
}

double
hf_novelty_find_limit (double *held, gsize n, double *false_alarms)
{
  gsize place;

  *false_alarms = 1;
  if (n < HF_NOVELTY_MIN_LABELS)
    return INFINITY;
  qsort (held, n, sizeof *held, compare_doubles);
  *false_alarms = MAX (HF_NOVELTY_FALSE_ALARMS, 1 / ((double) n + 1));
  /* The hair keeps 0.99 times a hundred from counting as more than 99. */
  place =
      (gsize) ceil ((double) (n + 1) * (1 - HF_NOVELTY_FALSE_ALARMS) - 1e-9);
  return held[CLAMP (place, 1, n) - 1];
}

/* Sums over the rows of one group, or of all: double[dim] each. */
typedef struct {
  double n;
  double *sum, *square;
} Sums;

static void
sums_init (Sums *self, gsize dim)
{
  self->n = 0;
  self->sum = g_new0 (double, dim);
  self->square = g_new0 (double, dim);
}

static void
sums_clear (Sums *self)
{
  g_free (self->sum);
  g_free (self->square);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sums, sums_clear)

static void
sums_add (Sums *self, const double *x, gsize dim)
{
  self->n++;
  for (gsize j = 0; j < dim; j++) {
    self->sum[j] += x[j];
    self->square[j] += x[j] * x[j];
  }
}

static double
find_deviation (double n, double sum, double square)
{
  return n > 0 ? sqrt (MAX (square / n - sum / n * sum / n, 0)) : 0;
}

/* The squared length, from the mean without the group, of a row standardised
 * without it, over that of the row as it was. @least keeps numbers that hardly
 * move from counting, as joint.h does. */
static double
find_stretch (const double *x, const Sums *all, const Sums *group, gsize first,
              gsize dim, double least)
{
  double before = 0, after = 0, n = all->n - group->n;

  for (gsize j = 0; j < dim; j++) {
    double sum = all->sum[j] - group->sum[j];
    double off = x[j] - sum / n, factor = 1;

    if (j >= first)
      factor =
          (find_deviation (all->n, all->sum[j], all->square[j]) + least) /
          (find_deviation (n, sum, all->square[j] - group->square[j]) + least);
    before += off * off;
    after += off * off * factor * factor;
  }
  return before > 0 ? after / before : 1;
}

/* The stretch of every row: double[n]. */
static double *
dup_stretches (const HfNoveltySource *source)
{
  const HfScatter *scatter = source->scatter;
  gsize dim = scatter->dim, first = source->first_standardised;
  g_autoptr (HfMembers) members = hf_members_new (source->group, scatter->n);
  g_auto (Sums) all = {0};
  double *out = g_new (double, scatter->n), least = 0;

  sums_init (&all, dim);
  for (gsize i = 0; i < scatter->n; i++)
    sums_add (&all, scatter->x + i * scatter->stride, dim);
  for (gsize j = first; j < dim; j++)
    least += find_deviation (all.n, all.sum[j], all.square[j]) /
             (double) (dim - first);
  least = LEAST_SPREAD * least + G_MINDOUBLE;
  for (gsize g = 0; g < members->n_groups; g++) {
    g_auto (Sums) sums = {0};

    sums_init (&sums, dim);
    for (gsize k = members->first[g]; k < members->first[g + 1]; k++)
      sums_add (&sums, scatter->x + members->row[k] * scatter->stride, dim);
    for (gsize k = members->first[g]; k < members->first[g + 1]; k++)
      out[members->row[k]] =
          find_stretch (scatter->x + members->row[k] * scatter->stride, &all,
                        &sums, first, dim, least);
  }
  return out;
}

static void
set_limit (HfNovelty *self, const HfNoveltySource *source)
{
  const HfScatter *scatter = source->scatter;
  const HfHoldOut *held = source->held;
  g_autofree double *whole = NULL, *stretch = NULL;
  g_autofree double *kept = g_new (double, held->n);
  g_autofree double *distance = g_new (double, held->n);
  g_autofree float *z = NULL;
  gsize n = 0;

  self->limit = INFINITY;
  self->false_alarms = 1;
  if (held->n_scored < HF_NOVELTY_MIN_LABELS)
    return;
  whole = dup_whole_distances (scatter, source->lambda);
  stretch = dup_stretches (source);
  z = g_new (float, scatter->n * scatter->dim);
  for (gsize i = 0; i < scatter->n; i++)
    for (gsize j = 0; j < scatter->dim; j++)
      z[i * scatter->dim + j] = (float) scatter->x[i * scatter->stride + j];
  hf_novelty_measure (self, z, scatter->n, kept);
  for (gsize i = 0; i < held->n; i++)
    if (held->is_scored[i])
      distance[n++] = held->distance[source->which * held->n + i] * stretch[i] *
                      (whole[i] > 0 ? kept[i] / whole[i] : 1);
  self->limit = hf_novelty_find_limit (distance, n, &self->false_alarms);
}

HfNovelty *
hf_novelty_new (const HfNoveltySource *source)
{
  const HfScatter *scatter = source->scatter;
  HfNovelty *self = g_new0 (HfNovelty, 1);

  self->n_classes = scatter->n_classes;
  self->dim = scatter->dim;
  keep_rows (self, scatter, source->lambda);
  hf_novelty_prepare (self);
  set_limit (self, source);
  return self;
}

void
hf_novelty_free (HfNovelty *self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self->axis_weight);
  g_free (self->place);
  g_free (self->square);
  g_free (self->weight);
  g_free (self);
}

void
hf_novelty_prepare (HfNovelty *self)
{
  gsize n_classes = (gsize) self->n_classes, q = self->n_axes;
  g_autofree float *place = g_new (float, n_classes *MAX (q, 1));

  hf_blas_multiply_transposed_f32 (self->rows,
                                   self->rows + n_classes * self->dim,
                                   n_classes, q, self->dim, place);
  self->place = g_new (double, n_classes *MAX (q, 1));
  for (gsize i = 0; i < n_classes * q; i++)
    self->place[i] = place[i];
  self->square = g_new (double, n_classes);
  for (gsize c = 0; c < n_classes; c++)
    self->square[c] =
        hf_row_find_square (self->rows + c * self->dim, self->dim);
  self->weight = g_new (double, MAX (q, 1));
  for (gsize k = 0; k < q; k++)
    self->weight[k] = self->axis_weight[k];
}

void
hf_novelty_measure (const HfNovelty *self, const float *z, gsize n,
                    double *distance)
{
  gsize n_classes = (gsize) self->n_classes, q = self->n_axes;
  gsize n_rows = n_classes + q;
  g_autofree float *product = g_new (float, n *n_rows);
  g_autofree double *place = g_new (double, MAX (q, 1));

  hf_blas_multiply_transposed_f32 (z, self->rows, n, n_rows, self->dim,
                                   product);
  for (gsize i = 0; i < n; i++) {
    const float *along = product + i * n_rows;
    double length = hf_row_find_square (z + i * self->dim, self->dim);

    for (gsize k = 0; k < q; k++)
      place[k] = along[n_classes + k];
    distance[i] = G_MAXDOUBLE;
    for (gsize c = 0; c < n_classes; c++) {
      double whole = length - 2 * along[c] + self->square[c], kept, weighted;

      hf_row_measure_gap (place, self->place + c * q, self->weight, q, &kept,
                          &weighted);
      distance[i] =
          MIN (distance[i], weighted + self->rest * MAX (whole - kept, 0));
    }
  }
}
