/* pictures.c: see the header. Folders are walked with a depth limit, so that
 * no arrangement of mounts can take the stack. */
#include "app/jobs/pictures.h"

#include <glib/gi18n-lib.h>
#include <string.h>

enum { MAX_DEPTH = 64 };

struct _HfPictures {
  GPtrArray *paths;    /* char *, without a NULL at the end */
  GPtrArray *refusals; /* HfRefusal * */
  GPtrArray *links;    /* char *, to folders */
};

static void
refusal_free (gpointer data)
{
  HfRefusal *refusal = data;

  g_free (refusal->path);
  g_free (refusal->reason);
  g_free (refusal);
}

GPtrArray *
hf_refusals_new (void)
{
  return g_ptr_array_new_with_free_func (refusal_free);
}

void
hf_refusals_add (GPtrArray *refusals, const char *path, const char *reason)
{
  HfRefusal *refusal = g_new0 (HfRefusal, 1);

  refusal->path = g_strdup (path);
  refusal->reason = g_strdup (reason);
  g_ptr_array_add (refusals, refusal);
}

HfPictures *
hf_pictures_new (void)
{
  HfPictures *self = g_new0 (HfPictures, 1);

  self->paths = g_ptr_array_new_with_free_func (g_free);
  self->refusals = hf_refusals_new ();
  self->links = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
hf_pictures_free (HfPictures *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->paths);
  g_ptr_array_unref (self->refusals);
  g_ptr_array_unref (self->links);
  g_free (self);
}

void
hf_pictures_refuse (HfPictures *self, const char *path, const char *reason)
{
  hf_refusals_add (self->refusals, path, reason);
}

gboolean
hf_pictures_is_picture_name (const char *name)
{
  static const char *const extensions[] = {"jpg", "jpeg", "jpe", "jfif",
                                           "png", "webp", "tif", "tiff",
                                           "bmp", "dib",  "gif"};
  const char *dot = strrchr (name, '.');

  if (dot == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (extensions); i++)
    if (g_ascii_strcasecmp (dot + 1, extensions[i]) == 0)
      return TRUE;
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names in @folder that are not hidden, sorted; NULL with a GFileError. */
static GPtrArray *
list_folder (const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  GPtrArray *names;
  const char *name;

  if (dir == NULL)
    return NULL;
  names = g_ptr_array_new_with_free_func (g_free);
  while ((name = g_dir_read_name (dir)) != NULL)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

static gboolean add_folder (HfPictures *self, const char *folder, int depth,
                            HfProgress *progress, GError **error);

static void
refuse_depth (HfPictures *self, const char *folder)
{
  g_autofree char *reason = g_strdup_printf (
      _("The folder %s lies more than %d folders deep and was left out; name "
        "it on its own."),
         folder, MAX_DEPTH);

  hf_pictures_refuse (self, folder, reason);
}

static gboolean
add_entry (HfPictures *self, const char *path, int depth, HfProgress *progress,
           GError **error)
{
  gboolean is_link = g_file_test (path, G_FILE_TEST_IS_SYMLINK);

  /* A link to a folder may lead back up; one to a picture is a picture. */
  if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
    if (is_link)
      g_ptr_array_add (self->links, g_strdup (path));
    if (!is_link && depth >= MAX_DEPTH)
      refuse_depth (self, path);
    return is_link || depth >= MAX_DEPTH ||
           add_folder (self, path, depth + 1, progress, error);
  }
  if (hf_pictures_is_picture_name (path))
    g_ptr_array_add (self->paths, g_strdup (path));
  return TRUE;
}

static gboolean
add_folder (HfPictures *self, const char *folder, int depth,
            HfProgress *progress, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) names = NULL;

  if (!hf_progress_check (progress, error))
    return FALSE;
  names = list_folder (folder, &local);
  if (names == NULL) {
    g_autofree char *reason = g_strdup_printf (
        _("%s; what lies in it was left out."), local->message);

    hf_pictures_refuse (self, folder, reason);
    return TRUE;
  }
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);

    if (!add_entry (self, path, depth, progress, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
hf_pictures_add (HfPictures *self, const char *path, HfProgress *progress,
                 GError **error)
{
  guint n_before = self->paths->len;
  guint n_refused = self->refusals->len;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR)) {
    g_ptr_array_add (self->paths, g_strdup (path));
    return TRUE;
  }
  if (!add_folder (self, path, 0, progress, error))
    return FALSE;
  if (self->paths->len == n_before && self->refusals->len == n_refused) {
    g_autofree char *reason =
        g_strdup_printf (_("The folder %s holds no picture (by the names of "
                           "its files)."),
                            path);

    hf_pictures_refuse (self, path, reason);
  }
  return TRUE;
}

/* Lists written on Windows end their lines with CR LF. */
static void
strip_return (char *line)
{
  gsize n = strlen (line);

  if (n > 0 && line[n - 1] == '\r' && !g_file_test (line, G_FILE_TEST_EXISTS))
    line[n - 1] = '\0';
}

gboolean
hf_pictures_add_list (HfPictures *self, const char *lines, HfProgress *progress,
                      GError **error)
{
  g_auto (GStrv) paths = g_strsplit (lines, "\n", -1);

  for (char **path = paths; *path != NULL; path++) {
    strip_return (*path);
    if (**path != '\0' && !hf_pictures_add (self, *path, progress, error))
      return FALSE;
  }
  return TRUE;
}

gsize
hf_pictures_get_n (const HfPictures *self)
{
  return self->paths->len;
}

const char *
hf_pictures_get (const HfPictures *self, gsize i)
{
  g_return_val_if_fail (i < self->paths->len, NULL);
  return self->paths->pdata[i];
}

const char *const *
hf_pictures_get_paths (const HfPictures *self)
{
  return (const char *const *) self->paths->pdata;
}

const GPtrArray *
hf_pictures_get_links (const HfPictures *self)
{
  return self->links;
}

const GPtrArray *
hf_pictures_get_refusals (const HfPictures *self)
{
  return self->refusals;
}
