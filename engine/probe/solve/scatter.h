/* probe/solve/scatter.h: how labelled rows lie about the means of their
 * classes, as one eigen-decomposition that answers for every ridge and every
 * group left out.
 *
 * With x_i the rows, mu_c the means of their classes and r_i = x_i - mu_(y_i):
 *
 *   W = sum_i r_i r_i' = sum_k value_k v_k v_k',     A(l) = W + l I,
 *   a' inverse(A(l)) b = sum_k (a.v_k)(b.v_k) / (value_k + l)
 *                        + (a.b - sum_k (a.v_k)(b.v_k)) / l
 *
 * With fewer rows than numbers (n < dim) W is not formed: the eigenvectors
 * come from the n x n matrix of r_i.r_j (the dual), and the second line, which
 * is zero otherwise, is kept as `residual`.
 *
 * Plain struct; read-only once made, any number of threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize n, dim;
  int n_classes;
  const double *x;  /* [n][dim], borrowed */
  const int *label; /* [n], borrowed */
  gsize *count;     /* [n_classes], each > 0 */
  double *mean;     /* [n_classes][dim] */
  double trace;     /* of W */
  gsize rank;       /* eigenvectors kept */
  double *value;    /* [rank] >= 0, ascending */
  double *basis;    /* [rank][dim], orthonormal rows v_k */
  double *coords;   /* [n + n_classes][rank]: rows, then means, times v_k */
  double *residual; /* [n + n_classes][n + n_classes], or NULL: zero */
} HfScatter;

/* Of rows @x and labels @label, which must outlive it; every class has a row.
 * Free with hf_scatter_free. */
HfScatter *hf_scatter_new (const double *x, const int *label, gsize n,
                           gsize dim, int n_classes) G_GNUC_WARN_UNUSED_RESULT;
void hf_scatter_free (HfScatter *self);

/* The ridge l = lambda tr(S) of S = W / (n - 1). Where no class has two
 * different rows, W says nothing and S is taken as I / dim: then inverse(A) is
 * I / ((n - 1) / dim + lambda), and TRUE is returned with that denominator in
 * @ridge. */
gboolean hf_scatter_find_ridge (double trace, gsize n, gsize dim, double lambda,
                                double *ridge);

/* The least trace that counts as a spread, for rows of mean square norm 1. */
#define HF_SCATTER_MIN_TRACE 1e-9

/* Writes inverse(A(ridge)) mu_c to double[n_classes][dim]; @is_flat as the
 * function above returned it. */
void hf_scatter_solve_means (const HfScatter *self, double ridge,
                             gboolean is_flat, double *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfScatter, hf_scatter_free)
G_END_DECLS
