/* reserved-keys.c: see the header. */
#include "ui/label/reserved-keys.h"

#include <glib/gi18n.h>

static const struct {
  gunichar key;
  const char *use;
} reserved[] = {
    {'0', N_ ("takes labels away")},
     {'f', N_ ("opens the viewer")},
      {'e', N_ ("shows edges")},
       {' ', N_ ("goes to the next suggestion")},
        {'/', N_ ("filters by name")},
         {'+', N_ ("makes pictures larger")},
          {'-', N_ ("makes pictures smaller")},
           {'=', N_ ("makes pictures larger")},
};

const char *
hf_reserved_keys_find (gunichar key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reserved); i++)
    if (reserved[i].key == g_unichar_tolower (key))
      return _ (reserved[i].use);
  return NULL;
}
