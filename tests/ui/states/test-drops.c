/* What is dropped on the window, as GTK hands it over. */
#include "sitting.h"
#include "stage.h"

#include "app/places.h"
#include "ui/export/try-area.h"
#include "ui/models/models-window.h"
#include "ui/welcome/welcome.h"

#include <glib/gstdio.h>
#include <string.h>

/* The drop target of @widget or of what it lies in, as GTK would find it. */
static GtkEventController *
find_target (GtkWidget *widget, GType type)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget)) {
    g_autoptr (GListModel) all = gtk_widget_observe_controllers (widget);

    for (guint i = 0; i < g_list_model_get_n_items (all); i++) {
      g_autoptr (GtkEventController) one = g_list_model_get_item (all, i);
      GdkContentFormats *formats =
          GTK_IS_DROP_TARGET (one)
              ? gtk_drop_target_get_formats (GTK_DROP_TARGET (one))
              : NULL;

      if (formats != NULL && gdk_content_formats_contain_gtype (formats, type))
        return one;
    }
  }
  return NULL;
}

static gboolean
drop_value (GtkWidget *widget, const GValue *value)
{
  GtkEventController *target = find_target (widget, G_VALUE_TYPE (value));
  gboolean taken = FALSE;

  g_assert_nonnull (target);
  g_signal_emit_by_name (target, "drop", value, 1.0, 1.0, &taken);
  return taken;
}

/* Drops files with these names in the desk's folder. */
static void
drop (Desk *desk, GtkWidget *widget, const char *const *names)
{
  GSList *files = NULL;
  g_auto (GValue) value = G_VALUE_INIT;

  for (; *names != NULL; names++) {
    g_autofree char *path = desk_dup_path (desk, *names);

    files = g_slist_append (files, g_file_new_for_path (path));
  }
  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_take_boxed (&value, files);
  g_assert_true (drop_value (widget, &value));
}

static gboolean
drop_file (Desk *desk, GtkWidget *widget, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, G_TYPE_FILE);
  g_value_take_object (&value, g_file_new_for_path (path));
  return drop_value (widget, &value);
}

static GtkWidget *
get_welcome (HfWindow *window)
{
  return stage_find (GTK_WIDGET (window), HF_TYPE_WELCOME, NULL);
}

static gboolean
has_pictures (gpointer data)
{
  guint n;

  g_object_get (((gpointer *) data)[0], "n-pictures", &n, NULL);
  return n == GPOINTER_TO_UINT (((gpointer *) data)[1]);
}

static void
wait_pictures (HfWorkspace *workspace, guint n)
{
  gpointer data[] = {workspace, GUINT_TO_POINTER (n)};

  desk_wait (has_pictures, data);
}

static void
put_text (Desk *desk, const char *name)
{
  g_autofree char *path = desk_dup_path (desk, name);

  g_assert_true (g_file_set_contents (path, "no picture", -1, NULL));
}

static void
test_welcome_folder (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  desk_put_three (desk, "parts");
  drop (desk, get_welcome (window), (const char *const[]){"parts", NULL});
  wait_pictures (desk_wait_project (window), 3);
}

static void
test_welcome_pictures (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  desk_put_three (desk, "parts");
  drop (desk, get_welcome (window),
        (const char *const[]){"parts/2.jpg", "parts/3.jpg", NULL});
  wait_pictures (desk_wait_project (window), 3);
}

static void
test_welcome_project (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  desk_put_three (desk, "parts");
  sitting_make_project (desk, "p.handful", "parts");
  drop (desk, get_welcome (window), (const char *const[]){"p.handful", NULL});
  wait_pictures (desk_wait_project (window), 3);
}

static void
test_welcome_text (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);

  put_text (desk, "notes.txt");
  drop (desk, get_welcome (window), (const char *const[]){"notes.txt", NULL});
  sitting_wait_toast (window, "Not opened");
  g_assert_null (hf_window_get_workspace (window));
}

static HfWindow *
open_parts (Desk *desk)
{
  desk_put_three (desk, "parts");
  return sitting_open (desk, "parts");
}

static GtkWidget *
get_pages (HfWindow *window)
{
  return desk_get (window, "pages");
}

static guint
count_sources (HfWindow *window)
{
  return g_list_model_get_n_items (
      hf_workspace_get_sources (hf_window_get_workspace (window)));
}

/* Two folders, one of them by its pictures. */
static void
test_open_folders (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_parts (desk);

  desk_put_three (desk, "more");
  desk_put_three (desk, "others");
  drop (desk, get_pages (window),
        (const char *const[]){"more", "others/1.jpg", "others/3.jpg", NULL});
  wait_pictures (hf_window_get_workspace (window), 9);
  g_assert_cmpuint (count_sources (window), ==, 3);
}

