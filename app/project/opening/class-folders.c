/* class-folders.c: see the header. */
#include "app/project/opening/class-folders.h"

#include "app/jobs/pictures.h"
#include "app/project/classes.h"
#include "base/natural.h"

#include <string.h>

/* Nine digits and the letters that the window leaves free. */
#define MAX_FOLDERS 30

/* Lots before two underscores, as LOT12__0034.jpg; the rule of the README. */
#define LOT_MARK "__"
#define LOT_RULE "^(.*)__"

static void
class_folder_free (gpointer data)
{
  HfClassFolder *self = data;

  g_free (self->name);
  g_free (self->picture);
  g_free (self);
}

void
hf_class_folders_free (HfClassFolders *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->folders, g_ptr_array_unref);
  g_free (self->groups);
  g_free (self);
}

/* What people call the folder of parts without a fault. */
static gboolean
means_good (const char *name)
{
  const char *const words[] = {"good", "ok",   "okay", "pass",   "passed",
                               "fine", "gut",  "io",   "normal", "intact",
                               "良品", "合格", "正常", "好"};

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (name, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static const char *
get_name (GPtrArray *folders, int i)
{
  return ((HfClassFolder *) folders->pdata[i])->name;
}

static int
find_good (GPtrArray *folders)
{
  int good = -1;

  for (guint i = 0; i < folders->len; i++) {
    const HfClassFolder *one = g_ptr_array_index (folders, i);

    if (!means_good (one->name))
      continue;
    /* "Good" and "good" become one class. Two of them otherwise: which one is
     * for the user to say. */
    if (good < 0)
      good = (int) i;
    else if (!hf_class_is_similar (get_name (folders, good), one->name))
      return -1;
  }
  return good;
}

static void
count (GPtrArray *folders, const char *name, gsize length, const char *path)
{
  HfClassFolder *last =
      folders->len > 0 ? g_ptr_array_index (folders, folders->len - 1) : NULL;

  if (last == NULL || strncmp (last->name, name, length) != 0 ||
      last->name[length] != '\0') {
    last = g_new0 (HfClassFolder, 1);
    last->name = g_strndup (name, length);
    last->picture = g_strdup (path);
    g_ptr_array_add (folders, last);
  }
  last->n_pictures++;
}

/* The subfolders with pictures; NULL if there are pictures beside them. */
static GPtrArray *
list_folders (const HfPictures *pictures, const char *folder)
{
  g_autoptr (GPtrArray) folders =
      g_ptr_array_new_with_free_func (class_folder_free);
  const gsize skip = strlen (folder) + !g_str_has_suffix (folder, "/");

  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++) {
    const char *path = hf_pictures_get (pictures, i);
    const char *inside = strlen (path) > skip ? path + skip : path;
    const char *slash = strchr (inside, G_DIR_SEPARATOR);

    if (slash == NULL || folders->len > MAX_FOLDERS)
      return NULL;
    count (folders, inside, slash - inside, path);
  }
  return g_steal_pointer (&folders);
}

static gboolean
all_have_lots (const HfPictures *pictures)
{
  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++) {
    const char *name = strrchr (hf_pictures_get (pictures, i), '/');

    if (name == NULL || strstr (name, LOT_MARK) == NULL)
      return FALSE;
  }
  return TRUE;
}

static int
compare_folders (gconstpointer a, gconstpointer b)
{
  const HfClassFolder *left = *(const HfClassFolder *const *) a;
  const HfClassFolder *right = *(const HfClassFolder *const *) b;

  return hf_natural_compare (left->name, right->name);
}

HfClassFolders *
hf_class_folders_find (const char *folder, HfProgress *progress, GError **error)
{
  g_autofree char *path = g_canonicalize_filename (folder, NULL);
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autoptr (HfClassFolders) self = g_new0 (HfClassFolders, 1);

  if (!hf_pictures_add (pictures, path, progress, error))
    return NULL;
  self->folders = list_folders (pictures, path);
  if (self->folders == NULL || self->folders->len < 2 ||
      self->folders->len > MAX_FOLDERS)
    return NULL;
  g_ptr_array_sort (self->folders, compare_folders);
  self->good = find_good (self->folders);
  if (all_have_lots (pictures))
    self->groups = g_strdup (LOT_RULE);
  return g_steal_pointer (&self);
}
