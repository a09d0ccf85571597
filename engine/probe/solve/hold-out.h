/* probe/solve/hold-out.h: what a Gaussian discriminant says of each row when
 * the row and everything of its group had not been there: exactly, for several
 * ridges, from one HfScatter.
 *
 * Without group g, W loses U U', whose columns are, for the rows i of g and the
 * classes c of which g has m_c of n_c rows with mean xbar_c:
 *
 *   x_i - mu_(y_i)     and     sqrt(m_c^2 / (n_c - m_c)) (xbar_c - mu_c)
 *
 * so that tr(W) is updated by |U|^2, the means move by
 * -m_c / (n_c - m_c) (xbar_c - mu_c), and by Woodbury's identity
 *
 *   inverse(A - U U') = inverse(A)
 *       + inverse(A) U inverse(I - U' inverse(A) U) U' inverse(A).
 *
 * All of it is products of the rows of g and the means, which HfScatter has.
 * (For single rows this is the shortcut that Friedman 1989, "Regularized
 * discriminant analysis", section 4, uses.) Centre and scale of the joined rows
 * are not made again: they know no labels. */
#pragma once

#include "base/progress.h"
#include "probe/solve/scatter.h"

G_BEGIN_DECLS

typedef struct {
  gsize n, n_tiles, n_lambdas;
  int n_classes;
  /* [n]: FALSE where the row's group is all of a class, so that nothing can be
   * said without it. */
  gboolean *is_scored;
  gsize n_scored;
  double *score;    /* [n_lambdas][n][n_tiles][n_classes] */
  double *distance; /* [n_lambdas][n]: to the nearest mean, by P */
} HfHoldOut;

/* Of the rows of @scatter in groups @group[n]. @tiles is
 * double[n][n_tiles][dim], the rows to be scored, or NULL: the rows themselves
 * (@n_tiles 1). score_c = x.w_c + b_c and distance (x-mu)'P(x-mu) with
 * P = dim inverse(A), as gda.h says; @has_prior puts log prior_c of the rows
 * that are left into b_c. NULL only if cancelled. Free with
 * hf_hold_out_free. */
HfHoldOut *hf_hold_out_new (const HfScatter *scatter, const int *group,
                            const double *tiles, gsize n_tiles,
                            const double *lambdas, gsize n_lambdas,
                            gboolean has_prior, HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_hold_out_free (HfHoldOut *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfHoldOut, hf_hold_out_free)
G_END_DECLS
