/* probe/solve/logistic.h: the minimum of a penalised logistic loss. One
 * thread at a time. */
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

typedef struct _HfLogisticSolver HfLogisticSolver;

/* Of @problem, which must outlive it. What it learns about the curvature at one
 * strength speeds up the next. */
HfLogisticSolver *
hf_logistic_solver_new (const HfLogistic *problem) G_GNUC_WARN_UNUSED_RESULT;
void hf_logistic_solver_free (HfLogisticSolver *self);

/* Minimises c sum_i weight_i loss_i (z_i v' + offset_i) + ||v||^2 / 2, without
 * the last column of @v in the norm, from @v, double[n_weights][width], which
 * becomes the minimum. Ends where the gradient is not longer than @tolerance
 * times v (by their largest elements), or rounding allows no further step.
 * Since the penalty alone curves the objective by 1, v is then off by that
 * part of it at most. Returns the number of Newton steps. */
int hf_logistic_minimise (HfLogisticSolver *self, double c, double tolerance,
                          double *v);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfLogisticSolver, hf_logistic_solver_free)
G_END_DECLS
