/* bundle/goldens.h: golden.safetensors: what the small pictures of a bundle
 * must give, and how their features were made. */
#pragma once

#include "bundle/bundle.h"

G_BEGIN_DECLS

void hf_golden_free (gpointer golden);

/* The bytes of golden.safetensors (caller unrefs) for the goldens of @content,
 * in the order @goldens. HF_BUNDLE_ERROR_FORMAT (a sentence) if they are not
 * alike. */
GBytes *hf_goldens_dup_bytes (const HfBundleContent *content,
                              const GPtrArray *goldens,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills @content->goldens with all but the pictures' bytes.
 * HF_BUNDLE_ERROR_MISMATCH if the features were made otherwise than the
 * manifest says; clauses that begin with a verb. */
gboolean hf_goldens_parse (GBytes *bytes, HfBundleContent *content,
                           GError **error);

G_END_DECLS
