/* blocks.c: see the header. */
#include "features/blocks.h"

#include <glib/gi18n-lib.h>

static const char *const names[] = {"auto", "clip", "classic", "clip+classic"};

const char *
hf_blocks_get_name (HfBlocks self)
{
  return names[self];
}

gboolean
hf_blocks_parse (const char *name, HfBlocks *out, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i])) {
      *out = (HfBlocks) i;
      return TRUE;
    }
  g_set_error (
      error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      _("\"%s\" names no features. Use clip, classic, clip+classic or auto."),
         name);
  return FALSE;
}
