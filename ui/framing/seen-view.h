/* ui/framing/seen-view.h: the squares that a model is given of a picture, each
 * where it belongs, or why there are none. Main thread only. */
#pragma once

#include "ui/framing/setup.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_SEEN_VIEW (hf_seen_view_get_type ())
G_DECLARE_FINAL_TYPE (HfSeenView, hf_seen_view, HF, SEEN_VIEW, AdwBin)

/* Shows what becomes of the picture at @path, as soon as it is known; both
 * arguments are copied. */
void hf_seen_view_look (HfSeenView *self, const char *path,
                        const HfSetup *setup);

/* Shows @reason instead. */
void hf_seen_view_say (HfSeenView *self, const char *reason);

/* What is on the way is not shown any more. */
void hf_seen_view_stop (HfSeenView *self);

/* (element-type GdkTexture) those shown; NULL while others are on the way.
 * Borrowed. */
const GPtrArray *hf_seen_view_get_seen (HfSeenView *self);

G_END_DECLS
