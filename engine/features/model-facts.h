/* features/model-facts.h: what must be known of a model before a row of it can
 * be looked up: remembered, so that a model whose rows are all there is not
 * opened. */
#pragma once

#include "features/store.h"
#include "model/clip-config.h"

G_BEGIN_DECLS

typedef struct {
  char *identity; /* as hf_model_file_dup_identity */
  /* Of what else decides a row: the same weights may be run with another
   * activation or other pixels. */
  char *config_tag;
  int clip_dim, image_px, context_length;
  double logit_scale; /* the exponential */
} HfModelFacts;

/* Reads them from @store (may be NULL) if weights and configuration at @path
 * are the files they were, else from the model. Errors of hf_model_file_open;
 * G_IO_ERROR_CANCELLED. */
gboolean hf_model_facts_read (const char *path, HfFeatureStore *store,
                              HfProgress *progress, HfModelFacts *out,
                              GError **error);
void hf_model_facts_clear (HfModelFacts *self);

/* A few letters (caller frees) that differ where two configurations do. */
char *
hf_model_facts_dup_tag (const HfClipConfig *config) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
