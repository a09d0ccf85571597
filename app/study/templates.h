/* app/study/templates.h: what each prompt template does for zero-shot, measured
 * on the labelled pictures. */
#pragma once

#include "app/study/study.h"
#include "base/json.h"

G_BEGIN_DECLS

typedef struct {
  char *text;     /* of the template */
  HfRate alone;   /* accuracy with this template only */
  HfRate without; /* accuracy with all the others; n = 0 if there are none */
  gint64 gained;  /* pictures that are right only with it among the others */
  gint64 lost;    /* pictures that are right only without it */
} HfTemplateEffect;

typedef struct {
  HfRate all;       /* accuracy with all templates */
  GPtrArray *items; /* HfTemplateEffect *, in the order given */
} HfTemplateEffects;

/* @templates[@n] with {class} in each. Errors of hf_zero_shot_dup_prompts and
 * hf_extractor_encode_texts. Only where the study has clip rows. */
HfTemplateEffects *
hf_template_effects_new (const HfStudy *study, const char *const *templates,
                         gsize n, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_template_effects_free (HfTemplateEffects *self);

/* A list of {template, alone, without, gained, lost}; caller owns it. */
HfJson *hf_template_effects_to_json (const HfTemplateEffects *self)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTemplateEffects, hf_template_effects_free)
G_END_DECLS
