/* dataset.c: see the header. */
#include "probe/dataset.h"

#include <glib/gi18n-lib.h>

static const char *const kind_names[] = {"good", "defect", "other"};

const char *
hf_class_kind_get_name (HfClassKind self)
{
  return kind_names[self];
}

gboolean
hf_class_kind_parse (const char *name, HfClassKind *out, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_str_equal (name, kind_names[i])) {
      *out = (HfClassKind) i;
      return TRUE;
    }
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("\"%s\" is no kind of class. Use good, defect or other."),
                  name);
  return FALSE;
}
