/* probe/train/text-scores.h: what the text rows say of pictures, and the probe
 * that is nothing else (zero-shot). */
#pragma once

#include "probe/train/training.h"

G_BEGIN_DECLS

/* Whether @data has text and clip rows. */
gboolean hf_text_is_there (const HfDataset *data);

/* logit_scale x_clip.T_c of every tile: double[n][n_tiles][n_classes], caller
 * frees. */
double *
hf_text_dup_scores (const HfTraining *training) G_GNUC_WARN_UNUSED_RESULT;

/* Takes from such scores each class's mean over the training rows. */
void hf_text_centre (const HfTraining *training, double *score);

/* Adds logit_scale T_c, as a function of rows joined by @joint (which has the
 * clip block), to @weights, double[n_classes][dim + 1]; @is_centred: less its
 * mean over the rows that @joint was made of. */
void hf_text_add_weights (const HfDataset *data, const HfJoint *joint,
                          gboolean is_centred, double *weights);

/* Softmax at the model's logit scale; where there are labels, its temperature
 * is found on them: the text never saw them. HF_PROBE_ERROR_NO_TEXT. */
HfFit *hf_zero_shot_fit (const HfTraining *training, const HfProbeSpec *spec,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
