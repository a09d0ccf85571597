/* The window by keyboard alone: what can be pressed is reached by Tab, Enter
 * does it, Escape leaves dialogs, and then the keyboard is where it was. */
#include "compute/device.h"
#include "keys.h"
#include "sitting.h"
#include "stage.h"

#include "app/jobs/pictures.h"
#include "app/places.h"
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/prompts.h"
#include "app/project/sources.h"
#include "ui/charts/card.h"
#include "ui/evaluate/threshold/strip-handle.h"
#include "ui/export/try-area.h"
#include "ui/gallery/gallery.h"
#include "ui/models/models-window.h"

#include <glib/gstdio.h>
#include <string.h>

/* No page has so many places for the keyboard. */
#define MANY 100
/* Tabs pressed at once where nobody looks in between. */
#define FEW "Tab Tab Tab Tab Tab"

#define FASTEST "The Fastest That Works"

static const char *const classes[] = {"good", "rusty", "cracked"};
static const char *const lots[] = {"lot07", "lot11"};

/* --- The project ------------------------------------------------------- */

/* One rusty ring is called good, so that something is wrong. */
static const char *
get_label (const char *folder, const char *lot, int i)
{
  return g_str_equal (folder, "rusty") && g_str_equal (lot, "lot07") && i == 1
             ? "good"
             : folder;
}

static void
label_picture (HfProject *project, const char *path, const char *class)
{
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *ids = hf_project_dup_image_ids (project, &path, 1, &error);
  gboolean is_new;
  gsize n_changed;

  g_assert_no_error (error);
  hf_project_set_class (project, ids, 1, class, HF_LABEL_BY_HAND,
                        HF_SHOWN_BROWSE, &is_new, &n_changed, &error);
  g_assert_no_error (error);
}

static HfProject *
make_project (Desk *desk)
{
  g_autofree char *path = desk_dup_path (desk, "p.handful");
  g_autofree char *pictures = desk_dup_path (desk, "parts");
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};
  g_autoptr (GError) error = NULL;
  HfProject *project = hf_project_create (path, &error);

  g_assert_no_error (error);
  g_mkdir (pictures, 0700);
  for (gsize c = 0; c < G_N_ELEMENTS (classes); c++)
    hf_project_add_class (project, classes[c],
                          c == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT, &error);
  hf_project_add_template (project, "a photo of a {class} bearing ring",
                           &error);
  hf_project_add_source (project, pictures, NULL, refusals, &scan, NULL,
                         &error);
  g_assert_no_error (error);
  return project;
}

static void
put_handful (Desk *desk)
{
  g_autoptr (HfProject) project = make_project (desk);

  for (gsize c = 0; c < G_N_ELEMENTS (classes); c++)
    for (gsize l = 0; l < G_N_ELEMENTS (lots); l++)
      for (int i = 1; i <= 4; i++) {
        g_autofree char *sample =
            g_strdup_printf ("%s/%s__0%d.jpg", classes[c], lots[l], i);
        g_autofree char *name = g_strconcat ("parts/", sample, NULL);
        g_autofree char *path = desk_dup_path (desk, name);

        desk_put (desk, sample, name);
        label_picture (project, path, get_label (classes[c], lots[l], i));
      }
}

static gboolean
has_rates (HfWindow *window)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);
  HfNumbers *numbers = hf_workspace_get_numbers (workspace);

  return numbers != NULL && numbers->evaluation != NULL &&
         !hf_workspace_get_refreshing (workspace);
}

static HfWindow *
open_handful (Desk *desk)
{
  HfWindow *window;

  put_handful (desk);
  window = sitting_open (desk, "p.handful");
  patience_until (has_rates (window));
  return window;
}

static guint
count_jobs (HfWindow *window)
{
  return g_list_model_get_n_items (
      hf_workspace_get_jobs (hf_window_get_workspace (window)));
}

/* Until the long work of Evaluate is done for the numbers that are shown. */
static void
wait_evaluated (HfWindow *window)
{
  GtkWidget *card =
      stage_find (GTK_WIDGET (window), HF_TYPE_CARD, "compare_card");
  gboolean busy = TRUE;

  patience_until (has_rates (window) && hf_card_get_table (HF_CARD (card)) &&
                  count_jobs (window) == 0 &&
                  (g_object_get (card, "busy", &busy, NULL), !busy));
}

