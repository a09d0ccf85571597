/* probe/solve/products.h: the products that scatters of several blocks of
 * numbers share. Rows hold two blocks side by side; a scatter is of one of them
 * or of both (scatter.h), and what it is decomposed from is a sum over blocks,
 * or lies within the matrix of both:
 *
 *   r_i.r_j of both = r_i.r_j of the first + r_i.r_j of the second,
 *   sum_i r_i r_i' of one block stands on the diagonal of that of both.
 *
 * Plain struct, filled in as it is asked: one thread at a time. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of one block: r_i.r_j, double[n][n], and mu_c.r_i, double[n_classes][n]. */
typedef struct {
  double *rows;
  double *means;
} HfBlockProducts;

typedef struct {
  gsize n, dim, cut; /* blocks are the numbers [0, cut) and [cut, dim) */
  int n_classes;
  const double *x;  /* [n][dim], borrowed */
  const int *label; /* [n], borrowed */
  gsize *count;     /* [n_classes], each > 0 */
  double *mean;     /* [n_classes][dim] */
  double *centred;  /* [n][dim]: r_i, rows from the means of their classes */
  double *square;   /* [dim]: sums over the rows of r_ij^2 */
  double *within;   /* [dim][dim]: sum_i r_i r_i', or NULL: not asked yet */
  HfBlockProducts block[2]; /* NULL in them: not asked yet */
} HfProducts;

/* Of rows @x and labels @label, which must outlive it; every class has a row,
 * 0 < @cut <= @dim. Free with hf_products_free. */
HfProducts *hf_products_new (const double *x, const int *label, gsize n,
                             gsize dim, gsize cut,
                             int n_classes) G_GNUC_WARN_UNUSED_RESULT;
void hf_products_free (HfProducts *self);

/* Writes sum_i r_i r_i' of the numbers [@first, @first + @width), which are one
 * block or both, to double[width][width]. */
void hf_products_find_within (HfProducts *self, gsize first, gsize width,
                              double *out);

/* Writes r_i.r_j over these numbers to @rows, double[n][n], and mu_c.r_i to
 * @means, double[n_classes][n]. */
void hf_products_find_dual (HfProducts *self, gsize first, gsize width,
                            double *rows, double *means);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProducts, hf_products_free)
G_END_DECLS
