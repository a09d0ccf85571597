/* base/sets.h: which of n things belong together, found by joining two at a
 * time (Galler and Fischer 1964). The caller has gsize parent[n], each its own
 * number at first, or that of an earlier one it belongs to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first thing of the set of @i. Shortens the way there. */
gsize hf_sets_find (gsize *parent, gsize i);

/* Makes one set of those of @i and @j, whose first things stay first, whatever
 * the order of joins. */
void hf_sets_join (gsize *parent, gsize i, gsize j);

G_END_DECLS