/* --- All round a page -------------------------------------------------- */

typedef struct {
  GHashTable *places; /* GtkWidget * that had the keyboard, to itself */
  guint n_ends;       /* how often Tab began at the top again */
} Walk;

static void
focus_cb (GtkWindow *window, GParamSpec *spec, gpointer data)
{
  Walk *walk = data;
  GtkWidget *focus = gtk_window_get_focus (window);

  if (focus != NULL)
    g_hash_table_add (walk->places, focus);
  else
    walk->n_ends++;
}

static gboolean
has_been (const Walk *walk, GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  if (g_hash_table_contains (walk->places, widget))
    return TRUE;
  /* Arrows lead from one row to the others. */
  if (!GTK_IS_LIST_BOX (parent))
    return FALSE;
  for (GtkWidget *row = gtk_widget_get_first_child (parent); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (g_hash_table_contains (walk->places, row))
      return TRUE;
  return FALSE;
}

static gboolean
can_be_pressed (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) ||
         GTK_IS_SWITCH (widget) || GTK_IS_TEXT (widget) ||
         GTK_IS_RANGE (widget) || HF_IS_STRIP_HANDLE (widget) ||
         (GTK_IS_LIST_BOX_ROW (widget) &&
          gtk_list_box_row_get_activatable (GTK_LIST_BOX_ROW (widget)));
}

/* A radio that its row presses (ui/widgets/radio-row.h), and what the window
 * manager has keys for. */
static gboolean
is_pressed_otherwise (const Walk *walk, GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW);

  return gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL ||
         gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLBAR) != NULL ||
         GTK_IS_SCROLLBAR (widget) ||
         (!gtk_widget_get_can_focus (widget) && row != NULL &&
          has_been (walk, row));
}

/* What is on the page and had no turn, or NULL. */
static GtkWidget *
find_missed (const Walk *walk, GtkWidget *from)
{
  GtkWidget *missed = NULL;

  if (!gtk_widget_get_mapped (from) || !gtk_widget_is_sensitive (from))
    return NULL;
  if (can_be_pressed (from) && !has_been (walk, from) &&
      !is_pressed_otherwise (walk, from))
    return from;
  for (GtkWidget *child = gtk_widget_get_first_child (from);
       child != NULL && missed == NULL;
       child = gtk_widget_get_next_sibling (child))
    missed = find_missed (walk, child);
  return missed;
}

static void
walk_round (GtkWindow *window)
{
  Walk walk = {.places = g_hash_table_new (NULL, NULL)};
  GtkWidget *missed = NULL;
  gulong id;

  patience_until (keys_get_place (window) != NULL);
  id = g_signal_connect (window, "notify::focus-widget", G_CALLBACK (focus_cb),
                         &walk);
  for (int i = 0;
       i < MANY && (walk.n_ends == 0 ||
                    (missed = find_missed (&walk, GTK_WIDGET (window))));
       i += 5)
    keys_press (window, FEW);
  g_signal_handler_disconnect (window, id);
  g_assert_cmpuint (walk.n_ends, >, 0);
  if (missed != NULL)
    g_error ("Tab passes over %s \"%s\"", G_OBJECT_TYPE_NAME (missed),
             keys_get_words (missed));
  g_hash_table_unref (walk.places);
}

static void
test_pages (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_handful (desk);
  GtkWindow *top = GTK_WINDOW (window);

  walk_round (top);
  keys_press (top, "alt+2");
  walk_round (top);
  keys_press (top, "alt+3");
  wait_evaluated (window);
  walk_round (top);
  keys_press (top, "alt+4");
  walk_round (top);
}

/* --- Evaluate ---------------------------------------------------------- */

static guint
count_shown (HfWindow *window)
{
  GtkWidget *gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);

  return g_list_model_get_n_items (hf_gallery_get_model (HF_GALLERY (gallery)));
}

