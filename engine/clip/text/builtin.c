/* clip/text/builtin.c: see builtin.h. The files are registered here, and never
 * taken back: what GLib registers by itself it frees in exit(), under threads
 * that are still at work. */
#include "clip/text/builtin.h"

#include "clip/text/vocabulary-resources.h"

#define ROOT "/io/github/handful_app/Handful/engine/vocabulary/"

GBytes *
hf_builtin_dup (const char *name, GError **error)
{
  static gsize registered;
  g_autofree char *path = g_strconcat (ROOT, name, NULL);

  if (g_once_init_enter (&registered)) {
    hf_vocabulary_register_resource ();
    g_once_init_leave (&registered, 1);
  }
  return g_resource_lookup_data (hf_vocabulary_get_resource (), path,
                                 G_RESOURCE_LOOKUP_FLAGS_NONE, error);
}
