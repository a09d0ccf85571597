/* image/classic/classic-private.h: the parts of the descriptors. Each writes
 * its numbers to @out and returns what follows them. @grey is
 * guint8[side][side], with a side of HF_CLASSIC_PX where none is named. */
#pragma once

#include "image/classic/classic.h"

G_BEGIN_DECLS

/* The histograms of hue, saturation and value, float[48]. */
float *hf_classic_colour (const guint8 *square, float *out);

/* Oriented gradients, float[18]. */
float *hf_classic_directions (const guint8 *grey, float *out);

/* The histogram of the lengths of gradients, float[12]. */
float *hf_classic_lengths (const guint8 *grey, int side, float *out);

/* Uniform local binary patterns, float[10]. */
float *hf_classic_patterns (const guint8 *grey, int side, float *out);

/* Spread, amount and kurtosis of five bands, float[15]. */
float *hf_classic_bands (const guint8 *grey, float *out);

/* Square roots of the shares of @counts[n]. */
float *hf_classic_roots (const int *counts, int n, float *out);

G_END_DECLS
