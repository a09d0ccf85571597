/* probe/novelty.h: how far a picture lies from everything labelled, and from
 * where on it is called unknown.
 *
 * The distance is (x - mu_c)' P (x - mu_c) to the nearest class mean, with
 * P = dim inverse(W + l I) and W, l as in scatter.h. What is kept of P are the
 * HF_NOVELTY_MAX_AXES directions in which the labelled rows spread most; across
 * to them P counts as one number, `rest`, for the mean spread that is left:
 *
 *   d = sum_k axis_weight_k ((x - mu_c).v_k)^2 + rest |the remainder|^2
 *
 * so that a probe stays small and 100,000 pictures are judged at once.
 *
 * The limit is set for false alarms at rate a = 1 %: of n held-out distances
 * the ceil ((n + 1)(1 - a))-th smallest (conformal prediction; Vovk et al.
 * 2005, section 2.2), which under 99 labels is the largest, at rate 1 / (n +
 * 1); from 20 on. Held-out distances are those of hold-out.h, times what
 * keeping few axes changes of the same row's distance. */
#pragma once

#include "probe/solve/hold-out.h"

G_BEGIN_DECLS

#define HF_NOVELTY_MAX_AXES 64
#define HF_NOVELTY_FALSE_ALARMS 0.01
#define HF_NOVELTY_MIN_LABELS 20

typedef struct {
  int n_classes;
  gsize dim, n_axes;
  float *rows;        /* [n_classes + n_axes][dim]: the means, and the axes,
                         orthonormal: a picture meets all of them in one product */
  float *axis_weight; /* [n_axes] */
  double rest;
  double limit;        /* INFINITY: too few labels */
  double false_alarms; /* the rate that the limit stands for; 1 without one */
  /* Prepared: */
  double *place;  /* [n_classes][n_axes]: the means on the axes */
  double *square; /* [n_classes]: their squared lengths */
  double *weight; /* [n_axes] */
} HfNovelty;

/* What a novelty is made of: @held was made of @scatter and the groups
 * @group[n]; its distances at lambda number @which count, that is @lambda.
 * Numbers from @first_standardised on were divided by their spread. */
typedef struct {
  const HfScatter *scatter;
  const HfHoldOut *held;
  const int *group;
  gsize which;
  double lambda;
  gsize first_standardised;
} HfNoveltySource;

/* Free with hf_novelty_free. */
HfNovelty *
hf_novelty_new (const HfNoveltySource *source) G_GNUC_WARN_UNUSED_RESULT;

/* Fills in what follows from the other members, once those are there. */
void hf_novelty_prepare (HfNovelty *self);
void hf_novelty_free (HfNovelty *self);

/* Distances of joined rows @z, float[n][dim], to double[n]. */
void hf_novelty_measure (const HfNovelty *self, const float *z, gsize n,
                         double *distance);

/* The limit of the distances @held[n], as above; sorts them. */
double hf_novelty_find_limit (double *held, gsize n, double *false_alarms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfNovelty, hf_novelty_free)
G_END_DECLS
