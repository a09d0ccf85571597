/* spec.c: see the header. */
#include "probe/spec.h"

#include <glib/gi18n-lib.h>

static const char *const names[] = {"zero-shot", "linear", "svm",
                                    "gda",       "prompt", "auto"};

const char *
hf_probe_kind_get_name (HfProbeKind self)
{
  return names[self];
}

gboolean
hf_probe_kind_parse (const char *name, HfProbeKind *out, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i])) {
      *out = (HfProbeKind) i;
      return TRUE;
    }
  g_set_error (
      error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      _("\"%s\" is no probe. Use auto, zero-shot, linear, svm, gda or "
        "prompt."),
         name);
  return FALSE;
}
