/* Draws badges and marks in three sizes into a PNG, to be looked at:
 * show-widgets FILE.png. */
#include "stage.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/mark.h"
#include "ui/workspace/items-private.h"

static HfClassItem *
new_item (const char *colour, char *key)
{
  HfProjectClass class = {1, (char *) "good", HF_CLASS_GOOD, "", key, 3};

  g_strlcpy (class.colour, colour, sizeof (class.colour));
  return hf_class_item_new (&class);
}

static void
add_badges (GtkGrid *grid, int row, int size)
{
  const char *const colours[] = {"#009e73", "#e69f00", "#56b4e9", "#f0e442",
                                 "#0072b2", "#d55e00", "#cc79a7", "#000000"};

  for (int i = 0; i < 8; i++)
    for (int hollow = 0; hollow < 2; hollow++) {
      char key[] = {(char) (i < 7 ? '1' + i : 'w'), '\0'};
      g_autoptr (HfClassItem) item = new_item (colours[i], key);

      gtk_grid_attach (grid,
                       g_object_new (HF_TYPE_BADGE, "item", item, "hollow",
                                     hollow, "pixel-size", size, NULL),
                       i, row + hollow, 1, 1);
    }
}

int
main (int argc, char **argv)
{
  GtkWidget *grid;
  GtkWindow *window;

  stage_init ();
  grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_widget_set_margin_start (grid, 18);
  gtk_widget_set_margin_top (grid, 18);
  for (int i = 0; i < 3; i++) {
    add_badges (GTK_GRID (grid), 3 * i, 18 << i);
    for (int kind = HF_MARK_PASS; kind <= HF_MARK_BROKEN; kind++)
      gtk_grid_attach (GTK_GRID (grid),
                       g_object_new (HF_TYPE_MARK, "kind", kind, "pixel-size",
                                     16 << i, NULL),
                       kind - 1, 3 * i + 2, 1, 1);
  }
  window = stage_show (grid, 720, 480);
  stage_save (window, argv[1]);
  stage_close (window, NULL);
  return 0;
}
