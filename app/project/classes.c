/* classes.c: the classes of a project. One that is merged away or removed keeps
 * its row, since the log tells of it (I6), and comes back when an undo gives it
 * pictures again, or when a class of its name is made. */
#include "app/project/classes.h"
#include "app/project/labels-private.h"

#include "clip/text/unicode.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Okabe and Ito's (2008), which people who see colours differently tell apart,
 * too. The first is for good parts. */
static const char *const colours[] = {"#009e73", "#e69f00", "#56b4e9",
                                      "#f0e442", "#0072b2", "#d55e00",
                                      "#cc79a7"};
/* The letters without those that the window has a use for, e and f. */
static const char keys[] = "123456789abcdghijklmnopqrstuvwxyz";

static void
class_free (gpointer data)
{
  HfProjectClass *class = data;

  g_free (class->name);
  g_free (class->key);
  g_free (class);
}

static HfProjectClass *
new_class (sqlite3_stmt *row)
{
  HfProjectClass *class = g_new0 (HfProjectClass, 1);

  class->id = sqlite3_column_int64 (row, 0);
  class->name = hf_column_dup (row, 1);
  class->kind = HF_CLASS_OTHER;
  (void) hf_class_kind_parse ((const char *) sqlite3_column_text (row, 2),
                              &class->kind, NULL);
  g_strlcpy (class->colour, (const char *) sqlite3_column_text (row, 3),
             sizeof class->colour);
  class->key = g_strdup ((const char *) sqlite3_column_text (row, 4));
  class->n_labels = (gsize) sqlite3_column_int64 (row, 5);
  return class;
}

GPtrArray *
hf_project_dup_classes (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) classes = g_ptr_array_new_with_free_func (class_free);
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self,
      "SELECT id, name, kind, colour, key, count (current.image) FROM class"
      " LEFT JOIN current ON current.class = class.id WHERE NOT removed"
      " GROUP BY class.id ORDER BY position, class.id",
      error, "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows))
    g_ptr_array_add (classes, new_class (rows));
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&classes);
}

/* The class called @name, *@id 0 if there is none, and whether it is listed no
 * more. FALSE on errors. */
static gboolean
look_up (HfProject *self, const char *name, gint64 *id, gboolean *removed,
         GError **error)
{
  g_autoptr (sqlite3_stmt) row = hf_project_query (
      self, "SELECT id, removed FROM class WHERE name = ?", error, "b", name);

  if (row == NULL)
    return FALSE;
  *id = 0;
  *removed = FALSE;
  if (hf_project_next (self, row)) {
    *id = sqlite3_column_int64 (row, 0);
    *removed = sqlite3_column_int (row, 1);
  }
  return hf_project_ended (self, error);
}

gint64
hf_project_find_class (HfProject *self, const char *name, GError **error)
{
  gboolean removed;
  gint64 id;

  if (!look_up (self, name, &id, &removed, error))
    return 0;
  if (id != 0 && !removed)
    return id;
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The project %s has no class \"%s\"."), self->path, name);
  return 0;
}

static gboolean
find_free_key (HfProject *self, char key[2], GError **error)
{
  g_autoptr (sqlite3_stmt) taken = hf_project_query (
      self, "SELECT 1 FROM class WHERE NOT removed AND key = ?", error, "");

  if (taken == NULL)
    return FALSE;
  key[1] = '\0';
  for (const char *k = keys;; k++) {
    key[0] = *k;
    if (*k == '\0')
      return TRUE;
    if (!hf_project_bind (self, taken, error, "s", key))
      return FALSE;
    if (!hf_project_next (self, taken))
      break;
  }
  return hf_project_ended (self, error);
}

/* A class that is listed no more keeps its key, to have it when it comes back,
 * until another one gets that. */
static gboolean
take_key (HfProject *self, const char *key, GError **error)
{
  return hf_project_run (
      self, "UPDATE class SET key = NULL WHERE removed AND key = ?", error, "s",
      key);
}

/* Names that are no UTF-8 have none but ASCII's. */
static gboolean
has_control (const char *name)
{
  gboolean is_text = g_utf8_validate (name, -1, NULL);

  for (const char *c = name; *c != '\0';
       c = is_text ? g_utf8_next_char (c) : c + 1)
    if (is_text ? g_unichar_iscntrl (g_utf8_get_char (c))
                : g_ascii_iscntrl (*c))
      return TRUE;
  return FALSE;
}

