/* blas.c: see the header. */
#include "probe/blas.h"

#include <cblas.h>
#include <lapacke.h>
#include <string.h>

void
hf_blas_use_one_thread (void)
{
  static gsize once = 0;

  if (!g_once_init_enter (&once))
    return;
  openblas_set_num_threads (1);
  g_once_init_leave (&once, 1);
}

void
hf_blas_multiply (const double *a, const double *b, gsize m, gsize n, gsize k,
                  double *c)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0) {
    memset (c, 0, m * n * sizeof *c);
    return;
  }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) m,
               (blasint) n, (blasint) k, 1, a, (blasint) k, b, (blasint) n, 0,
               c, (blasint) n);
}

void
hf_blas_multiply_transposed (const double *a, const double *b, gsize m, gsize n,
                             gsize k, double *c)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0) {
    memset (c, 0, m * n * sizeof *c);
    return;
  }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) m,
               (blasint) n, (blasint) k, 1, a, (blasint) k, b, (blasint) k, 0,
               c, (blasint) n);
}

void
hf_blas_multiply_transposed_f32 (const float *a, const float *b, gsize m,
                                 gsize n, gsize k, float *c)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0) {
    memset (c, 0, m * n * sizeof *c);
    return;
  }
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) m,
               (blasint) n, (blasint) k, 1, a, (blasint) k, b, (blasint) k, 0,
               c, (blasint) n);
}

void
hf_blas_eigen (double *a, gsize n, double *values)
{
  /* A symmetric matrix is its own transpose, so that LAPACK's columns, which
   * hold the vectors, are rows here. */
  int info = LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'V', 'U', (lapack_int) n, a,
                             (lapack_int) n, values);

  g_assert (info == 0);
}

gboolean
hf_blas_factor (double *a, gsize n)
{
  /* LAPACK's upper triangle by columns is the lower one by rows. */
  return LAPACKE_dpotrf (LAPACK_COL_MAJOR, 'U', (lapack_int) n, a,
                         (lapack_int) n) == 0;
}

void
hf_blas_solve_lower (const double *l, gsize n, double *b, gsize m)
{
  if (n > 0 && m > 0)
    cblas_dtrsm (CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans,
                 CblasNonUnit, (blasint) n, (blasint) m, 1, l, (blasint) n, b,
                 (blasint) m);
}
