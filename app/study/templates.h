/* app/study/templates.h: what each prompt template does for zero-shot, measured
 * on the labelled pictures. */
#pragma once

#include "app/prompts/prompt-set.h"
#include "app/study/rows.h"
#include "base/json.h"
#include "evaluate/paired.h"
#include "evaluate/rate.h"
#include "features/extractor.h"

G_BEGIN_DECLS

typedef struct {
  guint index; /* of the template in its set */
  char *text;
  gboolean enabled;
  HfRate alone;   /* accuracy with this template only */
  HfRate with;    /* with all that are enabled, and this one */
  HfRate without; /* with all that are enabled, but this one; n = 0 if there are
                     none */
  HfPairedChange change; /* from without to with; n = 0 as there */
} HfTemplateEffect;

typedef struct {
  HfRate all;       /* accuracy with all that are enabled */
  GPtrArray *items; /* HfTemplateEffect *, in the order of the set; none for a
                       template with a problem */
} HfTemplateEffects;

/* Of all templates of @set, over @rows, which have clip rows and whose classes
 * are all in the set. @extractor is that of the rows. Errors:
 * HF_PROMPT_ERROR if a template that is enabled has a problem; those of
 * hf_extractor_encode_texts; G_IO_ERROR_CANCELLED. @progress may be NULL. */
HfTemplateEffects *
hf_template_effects_new (const HfRows *rows, HfExtractor *extractor,
                         const HfPromptSet *set, HfProgress *progress,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_template_effects_free (HfTemplateEffects *self);

/* A list of {template, enabled, alone, with, without, gained, lost, change_low,
 * change_high}; caller owns it. */
HfJson *hf_template_effects_to_json (const HfTemplateEffects *self)
    G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTemplateEffects, hf_template_effects_free)
G_END_DECLS
