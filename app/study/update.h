/* app/study/update.h: an older bundle whose probe shall learn new labels: its
 * training rows, and whether new rows go with them. Read-only but for the kinds
 * of its classes. */
#pragma once

#include "app/study/study.h"
#include "bundle/bundle.h"

G_BEGIN_DECLS

typedef struct _HfUpdate HfUpdate;

/* Errors of hf_bundle_open; HF_BUNDLE_ERROR_MISMATCH if the bundle carries no
 * training rows, HF_ROWS_ERROR_FORMAT if they are damaged. */
HfUpdate *hf_update_open (const char *path, HfProgress *progress,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_update_free (HfUpdate *self);

/* Borrowed. */
const HfBundle *hf_update_get_bundle (const HfUpdate *self);
const HfRows *hf_update_get_rows (const HfUpdate *self);
const HfBundleContent *hf_update_get_content (const HfUpdate *self);

/* Kinds of the classes of @fresh, and of the old rows. Where no class of @fresh
 * is good, @good says which one is, of either, as hf_sample_classes_set_good.
 * If that is NULL, or what the old probe says too, a class of which nothing was
 * said is what it was there, and a new one beside a good one is a defect. */
gboolean hf_update_set_kinds (HfUpdate *self, HfSamples *fresh,
                              const char *good, GError **error);

/* Which blocks the old rows can be trained with: AUTO if they have both. */
HfBlocks hf_update_get_blocks (const HfUpdate *self);

/* Whether @study, made with @features, has rows of the same model, framing,
 * precision, views and background. HF_BUNDLE_ERROR_MISMATCH names what
 * differs. */
gboolean hf_update_check (const HfUpdate *self, const HfStudy *study,
                          const HfExtractorOptions *features, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfUpdate, hf_update_free)
G_END_DECLS
