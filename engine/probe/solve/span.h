/* probe/solve/span.h: rows in the coordinates of their own span. When there are
 * fewer rows than dimensions, everything that trainers ask of the rows (their
 * inner products) is left alone by a rotation that needs only as many numbers
 * a row as there are rows: the triangle of a QR decomposition. Training then
 * costs the same for 512 dimensions as for 5,000. Folds and grids share one.
 *
 * Read-only once made: any number of threads. Math tier: cannot fail. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HfSpan HfSpan;

/* Of @x, double[n][dim], row-major, finite, which must outlive the span: where
 * @n >= @dim the rows are used as they are. Any rank will do. Both > 0. */
HfSpan *hf_span_new (const double *x, gsize n,
                     gsize dim) G_GNUC_WARN_UNUSED_RESULT;
void hf_span_free (HfSpan *self);

/* min (n, dim). */
gsize hf_span_get_width (const HfSpan *self);

/* The rows, double[n][width]: their inner products are those of x. */
const double *hf_span_get_rows (const HfSpan *self);

/* Vectors of x's space, double[count][dim], into the span, double[count][width]
 * (what stands across to it is lost): the inner products with the rows stay.
 */
void hf_span_project (const HfSpan *self, const double *vectors, gsize count,
                      double *out);

/* Vectors of the span, double[count][width], into x's space,
 * double[count][dim]. */
void hf_span_lift (const HfSpan *self, const double *vectors, gsize count,
                   double *out);

/* The inner products of all pairs of rows of @x, double[n][dim], into @out,
 * double[n][n], symmetric to the bit. */
void hf_gram (const double *x, gsize n, gsize dim, double *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSpan, hf_span_free)
G_END_DECLS
