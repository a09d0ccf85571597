#include "bench.h"

#include "stage.h"

#include "app/project/classes.h"
#include "app/project/sources.h"
#include "app/jobs/pictures.h"

#include <glib/gstdio.h>

static void
make_project (const char *path, const char *folder, const char *const *classes,
              guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_create (path, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++) {
    hf_project_add_class (project, classes[i],
                          i == 0 ? HF_CLASS_GOOD : HF_CLASS_DEFECT, &error);
    g_assert_no_error (error);
  }
  if (folder != NULL) {
    g_autoptr (GPtrArray) refusals = hf_refusals_new ();
    g_auto (HfScan) scan = {0};

    hf_project_add_source (project, folder, NULL, refusals, &scan, NULL,
                           &error);
    g_assert_no_error (error);
  }
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  LabelBench *self = data;
  g_autoptr (GError) error = NULL;

  self->workspace = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
is_open (gpointer data)
{
  return ((LabelBench *) data)->workspace != NULL;
}

void
label_bench_open (LabelBench *self, const char *folder,
                  const char *const *classes, guint n)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  gtk_icon_theme_add_resource_path (
      gtk_icon_theme_get_for_display (gdk_display_get_default ()),
      "/io/github/handful_app/Handful/icons");
  *self = (LabelBench){.root = g_dir_make_tmp ("handful-label-XXXXXX", &error)};
  g_assert_no_error (error);
  path = g_build_filename (self->root, "Bearings.handful", NULL);
  make_project (path, folder, classes, n);
  hf_workspace_open_async (path, NULL, NULL, opened_cb, self);
  stage_wait (is_open, self);
}

void
label_bench_show (LabelBench *self, int width, int height)
{
  GtkWidget *page = hf_label_page_new ();

  self->page = HF_LABEL_PAGE (g_object_ref_sink (page));
  g_object_set (page, "workspace", self->workspace, NULL);
  self->window = stage_show (page, width, height);
}

void
label_bench_delete (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      label_bench_delete (path);
    else
      g_remove (path);
  }
  g_rmdir (folder);
}

void
label_bench_close (LabelBench *self)
{
  if (self->window != NULL)
    stage_close (self->window, GTK_WIDGET (self->page));
  hf_workspace_close (self->workspace);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (self->workspace);
  label_bench_delete (self->root);
  g_free (self->root);
}

char *
label_bench_make_files (guint n)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("handful-pictures-XXXXXX", &error);
  GdkPixbuf *pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, 32, 32);

  g_assert_no_error (error);
  for (guint i = 0; i < n; i++) {
    g_autofree char *name = g_strdup_printf ("LOT%u__%05u.png", i % 3, i);
    g_autofree char *path = g_build_filename (folder, name, NULL);

    gdk_pixbuf_fill (pixbuf, (i * 2654435761u) | 0xff);
    gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
    g_assert_no_error (error);
  }
  g_object_unref (pixbuf);
  return folder;
}

HfPicture *
label_bench_get_picture (LabelBench *self, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (self->workspace), i);

  return picture;
}

gint64
label_bench_get_class (LabelBench *self, guint i)
{
  g_autoptr (HfClassItem) item =
      g_list_model_get_item (hf_workspace_get_classes (self->workspace), i);

  return hf_class_item_get_id (item);
}

gboolean
label_bench_press (LabelBench *self, const char *keys)
{
  if (!stage_press (self->window, keys))
    return FALSE;
  stage_settle (self->window);
  return TRUE;
}

void
label_bench_label (LabelBench *self, guint from, guint n, guint class)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();

  for (guint i = from; i < from + n; i++)
    g_ptr_array_add (pictures, label_bench_get_picture (self, i));
  hf_workspace_label (self->workspace, pictures,
                      label_bench_get_class (self, class));
}

typedef struct {
  LabelBench *bench;
  const char *labels;
} Wanted;

static gboolean
has_labels (gpointer data)
{
  const Wanted *wanted = data;
  g_auto (GStrv) names = g_strsplit (wanted->labels, " ", -1);

  for (guint i = 0; names[i] != NULL; i++) {
    HfPicture *picture = label_bench_get_picture (wanted->bench, i);
    gint64 id = hf_picture_get_info (picture)->class_id;
    HfClassItem *item = hf_workspace_find_class (wanted->bench->workspace, id);
    const char *name = item != NULL ? hf_class_item_get_name (item) : "-";

    if (!g_str_equal (name, names[i]))
      return FALSE;
  }
  return TRUE;
}

void
label_bench_wait_labels (LabelBench *self, const char *labels)
{
  Wanted wanted = {self, labels};

  stage_wait (has_labels, &wanted);
}
