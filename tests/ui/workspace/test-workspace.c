/* The open project as a window sees it, over a store of its own: the pictures
 * are files of text, which nothing here decodes. */
#include "fixture.h"
#include "patience.h"

#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "ui/workspace/source-item.h"
#include "ui/workspace/workspace.h"

#include <glib/gstdio.h>
#include <sys/resource.h>

typedef struct {
  Fixture of;
  gint64 good, bad;
} Setting;

/* Three pictures, two classes, nothing labelled; the project is closed. */
static void
set_up (Setting *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  fixture_set_up (&self->of, NULL);
  fixture_put (&self->of, "parts/a.jpg", "a");
  fixture_put (&self->of, "parts/b.jpg", "b");
  fixture_put (&self->of, "parts/c.jpg", "c");
  fixture_add (&self->of, "parts");
  self->good =
      hf_project_add_class (self->of.project, "good", HF_CLASS_GOOD, &error);
  g_assert_no_error (error);
  self->bad =
      hf_project_add_class (self->of.project, "bad", HF_CLASS_DEFECT, &error);
  g_assert_no_error (error);
}

static void
tear_down (Setting *self, gconstpointer unused)
{
  fixture_tear_down (&self->of, NULL);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfWorkspace **out = data;
  g_autoptr (GError) error = NULL;

  *out = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static HfWorkspace *
open_path (const char *path)
{
  HfWorkspace *workspace = NULL;

  hf_workspace_open_async (path, NULL, NULL, opened_cb, &workspace);
  patience_until (workspace != NULL);
  return workspace;
}

static void
close_workspace (HfWorkspace *workspace)
{
  g_autoptr (HfPicture) picture = NULL;

  picture = g_list_model_get_item (hf_workspace_get_pictures (workspace), 0);
  hf_workspace_close (workspace);
  g_assert_finalize_object (workspace);
  if (picture != NULL)
    g_assert_finalize_object (g_steal_pointer (&picture));
}

static const HfPictureInfo *
get_info (HfWorkspace *workspace, guint i)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (hf_workspace_get_pictures (workspace), i);

  return hf_picture_get_info (picture);
}

/* "good bad -" of the pictures in their order. */
static char *
dup_labels (HfWorkspace *workspace)
{
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (pictures); i++) {
    gint64 id = get_info (workspace, i)->class_id;
    HfClassItem *item = hf_workspace_find_class (workspace, id);

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            item != NULL ? hf_class_item_get_name (item) : "-");
  }
  return g_string_free (text, FALSE);
}

static gboolean
is_labelled (HfWorkspace *workspace, gpointer data)
{
  g_autofree char *labels = dup_labels (workspace);

  return g_str_equal (labels, data);
}

static void
assert_labels (HfWorkspace *workspace, const char *wanted)
{
  g_autofree char *labels = dup_labels (workspace);

  g_assert_cmpstr (labels, ==, wanted);
}

static void
label (HfWorkspace *workspace, guint from, guint n, gint64 class_id)
{
  g_autoptr (GPtrArray) pictures =
      g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = from; i < from + n; i++)
    g_ptr_array_add (pictures, g_list_model_get_item (
                                   hf_workspace_get_pictures (workspace), i));
  hf_workspace_label (workspace, pictures, class_id);
}

static gboolean
can_undo (HfWorkspace *workspace, gpointer data)
{
  gboolean can;

  g_object_get (workspace, "can-undo", &can, NULL);
  return can == GPOINTER_TO_INT (data);
}

static gboolean
can_redo (HfWorkspace *workspace, gpointer data)
{
  gboolean can;

  g_object_get (workspace, "can-redo", &can, NULL);
  return can == GPOINTER_TO_INT (data);
}

static gboolean
is_quiet (HfWorkspace *workspace, gpointer data)
{
  gboolean scanning;

  g_object_get (workspace, "scanning", &scanning, NULL);
  return !scanning;
}

static void
test_open (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  g_autoptr (HfClassItem) first = NULL;
  g_autoptr (HfSourceItem) source = NULL;
  g_autofree char *folder = fixture_dup_path (&self->of, "parts");
  const HfPictureInfo *info;

  g_assert_cmpstr (hf_workspace_get_name (workspace), ==, "p");
  assert_labels (workspace, "- - -");
  info = get_info (workspace, 1);
  g_assert_cmpstr (info->name, ==, "b.jpg");
  g_assert_true (g_str_has_prefix (info->path, folder));
  first = g_list_model_get_item (hf_workspace_get_classes (workspace), 0);
  g_assert_cmpint (hf_class_item_get_id (first), ==, self->good);
  g_assert_true (hf_workspace_find_key (workspace, "1") == first);
  g_assert_null (hf_workspace_find_key (workspace, "9"));
  source = g_list_model_get_item (hf_workspace_get_sources (workspace), 0);
  g_assert_cmpstr (hf_source_item_get_folder (source), ==, folder);
  g_assert_true (hf_source_item_get_found (source));
  patience_until (is_quiet (workspace, NULL));
  g_clear_object (&first);
  close_workspace (workspace);
}

