/* hold-out.c: see the header.
 *
 * For one group the vectors at hand are its m rows and the K means (the
 * `corner`, m + K of them); U, the moved means and nothing else are made of
 * them, so that everything needed is coefficients times the matrix of their
 * products. */
#include "probe/solve/hold-out.h"

#include <math.h>
#include <string.h>

#include "probe/blas.h"
#include "probe/train/members.h"

/* What all groups share. */
typedef struct {
  const HfScatter *scatter;
  const HfMembers *members;
  const double *lambdas;
  gboolean has_prior;
  double *tile_coords;   /* [n][n_tiles][rank], or NULL: rows are scored */
  double *tile_residual; /* [n][n_tiles][n_classes], or NULL: zero */
} Plan;

/* One group. */
typedef struct {
  gsize m, n_corner, n_columns; /* rows, m + K, columns of U */
  const gsize *row;             /* [m] */
  gsize *left;                  /* [K]: rows of each class without the group */
  gsize *taken;                 /* [K]: rows of each class in the group */
  double *columns;              /* [n_columns][n_corner]: U' in the corner */
  double *means;                /* [K][n_corner]: the moved means likewise */
  double *coords;               /* [n_corner][rank] */
  double *residual;             /* [n_corner][n_corner], or NULL */
  double *plain;                /* [n_corner][n_corner]: products as they are */
  double trace;                 /* of W - U U' */
} Group;

static void
group_clear (Group *self)
{
  g_free (self->left);
  g_free (self->taken);
  g_free (self->columns);
  g_free (self->means);
  g_free (self->coords);
  g_free (self->residual);
  g_free (self->plain);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Group, group_clear)

/* FALSE if the group is all of a class. */
static gboolean
count_group (const Plan *plan, gsize g, Group *group)
{
  const HfScatter *scatter = plan->scatter;
  gsize n_classes = (gsize) scatter->n_classes;

  group->row = plan->members->row + plan->members->first[g];
  group->m = plan->members->first[g + 1] - plan->members->first[g];
  group->n_corner = group->m + n_classes;
  group->taken = g_new0 (gsize, n_classes);
  group->left = g_new (gsize, n_classes);
  for (gsize i = 0; i < group->m; i++)
    group->taken[scatter->label[group->row[i]]]++;
  group->n_columns = group->m;
  for (gsize c = 0; c < n_classes; c++) {
    group->left[c] = scatter->count[c] - group->taken[c];
    group->n_columns += group->taken[c] > 0;
    if (group->left[c] == 0)
      return FALSE;
  }
  return TRUE;
}

/* Adds @times (xbar_c - mu_c) to the coefficients @out[n_corner]. */
static void
add_shift (const Plan *plan, const Group *group, gsize c, double times,
           double *out)
{
  for (gsize i = 0; i < group->m; i++)
    if ((gsize) plan->scatter->label[group->row[i]] == c)
      out[i] += times / (double) group->taken[c];
  out[group->m + c] -= times;
}

static void
find_coefficients (const Plan *plan, Group *group)
{
  gsize n_classes = (gsize) plan->scatter->n_classes, nc = group->n_corner;
  double *column;

  group->columns = g_new0 (double, group->n_columns *nc);
  group->means = g_new0 (double, n_classes *nc);
  for (gsize i = 0; i < group->m; i++) {
    group->columns[i * nc + i] = 1;
    group->columns[i * nc + group->m +
                   (gsize) plan->scatter->label[group->row[i]]] = -1;
  }
  column = group->columns + group->m * nc;
  for (gsize c = 0; c < n_classes; c++) {
    double taken = (double) group->taken[c], left = (double) group->left[c];

    group->means[c * nc + group->m + c] = 1;
    if (group->taken[c] == 0)
      continue;
    add_shift (plan, group, c, -taken / left, group->means + c * nc);
    add_shift (plan, group, c, sqrt (taken * taken / left), column);
    column += nc;
  }
}

/* Index of corner vector @b among the rows and means of the scatter. */
static gsize
find_place (const Plan *plan, const Group *group, gsize b)
{
  return b < group->m ? group->row[b] : plan->scatter->n + b - group->m;
}

/* The class whose mean leaves what corner vector @b leaves. */
static gsize
find_class (const Plan *plan, const Group *group, gsize b)
{
  return b < group->m ? (gsize) plan->scatter->label[group->row[b]]
                      : b - group->m;
}