static void
test_open_project (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_parts (desk);
  HfWorkspace *workspace = hf_window_get_workspace (window);

  sitting_make_project (desk, "p.handful", "parts");
  drop (desk, get_pages (window), (const char *const[]){"p.handful", NULL});
  g_assert_cmpuint (desk_count_windows (desk), ==, 2);
  g_assert_true (hf_window_get_workspace (window) == workspace);
}

/* Its folder has pictures, too, which nobody asked for. */
static void
test_open_text (Desk *desk, gconstpointer unused)
{
  HfWindow *window = open_parts (desk);

  desk_put_three (desk, "more");
  put_text (desk, "more/notes.txt");
  drop (desk, get_pages (window),
        (const char *const[]){"more/notes.txt", NULL});
  sitting_wait_toast (window, "notes.txt is no folder, picture or project");
  g_assert_cmpuint (count_sources (window), ==, 1);
}

static gboolean
has_answer (gpointer title)
{
  return g_str_equal (gtk_label_get_text (title), "The bundle gave no answer");
}

/* The area asks the bundle about what is dropped on it, which is none here. */
static void
test_try_area (Desk *desk, gconstpointer unused)
{
  GtkWidget *area =
      g_object_ref_sink (GTK_WIDGET (g_object_new (HF_TYPE_TRY_AREA, NULL)));
  GtkWindow *window = stage_show (area, 400, 300);
  g_autofree char *path = desk_dup_path (desk, "notes.txt");

  put_text (desk, "notes.txt");
  hf_try_area_set_bundle (HF_TRY_AREA (area), path, NULL);
  g_assert_true (drop_file (desk, area, "notes.txt"));
  desk_wait (has_answer, stage_find (area, GTK_TYPE_LABEL, "title"));
  stage_close (window, area);
}

static gboolean
has_words (GtkWidget *widget, gpointer words)
{
  return GTK_IS_LABEL (widget) &&
         strstr (gtk_label_get_text (GTK_LABEL (widget)), words) != NULL;
}

static gboolean
has_model (GtkWidget *from, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (from) &&
      g_str_equal (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (from)),
                   title))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_model (child, title))
      return TRUE;
  return FALSE;
}

static GtkWidget *
open_models (Desk *desk)
{
  g_action_group_activate_action (G_ACTION_GROUP (desk->application), "models",
                                  NULL);
  return stage_find_window (HF_TYPE_MODELS_WINDOW);
}

/* One file of the starter, under a name of its own beside what it needs. */
static void
put_model (Desk *desk)
{
  static const char *const files[] = {"open_clip_config.json",
                                      "open_clip_model.safetensors"};
  g_autofree char *folder = desk_dup_path (desk, "dropped");

  g_mkdir (folder, 0700);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autofree char *inside =
        g_build_filename ("models/starter", files[i], NULL);
    g_autofree char *from = hf_places_dup_data (inside);
    g_autofree char *to = g_build_filename (folder, files[i], NULL);

    g_assert_cmpint (symlink (from, to), ==, 0);
  }
}

static void
test_models (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  GtkWidget *models = open_models (desk);

  g_assert_nonnull (models);
  put_model (desk);
  put_text (desk, "notes.txt");
  g_assert_true (
      drop_file (desk, models, "dropped/open_clip_model.safetensors"));
  patience_until (has_model (models, "dropped"));
  g_assert_true (drop_file (desk, models, "notes.txt"));
  patience_until (stage_find_that (models, has_words, "was not added"));
  g_assert_false (has_model (models, "notes"));
  gtk_window_close (GTK_WINDOW (models));
  gtk_window_close (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/drops/a-folder-on-welcome-is-opened", test_welcome_folder);
  desk_add ("/drops/pictures-on-welcome-are-their-folder",
            test_welcome_pictures);
  desk_add ("/drops/a-project-on-welcome-is-opened", test_welcome_project);
  desk_add ("/drops/a-text-on-welcome-is-refused", test_welcome_text);
  desk_add ("/drops/folders-on-a-project-are-added-once", test_open_folders);
  desk_add ("/drops/a-project-on-a-project-has-its-own-window",
            test_open_project);
  desk_add ("/drops/a-text-on-a-project-adds-no-folder", test_open_text);
  desk_add ("/drops/a-model-on-models-and-devices-is-added", test_models);
  desk_add ("/drops/the-bundle-is-asked-about-what-is-dropped", test_try_area);
  return g_test_run ();
}
