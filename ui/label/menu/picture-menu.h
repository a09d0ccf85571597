/* ui/label/menu/picture-menu.h: the menu on a picture of the grid, and on the
 * one in the viewer. A picture of the grid that is not selected is selected
 * alone first, as in Files; on a selected one the menu is for all selected. */
#pragma once

#include "ui/gallery/gallery.h"
#include "ui/gallery/viewer/viewer.h"

G_BEGIN_DECLS

/* What is chosen are actions of @page, which has both and lives as long. */
void hf_picture_menu_add (GtkWidget *page, HfGallery *gallery,
                          HfViewer *viewer);

G_END_DECLS