static void
look_at_a_cell (HfWindow *window)
{
  GtkWindow *top = GTK_WINDOW (window);
  GtkWidget *gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);

  keys_go_to (top, "Tab", "Labelled good, called good");
  keys_press (top, "Right");
  g_assert_true (keys_is_at (top, "Labelled good, called rusty: 1 picture"));
  keys_press (top, "Down");
  g_assert_true (keys_is_at (top, "Labelled rusty, called rusty"));
  keys_press (top, "Up Return");
  desk_wait_focus (gallery);
  g_assert_cmpuint (count_shown (window), ==, 1);
  keys_press (top, "alt+3");
  patience_until (keys_is_at (top, "Labelled good, called rusty"));
}

/* By steps of a hundredth, a tenth, to an end; what is used leaves the keyboard
 * near the button that has done its work. */
static void
move_the_threshold (HfWindow *window)
{
  GtkWindow *top = GTK_WINDOW (window);
  HfStripHandle *handle =
      HF_STRIP_HANDLE (keys_go_to (top, "Tab", "Threshold"));

  keys_press (top, "Home Page_Up Right");
  g_assert_cmpfloat_with_epsilon (hf_strip_handle_get_value (handle), 0.11,
                                  1e-9);
  keys_press (top, "End Page_Down Left");
  g_assert_cmpfloat_with_epsilon (hf_strip_handle_get_value (handle), 0.89,
                                  1e-9);
  keys_go_to (top, "Tab", "Use 0.89");
  keys_press (top, "Return");
  sitting_wait_toast (window, "The thresholds were changed");
  patience_until (keys_is_at (top, "Balanced"));
  wait_evaluated (window);
}

/* Has the only job stand still: the keyboard may take longer to it than the job
 * does. It can be cancelled. */
static void
hold_job (HfWindow *window)
{
  g_autoptr (HfJob) job = g_list_model_get_item (
      hf_workspace_get_jobs (hf_window_get_workspace (window)), 0);

  hf_progress_set_paused (hf_job_get_progress (job), TRUE);
}

/* Starts what the button @words starts, and cancels it in the list of jobs. */
static void
start_and_cancel (HfWindow *window, const char *words)
{
  GtkWindow *top = GTK_WINDOW (window);
  GtkWidget *button = keys_go_to (top, "Tab", words);

  keys_press (top, "Return");
  patience_until (count_jobs (window) == 1);
  hold_job (window);
  g_assert_false (gtk_widget_is_sensitive (button));
  keys_go_to (top, "shift+Tab", "Work in Progress");
  keys_press (top, "Return");
  keys_go_to (top, "Tab", "Cancel");
  keys_press (top, "Return");
  patience_until (count_jobs (window) == 0);
  patience_until (keys_get_place (top) != NULL);
  patience_until (gtk_widget_is_sensitive (button));
}

/* Another probe is used, and all numbers come anew. */
static void
use_a_probe (HfWindow *window)
{
  GtkWindow *top = GTK_WINDOW (window);
  GtkWidget *page = GTK_WIDGET (desk_get (window, "evaluate_page"));

  g_assert_nonnull (keys_go_to (top, "Tab", "Use"));
  keys_press (top, "Return");
  sitting_wait_toast (window, "In use now");
  wait_evaluated (window);
  desk_wait_focus (page);
}

static gboolean
begins_with (const char *path, const char *magic)
{
  g_autofree char *bytes = NULL;
  gsize n;

  return g_file_get_contents (path, &bytes, &n, NULL) && n > strlen (magic) &&
         memcmp (bytes, magic, strlen (magic)) == 0;
}

/* The first card's menu: a letter chooses. */
static void
save_a_chart (HfWindow *window, const char *letter, const char *path,
              const char *magic)
{
  GtkWindow *top = GTK_WINDOW (window), *chooser;
  g_autofree char *keys = g_strconcat ("Return ", letter, NULL);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *said = g_strconcat ("Saved ", name, NULL);

  keys_go_to (top, "Tab", "Copy or Save");
  keys_press (top, keys);
  chooser = keys_wait_over (top);
  keys_press (chooser, "ctrl+a");
  stage_type (chooser, path);
  stage_press (chooser, "Return");
  sitting_wait_toast (window, said);
  g_assert_true (begins_with (path, magic));
  patience_until (keys_is_at (top, "Copy or Save"));
}

