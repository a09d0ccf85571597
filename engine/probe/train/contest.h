/* probe/train/contest.h: settings of a trainer against each other, on folds
 * that hold whole groups out. For trainers that have no shortcut as gda has. */
#pragma once

#include "probe/train/choice.h"

G_BEGIN_DECLS

typedef struct {
  const HfTraining *training;
  int n_folds;       /* 0: no group can be held out */
  int *fold;         /* [n] */
  gboolean *is_held; /* [n]: FALSE where the others of a fold lack a class */
  gboolean can_choose;
  guint n_settings;
  HfChoice choice;
  HfProbeSpec best;
  double *score; /* [n][n_classes] of the best */
} HfContest;

/* At most HF_TRAINING_FOLDS folds, at most the groups of the rarest class. */
void hf_contest_init (HfContest *self, const HfTraining *training,
                      guint64 seed);
void hf_contest_clear (HfContest *self);

/* Offers what a setting said of the rows that were held out, double
 * [n][n_classes]; the first one stands unless another is clearly better. */
void hf_contest_offer (HfContest *self, const HfProbeSpec *setting,
                       const double *score);

/* Offers @setting with each of the strengths @c[@n_c], @usual first; of the
 * i-th @score + i * n * n_classes was held out. */
void hf_contest_offer_strengths (HfContest *self, const HfProbeSpec *setting,
                                 const double *c, int n_c, double usual,
                                 const double *score);

/* What every such trainer leaves in a fit besides its scorer: joint, spec, what
 * was held out, novelty, reason. @joined is double[n][dim]. NULL only if
 * cancelled. */
HfFit *hf_contest_make_fit (const HfContest *self, HfJoint *joint,
                            const double *joined, HfScorer *scorer,
                            HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfContest, hf_contest_clear)
G_END_DECLS
