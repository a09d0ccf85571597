/* A machine on which nothing can compute: OCL_ICD_VENDORS names an empty
 * folder. */
#include "sitting.h"
#include "stage.h"

#include "ui/evaluate/evaluate-page.h"
#include "ui/prompts/preview.h"
#include "ui/welcome/welcome.h"

static const char *
get_title (HfWindow *window)
{
  GtkWidget *page =
      stage_find (GTK_WIDGET (window), HF_TYPE_EVALUATE_PAGE, NULL);

  return adw_status_page_get_title (
      ADW_STATUS_PAGE (stage_find (page, ADW_TYPE_STATUS_PAGE, "empty")));
}

/* What the Prompts page says is in its way, "" where nothing is. */
static const char *
get_prompts_trouble (HfWindow *window)
{
  GtkWidget *preview = stage_find (GTK_WIDGET (window), HF_TYPE_PREVIEW, NULL);
  GtkWidget *label = stage_find (preview, GTK_TYPE_LABEL, "trouble");

  return gtk_widget_get_visible (gtk_widget_get_parent (label))
             ? gtk_label_get_text (GTK_LABEL (label))
             : "";
}

/* Labels need no device. */
static void
test_window (Desk *desk, gconstpointer unused)
{
  HfWindow *window = sitting_open_three (desk);

  sitting_wait_notice (window, "There is no OpenCL device. Install your "
                               "graphics card's OpenCL driver");
  if (!sitting_press_on (window, 0, "1"))
    return;
  sitting_wait_labels (window, "good - -");
  sitting_wait_stored (desk, "p.handful", "good - -");
  sitting_save (window, "no-device-label");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "evaluate");
  g_assert_cmpstr (get_title (window), ==, "No Numbers Without a Device");
  sitting_save (window, "no-device-evaluate");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "prompts");
  /* What broke: a card of pictures without a word. */
  g_assert_true (g_str_has_prefix (get_prompts_trouble (window),
                                   "There is no OpenCL device."));
  sitting_save (window, "no-device-prompts");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "export");
  sitting_save (window, "no-device-export");
}

static gboolean
says_none (gpointer label)
{
  return g_str_has_prefix (gtk_label_get_text (label),
                           "There is no OpenCL device.");
}

/* The footer of the welcome page does not promise what is not there. */
static void
test_welcome (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  GtkWidget *welcome = stage_find (GTK_WIDGET (window), HF_TYPE_WELCOME, NULL);

  desk_wait (says_none, stage_find (welcome, GTK_TYPE_LABEL, "machine"));
  sitting_save (window, "no-device-welcome");
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/no-device/says-so-and-labels-all-the-same", test_window);
  desk_add ("/no-device/welcome-says-so", test_welcome);
  return g_test_run ();
}
