/* fetch.c: see the header. */
#include "app/models/fetch.h"

#include "app/models/catalogue.h"
#include "app/models/import.h"
#include "app/places.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* What is to be fetched, from where, and under which name it will be known. */
typedef struct {
  char *name, *file, *url;
  char *sha256; /* or NULL */
} Wanted;

static void
wanted_clear (Wanted *self)
{
  g_free (self->name);
  g_free (self->file);
  g_free (self->url);
  g_free (self->sha256);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wanted, wanted_clear)

static char *
dup_file_of_url (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);
  g_autofree char *base =
      g_path_get_basename (uri != NULL ? g_uri_get_path (uri) : "");

  if (hf_store_check_name (base, NULL))
    return g_steal_pointer (&base);
  return g_strdup ("model");
}

/* Fills @wanted from the catalogue, an address, or both. */
static gboolean
find_wanted (const HfFetchOptions *options, Wanted *wanted, GError **error)
{
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (error);
  const HfCatalogueEntry *entry;

  if (catalogue == NULL)
    return FALSE;
  entry = hf_catalogue_find (catalogue, options->name);
  if (entry == NULL && options->url == NULL) {
    g_set_error (
        error, HF_STORE_ERROR, HF_STORE_ERROR_NOT_FOUND,
        _("There is no model \"%s\" in the catalogue; see handful-cli models "
          "list, or give its address with --url."),
           options->name);
    return FALSE;
  }
  wanted->url = g_strdup (options->url != NULL ? options->url : entry->url);
  if (entry != NULL) {
    wanted->name = hf_catalogue_entry_dup_folder (entry);
    wanted->file = g_strdup (entry->file);
    wanted->sha256 = g_strdup (entry->sha256);
  } else {
    wanted->name = g_strdup (options->name);
    wanted->file = dup_file_of_url (options->url);
    wanted->sha256 = g_strdup (options->sha256);
  }
  return hf_import_check_name (wanted->name, error);
}

static char *
dup_part (const char *store, const char *name)
{
  return g_strdup_printf ("%s/.%s.part", store, name);
}

/* The .part file of what is wanted, unless another program has meanwhile made a
 * model of it. */
static HfPart *
open_part (const Wanted *wanted, GError **error)
{
  g_autofree char *store = hf_import_prepare_store (error);
  g_autofree char *path = NULL;
  g_autoptr (HfPart) part = NULL;

  if (store == NULL)
    return NULL;
  path = dup_part (store, wanted->name);
  part = hf_part_open (path, error);
  if (part == NULL)
    return NULL;
  if (hf_import_check_name (wanted->name, error))
    return g_steal_pointer (&part);
  hf_part_discard (part);
  return NULL;
}

/* What is no model would only be resumed into the same file. */
static gboolean
is_worth_keeping (const GError *error)
{
  return error->domain == G_FILE_ERROR ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

HfStoredModel *
hf_fetch_model (const HfFetchOptions *options, HfProgress *progress,
                GError **error)
{
  g_auto (Wanted) wanted = {0};
  g_autoptr (HfPart) part = NULL;
  g_autoptr (GError) local = NULL;
  HfStoredModel *model;
  HfDownloadOptions how = {.n_retries = options->n_retries,
                           .log = options->log,
                           .log_data = options->log_data};

  if (!find_wanted (options, &wanted, error))
    return NULL;
  part = open_part (&wanted, error);
  if (part == NULL)
    return NULL;
  how.url = wanted.url;
  how.part = part;
  how.sha256 = wanted.sha256;
  if (!hf_download (&how, progress, error))
    return NULL;
  if (options->checking != NULL)
    options->checking (options->checking_data);
  model = hf_import_download (hf_part_get_path (part), wanted.file, wanted.name,
                              wanted.url, options->device, progress, &local);
  if (model != NULL || !is_worth_keeping (local))
    hf_part_discard (part);
  if (model == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return model;
}

gboolean
hf_fetch_has_part (const char *name, guint64 *size_bytes)
{
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (NULL);
  const HfCatalogueEntry *entry =
      catalogue != NULL ? hf_catalogue_find (catalogue, name) : NULL;
  g_autofree char *folder =
      entry != NULL ? hf_catalogue_entry_dup_folder (entry) : g_strdup (name);
  g_autofree char *store = hf_places_dup_models ();
  g_autofree char *part = dup_part (store, folder);
  GStatBuf info;

  if (g_stat (part, &info) != 0 || info.st_size <= 0)
    return FALSE;
  *size_bytes = (guint64) info.st_size;
  return TRUE;
}
