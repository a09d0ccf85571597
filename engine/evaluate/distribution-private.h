/* evaluate/distribution-private.h: the one distribution function that every
 * interval here comes from. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The regularised incomplete beta function I_x(a, b), a and b > 0, x in [0, 1].
 * Relative error about 1e-14 for a and b up to a million. */
double hf_distribution_beta (double x, double a, double b);

/* Whether a trial function has passed its aim at @x. */
typedef gboolean (*HfDistributionTest) (double x, gconstpointer data);

/* Where in [@low, @high] @has_passed turns from FALSE to TRUE, to the last bit
 * that bisection can tell. */
double hf_distribution_bisect (double low, double high,
                               HfDistributionTest has_passed,
                               gconstpointer data);

G_END_DECLS
