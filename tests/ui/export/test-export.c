/* Tests of ui/export: a real project is exported by the page, and the file
 * says of a picture what handful-cli says. */
#include "stage.h"

#include "bundle/bundle.h"
#include "ui/application.h"
#include "ui/export/export-page.h"
#include "ui/export/try-area.h"

#include <glib/gstdio.h>
#include <string.h>

extern GResource *hf_ui_get_resource (void);

typedef struct {
  char *folder, *project, *bundle;
  HfWorkspace *workspace;
  GtkWidget *window;
  HfExportPage *page;
} Fixture;

/* Runs handful-cli and returns what it printed (caller frees). */
static char *
run (const char *const *arguments)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  int status;

  g_ptr_array_add (argv, (gpointer) g_getenv ("HANDFUL_CLI"));
  while (*arguments != NULL)
    g_ptr_array_add (argv, (gpointer) *arguments++);
  g_ptr_array_add (argv, NULL);
  g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL,
                &out, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return out;
}

static char *
dup_rings (const char *name)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "tests",
                           "pictures", "rings", name, NULL);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *self = data;
  g_autoptr (GError) error = NULL;

  self->workspace = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_open (gpointer data)
{
  return ((Fixture *) data)->workspace != NULL;
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_autofree char *rings = dup_rings (NULL);
  g_autofree char *made = NULL;
  g_autofree char *labelled = NULL;

  self->folder = g_dir_make_tmp ("handful-export-XXXXXX", NULL);
  self->project = g_build_filename (self->folder, "rings.handful", NULL);
  self->bundle = g_build_filename (self->folder, "rings.probe", NULL);
  made =
      run ((const char *const[]){"project", "new", self->project, rings, NULL});
  labelled = run ((const char *const[]){"label", "import", "-P", self->project,
                                        "--good", "good", "--groups", "^(.*)__",
                                        rings, NULL});
  hf_workspace_open_async (self->project, NULL, NULL, opened_cb, self);
  stage_wait (is_open, self);
  self->window = adw_window_new ();
  self->page =
      g_object_new (HF_TYPE_EXPORT_PAGE, "workspace", self->workspace, NULL);
  adw_window_set_content (ADW_WINDOW (self->window), GTK_WIDGET (self->page));
  gtk_window_present (GTK_WINDOW (self->window));
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  HfExportPage *page = self->page;

  g_object_add_weak_pointer (G_OBJECT (page), (gpointer *) &page);
  gtk_window_destroy (GTK_WINDOW (self->window));
  hf_workspace_close (self->workspace);
  g_clear_object (&self->workspace);
  patience_until (page == NULL);
  g_unlink (self->bundle);
  g_unlink (self->project);
  g_rmdir (self->folder);
  g_free (self->bundle);
  g_free (self->project);
  g_free (self->folder);
}

static gboolean
has_no_job (gpointer data)
{
  return g_list_model_get_n_items (
             hf_workspace_get_jobs (((Fixture *) data)->workspace)) == 0;
}

static gboolean
has_answer (gpointer area)
{
  return hf_try_area_get_answer (area) != NULL;
}

static void
test_saves (Fixture *self, gconstpointer unused)
{
  g_autofree char *picture = dup_rings ("rusty/lot07__01.jpg");
  g_autofree char *said = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = NULL;
  GtkWidget *area =
      stage_find (GTK_WIDGET (self->page), HF_TYPE_TRY_AREA, NULL);
  char *of_class;

  hf_export_page_save (self->page, self->bundle);
  stage_wait (has_no_job, self);
  bundle = hf_bundle_open (self->bundle, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (hf_bundle_get_content (bundle)->goldens->len, >, 0);
  g_assert_nonnull (hf_bundle_get_content (bundle)->training);
  g_assert_false (hf_bundle_has_model (bundle));

  hf_try_area_try (HF_TRY_AREA (area), picture);
  stage_wait (has_answer, area);
  said = run (
      (const char *const[]){"predict", self->bundle, "--json", picture, NULL});
  of_class = strstr (said, "\"class\":");
  g_assert_nonnull (of_class);
  of_class = strchr (of_class + strlen ("\"class\":"), '"') + 1;
  *strchr (of_class, '"') = '\0';
  g_assert_true (
      g_str_has_prefix (hf_try_area_get_answer (HF_TRY_AREA (area)), of_class));
}

static void
test_nowhere_to_write (Fixture *self, gconstpointer unused)
{
  g_autofree char *nowhere =
      g_build_filename (self->folder, "not-there", "a.probe", NULL);

  hf_export_page_save (self->page, nowhere);
  stage_wait (has_no_job, self);
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_resources_register (hf_ui_get_resource ());
#define TEST(name, func) \
  g_test_add ("/export/" name, Fixture, NULL, set_up, func, tear_down)
  TEST ("the-saved-file-answers-as-the-command-line", test_saves);
  TEST ("a-folder-that-is-not-there-is-named", test_nowhere_to_write);
  return g_test_run ();
}
