/* image/simd-private.h: the inner loops of the resize, as explicit vectors,
 * built for the plain instruction set and for AVX2; the loader picks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows that hf_simd_filter_rows takes at a time. */
#define HF_SIMD_ROWS 4

/* Widens @n bytes to whole numbers. */
void hf_simd_widen (const guint8 *bytes, gsize n, gint32 *out);

/* HF_SIMD_ROWS rows through a horizontal filter of whole-number weights (see
 * image/filter-private.h): @pixels is int32[HF_SIMD_ROWS][stride], RGB without
 * gaps and one value more, which may be anything; @first and @count are
 * [n_out], @weights [n_out][n_taps]. Writes uint8[HF_SIMD_ROWS][n_out][3]. */
void hf_simd_filter_rows (const gint32 *pixels, gsize stride, const int *first,
                          const int *count, const gint32 *weights, int n_taps,
                          int n_out, guint8 *out);

/* The weighted sum of @n_rows rows of @n bytes each, one after the other. */
void hf_simd_sum_rows (const guint8 *rows, gsize n, const gint32 *weights,
                       int n_rows, guint8 *out);

/* Adds HF_SIMD_ROWS rows of bytes, uint8[HF_SIMD_ROWS][n], to each of @n_sums
 * rows of sums, @sums[i] float[n], weighted by @weights[i]. */
void hf_simd_add_rows (float *const *sums, const float (*weights)[HF_SIMD_ROWS],
                       int n_sums, const guint8 *rows, gsize n);

/* One row of sums, float[...][3], through a horizontal filter with the layout
 * of hf_simd_filter_rows; rounded and clipped to uint8[n_out][3]. */
void hf_simd_filter_sums (const float *sums, const int *first, const int *count,
                          const float *weights, int n_taps, int n_out,
                          guint8 *out);

G_END_DECLS
