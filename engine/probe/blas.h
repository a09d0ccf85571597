/* probe/blas.h: OpenBLAS and LAPACK as the probes call them: each call on the
 * calling thread alone, so that sums are added in one order and parallelism is
 * left to the folds. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* To be called before the first product; any thread, any number of times. */
void hf_blas_use_one_thread (void);

/* The products of row-major matrices, double: C[m][n] = A[m][k] B[k][n], and
 * C[m][n] = A[m][k] B[n][k]'. Empty ones are allowed. */
void hf_blas_multiply (const double *a, const double *b, gsize m, gsize n,
                       gsize k, double *c);
void hf_blas_multiply_transposed (const double *a, const double *b, gsize m,
                                  gsize n, gsize k, double *c);

/* C[m][n] = A[m][k] B[n][k]' of rows that lie @a_stride and @b_stride numbers
 * apart, and C[m][n] = A[m][k] B[k][n] where the rows of B do. */
void hf_blas_multiply_strided (const double *a, gsize a_stride, const double *b,
                               gsize b_stride, gsize m, gsize n, gsize k,
                               double *c);
void hf_blas_combine_strided (const double *a, const double *b, gsize b_stride,
                              gsize m, gsize n, gsize k, double *c);

/* C[m][m] = A[m][k] A' and C[k][k] = A' A[m][k], rows of A @stride numbers
 * apart; symmetric to the bit, at half the cost of a product. */
void hf_blas_outer (const double *a, gsize m, gsize k, gsize stride, double *c);
void hf_blas_inner (const double *a, gsize m, gsize k, gsize stride, double *c);

/* The same as the second product, in float. */
void hf_blas_multiply_transposed_f32 (const float *a, const float *b, gsize m,
                                      gsize n, gsize k, float *c);

/* Eigenvalues, ascending, of the symmetric @a[n][n] to @values[n]; @a becomes
 * the eigenvectors, one a row (LAPACK's dsyevd). @a must be finite. */
void hf_blas_eigen (double *a, gsize n, double *values);

/* The lower Cholesky factor L of the symmetric @a[n][n], in place (what is
 * above the diagonal is not read and left as it is); FALSE if it is not
 * positive definite. */
gboolean hf_blas_factor (double *a, gsize n);

/* @b[n][m] becomes inverse(L) @b, for L as above. */
void hf_blas_solve_lower (const double *l, gsize n, double *b, gsize m);

G_END_DECLS