static void
test_make (Setting *self, gconstpointer unused)
{
  g_autofree char *path = fixture_dup_path (&self->of, "new.handful");
  g_autofree char *folder = fixture_dup_path (&self->of, "parts");
  HfWorkspace *workspace = open_path (path);

  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  assert_labels (workspace, "");
  hf_workspace_add_source (workspace, folder);
  patience_until (is_labelled (workspace, (gpointer) "- - -"));
  close_workspace (workspace);
}

static void
test_label (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  guint n_labelled;

  label (workspace, 0, 2, self->good);
  /* At once, before the disk knows. */
  assert_labels (workspace, "good good -");
  g_assert_cmpuint (hf_class_item_get_n_labels (
                        hf_workspace_find_class (workspace, self->good)),
                    ==, 2);
  label (workspace, 1, 1, self->bad);
  label (workspace, 2, 1, self->bad);
  label (workspace, 2, 1, 0);
  assert_labels (workspace, "good bad -");
  patience_until (can_undo (workspace, GINT_TO_POINTER (TRUE)));
  /* What is under way is not undone by what was read before it. */
  assert_labels (workspace, "good bad -");
  g_assert_cmpuint (get_info (workspace, 0)->labelled, <,
                    get_info (workspace, 1)->labelled);
  g_object_get (workspace, "n-labelled", &n_labelled, NULL);
  g_assert_cmpuint (n_labelled, ==, 2);
  close_workspace (workspace);
  {
    g_autofree char *stored = fixture_dup_labels_again (&self->of);

    g_assert_cmpstr (stored, ==, "a.jpg=good b.jpg=bad c.jpg=-");
  }
}

static void
test_undo (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);

  label (workspace, 0, 3, self->good);
  label (workspace, 1, 1, self->bad);
  hf_workspace_undo (workspace);
  patience_until (can_redo (workspace, GINT_TO_POINTER (TRUE)));
  assert_labels (workspace, "good good good");
  close_workspace (workspace);

  workspace = open_path (self->of.path);
  assert_labels (workspace, "good good good");
  hf_workspace_undo (workspace);
  patience_until (can_undo (workspace, GINT_TO_POINTER (FALSE)));
  assert_labels (workspace, "- - -");
  hf_workspace_redo (workspace);
  hf_workspace_redo (workspace);
  patience_until (is_labelled (workspace, (gpointer) "good bad good"));
  patience_until (can_redo (workspace, GINT_TO_POINTER (FALSE)));
  g_assert_cmpuint (hf_class_item_get_n_labels (
                        hf_workspace_find_class (workspace, self->good)),
                    ==, 2);
  close_workspace (workspace);
}

static void
test_come_meanwhile (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace;

  fixture_put (&self->of, "parts/bb.jpg", "new");
  fixture_label (&self->of, "parts/b.jpg", "good");
  workspace = open_path (self->of.path);
  patience_until (is_labelled (workspace, (gpointer) "- good - -"));
  close_workspace (workspace);
}

/* The fixture's own connection is another program's. */
static void
test_others (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);

  fixture_label (&self->of, "parts/b.jpg", "odd");
  patience_until (is_labelled (workspace, (gpointer) "- odd -"));
  fixture_put (&self->of, "more/d.jpg", "d");
  fixture_add (&self->of, "more");
  patience_until (is_labelled (workspace, (gpointer) "- - odd -"));
  close_workspace (workspace);
}

typedef struct {
  guint n_failed, n_lasting;
  gboolean lasts;
} Heard;

static void
failed_cb (HfWorkspace *workspace, const char *title, const GError *error,
           Heard *heard)
{
  g_assert_cmpstr (title, ==, "The label was not stored");
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE);
  heard->n_failed++;
}

static void
lasting_cb (HfWorkspace *workspace, const char *text, Heard *heard)
{
  heard->n_lasting++;
  heard->lasts = text != NULL;
}

static gboolean
has_failed (HfWorkspace *workspace, gpointer data)
{
  return ((Heard *) data)->n_failed > 0;
}

static gboolean
is_over (HfWorkspace *workspace, gpointer data)
{
  return !((Heard *) data)->lasts;
}

