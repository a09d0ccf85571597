/* Windows over windows in one process: what is closed is gone, and memory does
 * not grow with it. */
#include "desk.h"
#include "stage.h"
#include "ui/export/export-page.h"
#include "ui/gallery/viewer/viewer.h"
#include "ui/label/label-page.h"
#include "ui/label/sidebar/class-row.h"
#include "ui/label/sidebar/source-row.h"
#include "ui/models/devices-page.h"
#include "ui/models/model-row.h"
#include "ui/prompts/prompts-page.h"
#include "ui/prompts/template-row.h"

#include <malloc.h>

enum { N_WINDOWS = 20, N_SETTLED = 8, N_SWITCHES = 1000, N_PICTURES = 6 };

/* What one window and its project are made of. */
typedef struct {
  GMutex lock; /* some go in threads */
  guint n_alive;
  GHashTable *names; /* char * to how many of that type are alive */
} Census;

typedef struct {
  Census *census;
  const char *name; /* of a type: static */
} Head;

static void
count (Census *self, const char *name, int step)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  int n = GPOINTER_TO_INT (g_hash_table_lookup (self->names, name));

  g_hash_table_insert (self->names, (gpointer) name,
                       GINT_TO_POINTER (n + step));
  self->n_alive += (guint) step;
}

static guint
count_alive (Census *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->n_alive;
}

static void
gone_cb (gpointer data, GObject *object)
{
  Head *head = data;

  count (head->census, head->name, -1);
  g_free (head);
}

static void
watch (Census *self, GObject *object)
{
  Head *head = g_new (Head, 1);

  *head = (Head){self, G_OBJECT_TYPE_NAME (object)};
  count (self, head->name, 1);
  g_object_weak_ref (object, gone_cb, head);
}

/* All widgets below @widget, which is watched too; those of GTK as well, since
 * what keeps one of them keeps ours. But GTK has one tooltip for a display,
 * which goes from window to window. */
static void
watch_tree (Census *self, GtkWidget *widget)
{
  if (g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkTooltipWindow"))
    return;
  watch (self, G_OBJECT (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    watch_tree (self, child);
}

static void
watch_items (Census *self, GListModel *list)
{
  for (guint i = 0; i < g_list_model_get_n_items (list); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (list, i);

    watch (self, item);
  }
}

/* What is left when patience is over is named. */
static void
wait_until_over (Census *self)
{
  GHashTableIter iter;
  gpointer name, n;
  gint64 end_us = 0;

  while (count_alive (self) > 0 && patience_lasts (&end_us))
    continue;
  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, &n))
    if (GPOINTER_TO_INT (n) != 0)
      g_test_message ("%d of %s are left", GPOINTER_TO_INT (n),
                      (const char *) name);
  g_assert_cmpuint (count_alive (self), ==, 0);
}

static gboolean
is_ready (gpointer workspace)
{
  return desk_get_uint (workspace, "n-ready") == N_PICTURES &&
         !hf_workspace_get_refreshing (workspace);
}

static void
put_pictures (Desk *desk)
{
  const char *const samples[N_PICTURES] = {
      "good/lot07__01.jpg",    "good/lot11__01.jpg",  "rusty/lot07__01.jpg",
      "cracked/lot07__01.jpg", "rusty/lot11__01.jpg", "good/lot07__02.jpg"};

  for (gsize i = 0; i < G_N_ELEMENTS (samples); i++) {
    g_autofree char *name = g_strdup_printf ("parts/%zu.jpg", i);

    desk_put (desk, samples[i], name);
  }
}

/* What is allocated, in all arenas: unlike resident memory it knows no holes.
 */
static double
get_memory_mib (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) (info.uordblks + info.hblkhd) / (1024 * 1024);
}

static void
show_pages (HfWindow *window)
{
  const char *const pages[] = {"prompts", "evaluate", "export", "label"};

  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-page", "s",
                                pages[i]);
    while (g_main_context_iteration (NULL, FALSE))
      continue;
  }
}

