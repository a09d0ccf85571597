/* image/filter-private.h: the weights of an antialiased bicubic resize along
 * one axis, and the resize with 8-bit results after each pass.
 *
 * Weights as Pillow defines them: for output i with scale = in / out,
 * f = max (scale, 1) and centre c = (i + 0.5) * scale, source pixels from
 * int (c - 2 f + 0.5) up to but without int (c + 2 f + 0.5), cut to the
 * source, weigh bicubic ((j - c + 0.5) / f) with a = -0.5, divided by their
 * sum. */
#pragma once

#include "image/plan-private.h"

G_BEGIN_DECLS

/* Fractional bits of the fixed-point weights. */
#define HF_FILTER_BITS 22

typedef struct {
  int n_out;     /* outputs that are computed */
  int n_taps;    /* weights stored for each, the rest zero */
  int *first;    /* [n_out] first source pixel */
  int *count;    /* [n_out] source pixels used, 1..n_taps */
  gint32 *fixed; /* [n_out][n_taps], HF_FILTER_BITS fractional bits */
  float *real;   /* [n_out][n_taps] */
} HfFilter;

/* The weights along @axis for a source that was decoded at 1 / @shrink, so
 * that it has @length pixels for the axis's @length times @shrink. Source
 * pixels outside the framed part get no weight. */
HfFilter *hf_filter_new (const HfAxis *axis, int length,
                         int shrink) G_GNUC_WARN_UNUSED_RESULT;
void hf_filter_free (HfFilter *self);

/* One past the last source pixel of any output. */
int hf_filter_get_end (const HfFilter *self);

/* Resizes @rgb, uint8[...][width][3], to @out, uint8[y->n_out][x->n_out][3]:
 * horizontally, then vertically, each pass rounded and clipped to 8 bits. */
void hf_filter_resize (const guint8 *rgb, int width, const HfFilter *x,
                       const HfFilter *y, guint8 *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFilter, hf_filter_free)
G_END_DECLS
