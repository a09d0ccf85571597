/* image/simd-private.h: the inner loops of the resize, as explicit vectors,
 * built for the plain instruction set and for AVX2; the loader picks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One row through a horizontal filter of whole-number weights (see
 * image/filter-private.h): @rgbx is uint8[...][4], the fourth byte of no
 * meaning; @first and @count are [n_out], @weights [n_out][n_taps]. Writes
 * uint8[n_out][3]. */
void hf_simd_filter_row (const guint8 *rgbx, const int *first, const int *count,
                         const gint32 *weights, int n_taps, int n_out,
                         guint8 *out);

/* The weighted sum of @n_rows rows of @n bytes each, one after the other. */
void hf_simd_sum_rows (const guint8 *rows, gsize n, const gint32 *weights,
                       int n_rows, guint8 *out);

/* sums[i] += weight * row[i] for @n bytes. */
void hf_simd_add_row (float *sums, const guint8 *row, float weight, gsize n);

/* One row of sums, float[...][3], through a horizontal filter with the layout
 * of hf_simd_filter_row; rounded and clipped to uint8[n_out][3]. */
void hf_simd_filter_sums (const float *sums, const int *first, const int *count,
                          const float *weights, int n_taps, int n_out,
                          guint8 *out);

G_END_DECLS
