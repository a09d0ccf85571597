/* Draws the Evaluate page with made-up numbers into a PNG, to be looked at:
 * show-evaluate FILE.png WIDTH HEIGHT [FOLDER [N_CLASSES [N [nasty]]]].
 * SHOW_TEXT_PERCENT=200 enlarges text, SHOW_MINIMA=1 prints least widths. */
#include "made-up-numbers.h"
#include "stage.h"
#include "ui/evaluate/evaluate-page.h"

#include <stdlib.h>

static void
show (GtkWidget *page, const MadeUp *data, const char *const *names,
      const char *folder)
{
  HfNumbers *numbers = made_up_numbers (data, names, folder);
  HfEvaluation *full = made_up_full (data);
  GListModel *classes = made_up_classes (data->n_classes, names);

  hf_evaluate_page_show (HF_EVALUATE_PAGE (page), numbers, classes);
  hf_evaluate_page_show_full (HF_EVALUATE_PAGE (page), numbers, classes, full);
  hf_evaluation_free (full);
  g_object_unref (classes);
  hf_numbers_unref (numbers);
}

static void
print_minima (GtkWidget *widget, int depth)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_print ("%*s%s %d\n", depth, "", G_OBJECT_TYPE_NAME (widget), minimum);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    print_minima (child, depth + 1);
}

static gboolean
late_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

int
main (int argc, char **argv)
{
  const char *folder = argc > 4 && *argv[4] != '\0' ? argv[4] : NULL;
  const MadeUp data = {argc > 6 ? (gsize) atoi (argv[6]) : 78,
                       argc > 5 ? atoi (argv[5]) : 3,
                       10,
                       TRUE,
                       1.6,
                       7};
  gboolean late = FALSE;
  GtkWidget *page;
  GtkWindow *window;

  stage_init ();
  if (g_getenv ("SHOW_TEXT_PERCENT") != NULL)
    g_object_set (gtk_settings_get_default (), "gtk-xft-dpi",
                  atoi (g_getenv ("SHOW_TEXT_PERCENT")) * 96 * 1024 / 100,
                  NULL);
  page = hf_evaluate_page_new ();
  show (page, &data, argc > 7 ? made_up_nasty_names : made_up_names, folder);
  window = stage_show (page, atoi (argv[2]), atoi (argv[3]));
  /* Pictures are loaded in threads. */
  g_timeout_add (700, late_cb, &late);
  stage_wait (is_set, &late);
  if (g_getenv ("SHOW_MINIMA") != NULL)
    print_minima (page, 0);
  stage_save (window, argv[1]);
  stage_close (window, NULL);
  return 0;
}
