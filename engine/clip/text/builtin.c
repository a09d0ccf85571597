/* clip/text/builtin.c: see builtin.h. */
#include "clip/text/builtin.h"

#include "base/resource.h"
#include "clip/text/vocabulary-resources.h"

#define ROOT "/io/github/handful_app/Handful/engine/vocabulary/"

GBytes *
hf_builtin_dup (const char *name, GError **error)
{
  static gsize added;
  g_autofree char *path = g_strconcat (ROOT, name, NULL);

  return g_resource_lookup_data (
      hf_resource_get (&added, hf_vocabulary_register_resource,
                       hf_vocabulary_get_resource),
      path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}
