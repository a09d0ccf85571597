/* resource.c: see the header. */
#include "base/resource.h"

GResource *
hf_resource_get (gsize *added, void (*add) (void), GResource *(*get) (void) )
{
  if (g_once_init_enter (added)) {
    add ();
    /* GLib only makes it in the next look for any file, of whatever thread,
     * and until that is done @get returns NULL. A look of our own does it, or
     * waits for the lock of the one that does. */
    g_resources_get_info ("/", G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL);
    g_once_init_leave (added, 1);
  }
  return get ();
}
