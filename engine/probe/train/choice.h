/* probe/train/choice.h: which of several settings is taken, by held-out losses.
 *
 * The first one stands unless another's mean loss is lower by more than one
 * standard error of the paired difference, counted over groups; of those, the
 * one that is ahead by most after that error is taken off (after the one-
 * standard-error rule of Breiman et al. 1984, section 3.4.3). With few labels
 * the least loss is found by luck, and what was measured to be best in the mean
 * over many sets is the better guess.
 *
 * With d_g the summed weighted differences of group g, w_g its weights and m
 * groups: mean = sum d_g / sum w_g, error^2 = m / (m - 1)
 * sum (d_g - mean w_g)^2 / (sum w_g)^2. */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

typedef struct {
  const HfTraining *training;
  gboolean *is_held; /* [n]: the same rows for all settings */
  double *first;     /* [n held] */
  double best;       /* how far the best is ahead of the first, < 0 */
} HfChoice;

/* @loss is double[n held]: of the rows that are held out, in order; copied. */
void hf_choice_init (HfChoice *self, const HfTraining *training,
                     const gboolean *is_held, const double *loss);
void hf_choice_clear (HfChoice *self);

/* TRUE if this setting is the best so far. */
gboolean hf_choice_offer (HfChoice *self, const double *loss);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfChoice, hf_choice_clear)
G_END_DECLS
