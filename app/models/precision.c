/* precision.c: see the header. */
#include "app/models/precision.h"

#include <glib/gi18n-lib.h>

const char *
hf_precision_get_title (HfPrecision precision)
{
  static const char *const titles[HF_N_PRECISIONS] = {
      [HF_PRECISION_F32] = N_("Full (f32)"), [HF_PRECISION_F16] =
                             N_("Half (f16)"), [HF_PRECISION_BF16] = N_("Half, Coarser (bf16)"),
                                                    [HF_PRECISION_INT8] =
                                                        N_("8 Bits (int8)"),
                                                    };

  return _(titles[precision]);
}

char *
hf_precision_dup_list (const gboolean *which)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (int p = 0; p < HF_N_PRECISIONS; p++)
    if (which == NULL || which[p])
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "",
                              hf_precision_get_name ((HfPrecision) p));
  return g_string_free (g_steal_pointer (&list), FALSE);
}

gboolean
hf_precision_read (const char *name, HfPrecision *precision, GError **error)
{
  g_autofree char *all = NULL;

  if (hf_precision_parse (name, precision))
    return TRUE;
  all = hf_precision_dup_list (NULL);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               /* Translators: what was asked for; a list as "f32, f16". */
               _("There is no precision \"%s\"; use one of these: %s."), name,
                  all);
  return FALSE;
}
