/* tuning/loss.h: what learned words are judged by, and its slope.
 *
 * With r_c the tower's row of class c, u_c = r_c / |r_c|, x_i the unit rows of
 * the pictures, s the model's logit scale and t_c the written prompts' rows:
 *
 *   loss = sum_i weight_i (-log softmax_c (s x_i.u_c) [label_i]) / sum_i
 *          weight_i + pull s mean_c |u_c - t_c|^2
 *
 * The first term is that of context optimisation (Zhou et al. 2022, "Learning
 * to prompt for vision-language models", section 3.2), the second keeps the
 * learned words near the written ones (Yao et al. 2023, "Visual-language prompt
 * tuning with knowledge-guided context optimization", section 3.3), without
 * which the few labels are learned by heart. Both are measured in scores: with
 * pull 1 the distance costs twice what it could move a score. Some thousand
 * numbers: computed by the host, in double. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A plain struct over borrowed arrays. */
typedef struct {
  gsize n, dim;
  int n_classes;
  const float *x;       /* [n][dim], unit rows */
  const int *label;     /* [n] */
  const double *weight; /* [n], > 0 */
  const float *written; /* [n_classes][dim], unit rows */
  double logit_scale;
  double pull; /* >= 0 */
} HfTuningData;

/* From the tower's rows @raw, float[n_classes][dim], not of unit length:
 * returns the loss and writes unit rows to @unit and, where it is not NULL, the
 * gradient to @d_raw. A row of zeros stays zero, without a gradient. */
double hf_tuning_loss (const HfTuningData *self, const float *raw, float *unit,
                       float *d_raw);

G_END_DECLS
