/* probe/solve/logistic.h: the minimum of a penalised logistic loss. Plain
 * arrays, no state: any number of threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize n;
  gsize width;          /* of a row, its last number, 1, included */
  int n_weights;        /* 1: the binary loss, targets 0 and 1 */
  const double *z;      /* [n][width] */
  const int *target;    /* [n], in [0, MAX (2, n_weights)) */
  const double *weight; /* [n], >= 0 */
  const double *offset; /* [n][n_weights], added to z v', or NULL */
} HfLogistic;

/* Minimises sum_i weight_i loss_i (z_i v' + offset_i) + ||v||^2 / 2, without
 * the last column of @v in the norm, from @v, double[n_weights][width], which
 * becomes the minimum. Ends where the gradient is not longer than @tolerance
 * times v (by their largest elements), or rounding allows no further step.
 * Since the penalty alone curves the objective by 1, v is then off by that
 * part of it at most. Returns the number of Newton steps. */
int hf_logistic_minimise (const HfLogistic *problem, double tolerance,
                          double *v);

G_END_DECLS
