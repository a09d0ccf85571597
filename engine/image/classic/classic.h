/* image/classic/classic.h: colour, edges and texture of a square picture in a
 * few numbers, without a model.
 *
 *   [48] histograms of hue, saturation and value, 16 bins each
 *   [18] mean and spread, over 16 x 16 cells, of the histograms of oriented
 *        gradients, 9 directions, each of unit length (Dalal and Triggs 2005)
 *   [36] histograms of the logarithm of the gradient's length, 12 bins, at
 *        full, half and quarter size
 *   [30] uniform local binary patterns, 10 kinds, at the same sizes (Ojala,
 *        Pietikainen and Maenpaa 2002)
 *   [15] spread, amount and kurtosis of the five finest bands of a pyramid
 *
 * Histograms but for those of directions are square roots of shares, so that
 * distances between them are Hellinger's. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_CLASSIC_PX 128
#define HF_CLASSIC_DIM 147

/* Stands in the key of every remembered row: another definition is another
 * version. */
#define HF_CLASSIC_VERSION 2

/* @square is guint8[HF_CLASSIC_PX][HF_CLASSIC_PX][3]. Writes
 * float[HF_CLASSIC_DIM]. Cannot fail; any number of threads. */
void hf_classic_describe (const guint8 *square, float *out);

/* The absolute difference of two such squares, byte by byte, into @out. */
void hf_classic_subtract (const guint8 *square, const guint8 *background,
                          guint8 *out);

G_END_DECLS
