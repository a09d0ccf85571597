/* sample.c: see the header. */
#include "app/project/opening/sample.h"

#include "app/jobs/pictures.h"
#include "app/places.h"
#include "app/project/classes.h"
#include "app/project/exchange/import.h"
#include "app/project/opening/locate.h"
#include "app/project/prompts.h"
#include "app/project/sources.h"

#include <glib/gi18n-lib.h>
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

static gboolean
fill (HfProject *project, const char *folder, HfProgress *progress,
      GError **error)
{
  g_autofree char *from = hf_places_dup_data ("sample/" PICTURES);
  g_autofree char *given = hf_places_dup_data ("sample/" LABELS);
  g_autofree char *pictures = g_build_filename (folder, PICTURES, NULL);
  g_autofree char *labels = g_build_filename (folder, LABELS, NULL);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};
  HfImport import;

  /* The labels' paths are relative to their list. */
  return copy_pictures (from, pictures, progress, error) &&
         copy_one (given, folder, error) && add_classes (project, error) &&
         hf_project_set_setting (project, "groups", LOTS, error) &&
         hf_project_add_source (project, pictures, NULL, refusals, &scan,
                                progress, error) &&
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
  g_autofree char *draft = g_build_filename (folder, ".draft", NULL);
  g_autoptr (HfProject) project = NULL;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&path);
  g_mkdir_with_parents (folder, 0777);
  /* What a try that was killed has left. It gets its name when it is whole. */
  g_unlink (draft);
  project = hf_project_create (draft, error);
  if (project == NULL || !fill (project, folder, progress, error))
    return NULL;
  g_clear_pointer (&project, hf_project_close);
  if (g_rename (draft, path) == 0)
    return g_steal_pointer (&path);
  g_set_error (error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
               _("The sample project cannot be made in %s."), folder);
  return NULL;
}
