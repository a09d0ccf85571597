/* probe/scorer.h: what every trained probe comes down to: joined rows to one
 * score a class.
 *
 * Three forms. With z the joined row, or for RBF exp (-gamma |z - z_s|^2) over
 * the support rows z_s:
 *   out = weights z + bias
 * and the outputs are the scores of the classes, or the decisions of their
 * pairs (0,1) (0,2) ... (1,2) ..., which vote as svm.h says.
 *
 * Plain struct; read-only once made, any number of threads. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  HF_SCORER_CLASSES, /* n_out = n_classes */
  HF_SCORER_PAIRS,   /* n_out = n_classes (n_classes - 1) / 2 */
  HF_SCORER_RBF,     /* likewise, on kernel values */
} HfScorerForm;

typedef struct {
  HfScorerForm form;
  int n_classes;
  gsize dim;
  gsize n_out;
  gsize width;    /* numbers a row of weights has: dim, or n_support for RBF */
  float *weights; /* [n_out][width] */
  double *bias;   /* [n_out] */
  double gamma;   /* RBF */
  gsize n_support;
  float *support; /* [n_support][dim], RBF */
} HfScorer;

/* With @weights double[n_out][dim + 1], the intercept last. Free with
 * hf_scorer_free. */
HfScorer *hf_scorer_new (HfScorerForm form, const double *weights,
                         int n_classes, gsize dim) G_GNUC_WARN_UNUSED_RESULT;

/* With RBF: @weights double[n_out][n_support + 1], @support
 * double[n_support][dim]. */
HfScorer *hf_scorer_new_rbf (const double *weights, const double *support,
                             gsize n_support, double gamma, int n_classes,
                             gsize dim) G_GNUC_WARN_UNUSED_RESULT;
void hf_scorer_free (HfScorer *self);

/* Outputs that a form has for so many classes. */
gsize hf_scorer_get_n_out (HfScorerForm form, int n_classes);

/* Scores of joined rows @z, float[n][dim], to double[n][n_classes]. */
void hf_scorer_score (const HfScorer *self, const float *z, gsize n,
                      double *score);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfScorer, hf_scorer_free)
G_END_DECLS
