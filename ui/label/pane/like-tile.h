/* ui/label/pane/like-tile.h: a small picture with its label and how far it is
 * from the one looked at. A leaf. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_LIKE_TILE (hf_like_tile_get_type ())
G_DECLARE_FINAL_TYPE (HfLikeTile, hf_like_tile, HF, LIKE_TILE, GtkWidget)

/* @item may be NULL: no label any more. */
GtkWidget *hf_like_tile_new (HfPicture *picture, HfClassItem *item,
                             double distance) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
