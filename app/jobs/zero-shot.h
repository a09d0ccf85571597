/* app/jobs/zero-shot.h: classes by their names alone.
 *
 * The row of a class is the mean of its templates' unit text rows, brought to
 * unit length again; the probabilities are the softmax of the cosines times
 * the model's logit scale (Radford et al. 2021, section 3.1.4, "prompt
 * ensembling"). Read-only once made. */
#pragma once

#include "features/extractor.h"

G_BEGIN_DECLS

typedef struct _HfZeroShot HfZeroShot;

/* @prompts has a list for each of @n_classes classes, each NULL-terminated and
 * not empty. Errors of hf_extractor_encode_texts. */
HfZeroShot *hf_zero_shot_new (HfExtractor *extractor,
                              char *const *const *prompts, gsize n_classes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_zero_shot_free (HfZeroShot *self);

/* Writes double[n_classes], summing to 1, for a unit row float[embed_dim], and
 * returns the index of the largest (the first of equals). */
gsize hf_zero_shot_predict (const HfZeroShot *self, const float *row,
                            double *probabilities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfZeroShot, hf_zero_shot_free)
G_END_DECLS
