/* lots-preview.c: see the header. */
#include "ui/label/lots/lots-preview.h"

#include "app/project/groups.h"
#include "base/natural.h"
#include "ui/workspace/picture.h"

#include <glib/gi18n.h>

#define N_NAMED 6
/* Enough to see whether a pattern is of use. */
#define N_GUESSED 2000

typedef struct {
  char *name; /* valid UTF-8; owned */
  guint n;
} Lot;

static void
lot_free (gpointer data)
{
  Lot *self = data;

  g_free (self->name);
  g_free (self);
}

/* Lots by name; *@n_alone are those without one. */
static GHashTable *
find_lots (const HfGroupRule *rule, GListModel *pictures, guint n,
           guint *n_alone)
{
  GHashTable *lots =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, lot_free);

  *n_alone = 0;
  for (guint i = 0; i < n; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);
    g_autofree char *group =
        hf_group_rule_dup_group (rule, hf_picture_get_info (picture)->path);
    Lot *lot = group != NULL ? g_hash_table_lookup (lots, group) : NULL;

    if (group == NULL) {
      ++*n_alone;
      continue;
    }
    if (lot == NULL) {
      lot = g_new0 (Lot, 1);
      lot->name = g_utf8_make_valid (group, -1);
      g_hash_table_insert (lots, g_steal_pointer (&group), lot);
    }
    lot->n++;
  }
  return lots;
}

static int
compare_lots (gconstpointer a, gconstpointer b)
{
  const Lot *left = *(const Lot *const *) a, *right = *(const Lot *const *) b;

  if (left->n != right->n)
    return left->n > right->n ? -1 : 1;
  return hf_natural_compare (left->name, right->name);
}

char *
hf_lots_dup_preview (const char *rule, GListModel *pictures, GError **error)
{
  g_autoptr (HfGroupRule) compiled = hf_group_rule_new (rule, error);
  g_autoptr (GHashTable) lots = NULL;
  g_autofree gpointer *names = NULL;
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  GString *text;
  guint n, n_alone;

  if (compiled == NULL)
    return NULL;
  lots = find_lots (compiled, pictures, g_list_model_get_n_items (pictures),
                    &n_alone);
  names = g_hash_table_get_keys_as_array (lots, &n);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (sorted, g_hash_table_lookup (lots, names[i]));
  g_ptr_array_sort (sorted, compare_lots);
  text = g_string_new (NULL);
  if (n == 0)
    g_string_append (text, _ ("No lots: every picture stands alone."));
  else
    g_string_append_printf (text, ngettext ("%u lot: ", "%u lots: ", n), n);
  for (guint i = 0; i < MIN (n, N_NAMED); i++) {
    const Lot *lot = sorted->pdata[i];

    g_string_append_printf (text, "%s%s (%u)", i > 0 ? ", " : "", lot->name,
                            lot->n);
  }
  if (n > 0)
    g_string_append (text, n > N_NAMED ? ", …" : ".");
  if (n > 0 && n_alone > 0)
    g_string_append_printf (text,
                            ngettext (" %u picture stands alone.",
                                      " %u pictures stand alone.", n_alone),
                            n_alone);
  return g_string_free (text, FALSE);
}

const char *
hf_lots_guess_pattern (GListModel *pictures)
{
  /* "LOT12__0034.jpg", "lot12-0034.jpg", "12_0034.jpg", "2026-10-03 0034". */
  static const char *const patterns[] = {"^(.+?)__", "^([A-Za-z]+[0-9]+)[-_ ]",
                                         "^([^_]+)_",
                                         "^([0-9]{4}-[0-9]{2}-[0-9]{2})"};
  guint n = MIN (g_list_model_get_n_items (pictures), N_GUESSED);

  for (gsize i = 0; i < G_N_ELEMENTS (patterns); i++) {
    g_autoptr (HfGroupRule) rule = hf_group_rule_new (patterns[i], NULL);
    guint n_alone;
    g_autoptr (GHashTable) lots = find_lots (rule, pictures, n, &n_alone);
    guint n_lots = g_hash_table_size (lots);

    if (n_lots > 1 && n_lots <= n / 2 && n_alone < n / 2)
      return patterns[i];
  }
  return patterns[0];
}
