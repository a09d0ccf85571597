/* ui/gallery/gallery.h: a grid of pictures: smooth at any number of them, for
 * only the tiles near the visible part exist. Filter and order are made
 * outside, by the list that is shown.
 *
 * Properties: "tile-size" (int, HF_TILE_MIN_PX to HF_TILE_MAX_PX; Ctrl and
 * scrolling set it, notified), "shows-why" (a line above each prediction).
 *
 * Signals: "selection-changed" (also when selected pictures leave the list);
 * "focus-changed"; "activated" (HfPicture): pressed twice; "seen" (GPtrArray of
 * HfPicture): these are in sight, some time after scrolling ended, for
 * hf_workspace_want.
 *
 * Keys are the toolkit's: arrows move, with Shift they extend, with Ctrl they
 * move the focus alone; Ctrl+A, Ctrl+Space. Main thread only. */
#pragma once

#include "ui/gallery/tile.h"

G_BEGIN_DECLS

#define HF_TYPE_GALLERY (hf_gallery_get_type ())
G_DECLARE_FINAL_TYPE (HfGallery, hf_gallery, HF, GALLERY, GtkWidget)

GtkWidget *hf_gallery_new (void);

/* Of HfPicture, filtered and sorted; NULL: none. What is selected and where the
 * focus is stays when the list's content changes, as far as it is in it. */
void hf_gallery_set_model (HfGallery *self, GListModel *model);
GListModel *hf_gallery_get_model (HfGallery *self);

/* Of HfClassItem: names and colours; followed. */
void hf_gallery_set_classes (HfGallery *self, GListModel *classes);

void hf_gallery_set_tile_size (HfGallery *self, int side_px);
int hf_gallery_get_tile_size (HfGallery *self);
void hf_gallery_set_shows_why (HfGallery *self, gboolean shows_why);

/* In the order of the list (element-type HfPicture, which it holds; caller
 * unrefs); without a selection it is the focused one, if any. */
GPtrArray *hf_gallery_dup_selection (HfGallery *self) G_GNUC_WARN_UNUSED_RESULT;
guint hf_gallery_count_selected (HfGallery *self);
void hf_gallery_select (HfGallery *self, GPtrArray *pictures);

/* Where the keyboard is, or NULL. Borrowed. */
HfPicture *hf_gallery_get_focused (HfGallery *self);

/* Scrolls to @picture, gives it the keyboard's focus and selects it alone.
 * FALSE if the list does not have it. */
gboolean hf_gallery_go_to (HfGallery *self, HfPicture *picture);

/* Scrolls so that @picture is seen, nothing else. */
void hf_gallery_scroll_to (HfGallery *self, HfPicture *picture);

/* How many tiles exist, and how many of those in sight still wait for their
 * picture: for tests. */
guint hf_gallery_count_tiles (HfGallery *self);
guint hf_gallery_count_waiting (HfGallery *self);

G_END_DECLS
