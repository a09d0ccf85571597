/* locate.c: see the header. */
#include "app/project/opening/locate.h"

#include "app/jobs/pictures.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

G_DEFINE_QUARK (hf - locate - error - quark, hf_locate_error)

/* Enough digits that two folders of one user never meet. */
#define DIGITS 12

void
hf_location_clear (HfLocation *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->folder, g_free);
}

/* Of two projects of one age the first by name counts, so that the answer
 * does not depend on the order of the disk. */
static gboolean
is_better (const char *name, gint64 age, const char *best, gint64 best_age)
{
  return best == NULL || age > best_age ||
         (age == best_age && g_strcmp0 (name, best) < 0);
}

/* The newest project in @folder (caller frees), or NULL. */
static char *
dup_newest (const char *folder, gsize *n_projects, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  g_autofree char *best = NULL;
  gint64 best_age = 0;
  const char *name;

  *n_projects = 0;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf info;

    if (*name == '.' || !g_str_has_suffix (name, HF_PROJECT_SUFFIX) ||
        g_stat (path, &info) != 0 || !S_ISREG (info.st_mode))
      continue;
    ++*n_projects;
    if (!is_better (path, info.st_mtime, best, best_age))
      continue;
    g_free (best);
    best = g_steal_pointer (&path);
    best_age = info.st_mtime;
  }
  return g_steal_pointer (&best);
}

/* Where a folder that cannot be written has its project (caller frees). */
static char *
dup_aside (const char *folder, const char *name)
{
  g_autofree char *sum =
      g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);

  sum[DIGITS] = '\0';
  return g_build_filename (g_get_user_data_dir (), "handful", "projects", sum,
                           name, NULL);
}

static gboolean
locate_folder (const char *folder, HfLocation *location, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_autofree char *base = g_path_get_basename (folder);
  g_autofree char *name = g_strconcat (
      *base == G_DIR_SEPARATOR ? "pictures" : base, HF_PROJECT_SUFFIX, NULL);
  gsize n_projects;
  g_autofree char *path = dup_newest (folder, &n_projects, &local_error);
  gboolean exists = path != NULL;

  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  if (!exists) {
    path = g_access (folder, W_OK) == 0 ? g_build_filename (folder, name, NULL)
                                        : dup_aside (folder, name);
    exists = g_file_test (path, G_FILE_TEST_EXISTS);
  }
  location->path = g_steal_pointer (&path);
  location->exists = exists;
  location->folder = g_strdup (folder);
  location->n_projects = n_projects;
  return TRUE;
}

static gboolean
fail_kind (const char *path, GError **error)
{
  g_autofree char *shown = g_filename_display_name (path);

  if (g_str_has_suffix (path, ".probe"))
    g_set_error (error, HF_LOCATE_ERROR, HF_LOCATE_ERROR_BUNDLE,
                 _("%s is a bundle for the line: `handful-cli predict` judges "
                   "pictures with it. To go on labelling, open the project it "
                   "was made from."),
                    shown);
  else
    g_set_error (error, HF_LOCATE_ERROR, HF_LOCATE_ERROR_KIND,
                 _("%s is no folder, picture or project: open a folder of "
                   "pictures."),
                    shown);
  return FALSE;
}

gboolean
hf_locate (const char *named, HfLocation *location, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (named, NULL);
  g_autofree char *parent = NULL;
  GStatBuf info;

  if (g_stat (path, &info) != 0) {
    int code = errno;
    g_autofree char *shown = g_filename_display_name (path);

    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                 _("%s cannot be opened: %s."), shown, g_strerror (code));
    return FALSE;
  }
  if (S_ISDIR (info.st_mode))
    return locate_folder (path, location, error);
  if (!S_ISREG (info.st_mode))
    return fail_kind (path, error);
  if (g_str_has_suffix (path, HF_PROJECT_SUFFIX)) {
    location->path = g_steal_pointer (&path);
    location->exists = TRUE;
    location->folder = NULL;
    location->n_projects = 1;
    return TRUE;
  }
  if (!hf_pictures_is_picture_name (path))
    return fail_kind (path, error);
  parent = g_path_get_dirname (path);
  return locate_folder (parent, location, error);
}
