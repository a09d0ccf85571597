/* app/models/fetch.h: a model by its name in the catalogue, or by an address:
 * downloaded, checked, and in the store. */
#pragma once

#include "app/models/download.h"
#include "app/models/store.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;   /* in the catalogue; with @url any usable name */
  const char *url;    /* NULL: the catalogue's */
  const char *sha256; /* of a file that is not in the catalogue, or NULL */
  const char *device; /* for the check against published numbers, or NULL */
  int n_retries;
  HfDownloadLog log; /* one sentence for each retry; may be NULL */
  gpointer log_data;
  /* Called when the file has come and its numbers are looked at; may be
   * NULL. */
  void (*checking) (gpointer data);
  gpointer checking_data;
} HfFetchOptions;

/* What broke off goes on with the next call. Errors: HF_STORE_ERROR_NOT_FOUND
 * (not in the catalogue, and no address), those of hf_import_check_name,
 * hf_download and hf_import_download. */
HfStoredModel *hf_fetch_model (const HfFetchOptions *options,
                               HfProgress *progress,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether a download of @name has begun and is not whole, and how many bytes
 * have come. */
gboolean hf_fetch_has_part (const char *name, guint64 *size_bytes);

G_END_DECLS