static void
gather_corner (const Plan *plan, Group *group)
{
  const HfScatter *scatter = plan->scatter;
  gsize nc = group->n_corner, rank = scatter->rank;
  gsize n_classes = (gsize) scatter->n_classes;

  group->coords = g_new (double, nc *MAX (rank, 1));
  for (gsize b = 0; b < nc; b++)
    memcpy (group->coords + b * rank,
            scatter->coords + find_place (plan, group, b) * rank,
            rank * sizeof (double));
  group->plain = g_new (double, nc *nc);
  hf_blas_multiply_transposed (group->coords, group->coords, nc, nc, rank,
                               group->plain);
  if (scatter->residual == NULL)
    return;
  group->residual = g_new (double, nc *nc);
  for (gsize a = 0; a < nc; a++)
    for (gsize b = 0; b < nc; b++) {
      double left = scatter->residual[find_class (plan, group, a) * n_classes +
                                      find_class (plan, group, b)];

      group->residual[a * nc + b] = left;
      group->plain[a * nc + b] += left;
    }
}

/* The products a' M b of the vectors that the coefficient rows @a[n_a][n] and
 * @b[n_b][n] make, where @m[n][n] has the products of what they are made of. */
static double *
dup_products (const double *a, gsize n_a, const double *m, const double *b,
              gsize n_b, gsize n)
{
  g_autofree double *half = g_new (double, n_a *n);
  double *out = g_new (double, n_a *n_b);

  hf_blas_multiply (a, m, n_a, n, n, half);
  hf_blas_multiply_transposed (half, b, n_a, n_b, n, out);
  return out;
}

static void
find_trace (const Plan *plan, Group *group)
{
  gsize nc = group->n_corner;
  g_autofree double *half = g_new (double, group->n_columns *nc);

  hf_blas_multiply (group->columns, group->plain, group->n_columns, nc, nc,
                    half);
  group->trace = plan->scatter->trace;
  for (gsize i = 0; i < group->n_columns * nc; i++)
    group->trace -= half[i] * group->columns[i];
}

/* The products by inverse(A) of the vectors with coordinates @a[n_a][rank] and
 * the corner; @residual[n_a][n_corner] or NULL. */
static double *
dup_weighted (const Plan *plan, const Group *group, const double *a, gsize n_a,
              const double *residual, double ridge)
{
  gsize rank = plan->scatter->rank, nc = group->n_corner;
  g_autofree double *weighted = g_new (double, n_a *MAX (rank, 1));
  g_autofree double *weight = g_new (double, MAX (rank, 1));
  double *out = g_new (double, n_a *nc);

  for (gsize k = 0; k < rank; k++)
    weight[k] = 1 / (plan->scatter->value[k] + ridge);
  for (gsize i = 0; i < n_a; i++)
    for (gsize k = 0; k < rank; k++)
      weighted[i * rank + k] = a[i * rank + k] * weight[k];
  hf_blas_multiply_transposed (weighted, group->coords, n_a, nc, rank, out);
  if (residual)
    for (gsize i = 0; i < n_a * nc; i++)
      out[i] += residual[i] / ridge;
  return out;
}

/* Everything of a group at one ridge: the products of the corner, the factor of
 * I - U' inverse(A) U, and the moved means against U and themselves. */
typedef struct {
  double ridge;
  gboolean is_flat;
  double *corner;      /* [n_corner][n_corner], by inverse(A) */
  double *factor;      /* [n_columns][n_columns], lower */
  double *means;       /* [n_columns][K]: inverse(factor) U' inverse(A) mu */
  double *mean_square; /* [K], by inverse(A - U U') */
} Fit;

static void
fit_clear (Fit *self)
{
  g_free (self->corner);
  g_free (self->factor);
  g_free (self->means);
  g_free (self->mean_square);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fit, fit_clear)

/* FALSE where rounding leaves no spread to divide by. */
static gboolean
fit_group (const Plan *plan, const Group *group, double lambda, Fit *fit)
{
  gsize n_classes = (gsize) plan->scatter->n_classes;
  gsize nc = group->n_corner, u = group->n_columns;
  g_autofree double *square = NULL;

  fit->is_flat =
      hf_scatter_find_ridge (group->trace, plan->scatter->n - group->m,
                             plan->scatter->dim, lambda, &fit->ridge);
  if (fit->is_flat) {
    fit->corner = g_new (double, nc *nc);
    for (gsize i = 0; i < nc * nc; i++)
      fit->corner[i] = group->plain[i] / fit->ridge;
  } else {
    fit->corner = dup_weighted (plan, group, group->coords, nc, group->residual,
                                fit->ridge);
  }
  square = dup_products (group->means, n_classes, fit->corner, group->means,
                         n_classes, nc);
  fit->mean_square = g_new (double, n_classes);
  for (gsize c = 0; c < n_classes; c++)
    fit->mean_square[c] = square[c * n_classes + c];
  if (fit->is_flat)
    return TRUE;

  fit->factor =
      dup_products (group->columns, u, fit->corner, group->columns, u, nc);
  for (gsize i = 0; i < u * u; i++)
    fit->factor[i] = (i % (u + 1) == 0 ? 1 : 0) - fit->factor[i];
  if (!hf_blas_factor (fit->factor, u))
    return FALSE;
  fit->means = dup_products (group->columns, u, fit->corner, group->means,
                             n_classes, nc);
  hf_blas_solve_lower (fit->factor, u, fit->means, n_classes);
  for (gsize i = 0; i < u; i++)
    for (gsize c = 0; c < n_classes; c++)
      fit->mean_square[c] +=
          fit->means[i * n_classes + c] * fit->means[i * n_classes + c];
  return TRUE;
}

