/* app/models/download.h: one large file over HTTP, resumed where it broke off.
 *
 * What has come lies in a .part file (part.h) beside which PART.from remembers
 * the address and the server's validator, so that a later call goes on only
 * with the same bytes. Proxies and certificates: connection.h. */
#pragma once

#include "app/models/part.h"
#include "base/progress.h"

G_BEGIN_DECLS

#define HF_DOWNLOAD_ERROR (hf_download_error_quark ())

typedef enum {
  HF_DOWNLOAD_ERROR_ADDRESS,    /* no http or https address */
  HF_DOWNLOAD_ERROR_REFUSED,    /* the server says no: 404, a page ... */
  HF_DOWNLOAD_ERROR_TRUST,      /* its certificate is not believed */
  HF_DOWNLOAD_ERROR_CONNECTION, /* given up after all attempts */
  HF_DOWNLOAD_ERROR_CHECKSUM,   /* another file than the wanted one */
  HF_DOWNLOAD_ERROR_BUSY,       /* another process has this file at work */
} HfDownloadError;

GQuark hf_download_error_quark (void);

typedef void (*HfDownloadLog) (const char *sentence, gpointer data);

typedef struct {
  const char *url;
  HfPart *part;
  const char *sha256; /* hex, or NULL if not known */
  int n_retries;      /* after a broken connection, in a row without gain */
  HfDownloadLog log;  /* one sentence for each retry; may be NULL */
  gpointer log_data;
} HfDownloadOptions;

/* Downloads or resumes. On success the .part file is whole, on disk, and has
 * the checksum. After HF_DOWNLOAD_ERROR_CHECKSUM it is removed; after any other
 * error (G_FILE_ERROR_NOSPC, G_IO_ERROR_CANCELLED, ...) it stays for the next
 * call. Waits 1, 2, 4 ... seconds between attempts, at most 30. Reports
 * bytes. */
gboolean hf_download (const HfDownloadOptions *options, HfProgress *progress,
                      GError **error);

G_END_DECLS