static void
open_and_close (Desk *desk)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  Census census = {.names = names};
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace = desk_open_project (desk, window, "parts");

  g_mutex_init (&census.lock);
  desk_wait (is_ready, workspace);
  show_pages (window);
  watch (&census, G_OBJECT (workspace));
  watch_items (&census, hf_workspace_get_pictures (workspace));
  watch_items (&census, hf_workspace_get_sources (workspace));
  watch_tree (&census, GTK_WIDGET (window));
  gtk_window_close (GTK_WINDOW (window));
  wait_until_over (&census);
  g_mutex_clear (&census.lock);
  desk_wait_closed (desk);
}

static void
test_windows (Desk *desk, gconstpointer unused)
{
  double settled_mib = 0;

  put_pictures (desk);
  for (int i = 0; i < N_WINDOWS; i++) {
    open_and_close (desk);
    if (i + 1 == N_SETTLED)
      settled_mib = get_memory_mib ();
  }
  g_test_message ("%.1f MiB after %d windows, %.1f after %d", settled_mib,
                  N_SETTLED, get_memory_mib (), N_WINDOWS);
  /* A window that stayed would be some MiB, twelve of them dozens; the caches
   * of GTK grow by less than one. What a thread still holds of the last one
   * goes when that ends. */
  patience_until (get_memory_mib () - settled_mib < 4);
}

static gboolean
has_loaded (gpointer viewer)
{
  return !hf_viewer_is_loading (viewer);
}

/* There and back again, over and over. */
static void
switch_pictures (HfViewer *viewer, int n)
{
  int by = 1;

  for (int i = 0; i < n; i++) {
    if (!hf_viewer_step (viewer, by)) {
      by = -by;
      g_assert_true (hf_viewer_step (viewer, by));
    }
    desk_wait (has_loaded, viewer);
  }
}

static void
test_switches (Desk *desk, gconstpointer unused)
{
  HfWindow *window = desk_new_window (desk);
  HfWorkspace *workspace;
  GtkWidget *page, *viewer;
  double settled_mib;

  put_pictures (desk);
  workspace = desk_open_project (desk, window, "parts");
  desk_wait (is_ready, workspace);
  page = stage_find (GTK_WIDGET (window), HF_TYPE_LABEL_PAGE, NULL);
  viewer = stage_find (page, HF_TYPE_VIEWER, NULL);
  gtk_widget_activate_action (page, "label.viewer", NULL);
  desk_wait (has_loaded, viewer);
  switch_pictures (HF_VIEWER (viewer), N_SWITCHES / 5);
  settled_mib = get_memory_mib ();
  switch_pictures (HF_VIEWER (viewer), N_SWITCHES);
  g_test_message ("%.1f MiB after %d switches, %.1f after %d", settled_mib,
                  N_SWITCHES / 5, get_memory_mib (), N_SWITCHES * 6 / 5);
  /* A picture that stayed is 0.3 MiB. */
  g_assert_cmpfloat (get_memory_mib () - settled_mib, <, 4);
}

/* What a thread still needed when its window went is disposed of last, without
 * the window's help. A warning of GTK ends the test. */
static void
test_kept (Desk *desk, gconstpointer unused)
{
  const GType types[] = {HF_TYPE_CLASS_ROW,    HF_TYPE_DEVICES_PAGE,
                         HF_TYPE_EXPORT_PAGE,  HF_TYPE_LABEL_PAGE,
                         HF_TYPE_MODEL_ROW,    HF_TYPE_PROMPTS_PAGE,
                         HF_TYPE_TEMPLATE_ROW, HF_TYPE_SOURCE_ROW};

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++) {
    GtkWindow *window = GTK_WINDOW (gtk_window_new ());
    GtkWidget *kept = g_object_ref_sink (g_object_new (types[i], NULL));

    gtk_window_set_child (window, kept);
    gtk_window_destroy (window);
    g_object_add_weak_pointer (G_OBJECT (kept), (gpointer *) &kept);
    g_object_unref (kept);
    patience_until (kept == NULL);
  }
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  desk_add ("/window/life/a-page-may-outlive-its-window", test_kept);
  desk_add ("/window/life/twenty-windows-leave-nothing", test_windows);
  desk_add ("/window/life/a-thousand-pictures-leave-nothing", test_switches);
  return g_test_run ();
}
