/* image/classic/classic.h: colour, shape and texture of a square picture in a
 * few hundred numbers, without a model.
 *
 *   [48]  histograms of hue, saturation and value, 16 bins each
 *   [144] histograms of oriented gradients, 4 x 4 cells of 9 directions, each
 *         of unit length times 0.3 (Dalal and Triggs 2005)
 *   [18]  mean and spread of the same over 16 x 16 cells
 *   [12]  histogram of the logarithm of the gradient's length
 *   [20]  uniform local binary patterns at full and at half size (Ojala,
 *         Pietikainen and Maenpaa 2002)
 *
 * Histograms sum to 1. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_CLASSIC_PX 128
#define HF_CLASSIC_DIM 242

/* Stands in the key of every remembered row: another definition is another
 * version. */
#define HF_CLASSIC_VERSION 1

/* @square is guint8[HF_CLASSIC_PX][HF_CLASSIC_PX][3]. Writes
 * float[HF_CLASSIC_DIM]. Cannot fail; any number of threads. */
void hf_classic_describe (const guint8 *square, float *out);

/* The absolute difference of two such squares, byte by byte, into @out. */
void hf_classic_subtract (const guint8 *square, const guint8 *background,
                          guint8 *out);

G_END_DECLS
