/* Draws a grid of real pictures in every state into a PNG, to be looked at:
 * show-gallery FILE.png WIDTH HEIGHT TILE WHY FOLDER... */
#include "pictures.h"
#include "stage.h"
#include "ui/gallery/gallery.h"

#include <stdlib.h>

static gboolean
is_complete (gpointer gallery)
{
  return hf_gallery_count_tiles (gallery) > 0 &&
         hf_gallery_count_waiting (gallery) == 0;
}

int
main (int argc, char **argv)
{
  g_autoptr (GListStore) classes = NULL;
  g_autoptr (GListStore) list = NULL;
  g_autoptr (GPtrArray) selected =
      g_ptr_array_new_with_free_func (g_object_unref);
  GtkWidget *gallery;
  GtkWindow *window;

  stage_init ();
  classes = pictures_new_classes ();
  list = pictures_new_list (argv + 6, argc - 6);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++) {
    g_autoptr (HfPicture) picture =
        g_list_model_get_item (G_LIST_MODEL (list), i);

    pictures_vary (picture, (int) i);
    if (i == 2 || i == 4)
      g_ptr_array_add (selected, g_object_ref (picture));
  }
  gallery = g_object_new (HF_TYPE_GALLERY, "tile-size", atoi (argv[4]),
                          "shows-why", atoi (argv[5]), NULL);
  hf_gallery_set_classes (HF_GALLERY (gallery), G_LIST_MODEL (classes));
  hf_gallery_set_model (HF_GALLERY (gallery), G_LIST_MODEL (list));
  hf_gallery_select (HF_GALLERY (gallery), selected);
  window = stage_show (gallery, atoi (argv[2]), atoi (argv[3]));
  stage_settle (window);
  stage_settle (window);
  stage_wait (is_complete, gallery);
  stage_settle (window);
  stage_save (window, argv[1]);
  stage_close (window, NULL);
  return 0;
}