static void
test_evaluate (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_handful (desk);
  g_autofree char *svg = desk_dup_path (desk, "chart.svg");
  g_autofree char *png = desk_dup_path (desk, "chart.png");

  keys_press (GTK_WINDOW (window), "alt+3");
  wait_evaluated (window);
  save_a_chart (window, "s", svg, "<?xml");
  save_a_chart (window, "p", png, "\x89PNG");
  look_at_a_cell (window);
  move_the_threshold (window);
  start_and_cancel (window, "Tune Prompts Too");
  start_and_cancel (window, "Compare Installed Models");
  use_a_probe (window);
}

/* --- Export ------------------------------------------------------------ */

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(char **) data =
      gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
}

static void
save_bundle (HfWindow *window, const char *path)
{
  GtkWindow *top = GTK_WINDOW (window), *chooser;

  keys_go_to (top, "Tab", "Save Bundle…");
  chooser = keys_open_over (top);
  keys_press (chooser, "ctrl+a");
  stage_type (chooser, path);
  stage_press (chooser, "Return");
  patience_until (g_file_test (path, G_FILE_TEST_EXISTS) &&
                  count_jobs (window) == 0);
}

static void
copy_the_command (HfWindow *window, const char *path)
{
  GtkWindow *top = GTK_WINDOW (window);
  g_autofree char *command =
      g_strdup_printf ("handful-cli predict '%s' PICTURE", path);
  g_autofree char *pasted = NULL;

  keys_go_to (top, "Tab", "Copy the Command");
  keys_press (top, "Return");
  sitting_wait_toast (window, "Copied");
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (window)),
                                 NULL, pasted_cb, &pasted);
  patience_until (pasted != NULL);
  g_assert_cmpstr (pasted, ==, command);
}

static void
try_a_picture (HfWindow *window, const char *path)
{
  GtkWindow *top = GTK_WINDOW (window), *chooser;
  HfTryArea *area =
      HF_TRY_AREA (stage_find (GTK_WIDGET (window), HF_TYPE_TRY_AREA, NULL));

  keys_go_to (top, "Tab", "Choose a Picture…");
  chooser = keys_open_over (top);
  stage_type (chooser, path);
  stage_press (chooser, "Return");
  patience_until (hf_try_area_get_answer (area) != NULL);
  patience_until (keys_is_at (top, "Choose a Picture…"));
}

static void
test_export (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_handful (desk);
  g_autofree char *bundle = desk_dup_path (desk, "out.probe");
  g_autofree char *picture = desk_dup_path (desk, "parts/rusty/lot11__04.jpg");

  keys_press (GTK_WINDOW (window), "alt+4");
  /* A warning can be listened to. */
  keys_go_to (GTK_WINDOW (window), "Tab", "No lots set");
  save_bundle (window, bundle);
  copy_the_command (window, bundle);
  try_a_picture (window, picture);
}

/* --- Models and Devices ------------------------------------------------ */

/* The starter's files in a folder of another name. */
static char *
make_copy (Desk *desk)
{
  static const char *const files[] = {"open_clip_config.json",
                                      "open_clip_model.safetensors"};
  g_autofree char *starter = hf_places_dup_data ("models/starter");
  g_autofree char *copy = desk_dup_path (desk, "copy");

  g_mkdir (copy, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *from = g_build_filename (starter, files[i], NULL);
    g_autofree char *to = g_build_filename (copy, files[i], NULL);

    g_assert_cmpint (symlink (from, to), ==, 0);
  }
  return g_build_filename (copy, files[1], NULL);
}

static AdwPreferencesRow *
find_row (GtkWidget *from, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (from) && gtk_widget_get_mapped (from) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (from)),
                   title))
    return ADW_PREFERENCES_ROW (from);
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    AdwPreferencesRow *row = find_row (child, title);

    if (row != NULL)
      return row;
  }
  return NULL;
}

static GtkWindow *
open_models (GtkWindow *top)
{
  keys_press (top, "F10 m");
  return keys_wait_over (top);
}

