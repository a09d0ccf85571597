/* prompts.c: see the header. */
#include "app/project/prompts.h"

#include "app/project/classes.h"
#include "app/project/project-private.h"
#include "clip/prompts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

GPtrArray *
hf_project_dup_all_templates (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) list = hf_prompt_templates_new ();
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT text, enabled FROM template ORDER BY position, id", error,
      "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    g_autofree char *text = hf_column_dup (rows, 0);

    hf_prompt_templates_add (list, text, sqlite3_column_int (rows, 1) != 0);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}

GPtrArray *
hf_project_dup_fillings (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) list = hf_prompt_fillings_new ();
  g_autoptr (sqlite3_stmt) rows =
      hf_project_query (self,
                        "SELECT place, name, text FROM filling LEFT JOIN class"
                        " ON class.id = filling.class ORDER BY filling.id",
                        error, "");

  if (rows == NULL)
    return NULL;
  while (hf_project_next (self, rows)) {
    g_autofree char *place = hf_column_dup (rows, 0);
    g_autofree char *class_name = hf_column_dup (rows, 1);
    g_autofree char *text = hf_column_dup (rows, 2);

    hf_prompt_fillings_add (list, place, class_name, text);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}

static char **
dup_class_names (HfProject *self, GError **error)
{
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (self, error);
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  if (classes == NULL)
    return NULL;
  for (guint c = 0; c < classes->len; c++)
    g_strv_builder_add (names, ((HfProjectClass *) classes->pdata[c])->name);
  return g_strv_builder_end (names);
}

HfPromptSet *
hf_project_dup_prompt_set (HfProject *self, const char *const *classes,
                           GError **error)
{
  g_auto (GStrv) own = classes == NULL ? dup_class_names (self, error) : NULL;
  g_autoptr (GPtrArray) templates = NULL;
  g_autoptr (GPtrArray) fillings = NULL;

  if (classes == NULL && own == NULL)
    return NULL;
  templates = hf_project_dup_all_templates (self, error);
  if (templates == NULL)
    return NULL;
  fillings = hf_project_dup_fillings (self, error);
  if (fillings == NULL)
    return NULL;
  return hf_prompt_set_new (own != NULL ? (const char *const *) own : classes,
                            templates, fillings);
}

char **
hf_project_dup_prompts (HfProject *self, const char *class_name, GError **error)
{
  const char *const classes[] = {class_name, NULL};
  g_autoptr (HfPromptSet) set =
      hf_project_dup_prompt_set (self, classes, error);

  return set != NULL ? hf_prompt_set_dup_class (set, 0, error) : NULL;
}

static gboolean
check_template (HfProject *self, const char *text, GError **error)
{
  static const char *const any_class[] = {"any", NULL};
  g_autoptr (GPtrArray) fillings = hf_project_dup_fillings (self, error);
  g_autoptr (GPtrArray) alone = hf_prompt_templates_new ();
  g_autoptr (HfPromptSet) set = NULL;

  if (fillings == NULL)
    return FALSE;
  hf_prompt_templates_add (alone, text, TRUE);
  set = hf_prompt_set_new (any_class, alone, fillings);
  if (hf_prompt_set_get_problem (set, 0) == NULL)
    return TRUE;
  g_propagate_error (error, g_error_copy (hf_prompt_set_get_problem (set, 0)));
  return FALSE;
}

static gboolean
fail_known (HfProject *self, const char *text, GError **error)
{
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The project %s already has the template \"%s\"."),
                  self->path, text);
  return FALSE;
}

static gboolean
fail_unknown (HfProject *self, const char *text, GError **error)
{
  g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
               _("The project %s has no template \"%s\"."), self->path, text);
  return FALSE;
}

/* Behind the others. */
static gboolean
insert_template (HfProject *self, const char *text, gboolean enabled,
                 GError **error)
{
  if (!hf_project_run (
          self,
          "INSERT INTO template (text, enabled, position)"
          " SELECT ?1, ?2, (SELECT coalesce (max (position), -1) + 1 FROM"
          " template) WHERE ?1 NOT IN (SELECT text FROM template)",
          error, "bi", text, (gint64) (enabled != FALSE)))
    return FALSE;
  return sqlite3_changes (self->db) > 0 || fail_known (self, text, error);
}

gboolean
hf_project_add_template (HfProject *self, const char *text, GError **error)
{
  return check_template (self, text, error) &&
         insert_template (self, text, TRUE, error);
}

static gboolean
has_filling (const GPtrArray *fillings, const char *place)
{
  for (guint i = 0; i < fillings->len; i++)
    if (g_str_equal (((HfPromptFilling *) fillings->pdata[i])->place, place))
      return TRUE;
  return FALSE;
}

gboolean
hf_project_add_library_template (HfProject *self, const HfLibraryGroup *group,
                                 const HfLibraryTemplate *template,
                                 GError **error)
{
  g_autoptr (GPtrArray) fillings = hf_project_dup_fillings (self, error);

  if (fillings == NULL)
    return FALSE;
  for (char **name = template->places; *name != NULL; name++) {
    const HfLibraryPlace *place = hf_library_group_find_place (group, *name);

    if (!has_filling (fillings, *name) &&
        !hf_project_set_filling (self, *name, NULL,
                                 (const char *const *) place->values, error))
      return FALSE;
  }
  return hf_project_add_template (self, template->text, error);
}

gboolean
hf_project_remove_template (HfProject *self, const char *text, GError **error)
{
  if (!hf_project_run (self, "DELETE FROM template WHERE text = ?", error, "b",
                       text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 || fail_unknown (self, text, error);
}

gboolean
hf_project_enable_template (HfProject *self, const char *text, gboolean enabled,
                            GError **error)
{
  if (!hf_project_run (self, "UPDATE template SET enabled = ? WHERE text = ?",
                       error, "ib", (gint64) (enabled != FALSE), text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 || fail_unknown (self, text, error);
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
    const HfPromptTemplate *template = all->pdata[i];

    if (g_str_equal (template->text, text))
      n_found++;
    else
      g_ptr_array_add (order, template->text);
  }
  if (n_found == 0)
    return fail_unknown (self, text, error);
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

gboolean
hf_project_restore_template (HfProject *self, const char *text,
                             gboolean enabled, guint position, GError **error)
{
  g_autoptr (HfTransaction) transaction = hf_project_begin (self, error);

  return transaction != NULL && insert_template (self, text, enabled, error) &&
         move_template (self, text, position, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}

static gboolean
has_template (HfProject *self, const char *text, gboolean *has, GError **error)
{
  g_autoptr (GPtrArray) all = hf_project_dup_all_templates (self, error);

  *has = FALSE;
  for (guint i = 0; all != NULL && i < all->len; i++)
    if (g_str_equal (((HfPromptTemplate *) all->pdata[i])->text, text))
      *has = TRUE;
  return all != NULL;
}

gboolean
hf_project_edit_template (HfProject *self, const char *text,
                          const char *new_text, GError **error)
{
  gboolean has;

  if (g_str_equal (text, new_text))
    return TRUE;
  if (!check_template (self, new_text, error) ||
      !has_template (self, new_text, &has, error))
    return FALSE;
  if (has)
    return fail_known (self, new_text, error);
  if (!hf_project_run (self, "UPDATE template SET text = ? WHERE text = ?",
                       error, "bb", new_text, text))
    return FALSE;
  return sqlite3_changes (self->db) > 0 || fail_unknown (self, text, error);
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
                 _("\"%s\" is no name of a placeholder; write it without "
                   "braces."),
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
