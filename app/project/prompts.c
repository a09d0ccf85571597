/* prompts.c: see the header. */
#include "app/project/prompts.h"

#include "app/jobs/zero-shot.h"
#include "app/project/classes.h"
#include "app/project/project-private.h"
#include "clip/prompts.h"

#include <string.h>

static const char class_place[] = "class";

static void
template_free (gpointer data)
{
  HfProjectTemplate *template = data;

  g_free (template->text);
  g_free (template);
}

static void
filling_free (gpointer data)
{
  HfProjectFilling *filling = data;

  g_free (filling->place);
  g_free (filling->class_name);
  g_free (filling->text);
  g_free (filling);
}

GPtrArray *
hf_project_dup_all_templates (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (template_free);
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT text, enabled FROM template ORDER BY position, id", error,
      "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    HfProjectTemplate *template = g_new0 (HfProjectTemplate, 1);

    template->text = hf_column_dup (rows, 0);
    template->enabled = sqlite3_column_int (rows, 1) != 0;
    g_ptr_array_add (list, template);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}

GPtrArray *
hf_project_dup_fillings (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (filling_free);
  g_autoptr (sqlite3_stmt) rows =
      hf_project_query (self,
                        "SELECT place, name, text FROM filling LEFT JOIN class"
                        " ON class.id = filling.class ORDER BY filling.id",
                        error, "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    HfProjectFilling *filling = g_new0 (HfProjectFilling, 1);

    filling->place = hf_column_dup (rows, 0);
    filling->class_name = hf_column_dup (rows, 1);
    filling->text = hf_column_dup (rows, 2);
    g_ptr_array_add (list, filling);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}

/* Whether @filling counts for @class_name: its own, or one of all if it has
 * none of its own for that placeholder. */
static gboolean
counts_for (const GPtrArray *fillings, const HfProjectFilling *filling,
            const char *class_name)
{
  if (filling->class_name != NULL)
    return g_str_equal (filling->class_name, class_name);
  for (guint i = 0; i < fillings->len; i++) {
    const HfProjectFilling *other = fillings->pdata[i];

    if (g_str_equal (other->place, filling->place) &&
        g_strcmp0 (other->class_name, class_name) == 0)
      return FALSE;
  }
  return TRUE;
}

static void
free_texts (gpointer data)
{
  g_ptr_array_unref (data);
}

/* Placeholder to its values (GPtrArray of borrowed char *, NULL at the end). */
static GHashTable *
new_values (const GPtrArray *fillings, const char *class_name)
{
  GHashTable *values =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, free_texts);
  GHashTableIter iter;
  gpointer texts;

  for (guint i = 0; i < fillings->len; i++) {
    const HfProjectFilling *filling = fillings->pdata[i];

    if (!counts_for (fillings, filling, class_name))
      continue;
    texts = g_hash_table_lookup (values, filling->place);
    if (texts == NULL) {
      texts = g_ptr_array_new ();
      g_hash_table_insert (values, filling->place, texts);
    }
    g_ptr_array_add (texts, filling->text);
  }
  if (!g_hash_table_contains (values, class_place)) {
    texts = g_ptr_array_new ();
    g_ptr_array_add (texts, (gpointer) class_name);
    g_hash_table_insert (values, (gpointer) class_place, texts);
  }
  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, NULL, &texts))
    g_ptr_array_add (texts, NULL);
  return values;
}

/* The prompts of @template; the placeholders' values as hf_prompt_expand wants
 * them. */
static char **
expand (const char *template, GHashTable *values, GError **error)
{
  g_autoptr (GHashTable) plain = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer place, texts;
  char **prompts;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &place, &texts))
    g_hash_table_insert (plain, place, ((GPtrArray *) texts)->pdata);
  prompts = hf_prompt_expand (template, plain, error);
  if (prompts == NULL)
    g_prefix_error (error, "The template \"%s\" cannot be used: ", template);
  return prompts;
}

char **
hf_project_dup_templates (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) all = hf_project_dup_all_templates (self, error);
  g_autoptr (GPtrArray) texts = g_ptr_array_new ();

  if (all == NULL)
    return NULL;
  for (guint i = 0; i < all->len; i++) {
    const HfProjectTemplate *template = all->pdata[i];

    if (template->enabled)
      g_ptr_array_add (texts, template->text);
  }
  if (texts->len == 0)
    return g_strdupv ((char **) hf_zero_shot_default_templates);
  g_ptr_array_add (texts, NULL);
  return g_strdupv ((char **) texts->pdata);
}

char **
hf_project_dup_prompts (HfProject *self, const char *class_name, GError **error)
{
  g_auto (GStrv) templates = hf_project_dup_templates (self, error);
  g_autoptr (GPtrArray) fillings = NULL;
  g_autoptr (GHashTable) values = NULL;
  g_autoptr (GStrvBuilder) all = g_strv_builder_new ();

  if (templates == NULL)
    return NULL;
  fillings = hf_project_dup_fillings (self, error);
  if (fillings == NULL)
    return NULL;
  values = new_values (fillings, class_name);
  for (char **template = templates; *template != NULL; template ++) {
    g_auto (GStrv) prompts = expand (*template, values, error);

    if (prompts == NULL)
      return NULL;
    g_strv_builder_addv (all, (const char **) prompts);
  }
  return g_strv_builder_end (all);
}