gboolean
hf_class_check_name (const char *name, GError **error)
{
  g_autofree char *shown = NULL;

  if (*name == '\0') {
    g_set_error_literal (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                         _("A class needs a name."));
    return FALSE;
  }
  if (!has_control (name))
    return TRUE;
  shown = g_strdup (name);
  for (char *c = shown; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The class name \"%s\" has a line break, a tab or another "
                 "control character. Choose one without."),
                  shown);
  return FALSE;
}

/* Composed before and after: to fold may make new marks. */
char *
hf_class_dup_plain_name (const char *name)
{
  g_autofree char *text = g_utf8_make_valid (name, -1);
  g_autofree char *composed = hf_unicode_compose (text);
  g_autofree char *folded = g_utf8_casefold (composed, -1);

  return hf_unicode_compose (g_strstrip (folded));
}

gboolean
hf_class_is_similar (const char *name, const char *other)
{
  g_autofree char *plain = hf_class_dup_plain_name (name);
  g_autofree char *other_plain = hf_class_dup_plain_name (other);

  return strcmp (name, other) != 0 && strcmp (plain, other_plain) == 0;
}

/* The colour of a new class: the first that no other has, green only for good
 * parts; once all are taken, they come again in turn. */
static gboolean
find_free_colour (HfProject *self, HfClassKind kind, gint64 n_classes,
                  const char **colour, GError **error)
{
  const gsize first = kind == HF_CLASS_GOOD ? 0 : 1;
  g_autoptr (sqlite3_stmt) taken = hf_project_query (
      self, "SELECT 1 FROM class WHERE removed = 0 AND colour = ?", error, "");

  if (taken == NULL)
    return FALSE;
  *colour = colours[1 + n_classes % (gint64) (G_N_ELEMENTS (colours) - 1)];
  for (gsize i = first; i < G_N_ELEMENTS (colours); i++) {
    if (!hf_project_bind (self, taken, error, "s", colours[i]))
      return FALSE;
    if (hf_project_next (self, taken))
      continue;
    *colour = colours[i];
    break;
  }
  return hf_project_ended (self, error);
}

gint64
hf_class_insert (HfProject *self, const char *name, HfClassKind kind,
                 GError **error)
{
  const char *colour;
  char key[2];
  gint64 n, id;
  gboolean removed;

  if (!hf_class_check_name (name, error))
    return 0;
  if (!look_up (self, name, &id, &removed, error))
    return 0;
  if (removed)
    return hf_project_run (
               self, "UPDATE class SET removed = 0, kind = ? WHERE id = ?",
               error, "si", hf_class_kind_get_name (kind), id)
               ? id
               : 0;
  if (id != 0) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 _("The project %s has a class \"%s\" already."), self->path,
                    name);
    return 0;
  }
  if (!hf_project_get_number (self, "SELECT count (*) FROM class", 0, &n,
                              error) ||
      !find_free_key (self, key, error) || !take_key (self, key, error) ||
      !find_free_colour (self, kind, n, &colour, error) ||
      !hf_project_run (
          self,
          "INSERT INTO class (name, kind, colour, key, position, removed)"
          " VALUES (?, ?, ?, ?, ?, 0)",
          error, "bsssi", name, hf_class_kind_get_name (kind), colour,
          key[0] != '\0' ? key : NULL, n))
    return 0;
  return sqlite3_last_insert_rowid (self->db);
}

gint64
hf_project_add_class (HfProject *self, const char *name, HfClassKind kind,
                      GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);
  gint64 id;

  if (transaction == NULL)
    return 0;
  id = hf_class_insert (self, name, kind, error);
  if (id == 0 || !hf_project_commit (g_steal_pointer (&transaction), error))
    return 0;
  return id;
}

gboolean
hf_project_set_class_kind (HfProject *self, gint64 class_id, HfClassKind kind,
                           GError **error)
{
  return hf_project_run (self, "UPDATE class SET kind = ? WHERE id = ?", error,
                         "si", hf_class_kind_get_name (kind), class_id);
}

static gboolean
is_colour (const char *text)
{
  if (text[0] != '#' || strlen (text) != 7)
    return FALSE;
  for (const char *c = text + 1; *c != '\0'; c++)
    if (!g_ascii_isxdigit (*c))
      return FALSE;
  return TRUE;
}

gboolean
hf_project_set_class_colour (HfProject *self, gint64 class_id,
                             const char *colour, GError **error)
{
  g_autofree char *lower = g_ascii_strdown (colour, -1);

  if (!is_colour (lower)) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("\"%s\" is no colour; write it as #009e73."), colour);
    return FALSE;
  }
  return hf_project_run (self, "UPDATE class SET colour = ? WHERE id = ?",
                         error, "si", lower, class_id);
}

