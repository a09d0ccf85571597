/* picture-menu.c: see the header. */
#include "ui/label/menu/picture-menu.h"

#include "ui/label/menu/picture-files.h"
#include "ui/widgets/context-menu.h"

#include <glib/gi18n.h>

static gboolean
has_label (HfPicture *picture)
{
  return hf_picture_get_info (picture)->class_id != 0;
}

static guint
count (GPtrArray *pictures, gboolean (*question) (HfPicture *picture))
{
  guint n = 0;

  for (guint i = 0; i < pictures->len; i++)
    n += question (pictures->pdata[i]) ? 1 : 0;
  return n;
}

static GMenuModel *
make_menu (GtkWidget *page, GPtrArray *pictures, gboolean offers_viewer)
{
  const guint n_files = count (pictures, hf_picture_files_has);
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) here = g_menu_new ();
  g_autoptr (GMenu) elsewhere = g_menu_new ();

  gtk_widget_action_set_enabled (page, "label.open-file",
                                 n_files == 1 && pictures->len == 1);
  gtk_widget_action_set_enabled (page, "label.show-in-folder", n_files > 0);
  if (offers_viewer)
    g_menu_append (here, _ ("Open in Viewer"), "label.viewer");
  if (count (pictures, has_label) > 0)
    g_menu_append (here, _ ("Take Label Away"), "label.clear");
  g_menu_append (elsewhere, _ ("Open with Other Program"), "label.open-file");
  g_menu_append (elsewhere, _ ("Show in Folder"), "label.show-in-folder");
  g_menu_append (elsewhere, _ ("Copy Path"), "label.copy-path");
  if (g_menu_model_get_n_items (G_MENU_MODEL (here)) > 0)
    g_menu_append_section (menu, NULL, G_MENU_MODEL (here));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (elsewhere));
  return G_MENU_MODEL (menu);
}

/* The tile that @widget is, is in, or, as a cell of the grid, has in it. */
static GtkWidget *
find_tile (HfGallery *gallery, GtkWidget *widget)
{
  for (; widget != NULL && widget != GTK_WIDGET (gallery);
       widget = gtk_widget_get_parent (widget)) {
    GtkWidget *child = gtk_widget_get_first_child (widget);

    if (HF_IS_TILE (widget))
      return widget;
    if (child != NULL && HF_IS_TILE (child))
      return child;
  }
  return NULL;
}

static gboolean
is_selected (HfGallery *gallery, HfPicture *picture)
{
  g_autoptr (GPtrArray) selected = hf_gallery_dup_selection (gallery);

  return hf_gallery_count_selected (gallery) > 0 &&
         g_ptr_array_find (selected, picture, NULL);
}

/* Where @part of @widget is in sight; all of @widget if it is not. */
static GdkRectangle
find_place (GtkWidget *widget, GtkWidget *part)
{
  GdkRectangle all = {0, 0, gtk_widget_get_width (widget),
                      gtk_widget_get_height (widget)};
  graphene_rect_t bounds;
  GdkRectangle place;

  if (!gtk_widget_compute_bounds (part, widget, &bounds))
    return all;
  place = (GdkRectangle){(int) bounds.origin.x, (int) bounds.origin.y,
                         (int) bounds.size.width, (int) bounds.size.height};
  return gdk_rectangle_intersect (&place, &all, &place) ? place : all;
}

static GMenuModel *
make_gallery_menu (GtkWidget *widget, gboolean by_keyboard, GdkRectangle *at,
                   gpointer page)
{
  HfGallery *gallery = HF_GALLERY (widget);
  GtkWidget *tile = find_tile (
      gallery, by_keyboard
                   ? gtk_root_get_focus (gtk_widget_get_root (widget))
                   : gtk_widget_pick (widget, at->x, at->y, GTK_PICK_DEFAULT));
  g_autoptr (GPtrArray) pictures = NULL;

  if (tile == NULL)
    return NULL;
  if (is_selected (gallery, hf_tile_get_picture (HF_TILE (tile))))
    gtk_widget_grab_focus (gtk_widget_get_parent (tile));
  else
    hf_gallery_go_to (gallery, hf_tile_get_picture (HF_TILE (tile)));
  if (by_keyboard)
    *at = find_place (widget, tile);
  pictures = hf_gallery_dup_selection (gallery);
  return make_menu (page, pictures, TRUE);
}

/* On the picture alone, not on the buttons and the strip around it. */
static GMenuModel *
make_viewer_menu (GtkWidget *widget, gboolean by_keyboard, GdkRectangle *at,
                  gpointer page)
{
  HfPicture *picture = hf_viewer_get_picture (HF_VIEWER (widget));
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();

  if (picture == NULL)
    return NULL;
  if (by_keyboard)
    *at = (GdkRectangle){at->width / 2, at->height / 2, 1, 1};
  else if (!hf_viewer_is_on_picture (HF_VIEWER (widget), at->x, at->y))
    return NULL;
  g_ptr_array_add (pictures, picture);
  return make_menu (page, pictures, FALSE);
}

void
hf_picture_menu_add (GtkWidget *page, HfGallery *gallery, HfViewer *viewer)
{
  hf_context_menu_add (GTK_WIDGET (gallery), make_gallery_menu, page);
  hf_context_menu_add (GTK_WIDGET (viewer), make_viewer_menu, page);
}
