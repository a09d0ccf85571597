/* evaluate/reliability-private.h: whether a probability of 0.9 is right nine
 * times in ten. */
#pragma once

#include "evaluate/evaluation.h"

G_BEGIN_DECLS

enum { HF_RELIABILITY_MIN = 200 }; /* predictions for an expected error */

/* Expected calibration error over 15 equal bins (Guo et al. 2017, ICML) of
 * @confidence[n], the predicted class's probability; bin b holds
 * ((b-1)/15, b/15]. */
double hf_reliability_error (const double *confidence, const gboolean *right,
                             gsize n);

/* What a probe whose probabilities are all true would show at the same
 * confidences: the mean over drawn outcomes, the same every time. */
double hf_reliability_expected (const double *confidence, gsize n);

/* Fills the ten bins; arguments as hf_rate_new's. */
void hf_reliability_bins (const double *confidence, const gboolean *right,
                          const int *group, gsize n, int n_folds,
                          HfCalibrationBin *bins);

G_END_DECLS
