/* Tests of ui/models: the shelf and its window, on the real store in a fresh
 * data folder. */
#include "patience.h"

#include "app/places.h"
#include "ui/application.h"
#include "ui/models/model-row.h"
#include "ui/models/models-window.h"

#include <glib/gstdio.h>
#include <string.h>

extern GResource *hf_ui_get_resource (void);

static HfModelItem *
find (HfModelShelf *shelf, const char *name)
{
  GListModel *models = hf_model_shelf_get_models (shelf);

  for (guint i = 0; i < g_list_model_get_n_items (models); i++) {
    g_autoptr (HfModelItem) item = g_list_model_get_item (models, i);

    if (g_str_equal (hf_model_item_get_info (item)->name, name))
      return item;
  }
  return NULL;
}

static gboolean
has_models (gpointer shelf)
{
  return g_list_model_get_n_items (hf_model_shelf_get_models (shelf)) > 0;
}

static gboolean
is_copy_there (gpointer shelf)
{
  return find (shelf, "copy") != NULL;
}

static gboolean
is_copy_gone (gpointer shelf)
{
  return find (shelf, "copy") == NULL;
}

/* Looks at the disk that are on their way hold it until they are done, and let
 * go of it in this thread. */
static void
release (HfModelShelf *shelf)
{
  g_object_add_weak_pointer (G_OBJECT (shelf), (gpointer *) &shelf);
  g_object_unref (shelf);
  patience_until (shelf == NULL);
}

static HfModelShelf *
new_shelf (void)
{
  HfModelShelf *shelf = hf_model_shelf_new ();

  hf_model_shelf_refresh (shelf);
  patience_until (has_models (shelf));
  return shelf;
}

/* A folder named "copy" with the starter's files (caller frees). */
static char *
make_copy (void)
{
  g_autofree char *starter = hf_places_dup_data ("models/starter");
  g_autofree char *top = g_dir_make_tmp ("handful-models-XXXXXX", NULL);
  char *copy = g_build_filename (top, "copy", NULL);
  g_autoptr (GDir) dir = g_dir_open (starter, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir (copy, 0755), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *from = g_build_filename (starter, name, NULL);
    g_autofree char *to = g_build_filename (copy, name, NULL);

    if (g_file_test (from, G_FILE_TEST_IS_REGULAR))
      g_assert_cmpint (symlink (from, to), ==, 0);
  }
  return copy;
}

static void
test_lists (void)
{
  g_autoptr (HfModelShelf) shelf = new_shelf ();
  g_autoptr (HfModelItem) first =
      g_list_model_get_item (hf_model_shelf_get_models (shelf), 0);
  const HfModelInfo *starter = hf_model_item_get_info (first);
  const HfModelInfo *large =
      hf_model_item_get_info (find (shelf, "ViT-L/14@336px"));

  g_assert_cmpstr (starter->name, ==, "starter");
  g_assert_true (starter->built_in);
  g_assert_cmpint (starter->state, ==, HF_MODEL_INSTALLED);
  g_assert_cmpint (large->state, ==, HF_MODEL_AVAILABLE);
  g_assert_cmpint (large->input_px, ==, 336);
  g_assert_cmpuint (hf_model_shelf_get_disk_use (shelf), ==, 0);
}

static void
test_adds_and_removes (void)
{
  HfModelShelf *shelf = new_shelf ();
  g_autofree char *copy = make_copy ();

  hf_model_shelf_import (shelf, copy);
  g_assert_cmpuint (g_list_model_get_n_items (hf_model_shelf_get_jobs (shelf)),
                    ==, 1);
  patience_until (is_copy_there (shelf));
  g_assert_cmpuint (g_list_model_get_n_items (hf_model_shelf_get_jobs (shelf)),
                    ==, 0);
  g_assert_cmpuint (hf_model_shelf_get_disk_use (shelf), >, 1000000);
  hf_model_shelf_remove (shelf, find (shelf, "copy"));
  patience_until (is_copy_gone (shelf));
  g_assert_cmpuint (hf_model_shelf_get_disk_use (shelf), ==, 0);
  release (shelf);
}

static void
count_cb (HfModelShelf *shelf, const char *title, const GError *error,
          int *n_failed)
{
  g_assert_nonnull (error);
  ++*n_failed;
}

static gboolean
is_counted (gpointer n_failed)
{
  return *(int *) n_failed > 0;
}

static void
test_no_model (void)
{
  g_autoptr (HfModelShelf) shelf = new_shelf ();
  int n_failed = 0;

  g_signal_connect (shelf, "failed", G_CALLBACK (count_cb), &n_failed);
  hf_model_shelf_import (shelf, "/nowhere/at-all.pt");
  patience_until (is_counted (&n_failed));
  g_assert_cmpint (n_failed, ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (hf_model_shelf_get_jobs (shelf)),
                    ==, 0);
}

