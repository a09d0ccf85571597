/* ui/prompts/preview-tile.h: a picture with what the prompts alone say of it: a
 * bar for each class. A leaf: it draws all of itself. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_PREVIEW_TILE (hf_preview_tile_get_type ())
G_DECLARE_FINAL_TYPE (HfPreviewTile, hf_preview_tile, HF, PREVIEW_TILE,
                      GtkWidget)

GtkWidget *hf_preview_tile_new (HfPicture *picture,
                                GListModel *classes) G_GNUC_WARN_UNUSED_RESULT;

HfPicture *hf_preview_tile_get_picture (HfPreviewTile *self);

/* double[@n] in the order of the classes; NULL or NAN: nothing is known. */
void hf_preview_tile_set (HfPreviewTile *self, const double *probabilities,
                          gsize n);

/* The place of the most probable class, or -1. */
int hf_preview_tile_get_best (HfPreviewTile *self);

G_END_DECLS
