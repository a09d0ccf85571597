/* samples.h: made-up labelled rows for the tests of probes. */
#pragma once

#include "probe/dataset.h"

typedef struct {
  HfDataset data;
  float *clip, *classic, *text;
  int *label, *group;
  HfClassKind *kinds;
} Samples;

typedef struct {
  gsize n_rows;
  int n_classes;
  gsize n_tiles;
  gsize clip_dim, classic_dim;
  gsize rows_a_group; /* neighbours in the list; 1: each row its own */
  double apart;       /* how far class means lie apart, in units of noise */
  gboolean has_text;
  guint64 seed;
} SampleShape;

/* Labels go round the classes (blockwise where groups are larger). The first
 * class is good, the others are defects. Free with samples_free. */
Samples *samples_new (const SampleShape *shape);
void samples_free (Samples *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Samples, samples_free)
