/* evaluate/paired.h: two judgements of the same pictures compared: how many are
 * right only by the one, how many only by the other, and what the difference is
 * worth. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @low and @high are NAN where no interval can be given (fewer than two groups,
 * or no picture). */
typedef struct {
  gint64 n;
  gint64 gained;    /* right now, wrong before */
  gint64 lost;      /* wrong now, right before */
  double low, high; /* of (gained - lost) / n, in -1..1 */
} HfPairedChange;

/* Of @n pictures, @before[i] and @after[i] say whether picture i is right, and
 * @group[i] (any ints) which belong together. The interval is a two-sided 95 %
 * one: Agresti and Min's (2005) for matched pairs, half a picture added to each
 * of the four cells, its variance times the design effect of the groups, with
 * Student's t(m-1) where groups hold several pictures. */
HfPairedChange hf_paired_change_new (const gboolean *before,
                                     const gboolean *after, const int *group,
                                     gsize n);

G_END_DECLS
