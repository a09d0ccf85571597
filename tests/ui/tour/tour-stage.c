/* tour-stage.c: one sitting in front of the real window, for test-tour.py:
 *
 *   tour-stage label FOLDER            makes classes, labels ten of each by the
 *                                      keyboard, undoes, does again, prints the
 *                                      numbers and is killed (SIGKILL)
 *   tour-stage export FOLDER BUNDLE    comes back, prints the same numbers and
 *                                      the predictions on the tiles, exports
 *
 * What it prints is one JSON object in a line. Keys come through the X server,
 * as from a person. */
#include "stage.h"

#include "app/project/classes.h"
#include "app/project/prompts.h"
#include "base/json.h"
#include "compute/device.h"
#include "ui/export/export-page.h"
#include "ui/gallery/gallery.h"
#include "../window/desk.h"

#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define N_EACH 10
/* A sitting takes seconds; test-tour.py waits a little longer than this. */
#define LIMIT_S 380
#define MAX_FRAMES 64

static const char *const classes[] = {"cracked", "good", "rusty"};

typedef struct {
  HfWorkspace *workspace;
  guint wanted;
} Wait;

static gboolean
has_labelled (gpointer data)
{
  const Wait *wait = data;

  return desk_get_uint (wait->workspace, "n-labelled") == wait->wanted;
}

static gboolean
is_ready (gpointer workspace)
{
  guint n = desk_get_uint (workspace, "n-pictures");

  return n > 0 && desk_get_uint (workspace, "n-ready") == n;
}

/* Numbers of the newest labels over all pictures. */
static gboolean
has_numbers (gpointer workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  return is_ready (workspace) && !hf_workspace_get_refreshing (workspace) &&
         numbers != NULL && numbers->evaluation != NULL &&
         numbers->rows->n == desk_get_uint (workspace, "n-labelled") &&
         numbers->n_predictions == desk_get_uint (workspace, "n-pictures");
}

static gboolean
make_classes (HfProject *project, gpointer data, GError **error)
{
  for (gsize c = 0; c < G_N_ELEMENTS (classes); c++)
    if (hf_project_add_class (
            project, classes[c],
            g_str_equal (classes[c], "good") ? HF_CLASS_GOOD : HF_CLASS_DEFECT,
            error) == 0)
      return FALSE;
  return hf_project_add_template (project, "a photo of a {class} bearing ring",
                                  error) &&
         hf_project_add_template (project, "a close-up of a {class} ring",
                                  error) &&
         hf_project_set_setting (project, "groups", "_(lot[0-9]+)", error);
}

static void
made_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  g_assert_no_error (error);
  *(gboolean *) data = TRUE;
}

static gboolean
is_true (gpointer flag)
{
  return *(gboolean *) flag;
}

static void
press_and_wait (HfWindow *window, const char *key, guint n_labelled)
{
  Wait wait = {hf_window_get_workspace (window), n_labelled};

  g_assert_true (stage_press (GTK_WINDOW (window), key));
  desk_wait (has_labelled, &wait);
}

static HfJson *
new_rate (const HfRate *rate)
{
  HfJson *json = json_object_new_object ();

  json_object_object_add (json, "k", json_object_new_int64 (rate->k));
  json_object_object_add (json, "n", json_object_new_int64 (rate->n));
  json_object_object_add (json, "low", json_object_new_double (rate->low));
  json_object_object_add (json, "high", json_object_new_double (rate->high));
  return json;
}

static HfJson *
new_numbers (HfWorkspace *workspace)
{
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);
  const HfProbeEvaluation *probe = hf_numbers_get_probe (numbers);
  HfJson *json = json_object_new_object ();

  json_object_object_add (json, "accuracy", new_rate (&probe->accuracy));
  json_object_object_add (json, "escape_rate", new_rate (&probe->escape_rate));
  json_object_object_add (json, "overkill", new_rate (&probe->overkill));
  json_object_object_add (
      json, "zero_shot",
      new_rate (&hf_numbers_get_zero_shot (numbers)->accuracy));
  return json;
}

static HfJson *
new_predictions (HfWorkspace *workspace)
{
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  HfJson *json = json_object_new_object ();

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    const HfPictureInfo *info = hf_picture_get_info (picture);
    HfClassItem *item = hf_workspace_find_class (workspace, info->predicted_id);
    HfJson *one = json_object_new_object ();

    g_assert_nonnull (item);
    json_object_object_add (
        one, "class", json_object_new_string (hf_class_item_get_name (item)));
    json_object_object_add (one, "probability",
                            json_object_new_double (info->probability));
    json_object_object_add (json, info->path, one);
  }
  return json;
}

static void
print_json (HfJson *json)
{
  printf ("%s\n",
          json_object_to_json_string_ext (json, JSON_C_TO_STRING_PLAIN));
  fflush (stdout);
}

static void
label (Desk *desk)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace = desk_open_project (desk, window, ".");
  GtkWidget *gallery;
  g_autoptr (HfPicture) first = NULL;
  gboolean made = FALSE;
  guint n = 0;

  desk_wait (is_ready, workspace);
  hf_workspace_edit (workspace, "classes", make_classes, made_cb, &made, NULL);
  desk_wait (is_true, &made);
  gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);
  first =
      g_list_model_get_item (hf_gallery_get_model (HF_GALLERY (gallery)), 0);
  g_assert_true (hf_gallery_go_to (HF_GALLERY (gallery), first));
  desk_wait_focus (gallery);
  for (gsize c = 0; c < G_N_ELEMENTS (classes); c++) {
    const char key[] = {(char) ('1' + c), '\0'};

    /* The names are in the order of the classes, ten of each and two more. */
    for (int i = 0; i < N_EACH; i++)
      press_and_wait (window, key, ++n);
    g_assert_true (stage_press (GTK_WINDOW (window), "Right Right"));
  }
  press_and_wait (window, "ctrl+z", n - 1);
  press_and_wait (window, "ctrl+shift+z", n);
  desk_wait (has_numbers, workspace);
  print_json (new_numbers (workspace));
  kill (getpid (), SIGKILL);
}

static gboolean
has_no_job (gpointer workspace)
{
  return g_list_model_get_n_items (hf_workspace_get_jobs (workspace)) == 0;
}

static void export(Desk *desk, const char *bundle)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace = desk_open_project (desk, window, ".");
  GtkWidget *page = stage_find (GTK_WIDGET (window), HF_TYPE_EXPORT_PAGE, NULL);
  HfJson *json;

  desk_wait (has_numbers, workspace);
  json = new_numbers (workspace);
  json_object_object_add (json, "predictions", new_predictions (workspace));
  print_json (json);
  json_object_put (json);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                              "export");
  hf_export_page_save (HF_EXPORT_PAGE (page), bundle);
  desk_wait (has_no_job, workspace);
  gtk_window_close (GTK_WINDOW (window));
}

/* Where a sitting that never ends was, outside of what has patience of its own.
 */
static void
show_frames (int number)
{
  void *frames[MAX_FRAMES];

  backtrace_symbols_fd (frames, backtrace (frames, MAX_FRAMES), STDERR_FILENO);
  _exit (128 + number);
}

int
main (int argc, char **argv)
{
  Desk desk = {0};

  g_assert_cmpint (argc, >=, 3);
  signal (SIGALRM, show_frames);
  alarm (LIMIT_S);
  hf_device_prepare_environment (0);
  desk_set_up_at (&desk, argv[2]);
  if (g_str_equal (argv[1], "label"))
    label (&desk);
  else
    export(&desk, argv[3]);
  desk_wait_closed (&desk);
  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_free (desk.folder);
  return 0;
}