/* No file may grow any more: to SQLite a full disk. */
static void
test_full_disk (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  struct rlimit was, none;
  Heard heard = {0};

  g_signal_connect (workspace, "failed", G_CALLBACK (failed_cb), &heard);
  g_signal_connect (workspace, "lasting", G_CALLBACK (lasting_cb), &heard);
  patience_until (is_quiet (workspace, NULL));
  label (workspace, 0, 1, self->bad);
  patience_until (can_undo (workspace, GINT_TO_POINTER (TRUE)));
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &was), ==, 0);
  none = (struct rlimit){.rlim_cur = 0, .rlim_max = was.rlim_max};
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &none), ==, 0);
  label (workspace, 0, 3, self->good);
  assert_labels (workspace, "good good good");
  patience_until (has_failed (workspace, &heard));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &was), ==, 0);
  assert_labels (workspace, "bad - -");
  g_assert_true (heard.lasts);
  g_assert_cmpuint (heard.n_lasting, ==, 1);
  g_assert_cmpuint (hf_class_item_get_n_labels (
                        hf_workspace_find_class (workspace, self->good)),
                    ==, 0);
  label (workspace, 0, 3, self->good);
  patience_until (is_over (workspace, &heard));
  assert_labels (workspace, "good good good");
  g_assert_cmpuint (heard.n_failed, ==, 1);
  close_workspace (workspace);
}

/* Everything that was asked for is done before it is closed. */
static void
test_close_at_once (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  g_autofree char *stored = NULL;

  for (guint i = 0; i < 20; i++)
    label (workspace, 0, 3, i % 2 == 0 ? self->bad : self->good);
  label (workspace, 1, 1, self->bad);
  close_workspace (workspace);
  stored = fixture_dup_labels_again (&self->of);
  g_assert_cmpstr (stored, ==, "a.jpg=good b.jpg=bad c.jpg=good");
}

static gboolean
is_lost (HfWorkspace *workspace, gpointer data)
{
  return !hf_source_item_get_found (data);
}

static gboolean
is_back (HfWorkspace *workspace, gpointer data)
{
  return hf_source_item_get_found (data);
}

static void
test_lost_folder (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  g_autofree char *folder = fixture_dup_path (&self->of, "parts");
  g_autofree char *elsewhere = fixture_dup_path (&self->of, "elsewhere");
  g_autoptr (HfSourceItem) source =
      g_list_model_get_item (hf_workspace_get_sources (workspace), 0);
  guint n;

  patience_until (is_quiet (workspace, NULL));
  label (workspace, 0, 1, self->good);
  g_assert_cmpint (g_rename (folder, elsewhere), ==, 0);
  patience_until (is_lost (workspace, source));
  g_assert_cmpint (get_info (workspace, 0)->state, ==, HF_PICTURE_UNREADABLE);
  g_assert_nonnull (strstr (get_info (workspace, 0)->reason, "not there"));
  g_object_get (workspace, "n-unreadable", &n, NULL);
  g_assert_cmpuint (n, ==, 3);
  /* Labels stay with what cannot be seen. */
  assert_labels (workspace, "good - -");
  g_assert_cmpint (g_rename (elsewhere, folder), ==, 0);
  patience_until (is_back (workspace, source));
  /* They are looked at again. */
  g_assert_null (strstr (get_info (workspace, 0)->reason != NULL
                             ? get_info (workspace, 0)->reason
                             : "",
                         "not there"));
  close_workspace (workspace);
}

static gboolean
rename_class (HfProject *project, gpointer data, GError **error)
{
  gboolean merged;

  return hf_project_relabel (project, "good", data, &merged, NULL, error);
}

static void
edited_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  g_assert_no_error (error);
  /* What was done is shown by now. */
  assert_labels (workspace, "fine - -");
  g_main_loop_quit (data);
}

static gboolean
call_fine (HfProject *project, gpointer data, GError **error)
{
  return rename_class (project, (gpointer) "fine", error);
}

static void
test_edit (Setting *self, gconstpointer unused)
{
  HfWorkspace *workspace = open_path (self->of.path);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  label (workspace, 0, 1, self->good);
  hf_workspace_edit (workspace, "The class was not renamed", call_fine,
                     edited_cb, loop, NULL);
  g_main_loop_run (loop);
  hf_workspace_edit (workspace, "The class was not renamed", rename_class, NULL,
                     g_strdup ("bad"), g_free);
  patience_until (can_undo (workspace, GINT_TO_POINTER (TRUE)));
  close_workspace (workspace);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* A file that may not grow is an error and not the end. */
  signal (SIGXFSZ, SIG_IGN);
#define ADD(path, test) \
  g_test_add (path, Setting, NULL, set_up, test, tear_down)
  ADD ("/ui/workspace/a-project-is-listed", test_open);
  ADD ("/ui/workspace/a-project-is-made", test_make);
  ADD ("/ui/workspace/labels-show-at-once-and-stay", test_label);
  ADD ("/ui/workspace/undo-goes-on-after-reopening", test_undo);
  ADD ("/ui/workspace/what-came-while-it-was-closed-appears",
       test_come_meanwhile);
  ADD ("/ui/workspace/labels-of-other-programs-appear", test_others);
  ADD ("/ui/workspace/labels-go-back-on-a-full-disk", test_full_disk);
  ADD ("/ui/workspace/closing-at-once-loses-nothing", test_close_at_once);
  ADD ("/ui/workspace/a-folder-goes-and-comes-back", test_lost_folder);
  ADD ("/ui/workspace/edits-are-shown-when-they-are-done", test_edit);
#undef ADD
  return g_test_run ();
}
