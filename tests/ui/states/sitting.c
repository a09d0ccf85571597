#include "sitting.h"

#include "stage.h"

#include "app/jobs/pictures.h"
#include "app/project/classes.h"
#include "app/project/repair/check.h"
#include "app/project/sources.h"
#include "ui/gallery/gallery.h"

#include <string.h>

static void
add_classes (HfProject *project)
{
  g_autoptr (GError) error = NULL;

  hf_project_add_class (project, "good", HF_CLASS_GOOD, &error);
  g_assert_no_error (error);
  hf_project_add_class (project, "rusty", HF_CLASS_DEFECT, &error);
  g_assert_no_error (error);
}

void
sitting_make_project (Desk *desk, const char *name, const char *folder)
{
  g_autofree char *path = desk_dup_path (desk, name);
  g_autofree char *pictures = desk_dup_path (desk, folder);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_create (path, &error);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  g_assert_no_error (error);
  add_classes (project);
  hf_project_add_source (project, pictures, NULL, refusals, &scan, NULL,
                         &error);
  g_assert_no_error (error);
}

static gboolean
is_known (gpointer workspace)
{
  guint n, n_ready, n_unreadable;
  gboolean scanning;

  g_object_get (workspace, "n-pictures", &n, "n-ready", &n_ready,
                "n-unreadable", &n_unreadable, "scanning", &scanning, NULL);
  return !scanning && n > 0 &&
         (n_ready + n_unreadable == n ||
          hf_workspace_get_desk_trouble (workspace) != NULL);
}

HfWindow *
sitting_open (Desk *desk, const char *name)
{
  HfWindow *window = desk_new_window (desk);

  desk_wait (is_known, desk_open_project (desk, window, name));
  return window;
}

HfWindow *
sitting_open_three (Desk *desk)
{
  desk_put_three (desk, "parts");
  sitting_make_project (desk, "p.handful", "parts");
  return sitting_open (desk, "p.handful");
}

gboolean
sitting_press_on (HfWindow *window, guint i, const char *key)
{
  GtkWidget *gallery = stage_find (GTK_WIDGET (window), HF_TYPE_GALLERY, NULL);
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_gallery_get_model (HF_GALLERY (gallery)), i);

  g_assert_true (hf_gallery_go_to (HF_GALLERY (gallery), picture));
  desk_wait_focus (gallery);
  return stage_press (GTK_WINDOW (window), key);
}

void
sitting_label (HfWindow *window, guint i, const char *key)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (workspace), i);
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, picture);
  hf_workspace_label (
      workspace, one,
      hf_class_item_get_id (hf_workspace_find_key (workspace, key)));
}

void
sitting_undo (HfWindow *window)
{
  patience_until (
      desk_get_boolean (hf_window_get_workspace (window), "can-undo"));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.undo", NULL);
}

char *
sitting_dup_labels (HfWindow *window)
{
  HfWorkspace *workspace = hf_window_get_workspace (window);
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    HfClassItem *item = hf_workspace_find_class (
        workspace, hf_picture_get_info (picture)->class_id);

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            item != NULL ? hf_class_item_get_name (item) : "-");
  }
  return g_string_free (text, FALSE);
}

typedef struct {
  HfWindow *window;
  const char *wanted;
} Wait;

static gboolean
has_labels (gpointer data)
{
  const Wait *wait = data;
  g_autofree char *labels = sitting_dup_labels (wait->window);

  return g_str_equal (labels, wait->wanted);
}

void
sitting_wait_labels (HfWindow *window, const char *labels)
{
  Wait wait = {window, labels};

  desk_wait (has_labels, &wait);
}

/* What is on disk, as sitting_dup_labels writes it (caller frees). */
static char *
dup_stored (const char *path)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);
  g_autoptr (HfSamples) samples = NULL;

  g_assert_no_error (error);
  samples = hf_project_dup_samples (project, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    const HfSampleClass *class =
        sample->label >= 0 ? samples->classes->pdata[sample->label] : NULL;

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            class != NULL ? class->name : "-");
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

typedef struct {
  const char *path, *wanted;
} Stored;

static gboolean
has_stored (gpointer data)
{
  const Stored *stored = data;
  g_autofree char *labels = dup_stored (stored->path);

  return g_str_equal (labels, stored->wanted);
}

void
sitting_wait_stored (Desk *desk, const char *name, const char *labels)
{
  g_autofree char *path = desk_dup_path (desk, name);
  Stored stored = {path, labels};
  g_autoptr (GPtrArray) faults = NULL;
  g_autoptr (GError) error = NULL;

  desk_wait (has_stored, &stored);
  faults = hf_project_check (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (faults->len, ==, 0);
}

/* What the strip says, or NULL where none is shown. */
static const char *
get_notice (HfWindow *window)
{
  GtkWidget *notice = desk_get (window, "notice");
  GtkWidget *revealer = gtk_widget_get_first_child (notice);

  if (!gtk_revealer_get_reveal_child (GTK_REVEALER (revealer)))
    return NULL;
  return gtk_label_get_text (
      GTK_LABEL (stage_find (revealer, GTK_TYPE_LABEL, "label")));
}

/* The toast that is shown, or NULL; its widget has no public type. */
static GtkWidget *
find_toast (HfWindow *window)
{
  GtkWidget *child = gtk_widget_get_first_child (desk_get (window, "toasts"));

  while (child != NULL &&
         !g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* What the overlay says now, or NULL. */
static const char *
get_toast (HfWindow *window)
{
  GtkWidget *toast = find_toast (window);

  return toast != NULL ? gtk_label_get_text (GTK_LABEL (
                             stage_find (toast, GTK_TYPE_LABEL, NULL)))
                       : NULL;
}

static gboolean
says (const char *text, const char *wanted)
{
  if (wanted == NULL || text == NULL)
    return text == wanted;
  return strstr (text, wanted) != NULL;
}

static gboolean
notice_says (gpointer data)
{
  const Wait *wait = data;

  return says (get_notice (wait->window), wait->wanted);
}

static gboolean
toast_says (gpointer data)
{
  const Wait *wait = data;

  return says (get_toast (wait->window), wait->wanted);
}

void
sitting_wait_notice (HfWindow *window, const char *words)
{
  Wait wait = {window, words};

  desk_wait (notice_says, &wait);
  g_test_message ("%s", get_notice (window));
}

void
sitting_wait_toast (HfWindow *window, const char *words)
{
  Wait wait = {window, words};

  desk_wait (toast_says, &wait);
  g_test_message ("%s", get_toast (window));
}

void
sitting_press_toast (HfWindow *window)
{
  g_signal_emit_by_name (
      stage_find (find_toast (window), GTK_TYPE_BUTTON, NULL), "clicked");
}

void
sitting_save (HfWindow *window, const char *name)
{
  const char *folder = g_getenv ("HANDFUL_SCREENSHOTS");
  g_autofree char *path = NULL;

  if (folder == NULL)
    return;
  path = g_strdup_printf ("%s/%s.png", folder, name);
  stage_save (GTK_WINDOW (window), path);
}
