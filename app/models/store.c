/* store.c: see the header. */
#include "app/models/store.h"

#include "app/models/catalogue.h"
#include "app/places.h"
#include "base/json.h"
#include "base/scratch.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

G_DEFINE_QUARK (hf_store_error_quark, hf_store_error)

void
hf_stored_model_free (HfStoredModel *model)
{
  if (model == NULL)
    return;
  g_free (model->name);
  g_free (model->folder);
  g_free (model->source);
  g_free (model->sha256);
  g_free (model->identity);
  g_free (model->verified_as);
  g_free (model->verified_how);
  g_free (model->not_verified);
  g_free (model);
}

static char *
dup_member (HfJson *json, const char *name)
{
  HfJson *value = hf_json_get (json, name);

  if (!json_object_is_type (value, json_type_string))
    return NULL;
  return g_strdup (json_object_get_string (value));
}

/* handful.json only remembers; a model without it, or with a damaged one, is
 * a model all the same. */
static void
read_notes (HfStoredModel *model)
{
  g_autofree char *path =
      g_build_filename (model->folder, "handful.json", NULL);
  g_autofree char *text = NULL;
  gsize size_bytes = 0;
  g_autoptr (HfJson) json = NULL;
  HfJson *verified;

  if (!g_file_get_contents (path, &text, &size_bytes, NULL))
    return;
  json = hf_json_parse (text, size_bytes, NULL);
  if (json == NULL)
    return;
  model->source = dup_member (json, "source");
  model->sha256 = dup_member (json, "sha256");
  model->identity = dup_member (json, "identity");
  model->not_verified = dup_member (json, "not_verified");
  verified = hf_json_get (json, "verified");
  model->verified_as = dup_member (verified, "as");
  model->verified_how = dup_member (verified, "how");
  hf_json_read_double (verified, "largest_difference", 0, G_MAXDOUBLE,
                       &model->largest_difference, NULL);
}

static guint64
get_folder_bytes (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint64 sum = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf info;

    if (g_stat (path, &info) == 0 && S_ISREG (info.st_mode))
      sum += (guint64) info.st_size;
  }
  return sum;
}

static HfStoredModel *
new_model (const char *name, const char *folder, gboolean built_in)
{
  HfStoredModel *model = g_new0 (HfStoredModel, 1);

  model->name = g_strdup (name);
  model->folder = g_strdup (folder);
  model->built_in = built_in;
  model->size_bytes = get_folder_bytes (folder);
  read_notes (model);
  return model;
}

static int
compare_models (gconstpointer a, gconstpointer b)
{
  const HfStoredModel *first = *(const HfStoredModel *const *) a;
  const HfStoredModel *second = *(const HfStoredModel *const *) b;

  if (first->built_in != second->built_in)
    return first->built_in ? -1 : 1;
  return strcmp (first->name, second->name);
}

static void
list_user_models (GPtrArray *models)
{
  g_autofree char *store = hf_places_dup_models ();
  g_autoptr (GDir) dir = g_dir_open (store, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *folder = g_build_filename (store, name, NULL);

    if (name[0] != '.' && g_file_test (folder, G_FILE_TEST_IS_DIR) &&
        !g_str_equal (name, HF_STORE_STARTER))
      g_ptr_array_add (models, new_model (name, folder, FALSE));
  }
}

GPtrArray *
hf_store_list (void)
{
  GPtrArray *models =
      g_ptr_array_new_with_free_func ((GDestroyNotify) hf_stored_model_free);
  g_autofree char *starter = hf_places_dup_data ("models/" HF_STORE_STARTER);

  if (g_file_test (starter, G_FILE_TEST_IS_DIR))
    g_ptr_array_add (models, new_model (HF_STORE_STARTER, starter, TRUE));
  list_user_models (models);
  g_ptr_array_sort (models, compare_models);
  return models;
}

/* Says how to get a model that is not there. */
static void
set_not_found (const char *name, GError **error)
{
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (NULL);
  const HfCatalogueEntry *entry =
      catalogue != NULL ? hf_catalogue_find (catalogue, name) : NULL;

  if (entry != NULL)
    g_set_error (error, HF_STORE_ERROR, HF_STORE_ERROR_NOT_FOUND,
                 _("The model %s is not installed. Get it with: handful-cli "
                   "models get %s"),
                    entry->name, entry->name);
  else
    g_set_error (error, HF_STORE_ERROR, HF_STORE_ERROR_NOT_FOUND,
                 _("There is no model and no file \"%s\". See what there is "
                   "with: handful-cli models list"),
                    name);
}

HfStoredModel *
hf_store_find (const char *name, GError **error)
{
  g_autoptr (GPtrArray) models = hf_store_list ();

  for (guint i = 0; i < models->len; i++) {
    HfStoredModel *model = models->pdata[i];

    if (hf_model_names_equal (model->name, name))
      return g_ptr_array_steal_index (models, i);
  }
  set_not_found (name, error);
  return NULL;
}

static gboolean
is_plainly_a_path (const char *name)
{
  return g_path_is_absolute (name) || g_str_has_prefix (name, "./") ||
         g_str_has_prefix (name, "../");
}

char *
hf_store_dup_path (const char *name, GError **error)
{
  if (!is_plainly_a_path (name)) {
    g_autoptr (HfStoredModel) model = hf_store_find (name, NULL);

    if (model != NULL)
      return g_strdup (model->folder);
  }
  if (g_file_test (name, G_FILE_TEST_EXISTS))
    return g_strdup (name);
  set_not_found (name, error);
  return NULL;
}

gboolean
hf_store_check_name (const char *name, GError **error)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789._+-";
  gsize n = strlen (name);

  if (n >= 1 && n <= 100 && name[0] != '.' && strspn (name, allowed) == n)
    return TRUE;
  g_set_error (error, HF_STORE_ERROR, HF_STORE_ERROR_NAME,
               _("\"%s\" cannot be the name of a model; use 1 to 100 letters, "
                 "digits and . _ + -, beginning with no dot."),
                  name);
  return FALSE;
}

gboolean
hf_store_remove (const char *name, GError **error)
{
  g_autoptr (HfStoredModel) model = hf_store_find (name, error);
  g_autoptr (HfScratch) removed = NULL;

  if (model == NULL)
    return FALSE;
  if (model->built_in) {
    g_set_error (error, HF_STORE_ERROR, HF_STORE_ERROR_BUILT_IN,
                 _("The model %s belongs to Handful and cannot be removed."),
                    model->name);
    return FALSE;
  }
  /* I2: it loses its name before the first of its files. */
  removed = hf_scratch_take (model->folder, HF_STORE_SCRATCH, error);
  return removed != NULL;
}
