/* A model that is removed, or cut short by another program, before and while it
 * is in use. */
#include "sitting.h"
#include "stage.h"

#include "app/project/prompts.h"
#include "ui/evaluate/evaluate-page.h"

#include <glib/gstdio.h>
#include <unistd.h>

#define WEIGHTS "model/open_clip_model.safetensors"

static void
put_file (Desk *desk, const char *name)
{
  g_autofree char *base = g_path_get_basename (name);
  g_autofree char *from =
      g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models",
                        "starter", base, NULL);
  g_autofree char *to = desk_dup_path (desk, name);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  g_file_get_contents (from, &bytes, &n, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, bytes, (gssize) n, &error);
  g_assert_no_error (error);
}

/* The starter model at a place of its own, and a project that works with it. */
static void
put_project (Desk *desk)
{
  g_autofree char *path = desk_dup_path (desk, "p.handful");
  g_autofree char *model = desk_dup_path (desk, "model");
  g_autoptr (HfProject) project = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (model, 0700), ==, 0);
  put_file (desk, WEIGHTS);
  put_file (desk, "model/open_clip_config.json");
  desk_put_three (desk, "parts");
  desk_put (desk, "rusty/lot11__01.jpg", "parts/4.jpg");
  sitting_make_project (desk, "p.handful", "parts");
  project = hf_project_open (path, &error);
  g_assert_no_error (error);
  hf_project_set_setting (project, "model", model, &error);
  g_assert_no_error (error);
}

static void
label_all (HfWindow *window)
{
  for (guint i = 0; i < 4; i++)
    sitting_label (window, i, i < 2 ? "1" : "2");
  sitting_wait_labels (window, "good good rusty rusty");
}

static gboolean
has_numbers (gpointer workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  return numbers != NULL && numbers->evaluation != NULL &&
         !hf_workspace_get_refreshing (workspace);
}

/* The project has no template before its first, so that zero-shot tells whether
 * the model has read that. */
static gboolean
has_read (gpointer workspace)
{
  return has_numbers (workspace) &&
         hf_numbers_get_zero_shot (hf_workspace_get_numbers (workspace)) !=
             NULL;
}

static void
wait_numbers (HfWindow *window)
{
  desk_wait (has_numbers, hf_window_get_workspace (window));
}

static gboolean
add_template (HfProject *project, gpointer text, GError **error)
{
  return hf_project_add_template (project, text, error);
}

/* Words that no cache knows, so that the model is asked. */
static void
write_template (HfWindow *window)
{
  hf_workspace_edit (
      hf_window_get_workspace (window), "template", add_template, NULL,
      g_strdup_printf ("a {class} part number %u", g_random_int ()), g_free);
}

static const char *
get_evaluate_title (HfWindow *window)
{
  GtkWidget *page =
      stage_find (GTK_WIDGET (window), HF_TYPE_EVALUATE_PAGE, NULL);
  GtkWidget *empty = stage_find (page, ADW_TYPE_STATUS_PAGE, "empty");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "evaluate");
  return adw_status_page_get_title (ADW_STATUS_PAGE (empty));
}

static void
test_before (Desk *desk, gconstpointer unused)
{
  g_autofree char *model = desk_dup_path (desk, "model");
  g_autofree char *away = desk_dup_path (desk, "elsewhere");
  HfWindow *window;

  put_project (desk);
  g_assert_cmpint (g_rename (model, away), ==, 0);
  window = sitting_open (desk, "p.handful");
  sitting_wait_notice (window, "There is no model and no file");
  label_all (window);
  sitting_wait_stored (desk, "p.handful", "good good rusty rusty");
  g_assert_cmpstr (get_evaluate_title (window), ==,
                   "No Numbers Without the Model");
  sitting_save (window, "model-gone");
  g_assert_cmpint (g_rename (away, model), ==, 0);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.retry", NULL);
  sitting_wait_notice (window, NULL);
  wait_numbers (window);
}

/* The file is open, so that its name may go. */
static void
test_removed (Desk *desk, gconstpointer unused)
{
  g_autofree char *weights = desk_dup_path (desk, WEIGHTS);
  HfWindow *window;

  put_project (desk);
  window = sitting_open (desk, "p.handful");
  label_all (window);
  wait_numbers (window);
  g_assert_cmpint (g_unlink (weights), ==, 0);
  write_template (window);
  sitting_label (window, 0, "2");
  sitting_wait_labels (window, "rusty good rusty rusty");
  sitting_label (window, 0, "1");
  sitting_wait_labels (window, "good good rusty rusty");
  desk_wait (has_read, hf_window_get_workspace (window));
  sitting_wait_notice (window, NULL);
}

/* What broke: the process ended with SIGBUS. */
static void
test_cut (Desk *desk, gconstpointer unused)
{
  g_autofree char *weights = desk_dup_path (desk, WEIGHTS);
  HfWindow *window;

  put_project (desk);
  window = sitting_open (desk, "p.handful");
  label_all (window);
  /* The text tower is opened with the first prompt. */
  write_template (window);
  desk_wait (has_read, hf_window_get_workspace (window));
  g_assert_cmpint (truncate (weights, 4096), ==, 0);
  write_template (window);
  /* Said by the model in use or, where it is opened anew by now, by what reads
   * the file. */
  sitting_wait_notice (window, "Copy or download it again");
  sitting_label (window, 0, "2");
  sitting_wait_labels (window, "rusty good rusty rusty");
  sitting_wait_stored (desk, "p.handful", "rusty good rusty rusty");
  put_file (desk, WEIGHTS);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.retry", NULL);
  sitting_wait_notice (window, NULL);
  sitting_label (window, 0, "1");
  wait_numbers (window);
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/models-gone/removed-before-a-start-and-back-again", test_before);
  desk_add ("/models-gone/removed-while-it-is-in-use", test_removed);
  desk_add ("/models-gone/cut-short-while-it-is-in-use", test_cut);
  return g_test_run ();
}
