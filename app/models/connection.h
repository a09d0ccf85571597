/* app/models/connection.h: what stands between a download and its server:
 * proxies, certificates, and which of their failures are final. */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* A session for the file at @url, which is taken as it lies on the server.
 * Proxies as GIO finds them, but none that wants a password; servers are
 * believed that the authorities of the system vouch for, or those in the file
 * that SSL_CERT_FILE names. HF_DOWNLOAD_ERROR_TRUST if that cannot be read. */
SoupSession *hf_connection_new_session (const char *url, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether another attempt would end as this one, in which @message could not be
 * sent because of @failure. Then sets @error, with advice: _TRUST, _ADDRESS or
 * _REFUSED. */
gboolean hf_connection_explain (SoupMessage *message, const GError *failure,
                                GError **error);

/* Sets @error if the answer to @message, a good one, is a page instead of a
 * file: HF_DOWNLOAD_ERROR_REFUSED. */
gboolean hf_connection_check_content (SoupMessage *message, GError **error);

G_END_DECLS
