#include "fixture.h"

#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"

#include "app/jobs/pictures.h"
#include "tree.h"

#include <glib/gstdio.h>

/* In memory if there is a place: every commit waits for the disk, and a test
 * makes thousands. */
static char *
make_folder (void)
{
  char *path = g_strdup ("/dev/shm/handful-project-XXXXXX");
  g_autoptr (GError) error = NULL;

  if (g_mkdtemp (path) != NULL)
    return path;
  g_free (path);
  path = g_dir_make_tmp ("handful-project-XXXXXX", &error);
  g_assert_no_error (error);
  return path;
}

void
fixture_set_up (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  self->root = make_folder ();
  self->path = g_build_filename (self->root, "p.handful", NULL);
  self->project = hf_project_create (self->path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->project);
}

void
fixture_tear_down (Fixture *self, gconstpointer unused)
{
  g_clear_pointer (&self->project, hf_project_close);
  tree_remove (self->root);
  g_free (self->path);
  g_free (self->root);
}

char *
fixture_dup_path (const Fixture *self, const char *name)
{
  return g_build_filename (self->root, name, NULL);
}

void
fixture_put (const Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = fixture_dup_path (self, name);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

gsize
fixture_add (Fixture *self, const char *name)
{
  g_autofree char *path = fixture_dup_path (self, name);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;
  g_auto (HfScan) scan = {0};

  hf_project_add_source (self->project, path, NULL, refusals, &scan, NULL,
                         &error);
  g_assert_no_error (error);
  return scan.n_added;
}

gint64
fixture_find (Fixture *self, const char *name)
{
  g_autofree char *path = fixture_dup_path (self, name);
  const char *const paths[] = {path};
  g_autoptr (GError) error = NULL;
  g_autofree gint64 *ids =
      hf_project_dup_image_ids (self->project, paths, 1, &error);

  g_assert_no_error (error);
  return ids[0];
}

void
fixture_label (Fixture *self, const char *name, const char *class_name)
{
  HfLabelChange change = {.image_id = fixture_find (self, name)};
  g_autoptr (GError) error = NULL;

  if (class_name != NULL) {
    change.class_id = hf_project_find_class (self->project, class_name, NULL);
    if (change.class_id == 0)
      change.class_id = hf_project_add_class (self->project, class_name,
                                              HF_CLASS_OTHER, &error);
    g_assert_no_error (error);
  }
  hf_project_set_labels (self->project, &change, 1, HF_LABEL_BY_HAND,
                         HF_SHOWN_BROWSE, NULL, &error);
  g_assert_no_error (error);
}

static char *
dup_labels (HfProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfSamples) samples = hf_project_dup_samples (project, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    g_autofree char *name = g_path_get_basename (sample->path);
    const HfSampleClass *class =
        sample->label >= 0 ? samples->classes->pdata[sample->label] : NULL;

    g_string_append_printf (text, "%s%s=%s", i > 0 ? " " : "", name,
                            class != NULL ? class->name : "-");
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
fixture_dup_labels (const Fixture *self)
{
  return dup_labels (self->project);
}

char *
fixture_dup_labels_again (const Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->path, &error);

  g_assert_no_error (error);
  return dup_labels (project);
}
