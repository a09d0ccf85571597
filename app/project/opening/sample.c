/* sample.c: see the header. */
#include "app/project/opening/sample.h"

#include "app/jobs/pictures.h"
#include "app/places.h"
#include "app/project/classes.h"
#include "app/project/exchange/import.h"
#include "app/project/opening/locate.h"
#include "app/project/prompts.h"
#include "app/project/sources.h"

#include <glib/gstdio.h>

#define FOLDER "Bearing Rings"
#define PRODUCT "bearing ring"
#define LOTS "^(.*)__"
#define LIBRARY_GROUP "defect-detection"
#define N_TEMPLATES 3
#define PICTURES "rings"
#define LABELS "given.csv"
#define GOOD "good"

/* In the order of the keys. */
static const char *const defects[] = {"rusty", "cracked", "scratched"};

static gboolean
copy_one (const char *path, const char *to, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *target = g_build_filename (to, name, NULL);
  g_autoptr (GFile) source = g_file_new_for_path (path);
  g_autoptr (GFile) destination = g_file_new_for_path (target);

  return g_file_copy (source, destination, G_FILE_COPY_OVERWRITE, NULL, NULL,
                      NULL, error);
}

static gboolean
copy_pictures (const char *from, const char *to, HfProgress *progress,
               GError **error)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();

  if (!hf_pictures_add (pictures, from, progress, error))
    return FALSE;
  if (hf_pictures_get_n (pictures) == 0) {
    g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                 "The sample pictures are missing in %s: install Handful "
                 "again.",
                 from);
    return FALSE;
  }
  g_mkdir_with_parents (to, 0777);
  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++)
    if (!copy_one (hf_pictures_get (pictures, i), to, error))
      return FALSE;
  return TRUE;
}

static gboolean
add_prompts (HfProject *project, GError **error)
{
  const char *const product[] = {PRODUCT, NULL};
  g_autoptr (GPtrArray) groups = hf_library_load (error);
  const HfLibraryGroup *group =
      groups != NULL ? hf_library_find (groups, LIBRARY_GROUP) : NULL;

  for (guint i = 0;
       group != NULL && i < MIN (N_TEMPLATES, group->templates->len); i++)
    if (!hf_project_add_library_template (
            project, group, g_ptr_array_index (group->templates, i), error))
      return FALSE;
  return group != NULL &&
         hf_project_set_filling (project, "product", NULL, product, error);
}

static gboolean
add_classes (HfProject *project, GError **error)
{
  if (hf_project_add_class (project, GOOD, HF_CLASS_GOOD, error) == 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (defects); i++)
    if (hf_project_add_class (project, defects[i], HF_CLASS_DEFECT, error) == 0)
      return FALSE;
  return TRUE;
}

typedef struct {
  const char *folder;
  HfProgress *progress;
} Filling;

static gboolean
fill (HfProject *project, gpointer data, GError **error)
{
  const Filling *self = data;
  g_autofree char *from = hf_places_dup_data ("sample/" PICTURES);
  g_autofree char *given = hf_places_dup_data ("sample/" LABELS);
  g_autofree char *pictures = g_build_filename (self->folder, PICTURES, NULL);
  g_autofree char *labels = g_build_filename (self->folder, LABELS, NULL);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};
  HfImport import;

  /* The labels' paths are relative to their list. */
  return copy_pictures (from, pictures, self->progress, error) &&
         copy_one (given, self->folder, error) &&
         add_classes (project, error) &&
         hf_project_set_setting (project, "groups", LOTS, error) &&
         hf_project_add_source (project, pictures, NULL, refusals, &scan,
                                self->progress, error) &&
         hf_project_import (project, labels, NULL, GOOD, refusals, NULL,
                            &import, error) &&
         add_prompts (project, error);
}

char *
hf_sample_dup_project (HfProgress *progress, GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "handful",
                                              "sample", FOLDER, NULL);
  g_autofree char *path =
      g_build_filename (folder, FOLDER HF_PROJECT_SUFFIX, NULL);
  Filling filling = {folder, progress};
  g_autoptr (GError) local = NULL;
  g_autoptr (HfProject) project = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_mkdir_with_parents (folder, 0777);
  project = hf_project_create_filled (path, fill, &filling, &local);
  /* Another program may have been faster. */
  if (project != NULL || g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_propagate_error (error, g_steal_pointer (&local));
  return NULL;
}
