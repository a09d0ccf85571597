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

HfStoredModel *
hf_fetch_model (const HfFetchOptions *options, HfProgress *progress,
                GError **error)
{
  g_auto (Wanted) wanted = {0};
  g_autofree char *store = NULL;
  g_autofree char *part = NULL;
  HfStoredModel *model;
  HfDownloadOptions how = {.n_retries = options->n_retries,
                           .log = options->log,
                           .log_data = options->log_data};

  if (!find_wanted (options, &wanted, error))
    return NULL;
  store = hf_import_prepare_store (error);
  if (store == NULL)
    return NULL;
  part = dup_part (store, wanted.name);
  how.url = wanted.url;
  how.part = part;
  how.sha256 = wanted.sha256;
  if (!hf_download (&how, progress, error))
    return NULL;
  if (options->checking != NULL)
    options->checking (options->checking_data);
  model = hf_import_download (part, wanted.file, wanted.name, wanted.url,
                              options->device, progress, error);
  /* What is no model would only be resumed into the same file. */
  if (model != NULL || hf_progress_check (progress, NULL))
    hf_download_discard (part);
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
