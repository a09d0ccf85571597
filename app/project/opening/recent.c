/* recent.c: see the header. A group for each project, named by its URI, since a
 * path may hold bytes that a group's name may not. */
#include "app/project/opening/recent.h"

#include "app/places.h"
#include "base/file.h"
#include "base/lock.h"

#include <glib/gstdio.h>

#define MAX_PROJECTS 20
#define NOTE_PREFIX "note-"
/* A window waits for it while it closes. */
#define LOCK_PATIENCE_MS 250

HfRecent *
hf_recent_new (const char *path)
{
  HfRecent *self = g_new0 (HfRecent, 1);

  self->path = g_canonicalize_filename (path, NULL);
  self->opened = g_get_real_time () / G_USEC_PER_SEC;
  self->n_defects = -1;
  return self;
}

void
hf_recent_free (HfRecent *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->folder);
  g_free (self->picture);
  g_free (self);
}

static char *
dup_store_path (const char *name)
{
  g_autofree char *state = hf_places_dup_state ();

  return g_build_filename (state, name, NULL);
}

static char *
dup_group (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);

  return g_filename_to_uri (absolute, NULL, NULL);
}

static GKeyFile *
load (void)
{
  g_autofree char *path = dup_store_path ("recent.ini");
  GKeyFile *file = g_key_file_new ();

  /* None, or a damaged one: nothing was opened. */
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

static gboolean
take_lock (int *lock, GError **error)
{
  g_autofree char *state = hf_places_dup_state ();
  g_autofree char *path = dup_store_path ("recent.ini");

  /* What fails here fails again, with a reason, where the file is written. */
  g_mkdir_with_parents (state, 0700);
  return hf_lock_take (path, LOCK_PATIENCE_MS, lock, error);
}

static int
compare_opened (gconstpointer a, gconstpointer b)
{
  const HfRecent *left = *(const HfRecent *const *) a;
  const HfRecent *right = *(const HfRecent *const *) b;

  if (left->opened != right->opened)
    return left->opened > right->opened ? -1 : 1;
  return g_strcmp0 (left->path, right->path);
}

static char *
dup_path (GKeyFile *file, const char *group, const char *key)
{
  g_autofree char *uri = g_key_file_get_string (file, group, key, NULL);

  return uri != NULL ? g_filename_from_uri (uri, NULL, NULL) : NULL;
}

static HfRecent *
read_group (GKeyFile *file, const char *group)
{
  g_autofree char *path = g_filename_from_uri (group, NULL, NULL);
  HfRecent *self;

  if (path == NULL || !g_key_file_has_key (file, group, "opened", NULL))
    return NULL;
  self = g_new0 (HfRecent, 1);
  self->folder = dup_path (file, group, "folder");
  self->picture = dup_path (file, group, "picture");
  self->opened = g_key_file_get_int64 (file, group, "opened", NULL);
  self->n_labels = g_key_file_get_int64 (file, group, "labels", NULL);
  self->n_escapes = g_key_file_get_int64 (file, group, "escapes", NULL);
  self->n_defects = g_key_file_has_key (file, group, "defects", NULL)
                        ? g_key_file_get_int64 (file, group, "defects", NULL)
                        : -1;
  self->is_found = g_file_test (path, G_FILE_TEST_IS_REGULAR);
  self->path = g_steal_pointer (&path);
  return self;
}

/* All of them, without a limit. */
static GPtrArray *
read_all (GKeyFile *file)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);
  GPtrArray *list =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_recent_free);

  for (char **group = groups; *group != NULL; group++) {
    HfRecent *one = read_group (file, *group);

    if (one != NULL)
      g_ptr_array_add (list, one);
  }
  g_ptr_array_sort (list, compare_opened);
  return list;
}

GPtrArray *
hf_recent_list (void)
{
  g_autoptr (GKeyFile) file = load ();
  GPtrArray *list = read_all (file);

  if (list->len > MAX_PROJECTS)
    g_ptr_array_set_size (list, MAX_PROJECTS);
  return list;
}

static gboolean
save (GKeyFile *file, GError **error)
{
  g_autoptr (GPtrArray) list = read_all (file);
  g_autofree char *path = dup_store_path ("recent.ini");
  g_autofree char *text = NULL;
  gsize length = 0;

  for (guint i = MAX_PROJECTS; i < list->len; i++) {
    const HfRecent *old = g_ptr_array_index (list, i);
    g_autofree char *group = dup_group (old->path);

    g_key_file_remove_group (file, group, NULL);
  }
  text = g_key_file_to_data (file, &length, NULL);
  return hf_file_write_whole (path, text, length, error);
}

static void
set_path (GKeyFile *file, const char *group, const char *key, const char *path)
{
  g_autofree char *uri =
      path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (uri != NULL)
    g_key_file_set_string (file, group, key, uri);
  else
    g_key_file_remove_key (file, group, key, NULL);
}

gboolean
hf_recent_remember (const HfRecent *recent, GError **error)
{
  g_autofree char *group = dup_group (recent->path);
  g_autoptr (GKeyFile) file = NULL;
  gboolean ok;
  int lock;

  if (!take_lock (&lock, error))
    return FALSE;
  file = load ();
  set_path (file, group, "folder", recent->folder);
  set_path (file, group, "picture", recent->picture);
  g_key_file_set_int64 (file, group, "opened", recent->opened);
  g_key_file_set_int64 (file, group, "labels", recent->n_labels);
  if (recent->n_defects >= 0) {
    g_key_file_set_int64 (file, group, "escapes", recent->n_escapes);
    g_key_file_set_int64 (file, group, "defects", recent->n_defects);
  }
  ok = save (file, error);
  hf_lock_give (lock);
  return ok;
}

gboolean
hf_recent_forget (const char *path, GError **error)
{
  g_autofree char *group = dup_group (path);
  g_autoptr (GKeyFile) file = NULL;
  gboolean ok = TRUE;
  int lock;

  if (!take_lock (&lock, error))
    return FALSE;
  file = load ();
  if (g_key_file_remove_group (file, group, NULL))
    ok = save (file, error);
  hf_lock_give (lock);
  return ok;
}

char *
hf_recent_dup_note (const char *path, const char *key)
{
  g_autofree char *group = dup_group (path);
  g_autofree char *name = g_strconcat (NOTE_PREFIX, key, NULL);
  g_autoptr (GKeyFile) file = load ();

  return g_key_file_get_string (file, group, name, NULL);
}

gboolean
hf_recent_set_note (const char *path, const char *key, const char *value,
                    GError **error)
{
  g_autofree char *group = dup_group (path);
  g_autofree char *name = g_strconcat (NOTE_PREFIX, key, NULL);
  g_autoptr (GKeyFile) file = NULL;
  gboolean ok;
  int lock;

  if (!take_lock (&lock, error))
    return FALSE;
  file = load ();
  g_key_file_set_string (file, group, name, value);
  ok = save (file, error);
  hf_lock_give (lock);
  return ok;
}
