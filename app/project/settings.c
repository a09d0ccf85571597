/* settings.c: what a project says about how its pictures are looked at. Values
 * are checked before they are written, and written as their readers name
 * them. */
#include "app/project/sources-private.h"

#include "app/models/precision.h"
#include "image/framing.h"
#include "probe/spec.h"
#include "probe/verdict.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Checks @value and returns how it is written down (caller frees). */
typedef char *(*Checker) (const char *value, GError **error);

static char *
check_nothing (const char *value, GError **error)
{
  return g_strdup (value);
}

static char *
check_precision (const char *value, GError **error)
{
  HfPrecision precision;

  return hf_precision_read (value, &precision, error) ? g_strdup (value) : NULL;
}

static char *
check_framing (const char *value, GError **error)
{
  HfFraming framing;

  return hf_framing_parse (value, &framing, error)
             ? hf_framing_dup_name (&framing)
             : NULL;
}

static char *
check_views (const char *value, GError **error)
{
  if (g_str_equal (value, "1") || g_str_equal (value, "4") ||
      g_str_equal (value, "8"))
    return g_strdup (value);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("There are 1, 4 or 8 views, not \"%s\"."), value);
  return NULL;
}

static char *
check_blocks (const char *value, GError **error)
{
  HfBlocks blocks;

  return hf_blocks_parse (value, &blocks, error) ? g_strdup (value) : NULL;
}

static char *
check_path (const char *value, GError **error)
{
  return g_canonicalize_filename (value, NULL);
}

static char *
check_groups (const char *value, GError **error)
{
  g_autoptr (HfGroupRule) rule = hf_group_rule_new (value, error);

  return rule != NULL ? g_strdup (value) : NULL;
}

static char *
check_probe (const char *value, GError **error)
{
  HfProbeKind kind;

  return hf_probe_kind_parse (value, &kind, error) ? g_strdup (value) : NULL;
}

static char *
check_seed (const char *value, GError **error)
{
  guint64 seed;

  if (g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT64, &seed, NULL))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, seed);
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _("The seed \"%s\" is no whole number from 0 on."), value);
  return NULL;
}

static char *
check_thresholds (const char *value, GError **error)
{
  HfThresholds thresholds;

  return hf_thresholds_parse (value, &thresholds, error)
             ? hf_thresholds_dup_name (&thresholds)
             : NULL;
}

static const struct {
  const char *key;
  Checker check;
} settings[] = {
    {"background", check_path},       {"blocks", check_blocks},
    {"framing", check_framing},       {"groups", check_groups},
    {"model", check_nothing},         {"precision", check_precision},
    {"probe", check_probe},           {"seed", check_seed},
    {"thresholds", check_thresholds}, {"views", check_views},
};

const char *
hf_project_get_setting_key (guint i)
{
  return i < G_N_ELEMENTS (settings) ? settings[i].key : NULL;
}

char *
hf_project_dup_setting (HfProject *self, const char *key)
{
  g_autoptr (sqlite3_stmt) row = hf_project_query (
      self, "SELECT value FROM setting WHERE key = ?", NULL, "s", key);

  if (row == NULL || !hf_project_next (self, row))
    return NULL;
  return hf_column_dup (row, 0);
}

typedef struct {
  gint64 id;
  char *group;
} Regrouped;

static void
regrouped_clear (gpointer data)
{
  g_free (((Regrouped *) data)->group);
}

/* The pictures whose group by @rule is another than the one written down. */
static GArray *
list_regrouped (HfProject *self, const HfGroupRule *rule, GError **error)
{
  g_autoptr (HfSourceMap) map = hf_source_map_new (self, error);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Regrouped));
  g_autoptr (sqlite3_stmt) rows = hf_project_query (
      self, "SELECT id, source, path, lot FROM image", error, "");

  if (map == NULL || rows == NULL)
    return NULL;
  g_array_set_clear_func (list, regrouped_clear);
  while (hf_project_next (self, rows)) {
    const HfSource *source =
        hf_source_map_get (map, sqlite3_column_int64 (rows, 1));
    g_autofree char *inside = hf_column_dup (rows, 2);
    g_autofree char *group = hf_column_dup (rows, 3);
    Regrouped one = {.id = sqlite3_column_int64 (rows, 0)};

    if (source != NULL)
      one.group = hf_image_dup_group (rule, source, inside);
    if (g_strcmp0 (group, one.group) != 0)
      g_array_append_val (list, one);
    else
      g_free (one.group);
  }
  if (!hf_project_ended (self, error))
    return NULL;
  return g_steal_pointer (&list);
}

static gboolean
regroup (HfProject *self, const char *groups, GError **error)
{
  g_autoptr (HfGroupRule) rule = hf_group_rule_new (groups, error);
  g_autoptr (GArray) list = NULL;
  g_autoptr (sqlite3_stmt) update = NULL;

  if (rule == NULL)
    return FALSE;
  /* Those of a list stay as they were given. */
  if (groups != NULL && g_str_equal (groups, "csv"))
    return TRUE;
  list = list_regrouped (self, rule, error);
  update = hf_project_query (self, "UPDATE image SET lot = ? WHERE id = ?",
                             error, "");
  if (list == NULL || update == NULL)
    return FALSE;
  for (guint i = 0; i < list->len; i++) {
    const Regrouped *one = &g_array_index (list, Regrouped, i);

    if (!hf_project_bind (self, update, error, "bi", one->group, one->id) ||
        !hf_project_finish (self, update, error))
      return FALSE;
  }
  return TRUE;
}

gboolean
hf_setting_write (HfProject *self, const char *key, const char *value,
                  GError **error)
{
  if (g_str_equal (key, "groups") && !regroup (self, value, error))
    return FALSE;
  if (value == NULL)
    return hf_project_run (self, "DELETE FROM setting WHERE key = ?", error,
                           "s", key);
  return hf_project_run (self,
                         "INSERT INTO setting (key, value) VALUES (?, ?)"
                         " ON CONFLICT (key) DO UPDATE SET value ="
                         " excluded.value",
                         error, "sb", key, value);
}

gboolean
hf_project_set_setting (HfProject *self, const char *key, const char *value,
                        GError **error)
{
  g_autoptr (HfTransaction) transaction = NULL;
  g_autofree char *written = NULL;
  guint i = 0;

  while (i < G_N_ELEMENTS (settings) && !g_str_equal (settings[i].key, key))
    i++;
  if (i == G_N_ELEMENTS (settings)) {
    g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                 _("There is no setting \"%s\"."), key);
    return FALSE;
  }
  if (value != NULL) {
    written = settings[i].check (value, error);
    if (written == NULL)
      return FALSE;
  }
  transaction = hf_project_begin (self, error);
  return transaction != NULL && hf_setting_write (self, key, written, error) &&
         hf_project_commit (g_steal_pointer (&transaction), error);
}