/* Once the device was tested; of one that was not, nothing is said. */
static void
test_estimates (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tested = hf_device_list (&error);
  HfModelShelf *shelf;

  if (tested == NULL) {
    g_test_skip (error->message);
    return;
  }
  shelf = new_shelf ();
  for (guint i = 0;
       i < g_list_model_get_n_items (hf_model_shelf_get_models (shelf)); i++) {
    g_autoptr (HfModelItem) item =
        g_list_model_get_item (hf_model_shelf_get_models (shelf), i);
    const HfModelInfo *info = hf_model_item_get_info (item);

    g_assert_true ((info->about_ms > 0) == (info->state == HF_MODEL_AVAILABLE));
  }
  g_assert_cmpfloat (
      hf_model_item_get_info (find (shelf, "ViT-L/14"))->about_ms, >,
      hf_model_item_get_info (find (shelf, "ViT-B/16"))->about_ms);
  g_assert_nonnull (hf_model_shelf_get_advised (shelf));
  hf_model_shelf_set_device (shelf, "no such device");
  patience_until (hf_model_shelf_get_advised (shelf) == NULL);
  g_assert_cmpfloat (
      hf_model_item_get_info (find (shelf, "ViT-B/16"))->about_ms, ==, 0);
  release (shelf);
}

static gboolean
is_measured (gpointer item)
{
  return !hf_model_item_get_info (item)->measuring;
}

/* In each precision that the device has, also behind one that it lacks: with
 * vectors of eight there is no bf16. */
static void
test_measures (gconstpointer width)
{
  HfModelShelf *shelf;
  HfModelItem *starter;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = NULL;

  if (width != NULL)
    g_setenv ("HANDFUL_VECTOR_WIDTH", width, TRUE);
  device = hf_device_open (NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  shelf = new_shelf ();
  starter = find (shelf, "starter");
  hf_model_shelf_measure (shelf, starter, NULL);
  g_assert_true (hf_model_item_get_info (starter)->measuring);
  patience_until (is_measured (starter));
  for (int p = 0; p < HF_N_PRECISIONS; p++)
    g_assert_cmpint (hf_model_item_get_info (starter)->ms[p] > 0, ==,
                     hf_device_supports (device, (HfPrecision) p, NULL));
  release (shelf);
  g_unsetenv ("HANDFUL_VECTOR_WIDTH");
}

static guint
count_rows (GtkWidget *widget)
{
  guint n = HF_IS_MODEL_ROW (widget) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_rows (child);
  return n;
}

/* Whether a label under @widget says @text. */
static gboolean
has_text (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) &&
      strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_text (child, text))
      return TRUE;
  return FALSE;
}

static void
test_advice (void)
{
  HfModelShelf *shelf = hf_model_shelf_new ();
  GtkWidget *window = hf_models_window_new (shelf);
  HfModelItem *advised;
  g_autofree char *sentence = NULL;

  gtk_window_present (GTK_WINDOW (window));
  /* However long the device's first test takes. */
  patience_until (hf_model_shelf_get_advised (shelf) != NULL);
  advised = hf_model_shelf_get_advised (shelf);
  sentence = g_strdup_printf ("On this machine %s is the one to begin with",
                              hf_model_item_get_info (advised)->name);
  g_assert_true (has_text (window, sentence));
  g_assert_true (has_text (window, "224 px · about "));
  g_object_set (window, "device", "no such device", NULL);
  patience_until (hf_model_shelf_get_advised (shelf) == NULL);
  g_assert_false (has_text (window, "On this machine"));
  g_assert_false (has_text (window, "· about "));
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  patience_until (window == NULL);
  release (shelf);
}

static void
test_window (void)
{
  HfModelShelf *shelf = new_shelf ();
  GtkWidget *window = hf_models_window_new (shelf);
  guint n = g_list_model_get_n_items (hf_model_shelf_get_models (shelf));

  gtk_window_present (GTK_WINDOW (window));
  g_assert_cmpuint (count_rows (window), ==, n);
  g_object_set (window, "device", "a device", NULL);
  hf_models_window_show_page (HF_MODELS_WINDOW (window), "devices");
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (GTK_WINDOW (window));
  patience_until (window == NULL);
  release (shelf);
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("handful-home-XXXXXX", NULL);

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  hf_device_prepare_environment (0);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_resources_register (hf_ui_get_resource ());
  g_test_add_func ("/models/shelf/lists-installed-ones-before-the-catalogue",
                   test_lists);
  g_test_add_func ("/models/shelf/a-folder-is-added-and-removed",
                   test_adds_and_removes);
  g_test_add_func ("/models/shelf/what-is-no-model-fails-with-a-sentence",
                   test_no_model);
  g_test_add_func ("/models/shelf/estimates-those-to-be-had", test_estimates);
  g_test_add_data_func ("/models/shelf/measures-what-the-device-has", "8",
                        test_measures);
  g_test_add_data_func ("/models/shelf/measures-a-model", NULL, test_measures);
  g_test_add_func ("/models/window/shows-every-model-and-goes", test_window);
  g_test_add_func ("/models/window/advises-for-the-device", test_advice);
  return g_test_run ();
}
