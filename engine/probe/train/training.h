/* probe/train/training.h: what every trainer is given, and what it gives back.
 */
#pragma once

#include "base/progress.h"
#include "probe/calibration.h"
#include "probe/dataset.h"
#include "probe/joint.h"
#include "probe/train/members.h"
#include "probe/novelty.h"
#include "probe/scorer.h"
#include "probe/spec.h"
#include "probe/words.h"

G_BEGIN_DECLS

/* The labelled rows of one training. Arrays [n] are in the order of @row. */
typedef struct {
  const HfDataset *data;
  gsize n;
  gsize *row;     /* [n], of the dataset */
  int *label;     /* [n] */
  int *group;     /* [n], joined by near-copies */
  double *weight; /* [n], mean 1: classes alike, unless unbalanced */
  HfMembers *members;
  gsize rarest_labels; /* labels of the class that has fewest */
  gsize rarest_groups; /* groups of the class that has fewest */
} HfTraining;

/* Choices are made, and folds held out for them, from so many groups of every
 * class on; blocks from so many labels. */
#define HF_TRAINING_MIN_GROUPS 3
#define HF_TRAINING_MIN_BLOCK_LABELS 8
#define HF_TRAINING_FOLDS 5

/* Rows @rows[@n_rows] of @data, NULL: all. Free with hf_training_free. */
HfTraining *hf_training_new (const HfDataset *data, const gsize *rows,
                             gsize n_rows,
                             gboolean unbalanced) G_GNUC_WARN_UNUSED_RESULT;
void hf_training_free (HfTraining *self);

/* Whether strengths are chosen. */
gboolean hf_training_can_choose (const HfTraining *self);

/* The choices of blocks that @wanted leaves, to HfBlocks[3], the one that
 * stands without a choice first; returns how many, 0 if the data has none. */
guint hf_training_list_blocks (const HfTraining *self, HfBlocks wanted,
                               HfBlocks *out);

/* A trained probe and what it said of rows it had not seen. */
typedef struct {
  HfProbeSpec spec; /* everything chosen filled in */
  HfJoint *joint;
  HfScorer *scorer;
  HfNovelty *novelty; /* NULL: none */
  HfWords *words;     /* prompt only */
  /* Held-out scores of the pictures, in the training's order;
   * is_held FALSE where there is none. */
  double *held;      /* [n][n_classes] */
  gboolean *is_held; /* [n] */
  double spread;     /* of the scores, for when no row was held out */
  double prior;      /* spread that they shall have, see calibration.h */
  char *reason;      /* how strengths were chosen */
} HfFit;

void hf_fit_free (HfFit *self);

/* Sets the spread to that of the scores of the training pictures themselves. */
void hf_fit_find_spread (HfFit *self, const HfTraining *training);

/* The held-out scores that there are, packed, with labels and weights; its
 * arrays are freed by hf_held_clear. */
typedef struct {
  HfHeldScores scores;
  double *score;
  int *label;
  double *weight;
} HfHeld;

void hf_held_init (HfHeld *self, const HfTraining *training,
                   const double *score, const gboolean *is_held);
void hf_held_clear (HfHeld *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTraining, hf_training_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFit, hf_fit_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfHeld, hf_held_clear)
G_END_DECLS
