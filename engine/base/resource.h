/* base/resource.h: files that are built into the program, of which GLib makes a
 * bundle with functions to add and to get it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The bundle, added at the first call and never taken back: what GLib adds by
 * itself it frees in exit(), under threads that are still at work. From any
 * thread; @added is 0 at first and belongs to the bundle. */
GResource *hf_resource_get (gsize *added, void (*add) (void),
                            GResource *(*get) (void) );

G_END_DECLS