/* Products by inverse(A - U U') of vectors and the moved means,
 * double[n_a][K], for vectors whose products by inverse(A) with the corner are
 * @a[n_a][n_corner]. @columns: what U changes of each vector's own square,
 * double[n_a], or NULL. */
static double *
dup_against_means (const Plan *plan, const Group *group, const Fit *fit,
                   const double *a, gsize n_a, double *columns)
{
  gsize n_classes = (gsize) plan->scatter->n_classes;
  gsize nc = group->n_corner, u = group->n_columns;
  double *out = g_new (double, n_a *n_classes);
  g_autofree double *against = NULL; /* [u][n_a] */

  hf_blas_multiply_transposed (a, group->means, n_a, n_classes, nc, out);
  if (columns)
    memset (columns, 0, n_a * sizeof *columns);
  if (fit->is_flat)
    return out;
  against = g_new (double, u *n_a);
  hf_blas_multiply_transposed (group->columns, a, u, n_a, nc, against);
  hf_blas_solve_lower (fit->factor, u, against, n_a);
  for (gsize k = 0; k < u; k++)
    for (gsize i = 0; i < n_a; i++) {
      double v = against[k * n_a + i];

      if (columns)
        columns[i] += v * v;
      for (gsize c = 0; c < n_classes; c++)
        out[i * n_classes + c] += v * fit->means[k * n_classes + c];
    }
  return out;
}

static void
write_scores (const Plan *plan, const Group *group, const Fit *fit,
              const double *against, gsize n_tiles, double *score)
{
  gsize n_classes = (gsize) plan->scatter->n_classes;
  double dim = (double) plan->scatter->dim;
  double n_left = (double) (plan->scatter->n - group->m);

  for (gsize i = 0; i < group->m; i++)
    for (gsize t = 0; t < n_tiles; t++)
      for (gsize c = 0; c < n_classes; c++) {
        double v = against[(i * n_tiles + t) * n_classes + c] -
                   fit->mean_square[c] / 2;
        double prior =
            plan->has_prior ? log ((double) group->left[c] / n_left) : 0;

        score[(group->row[i] * n_tiles + t) * n_classes + c] = dim * v + prior;
      }
}

static void
write_distances (const Plan *plan, const Group *group, const Fit *fit,
                 const double *against, const double *columns, double *distance)
{
  gsize n_classes = (gsize) plan->scatter->n_classes, nc = group->n_corner;

  for (gsize i = 0; i < group->m; i++) {
    double least = G_MAXDOUBLE;
    double square = fit->corner[i * nc + i] + columns[i];

    for (gsize c = 0; c < n_classes; c++)
      least = MIN (least, square - 2 * against[i * n_classes + c] +
                              fit->mean_square[c]);
    distance[group->row[i]] = (double) plan->scatter->dim * MAX (least, 0);
  }
}

/* Products of the group's tiles and the corner, by inverse(A). */
static double *
dup_tile_products (const Plan *plan, const Group *group, const Fit *fit,
                   gsize n_tiles)
{
  const HfScatter *scatter = plan->scatter;
  gsize rank = scatter->rank, nc = group->n_corner, n = group->m * n_tiles;
  gsize n_classes = (gsize) scatter->n_classes;
  g_autofree double *coords = g_new (double, n *MAX (rank, 1));
  g_autofree double *residual = NULL;
  double *out;

  if (plan->tile_residual)
    residual = g_new (double, n *nc);
  for (gsize i = 0; i < n; i++) {
    gsize tile = group->row[i / n_tiles] * n_tiles + i % n_tiles;

    memcpy (coords + i * rank, plan->tile_coords + tile * rank,
            rank * sizeof *coords);
    for (gsize b = 0; residual && b < nc; b++)
      residual[i * nc + b] =
          plan->tile_residual[tile * n_classes + find_class (plan, group, b)];
  }
  if (!fit->is_flat)
    return dup_weighted (plan, group, coords, n, residual, fit->ridge);
  out = g_new (double, n *nc);
  hf_blas_multiply_transposed (coords, group->coords, n, nc, rank, out);
  for (gsize i = 0; i < n * nc; i++)
    out[i] = (out[i] + (residual ? residual[i] : 0)) / fit->ridge;
  return out;
}

