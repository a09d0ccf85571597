/* export-words.c: see the header. */
#include "ui/export/export-words.h"

#include <glib/gi18n.h>

const char *
hf_probe_kind_get_title (HfProbeKind kind)
{
  switch (kind) {
  case HF_PROBE_ZERO_SHOT:
    return _("Zero-shot");
  case HF_PROBE_LINEAR:
    return _("Logistic regression");
  case HF_PROBE_SVM:
    return _("SVM");
  case HF_PROBE_AUTO:
    return _("The best of all");
  case HF_PROBE_PROMPT:
    return _("Prompt tuning");
  case HF_PROBE_GDA:
  default:
    return _("GDA + text");
  }
}

const char *
hf_framing_kind_get_words (HfFramingKind kind)
{
  switch (kind) {
  case HF_FRAMING_WHOLE:
    return _("the whole picture, its border filled");
  case HF_FRAMING_REGION:
    return _("a region of the picture");
  case HF_FRAMING_TILES:
    return _("tiles that overlap, the worst of them decides");
  case HF_FRAMING_CROP:
  default:
    return _("the square in the middle");
  }
}
