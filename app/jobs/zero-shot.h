/* app/jobs/zero-shot.h: classes by their names alone.
 *
 * The row of a class is the mean of its templates' unit text rows, brought to
 * unit length again; the probabilities are the softmax of the cosines times
 * the model's logit scale (Radford et al. 2021, section 3.1.4, "prompt
 * ensembling"). Read-only once made. */
#pragma once

#include "features/session.h"
#include "app/jobs/texts.h"

G_BEGIN_DECLS

#define HF_ZERO_SHOT_ERROR (hf_zero_shot_error_quark ())

typedef enum {
  HF_ZERO_SHOT_ERROR_TEMPLATE, /* one without {class} */
} HfZeroShotError;

GQuark hf_zero_shot_error_quark (void);

/* "a photo of a {class}" */
extern const char *const hf_zero_shot_default_templates[];

/* The prompts of every class and template (NULL-terminated, caller frees),
 * [n_classes][n_templates]. HF_ZERO_SHOT_ERROR_TEMPLATE. */
char **hf_zero_shot_dup_prompts (const char *const *classes,
                                 const char *const *templates,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct _HfZeroShot HfZeroShot;

/* @prompts are those of hf_zero_shot_dup_prompts, as tokens. Errors of
 * hf_session_encode_texts. */
HfZeroShot *hf_zero_shot_new (HfSession *session, const HfTexts *prompts,
                              gsize n_classes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_zero_shot_free (HfZeroShot *self);

/* Writes double[n_classes], summing to 1, for a unit row float[embed_dim], and
 * returns the index of the largest (the first of equals). */
gsize hf_zero_shot_predict (const HfZeroShot *self, const float *row,
                            double *probabilities);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfZeroShot, hf_zero_shot_free)
G_END_DECLS