/* FALSE if nothing can be said of the group at this lambda. */
static gboolean
hold_out_at (HfHoldOut *self, const Plan *plan, const Group *group, gsize l)
{
  g_auto (Fit) fit = {0};
  g_autofree double *rows = NULL, *columns = g_new (double, group->m);
  gsize size = (gsize) self->n_classes * self->n_tiles * self->n;
  double *score = self->score + l * size;

  if (!fit_group (plan, group, plan->lambdas[l], &fit))
    return FALSE;
  rows = dup_against_means (plan, group, &fit, fit.corner, group->m, columns);
  write_distances (plan, group, &fit, rows, columns,
                   self->distance + l * self->n);
  if (plan->tile_coords) {
    g_autofree double *products =
        dup_tile_products (plan, group, &fit, self->n_tiles);
    g_autofree double *tiles = dup_against_means (
        plan, group, &fit, products, group->m * self->n_tiles, NULL);

    write_scores (plan, group, &fit, tiles, self->n_tiles, score);
  } else {
    write_scores (plan, group, &fit, rows, 1, score);
  }
  return TRUE;
}

static void
hold_out_group (HfHoldOut *self, const Plan *plan, gsize g)
{
  g_auto (Group) group = {0};
  gboolean is_scored = count_group (plan, g, &group);

  if (is_scored) {
    find_coefficients (plan, &group);
    gather_corner (plan, &group);
    find_trace (plan, &group);
  }
  for (gsize l = 0; is_scored && l < self->n_lambdas; l++)
    is_scored = hold_out_at (self, plan, &group, l);
  for (gsize i = 0; i < group.m; i++)
    self->is_scored[group.row[i]] = is_scored;
  self->n_scored += is_scored ? group.m : 0;
}

static void
place_tiles (Plan *plan, const double *tiles, gsize n)
{
  const HfScatter *scatter = plan->scatter;
  gsize rank = scatter->rank;
  g_autofree double *axes = hf_scatter_dup_axes (scatter, 0);

  plan->tile_coords = g_new (double, n *MAX (rank, 1));
  hf_blas_multiply_transposed (tiles, axes, n, rank, scatter->dim,
                               plan->tile_coords);
  if (scatter->residual == NULL)
    return;
  plan->tile_residual = g_new (double, n *(gsize) scatter->n_classes);
  hf_scatter_find_residual (scatter, tiles, plan->tile_coords, n,
                            plan->tile_residual);
}

HfHoldOut *
hf_hold_out_new (const HfScatter *scatter, const int *group,
                 const double *tiles, gsize n_tiles, const double *lambdas,
                 gsize n_lambdas, gboolean has_prior, HfProgress *progress,
                 GError **error)
{
  g_autoptr (HfHoldOut) self = g_new0 (HfHoldOut, 1);
  g_autoptr (HfMembers) members = hf_members_new (group, scatter->n);
  g_autofree double *tile_coords = NULL, *tile_residual = NULL;
  Plan plan = {.scatter = scatter,
               .members = members,
               .lambdas = lambdas,
               .has_prior = has_prior};

  self->n = scatter->n;
  self->n_tiles = tiles ? n_tiles : 1;
  self->n_lambdas = n_lambdas;
  self->n_classes = scatter->n_classes;
  self->is_scored = g_new0 (gboolean, self->n);
  self->score = g_new0 (double, n_lambdas * self->n * self->n_tiles *
                                    (gsize) self->n_classes);
  self->distance = g_new0 (double, n_lambdas * self->n);
  if (tiles)
    place_tiles (&plan, tiles, self->n * n_tiles);
  tile_coords = plan.tile_coords;
  tile_residual = plan.tile_residual;
  for (gsize g = 0; g < members->n_groups; g++) {
    if (!hf_progress_check (progress, error))
      return NULL;
    hold_out_group (self, &plan, g);
  }
  return g_steal_pointer (&self);
}

void
hf_hold_out_free (HfHoldOut *self)
{
  if (self == NULL)
    return;
  g_free (self->is_scored);
  g_free (self->score);
  g_free (self->distance);
  g_free (self);
}
