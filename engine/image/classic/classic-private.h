/* image/classic/classic-private.h: the parts of the descriptors. Each writes
 * its numbers to @out and returns what follows them. */
#pragma once

#include "image/classic/classic.h"

G_BEGIN_DECLS

/* The histograms of hue, saturation and value, float[48]. */
float *hf_classic_colour (const guint8 *square, float *out);

/* Oriented gradients at two scales and the histogram of their lengths,
 * float[174], of grey guint8[HF_CLASSIC_PX][HF_CLASSIC_PX]. */
float *hf_classic_gradients (const guint8 *grey, float *out);

/* Uniform local binary patterns, float[10], of grey guint8[side][side]. */
float *hf_classic_patterns (const guint8 *grey, int side, float *out);

G_END_DECLS
