/* probe/train/gda.h: Gaussian discriminant analysis with shared covariance,
 * blended with text (Wang et al. 2024, "A hard-to-beat baseline for
 * training-free CLIP- based adaptation", section 3).
 *
 * With joined rows x of dim numbers (joint.h), the means mu_c of the classes,
 * W the scatter about them (scatter.h), S = W / (N - 1):
 *
 *   P = dim inverse((N - 1) S + lambda tr(S) I)
 *   w_c = P mu_c,   b_c = log prior_c - mu_c' P mu_c / 2
 *   score_c = logit_scale x_clip.T_c + alpha (x.w_c + b_c)
 *
 * where T_c is the unit text row of the class and x_clip the unit CLIP row as
 * it is; without text rows, or on classic numbers alone, the first part is 0
 * and alpha is 1.
 *
 * Balanced, the default, means: prior_c is alike for all classes. Means need no
 * weights. W sums over all rows as they are: each is one sample of a spread
 * that the classes are taken to share, and weighing the few rows of a rare
 * class up would only make W noisier. The losses that strengths are chosen by
 * and the temperature weigh every class alike. Unbalanced: prior_c = n_c / N,
 * and all rows weigh alike.
 *
 * lambda is of {0.3, 1, 3, 10}, 0.3 where there is no choice. alpha is given in
 * nats: what the root mean square of the discriminants x.w_c + b_c (about their
 * row's mean, held out) becomes; see docs/decisions.md for the grid and for the
 * default. */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* Trains on @training, as @spec says, which leaves open what is NAN or AUTO.
 * HF_PROBE_ERROR_NO_BLOCK, G_IO_ERROR_CANCELLED. */
HfFit *hf_gda_fit (const HfTraining *training, const HfProbeSpec *spec,
                   HfProgress *progress,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
