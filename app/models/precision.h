/* app/models/precision.h: precisions as a user reads and writes them. */
#pragma once

#include "compute/device.h"

G_BEGIN_DECLS

/* "Half (f16)". Never NULL. */
const char *hf_precision_get_title (HfPrecision precision);

/* "f32, f16, int8": those of @which, gboolean[HF_N_PRECISIONS]; NULL: all
 * (caller frees). */
char *hf_precision_dup_list (const gboolean *which) G_GNUC_WARN_UNUSED_RESULT;

/* G_OPTION_ERROR_BAD_VALUE, with what there is, if @name is none. */
gboolean hf_precision_read (const char *name, HfPrecision *precision,
                            GError **error);

G_END_DECLS
