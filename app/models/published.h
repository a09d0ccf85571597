/* app/models/published.h: does a model give the numbers that public code
 * states for OpenAI's weights (data/openai_published_numbers.json)? */
#pragma once

#include "features/session.h"

G_BEGIN_DECLS

typedef struct {
  int n_values;              /* numbers compared; 0: none is published */
  double largest_difference; /* in features before normalising, in logits */
  gboolean agrees;
} HfPublishedCheck;

/* Compares what @session (f32, with both towers) computes for prompts and for
 * inputs that are one number everywhere with the entries for the catalogue's
 * model @name in the file @numbers_path (NULL: the one that comes with
 * Handful). Our rows have unit length, the published ones had not, so each
 * published stretch must be a multiple of ours; @out says how far it is from
 * the best multiple. Logits are compared as they are. Errors: GFileError,
 * HfJsonError, those of hf_session_encode_texts and hf_clip_encode_images. */
gboolean hf_published_check (HfSession *session, const char *name,
                             const char *numbers_path, HfPublishedCheck *out,
                             GError **error);

G_END_DECLS
