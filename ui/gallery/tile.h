/* ui/gallery/tile.h: one picture of a grid with what is known of it. A leaf: it
 * draws all of itself, so that no text of one picture moves another and
 * scrolling costs no layout. Main thread only. */
#pragma once

#include "ui/workspace/picture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TILE_MIN_PX 96
#define HF_TILE_MAX_PX 320

#define HF_TYPE_TILE (hf_tile_get_type ())
G_DECLARE_FINAL_TYPE (HfTile, hf_tile, HF, TILE, GtkWidget)

GtkWidget *hf_tile_new (void);

/* NULL clears the tile for the next one. */
void hf_tile_set_picture (HfTile *self, HfPicture *picture);
/* Borrowed. */
HfPicture *hf_tile_get_picture (HfTile *self);

/* Of HfClassItem. */
void hf_tile_set_classes (HfTile *self, GListModel *classes);

/* The least side of the picture; it grows with its column. */
void hf_tile_set_side (HfTile *self, int side_px);

/* Whether a line says why the picture is suggested. */
void hf_tile_set_shows_why (HfTile *self, gboolean shows_why);

typedef enum {
  HF_TILE_FAR,  /* no thumbnail is made */
  HF_TILE_NEAR, /* one page away at most */
  HF_TILE_SEEN  /* comes before those that are near */
} HfTileSight;

/* FAR until said otherwise, for each picture again. */
void hf_tile_set_sight (HfTile *self, HfTileSight sight);

/* Whether its thumbnail is still to come. */
gboolean hf_tile_is_waiting (HfTile *self);

/* Something of the classes is another now. */
void hf_tile_refresh (HfTile *self);

G_END_DECLS
