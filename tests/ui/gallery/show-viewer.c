/* Draws the viewer over real pictures into a PNG, to be looked at:
 * show-viewer FILE.png WIDTH HEIGHT PLACE ZOOM EDGES FRAMING FOLDER... */
#include "pictures.h"
#include "stage.h"
#include "ui/gallery/viewer/canvas.h"
#include "ui/gallery/viewer/viewer.h"

#include <stdlib.h>

static gboolean
is_complete (gpointer viewer)
{
  return !hf_viewer_is_loading (HF_VIEWER (viewer));
}

static gboolean
has_edges (gpointer canvas)
{
  return hf_canvas_has_edges (HF_CANVAS (canvas));
}

int
main (int argc, char **argv)
{
  g_autoptr (GListStore) list = NULL;
  g_autoptr (HfPicture) picture = NULL;
  GtkWidget *viewer, *canvas;
  GtkWindow *window;
  HfFraming framing;

  stage_init ();
  gtk_icon_theme_add_resource_path (
      gtk_icon_theme_get_for_display (gdk_display_get_default ()),
      "/io/github/handful_app/Handful/icons");
  list = pictures_new_list (argv + 8, argc - 8);
  picture = g_list_model_get_item (G_LIST_MODEL (list), (guint) atoi (argv[4]));
  viewer = hf_viewer_new ();
  canvas = stage_find (viewer, HF_TYPE_CANVAS, NULL);
  hf_viewer_set_model (HF_VIEWER (viewer), G_LIST_MODEL (list));
  hf_viewer_set_picture (HF_VIEWER (viewer), picture);
  if (hf_framing_parse (argv[7], &framing, NULL))
    hf_viewer_set_framing (HF_VIEWER (viewer), &framing);
  g_object_set (viewer, "shows-edges", atoi (argv[6]), NULL);
  window = stage_show (viewer, atoi (argv[2]), atoi (argv[3]));
  stage_wait (is_complete, viewer);
  if (g_ascii_strtod (argv[5], NULL) > 0)
    hf_canvas_zoom (HF_CANVAS (canvas), g_ascii_strtod (argv[5], NULL));
  stage_settle (window);
  if (atoi (argv[6]))
    stage_wait (has_edges, canvas);
  /* The strip's pictures come from threads of their own. */
  for (int i = 0; i < 20; i++)
    stage_settle (window);
  stage_save (window, argv[1]);
  stage_close (window, NULL);
  return 0;
}
