/* probe/calibration.h: scores to probabilities, by held-out predictions.
 *
 *   p = softmax (score_c / temperature + offset [c is a defect])
 *
 * Temperature scaling (Guo et al. 2017, "On calibration of modern neural
 * networks", section 4.2). The offset is for pictures of several tiles alone:
 * the greatest of many scores is large by chance. Both minimise
 *
 *   sum_i weight_i (-log p_i(label_i)) + (spread / temperature - prior)^2
 *                                      + (offset / 5)^2
 *
 * with spread the root mean square of the scores about their row's mean, and
 * prior 1: as long as few held-out labels say otherwise, scores are brought to
 * a spread of one nat, so that a few faultless rows do not claim certainty, nor
 * a few unlucky ones ignorance. Measured in docs/decisions.md. It is convex in
 * 1 / temperature and offset. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

typedef struct {
  double temperature; /* > 0 */
  double offset;      /* 0 with one tile */
} HfCalibration;

/* Held-out predictions. Plain struct over borrowed arrays. */
typedef struct {
  const double *score;  /* [n][n_classes] */
  const int *label;     /* [n] */
  const double *weight; /* [n] */
  gsize n;
  int n_classes;
} HfHeldScores;

/* Scores of tiles, double[n][n_tiles][n_classes], to scores of pictures,
 * double[n][n_classes]: the greatest for a defect, the mean for the rest. */
void hf_calibration_join_tiles (const double *score, gsize n, gsize n_tiles,
                                const HfClassKind *kinds, int n_classes,
                                double *out);

/* @kinds is NULL where there is no offset. @spread is the scores' spread, and
 * @prior what it is brought to without rows. */
void hf_calibration_fit (const HfHeldScores *held, const HfClassKind *kinds,
                         double spread, double prior, HfCalibration *out);

/* Root mean square of scores, double[n][n_classes], about the mean of their
 * row; 0 if every row is constant or there is none. */
double hf_calibration_find_spread (const double *score, gsize n, int n_classes);

/* In place: @score, double[n][n_classes], becomes probabilities. */
void hf_calibration_apply (const HfCalibration *self, const HfClassKind *kinds,
                           gsize n, int n_classes, double *score);

/* Log-losses in nats of the labels at the best temperature, to double[n]: what
 * strengths are chosen by. */
void hf_calibration_judge (const HfHeldScores *held, double *loss);

G_END_DECLS
