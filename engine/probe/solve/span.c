/* span.c: see the header.
 *
 * x' = Q R with Q double[dim][n] of orthonormal columns, so x = R' Q': the row
 * i of x has the coordinates R' e_i in the basis Q. Householder reflections
 * (LAPACK's dgeqrf) keep Q orthonormal whatever the rank of x. */
#include "probe/solve/span.h"

#include <lapacke.h>
#include <string.h>

#include "probe/blas.h"

struct _HfSpan {
  const double *x; /* [n][dim], borrowed */
  gsize n, dim;
  double *rows;       /* [n][n], or NULL: x itself, nothing is turned */
  double *reflectors; /* [n][dim], as dgeqrf leaves them */
  double *tau;        /* [n] */
};

/* Row i of the triangle R' has i + 1 numbers; what dgeqrf left behind them
 * belongs to the reflectors. */
static void
turn_rows (HfSpan *self)
{
  gsize n = self->n, dim = self->dim;
  int info;

  self->reflectors = g_memdup2 (self->x, n * dim * sizeof (double));
  self->tau = g_new (double, n);
  self->rows = g_new0 (double, n *n);
  info = LAPACKE_dgeqrf (LAPACK_COL_MAJOR, (lapack_int) dim, (lapack_int) n,
                         self->reflectors, (lapack_int) dim, self->tau);
  g_assert (info == 0);
  for (gsize i = 0; i < n; i++)
    memcpy (self->rows + i * n, self->reflectors + i * dim,
            (i + 1) * sizeof (double));
}

HfSpan *
hf_span_new (const double *x, gsize n, gsize dim)
{
  HfSpan *self = g_new0 (HfSpan, 1);

  hf_blas_use_one_thread ();
  *self = (HfSpan){.x = x, .n = n, .dim = dim};
  if (n < dim)
    turn_rows (self);
  return self;
}

void
hf_span_free (HfSpan *self)
{
  if (self == NULL)
    return;
  g_free (self->rows);
  g_free (self->reflectors);
  g_free (self->tau);
  g_free (self);
}

gsize
hf_span_get_width (const HfSpan *self)
{
  return MIN (self->n, self->dim);
}

const double *
hf_span_get_rows (const HfSpan *self)
{
  return self->rows ? self->rows : self->x;
}

/* Turns vectors double[count][dim] by Q' ('T') or Q ('N'), in place. */
static void
turn (const HfSpan *self, char how, double *vectors, gsize count)
{
  int info = LAPACKE_dormqr (LAPACK_COL_MAJOR, 'L', how, (lapack_int) self->dim,
                             (lapack_int) count, (lapack_int) self->n,
                             self->reflectors, (lapack_int) self->dim,
                             self->tau, vectors, (lapack_int) self->dim);

  g_assert (info == 0);
}

void
hf_span_project (const HfSpan *self, const double *vectors, gsize count,
                 double *out)
{
  gsize dim = self->dim;
  g_autofree double *turned = NULL;

  if (self->rows == NULL) {
    memcpy (out, vectors, count * dim * sizeof (double));
    return;
  }
  turned = g_memdup2 (vectors, count * dim * sizeof (double));
  turn (self, 'T', turned, count);
  for (gsize i = 0; i < count; i++)
    memcpy (out + i * self->n, turned + i * dim, self->n * sizeof (double));
}

void
hf_span_lift (const HfSpan *self, const double *vectors, gsize count,
              double *out)
{
  gsize dim = self->dim;

  if (self->rows == NULL) {
    memcpy (out, vectors, count * dim * sizeof (double));
    return;
  }
  memset (out, 0, count * dim * sizeof (double));
  for (gsize i = 0; i < count; i++)
    memcpy (out + i * dim, vectors + i * self->n, self->n * sizeof (double));
  turn (self, 'N', out, count);
}

void
hf_gram (const double *x, gsize n, gsize dim, double *out)
{
  hf_blas_use_one_thread ();
  hf_blas_outer (x, n, dim, dim, out);
}
