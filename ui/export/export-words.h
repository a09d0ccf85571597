/* ui/export/export-words.h: names of probes and framings for people. Constant,
 * translated strings. */
#pragma once

#include "image/framing.h"
#include "probe/spec.h"

G_BEGIN_DECLS

/* "GDA + text" */
const char *hf_probe_kind_get_title (HfProbeKind kind);

/* "the square in the middle" */
const char *hf_framing_kind_get_words (HfFramingKind kind);

G_END_DECLS
