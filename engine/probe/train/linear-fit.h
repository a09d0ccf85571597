/* probe/train/linear-fit.h: logistic regression as a probe.
 *
 * linear.h states the objective, on joined rows. The anchor that weights are
 * pulled towards is text_pull logit_scale T_c, written for joined rows: with
 * pull 1 and no labels the probe would be zero-shot. C is of {0.1, 1, 10, 100},
 * text_pull of {0, 0.5, 1}; the first of each grid in the source stands where
 * there is no choice. */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* As hf_gda_fit. */
HfFit *hf_linear_probe_fit (const HfTraining *training, const HfProbeSpec *spec,
                            HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
