/* probe/row.h: what is done with every number of a row, as wide as the
 * processor allows. Sums are of eight lanes, so that they are the same on
 * every processor. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @out[n] = (@x - @mean) @factor, number by number. */
void hf_row_standardise (const float *x, const float *mean, const float *factor,
                         gsize n, float *out);

/* The squared length of @x[n]. */
double hf_row_find_square (const float *x, gsize n);

/* The squared length of @a[n] - @b[n] to @plain, and with each square times its
 * @weight to @weighted. */
void hf_row_measure_gap (const double *a, const double *b, const double *weight,
                         gsize n, double *plain, double *weighted);

G_END_DECLS
