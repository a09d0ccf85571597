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
 * come from the n x n matrix of r_i.r_j (the dual), of which q_k is one:
 *
 *   v_k = sum_i q_ki r_i / sqrt(value_k),   r_i.v_k = sqrt(value_k) q_ki.
 *
 * Every r_i lies in the span of the v_k, so what the second line leaves of a
 * product of rows is what it leaves of the means of their classes: that is kept
 * as `residual`, and is zero in the primal.
 *
 * Plain struct; read-only once made, any number of threads. */
#pragma once

#include "probe/solve/products.h"

G_BEGIN_DECLS

typedef struct {
  gsize n, dim, stride;
  int n_classes;
  const double *x;       /* [n][dim], rows @stride numbers apart, borrowed */
  const double *centred; /* the r_i, likewise */
  const int *label;      /* [n], borrowed */
  const gsize *count;    /* [n_classes], each > 0, borrowed */
  double *mean;          /* [n_classes][dim] */
  double trace;          /* of W */
  gsize rank;            /* eigenvectors kept */
  double *value;         /* [rank] >= 0, ascending */
  double *basis;         /* [rank][dim], orthonormal rows v_k; dual: NULL */
  double *turn;          /* [rank][n], orthonormal rows q_k; primal: NULL */
  double *coords;   /* [n + n_classes][rank]: rows, then means, times v_k */
  double *residual; /* [n_classes][n_classes], or NULL: zero */
  HfProducts *own;  /* where nobody else holds them, else NULL */
} HfScatter;

/* Of rows @x and labels @label, which must outlive it; every class has a row.
 * Free with hf_scatter_free. */
HfScatter *hf_scatter_new (const double *x, const int *label, gsize n,
                           gsize dim, int n_classes) G_GNUC_WARN_UNUSED_RESULT;

/* The same of the numbers [@first, @first + @dim), one block or both, of rows
 * whose @products must outlive it. */
HfScatter *hf_scatter_new_part (HfProducts *products, gsize first,
                                gsize dim) G_GNUC_WARN_UNUSED_RESULT;
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

/* The eigenvectors from number @first on, double[rank - @first][dim] (caller
 * frees). */
double *hf_scatter_dup_axes (const HfScatter *self,
                             gsize first) G_GNUC_WARN_UNUSED_RESULT;

/* What the eigenvectors leave of a.mu_c, to double[n][n_classes], for vectors
 * @a[n][dim] with coordinates @coords[n][rank]; zero but for rounding in the
 * primal. */
void hf_scatter_find_residual (const HfScatter *self, const double *a,
                               const double *coords, gsize n, double *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfScatter, hf_scatter_free)
G_END_DECLS
