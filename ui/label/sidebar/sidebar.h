/* ui/label/sidebar/sidebar.h: what of the project is shown: views with their
 * counts, classes, folders. Choosing a row sets the query of the pictures
 * shown; a query that somebody else sets chooses the row. Classes and folders
 * are added and changed here. Main thread only. */
#pragma once

#include "ui/label/list/shown-pictures.h"
#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_SIDEBAR (hf_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (HfSidebar, hf_sidebar, HF, SIDEBAR, GtkWidget)

/* @workspace may be NULL. */
void hf_sidebar_set_workspace (HfSidebar *self, HfWorkspace *workspace);
void hf_sidebar_set_pictures (HfSidebar *self, HfShownPictures *pictures);

/* Opens the line in which a class is made. */
void hf_sidebar_add_class (HfSidebar *self);

/* Asks for a folder, which becomes one of the project's. */
void hf_sidebar_add_folder (HfSidebar *self);

G_END_DECLS