/* Whether two classes get different prompts: the name of a class that does not
 * exist is in one of them, or a placeholder of its own class. */
static gboolean
check_template (HfProject *self, const char *text, GError **error)
{
  static const char probe_name[] = "\x01";
  g_autoptr (GPtrArray) fillings = hf_project_dup_fillings (self, error);
  g_autoptr (GHashTable) values = NULL;
  g_auto (GStrv) prompts = NULL;

  if (fillings == NULL)
    return FALSE;
  values = new_values (fillings, probe_name);
  for (guint i = 0; i < fillings->len; i++) {
    const HfProjectFilling *filling = fillings->pdata[i];
    GPtrArray *texts;

    if (filling->class_name == NULL)
      continue;
    texts = g_ptr_array_new ();
    g_ptr_array_add (texts, (gpointer) probe_name);
    g_ptr_array_add (texts, NULL);
    g_hash_table_replace (values, filling->place, texts);
  }
  prompts = expand (text, values, error);
  if (prompts == NULL)
    return FALSE;
  if (prompts[0] != NULL && strstr (prompts[0], probe_name) != NULL)
    return TRUE;
  g_set_error (error, HF_PROMPT_ERROR, HF_PROMPT_ERROR_SYNTAX,
               "The template \"%s\" has no {class}, the place where the name "
               "of the class goes.",
               text);
  return FALSE;
}

static gboolean
fail_template (HfProject *self, const char *text, const char *reason,
               GError **error)
{
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               "The project %s %s template \"%s\".", self->path, reason, text);
  return FALSE;
}

gboolean
hf_project_add_template (HfProject *self, const char *text, GError **error)
{
  if (!check_template (self, text, error) ||
      !hf_project_run (
          self,
          "INSERT INTO template (text, enabled, position)"
          " SELECT ?1, 1, (SELECT coalesce (max (position), -1) + 1 FROM"
          " template) WHERE ?1 NOT IN (SELECT text FROM template)",
          error, "b", text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 ||
         fail_template (self, text, "already has the", error);
}

gboolean
hf_project_remove_template (HfProject *self, const char *text, GError **error)
{
  if (!hf_project_run (self, "DELETE FROM template WHERE text = ?", error, "b",
                       text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 ||
         fail_template (self, text, "has no", error);
}

gboolean
hf_project_enable_template (HfProject *self, const char *text, gboolean enabled,
                            GError **error)
{
  if (!hf_project_run (self, "UPDATE template SET enabled = ? WHERE text = ?",
                       error, "ib", (gint64) (enabled != FALSE), text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 ||
         fail_template (self, text, "has no", error);
}

/* Numbers the templates anew, with @text at @position. */
static gboolean
move_template (HfProject *self, const char *text, guint position,
               GError **error)
{
  g_autoptr (GPtrArray) all = hf_project_dup_all_templates (self, error);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  guint n_found = 0;

  if (all == NULL)
    return FALSE;
  for (guint i = 0; i < all->len; i++) {
    const HfProjectTemplate *template = all->pdata[i];

    if (g_str_equal (template->text, text))
      n_found++;
    else
      g_ptr_array_add (order, template->text);
  }
  if (n_found == 0)
    return fail_template (self, text, "has no", error);
  g_ptr_array_insert (order, (int) MIN (position, order->len), (gpointer) text);
  for (guint i = 0; i < order->len; i++)
    if (!hf_project_run (self,
                         "UPDATE template SET position = ? WHERE text = ?",
                         error, "ib", (gint64) i, order->pdata[i]))
      return FALSE;
  return TRUE;
}

gboolean
hf_project_move_template (HfProject *self, const char *text, guint position,
                          GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);

  return transaction != NULL && move_template (self, text, position, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}

static gboolean
replace_filling (HfProject *self, const char *place, gint64 class_id,
                 const char *const *values, GError **error)
{
  if (!hf_project_run (self,
                       "DELETE FROM filling WHERE place = ? AND class IS ?",
                       error, "br", place, class_id))
    return FALSE;
  for (; *values != NULL; values++)
    if (!hf_project_run (self,
                         "INSERT INTO filling (class, place, text)"
                         " VALUES (?, ?, ?)",
                         error, "rbb", class_id, place, *values))
      return FALSE;
  return TRUE;
}

gboolean
hf_project_set_filling (HfProject *self, const char *place,
                        const char *class_name, const char *const *values,
                        GError **error)
{
  g_autoptr (HfTransaction) transaction = NULL;
  gint64 class_id = 0;

  if (*place == '\0' || strpbrk (place, "{}") != NULL) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 "\"%s\" is no name of a placeholder; write it without braces.",
                 place);
    return FALSE;
  }
  transaction = hf_project_begin (self, error);
  if (transaction == NULL)
    return FALSE;
  if (class_name != NULL) {
    class_id = hf_project_find_class (self, class_name, error);
    if (class_id == 0)
      return FALSE;
  }
  return replace_filling (self, place, class_id, values, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}
