/* ui/prompts/preview.h: a few pictures with what the prompts alone say of them,
 * as they are typed. The desk is asked in the numbers' thread; what was asked
 * in the meantime makes an answer stale, and it is dropped. Main thread
 * only. */
#pragma once

#include "app/prompts/prompt-set.h"
#include "ui/workspace/workspace.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_PREVIEW (hf_preview_get_type ())
G_DECLARE_FINAL_TYPE (HfPreview, hf_preview, HF, PREVIEW, AdwBin)

void hf_preview_set_workspace (HfPreview *self, HfWorkspace *workspace);

/* These (element-type HfPicture) instead of the first of each class; NULL or
 * none: the first ones. */
void hf_preview_set_pictures (HfPreview *self, GPtrArray *pictures);

/* Looks again which pictures there are. */
void hf_preview_refresh (HfPreview *self);

/* Asks by @prompts (char ** for each class, NULL at the end), which are taken;
 * NULL: they cannot be asked as they stand, nothing changes. */
void hf_preview_ask (HfPreview *self, char ***prompts);

/* Whether what is shown is of the prompts asked last. */
gboolean hf_preview_is_fresh (HfPreview *self);
/* Place of the most probable class of picture @i, or -1; for tests. */
int hf_preview_get_best (HfPreview *self, guint i);
guint hf_preview_get_n (HfPreview *self);

G_END_DECLS
