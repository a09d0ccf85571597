/* ui/gallery/sight.h: which tiles of a scrolled grid are seen. Those that are,
 * or nearly so, get their pictures, the seen ones first; the owner is told of
 * them once scrolling has ended. Main thread only. */
#pragma once

#include "ui/gallery/tile.h"

G_BEGIN_DECLS

typedef struct _HfSight HfSight;

/* @pictures (element-type HfPicture) is borrowed. */
typedef void (*HfSightFunc) (GPtrArray *pictures, gpointer data);

/* @frame is what the tiles are seen through; it may go first. */
HfSight *hf_sight_new (GtkWidget *frame, HfSightFunc func,
                       gpointer data) G_GNUC_WARN_UNUSED_RESULT;
void hf_sight_free (HfSight *self);

/* Looks at @tile, too, until it goes. */
void hf_sight_add (HfSight *self, HfTile *tile);
/* Borrowed (element-type HfTile), in no order. */
GPtrArray *hf_sight_get_tiles (HfSight *self);

/* Something has moved, or will in the next layout: looks then. Cheap. */
void hf_sight_look (HfSight *self);

/* Seen ones whose thumbnail is still to come. */
guint hf_sight_count_waiting (HfSight *self);

G_END_DECLS
