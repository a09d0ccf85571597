/* probe/joint.h: the joined rows that trainers see: the chosen blocks side by
 * side, each of like weight.
 *
 *   joined[j] = (raw[j] - mean[j]) factor[j]
 *
 * mean and factor come from the training rows alone, once the tiles of a
 * picture are averaged. The clip block is centred; the classic block is centred
 * and each number divided by its spread: its standard deviation, plus 1/100 of
 * that of the whole block (a number that never moved must not explode), plus
 * 1e-6. Then each block is divided by the root of its mean square norm, so that
 * neither outweighs the other. A block that never moves keeps its scale.
 *
 * Plain struct; read-only once made, any number of threads. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

typedef struct {
  HfBlocks blocks;
  gsize clip_dim;    /* of the block as it is used: 0 if it is not */
  gsize classic_dim; /* likewise */
  gsize dim;         /* their sum: clip first */
  float *mean;       /* [dim] */
  float *factor; /* [dim]; 1 / (spread * scale), constant over the clip part */
} HfJoint;

/* From rows @rows[@n_rows] of @data, at least one; @blocks is not AUTO and in
 * @data. Free with hf_joint_free. */
HfJoint *hf_joint_new (const HfDataset *data, const gsize *rows, gsize n_rows,
                       HfBlocks blocks) G_GNUC_WARN_UNUSED_RESULT;

/* What hf_joint_new would make of the same rows for @blocks, which @whole has:
 * each block is joined by itself. */
HfJoint *hf_joint_new_part (const HfJoint *whole,
                            HfBlocks blocks) G_GNUC_WARN_UNUSED_RESULT;

/* The clip block as it is. */
HfJoint *hf_joint_new_plain (gsize clip_dim) G_GNUC_WARN_UNUSED_RESULT;
void hf_joint_free (HfJoint *self);

/* The rows brought together, double[n_rows][dim]: the mean over each picture's
 * tiles; or double[n_rows][n_tiles][dim], each tile. Caller frees. */
double *hf_joint_dup_rows (const HfJoint *self, const HfDataset *data,
                           const gsize *rows,
                           gsize n_rows) G_GNUC_WARN_UNUSED_RESULT;
double *hf_joint_dup_tiles (const HfJoint *self, const HfDataset *data,
                            const gsize *rows,
                            gsize n_rows) G_GNUC_WARN_UNUSED_RESULT;

/* Rows as predict gets them to float[n][dim]. */
void hf_joint_transform (const HfJoint *self, const float *clip,
                         const float *classic, gsize n, float *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfJoint, hf_joint_free)
G_END_DECLS