gboolean
hf_project_set_class_key (HfProject *self, gint64 class_id, const char *key,
                          GError **error)
{
  gboolean is_one = key == NULL || (g_utf8_validate (key, -1, NULL) &&
                                    g_utf8_strlen (key, -1) == 1);
  g_autoptr (sqlite3_stmt) other = NULL;

  if (!is_one) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 _("\"%s\" is no key; a key is one character."), key);
    return FALSE;
  }
  other = hf_project_query (self,
                            "SELECT name FROM class WHERE NOT removed"
                            " AND key = ? AND id <> ?",
                            error, "si", key, class_id);
  if (other == NULL)
    return FALSE;
  if (hf_project_next (self, other)) {
    g_autofree char *name = hf_column_dup (other, 0);

    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 _("The key %s belongs to the class \"%s\" already."), key,
                    name);
    return FALSE;
  }
  return hf_project_ended (self, error) && take_key (self, key, error) &&
         hf_project_run (self, "UPDATE class SET key = ? WHERE id = ?", error,
                         "si", key, class_id);
}

/* Gives every picture of class @from the class @to, or none if that is 0, and
 * lists it no more. */
static gboolean
move_labels (HfProject *self, gint64 from, gint64 to, gsize *n_moved,
             GError **error)
{
  g_auto (HfLabelStep) step = {0};
  g_autoptr (GArray) images = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT image FROM current WHERE class = ? ORDER BY image", error,
      "i", from);

  if (rows == NULL ||
      !hf_label_step_init (&step, self, HF_LABEL_BY_HAND, 0, error))
    return FALSE;
  while (hf_project_next (self, rows)) {
    gint64 id = sqlite3_column_int64 (rows, 0);

    g_array_append_val (images, id);
  }
  if (!hf_project_ended (self, error))
    return FALSE;
  for (guint i = 0; i < images->len; i++)
    if (!hf_label_step_set (&step, g_array_index (images, gint64, i), to,
                            HF_SHOWN_BROWSE, error))
      return FALSE;
  *n_moved = step.n;
  return hf_project_run (self, "UPDATE class SET removed = 1 WHERE id = ?",
                         error, "i", from);
}

gboolean
hf_project_remove_class (HfProject *self, gint64 class_id, gsize *n_cleared,
                         GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);
  gsize n = 0;

  if (transaction == NULL || !move_labels (self, class_id, 0, &n, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  if (n_cleared != NULL)
    *n_cleared = n;
  return TRUE;
}

gboolean
hf_project_restore_class (HfProject *self, gint64 class_id, GError **error)
{
  return hf_project_run (self, "UPDATE class SET removed = 0 WHERE id = ?",
                         error, "i", class_id);
}

static gboolean
relabel (HfProject *self, const char *name, const char *new_name,
         gboolean *merged, gsize *n_moved, GError **error)
{
  gint64 from = hf_project_find_class (self, name, error);
  gint64 to;
  gboolean removed;

  if (from == 0 || !look_up (self, new_name, &to, &removed, error))
    return FALSE;
  *merged = to != 0 && to != from && !removed;
  if (*merged)
    return move_labels (self, from, to, n_moved, error);
  /* One that is there may have any name. */
  if (!hf_class_check_name (new_name, error))
    return FALSE;
  /* The name of a class that is listed no more is free: it takes ours. */
  if (removed && !hf_project_run (self,
                                  "UPDATE class SET name = CAST (name ||"
                                  " ' (merged ' || id || ')' AS BLOB)"
                                  " WHERE id = ?",
                                  error, "i", to))
    return FALSE;
  return hf_project_run (self, "UPDATE class SET name = ? WHERE id = ?", error,
                         "bi", new_name, from);
}

gboolean
hf_project_relabel (HfProject *self, const char *name, const char *new_name,
                    gboolean *merged, gsize *n_moved, GError **error)
{
  g_autoptr (HfTransaction) transaction = NULL;
  gboolean was_merged = FALSE;
  gsize n = 0;

  transaction = hf_project_begin (self, error);
  if (transaction == NULL ||
      !relabel (self, name, new_name, &was_merged, &n, error) ||
      !hf_project_commit (g_steal_pointer (&transaction), error))
    return FALSE;
  *merged = was_merged;
  if (n_moved != NULL)
    *n_moved = n;
  return TRUE;
}
