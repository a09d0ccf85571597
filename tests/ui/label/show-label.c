/* Draws the Label page over a folder of pictures into a PNG, to be looked at:
 * show-label FOLDER FILE.png WIDTH HEIGHT [N_LABELS [WHAT
 * [ACTION...]]]. With SHOW_LARGE_TEXT text is at 200 %. */
#include "bench.h"
#include "stage.h"

#include <stdlib.h>

static const char *const classes[] = {"good", "rusty", "cracked", "scratched"};

/* Labels the first @n pictures of each class that lie in a folder of its name;
 * the last class of each picture's path decides. */
static void
label_by_folder (LabelBench *bench, guint n)
{
  GListModel *pictures = hf_workspace_get_pictures (bench->workspace);
  guint n_labelled[G_N_ELEMENTS (classes)] = {0};

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    HfPicture *picture = label_bench_get_picture (bench, i);
    g_autofree char *folder =
        g_path_get_dirname (hf_picture_get_info (picture)->path);

    for (guint c = 0; c < G_N_ELEMENTS (classes); c++)
      if (g_str_has_suffix (folder, classes[c]) && n_labelled[c] < n) {
        label_bench_label (bench, i, 1, c);
        n_labelled[c]++;
      }
  }
}

static gboolean
has_numbers (gpointer data)
{
  HfNumbers *numbers = hf_workspace_get_numbers (data);

  return numbers != NULL && hf_numbers_get_probe (numbers) != NULL &&
         !hf_workspace_get_refreshing (data);
}

static gboolean
over_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Whoever only looks may well sleep. */
static void
rest (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, over_cb, &over);
  patience_until (over);
}

int
main (int argc, char **argv)
{
  LabelBench bench;
  guint n_labels = argc > 5 ? (guint) atoi (argv[5]) : 0;

  stage_init ();
  if (g_getenv ("SHOW_LARGE_TEXT") != NULL)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 192 * 1024, NULL);
  label_bench_open (&bench, argv[1], classes, G_N_ELEMENTS (classes));
  rest (500);
  label_by_folder (&bench, n_labels);
  label_bench_show (&bench, atoi (argv[3]), atoi (argv[4]));
  for (int i = 0; i < 60 && n_labels > 1 && !has_numbers (bench.workspace); i++)
    rest (1000);
  if (argc > 6)
    hf_label_page_show (bench.page, argv[6]);
  for (int i = 7; i < argc; i++)
    gtk_widget_activate_action (GTK_WIDGET (bench.page), argv[i], NULL);
  rest (1500);
  stage_save (bench.window, argv[2]);
  label_bench_close (&bench);
  return 0;
}
