/* ui/framing/cost.h: what another way of looking costs, in words. */
#pragma once

#include "ui/framing/setup.h"

G_BEGIN_DECLS

/* That @n_pictures are looked at anew, and about how long that takes, if the
 * model's speed is known. Caller frees. */
char *hf_cost_dup_text (const HfSetup *setup,
                        guint n_pictures) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
