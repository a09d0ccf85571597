/* evaluate/rate.h: a share of pictures with what it is worth: k of n, and the
 * interval that lots and shared training rows leave. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @low and @high are NAN where no interval can be given (fewer than two
 * groups), @rate is NAN where n is 0. */
typedef struct {
  gint64 k, n;
  double rate, low, high;
  double n_eff;     /* n / (deff f) */
  gint64 n_groups;  /* groups of these n pictures */
  gboolean grouped; /* some group holds several of these pictures */
  double upper;     /* k = 0 only, else NAN: exact one-sided 95 % bound; over
                       groups where @grouped */
} HfRate;

/* Of @n pictures, @hit[i] says whether picture i counts and @group[i] (any
 * ints) which belong together. @n_folds: 0 for an acceptance set (f = 1), else
 * the folds of the cross-validation (f = max(1.25, K/(K-1))). The interval is
 * Wilson's (1927) with n_eff and z = 1.96, or Student's t(m-1) where grouped,
 * and never inside plain Wilson's on k/n. */
HfRate hf_rate_new (const gboolean *hit, const int *group, gsize n,
                    int n_folds);

/* Plain two-sided Wilson for k of n (real n allowed) at @z. */
void hf_rate_wilson (double p, double n, double z, double *low, double *high);

/* Exact one-sided upper bound of a rate at 95 % (Clopper and Pearson 1934). */
double hf_rate_upper (gint64 k, gint64 n);

/* Two-sided 95 % quantile of Student's t with @df degrees of freedom. */
double hf_rate_student (double df);

/* How many independent parts with at most @faults faults among them show a
 * rate below @max_rate (0..1) at 95 %. */
gint64 hf_rate_proof (double max_rate, gint64 faults);

G_END_DECLS