static void
add_model (GtkWindow *models, const char *path, const char *name)
{
  GtkWindow *chooser;

  keys_go_to (models, "Tab", "Add File…");
  chooser = keys_open_over (models);
  stage_type (chooser, path);
  stage_press (chooser, "Return");
  patience_until (find_row (GTK_WIDGET (models), name) != NULL);
  patience_until (keys_get_place (models) != NULL);
}

static void
remove_model (GtkWindow *models, const char *name)
{
  GtkWindow *question;

  keys_go_to (models, "Tab", name);
  keys_go_to (models, "Tab", "More");
  keys_press (models, "Return r");
  stage_press (keys_wait_over (models), "Escape");
  patience_until (keys_is_at (models, "More"));
  g_assert_nonnull (find_row (GTK_WIDGET (models), name));
  keys_press (models, "Return r");
  question = keys_wait_over (models);
  keys_go_to (question, "Tab", "Remove");
  stage_press (question, "Return");
  patience_until (find_row (GTK_WIDGET (models), name) == NULL);
  patience_until (keys_get_place (models) != NULL);
}

/* There and back; the row keeps the keyboard. */
static void
choose_precision (GtkWindow *models, HfWorkspace *workspace)
{
  keys_go_to (models, "Tab", "Full (f32)");
  keys_press (models, "Return");
  patience_until (hf_workspace_get_settings (workspace)->precision ==
                  HF_PRECISION_F32);
  g_assert_true (keys_is_at (models, "Full (f32)"));
  keys_press (models, "Down Return");
  patience_until (hf_workspace_get_settings (workspace)->precision ==
                  HF_PRECISION_F16);
  g_assert_true (keys_is_at (models, "Half (f16)"));
}

static void
choose_device (GtkWindow *models)
{
  g_autofree char *device = NULL;

  /* The second of the two pages is named right before. */
  keys_go_to (models, "Tab", "Add File…");
  keys_press (models, "shift+Tab Return");
  patience_until (find_row (GTK_WIDGET (models), FASTEST));
  keys_go_to (models, "Tab", "Look Again");
  keys_press (models, "Return");
  patience_until (find_row (GTK_WIDGET (models), FASTEST));
  keys_go_to (models, "Tab", FASTEST);
  keys_press (models, "Down Return");
  g_object_get (models, "device", &device, NULL);
  g_assert_cmpstr (device, !=, "");
  keys_press (models, "Up Return");
  g_clear_pointer (&device, g_free);
  g_object_get (models, "device", &device, NULL);
  g_assert_cmpstr (device, ==, "");
}

/* A toast takes the first Escape. */
static void
leave (GtkWindow *models)
{
  g_autoptr (GtkWidget) widget = GTK_WIDGET (g_object_ref (models));

  while (gtk_widget_get_mapped (widget)) {
    stage_press (models, "Escape");
    while (g_main_context_iteration (NULL, FALSE))
      continue;
  }
}

static void
test_models (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_handful (desk);
  g_autofree char *model = make_copy (desk);
  GtkWindow *models = open_models (GTK_WINDOW (window));

  add_model (models, model, "copy");
  walk_round (models);
  remove_model (models, "copy");
  choose_precision (models, hf_window_get_workspace (window));
  choose_device (models);
  leave (models);
  patience_until (keys_get_place (GTK_WINDOW (window)) != NULL);
}

int
main (int argc, char **argv)
{
  g_autofree char *xdotool = g_find_program_in_path ("xdotool");

  hf_device_prepare_environment (0);
  gtk_test_init (&argc, &argv);
  adw_init ();
  if (xdotool == NULL) {
    g_print ("1..0 # SKIP xdotool is not installed\n");
    return 0;
  }
#define ADD(name, func) \
  g_test_add ("/keyboard/" name, Desk, NULL, desk_set_up, func, desk_tear_down)
  ADD ("tab-goes-round-every-page", test_pages);
  ADD ("evaluate", test_evaluate);
  ADD ("export", test_export);
  ADD ("models-and-devices", test_models);
#undef ADD
  return g_test_run ();
}
