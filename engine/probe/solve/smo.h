/* probe/solve/smo.h: one two-class support vector machine. Plain arrays, no
 * state: any number of threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize n;
  const double *kernel; /* [n][n], symmetric */
  const double *y;      /* [n], 1 or -1, both occur */
  const double *bound;  /* [n], >= 0: of |beta| */
} HfSmo;

/* Minimises beta' K beta / 2 - y' beta, where beta_r lies between 0 and
 * y_r bound_r and all of them sum to 0, from a @beta[n] that keeps these
 * bounds. Ends where no pair of rows violates the conditions of the optimum by
 * more than @tolerance, or rounding allows no further step. Writes the
 * intercept and returns the number of steps. */
gsize hf_smo_minimise (const HfSmo *problem, double tolerance, double *beta,
                       double *intercept);

G_END_DECLS
