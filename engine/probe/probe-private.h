/* probe/probe-private.h: what a trained probe is made of. */
#pragma once

#include "probe/calibration.h"
#include "probe/joint.h"
#include "probe/novelty.h"
#include "probe/probe.h"
#include "probe/scorer.h"
#include "probe/words.h"

G_BEGIN_DECLS

struct _HfProbe {
  gint ref_count;
  HfProbeSpec spec;
  int n_classes;
  gsize n_tiles;
  HfClassKind *kinds; /* [n_classes] */
  HfJoint *joint;
  HfScorer *scorer;
  HfNovelty *novelty; /* NULL: no distance is known */
  HfWords *words;     /* NULL: none were learned */
  HfCalibration calibration;
  gsize n_calibration;
  float *text; /* [n_classes][text_dim] unit rows, or NULL */
  gsize text_dim;
  double logit_scale; /* of the model that made them */
  char *reason;
  gboolean has_given_pull;
};

G_END_DECLS
