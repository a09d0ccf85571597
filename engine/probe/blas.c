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
  hf_blas_combine_strided (a, b, n, m, n, k, c);
}

void
hf_blas_combine_strided (const double *a, const double *b, gsize b_stride,
                         gsize m, gsize n, gsize k, double *c)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0) {
    memset (c, 0, m * n * sizeof *c);
    return;
  }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint) m,
               (blasint) n, (blasint) k, 1, a, (blasint) k, b,
               (blasint) b_stride, 0, c, (blasint) n);
}

void
hf_blas_multiply_transposed (const double *a, const double *b, gsize m, gsize n,
                             gsize k, double *c)
{
  hf_blas_multiply_strided (a, k, b, k, m, n, k, c);
}

void
hf_blas_multiply_strided (const double *a, gsize a_stride, const double *b,
                          gsize b_stride, gsize m, gsize n, gsize k, double *c)
{
  if (m == 0 || n == 0)
    return;
  if (k == 0) {
    memset (c, 0, m * n * sizeof *c);
    return;
  }
  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, (blasint) m,
               (blasint) n, (blasint) k, 1, a, (blasint) a_stride, b,
               (blasint) b_stride, 0, c, (blasint) n);
}

static void
mirror (double *c, gsize n)
{
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < i; j++)
      c[j * n + i] = c[i * n + j];
}

void
hf_blas_outer (const double *a, gsize m, gsize k, gsize stride, double *c)
{
  cblas_dsyrk (CblasRowMajor, CblasLower, CblasNoTrans, (blasint) m,
               (blasint) k, 1, a, (blasint) stride, 0, c, (blasint) m);
  mirror (c, m);
}

void
hf_blas_inner (const double *a, gsize m, gsize k, gsize stride, double *c)
{
  cblas_dsyrk (CblasRowMajor, CblasLower, CblasTrans, (blasint) k, (blasint) m,
               1, a, (blasint) stride, 0, c, (blasint) k);
  mirror (c, k);
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
