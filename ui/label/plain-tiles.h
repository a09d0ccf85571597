/* ui/label/plain-tiles.h: pictures as tiles with their name and label. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkListItemFactory *hf_plain_tiles_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
