/* connection.c: see the header. GnuTLS, which is below GIO here, does not look
 * at SSL_CERT_FILE; users know it from programs with OpenSSL. */
#include "app/models/connection.h"

#include "app/models/download.h"
#include "app/places.h"

#include <glib/gi18n-lib.h>

enum { STALL_SECONDS = 30 };

static gboolean
set_authorities (SoupSession *session, GError **error)
{
  const char *path = g_getenv ("SSL_CERT_FILE");
  g_autoptr (GTlsDatabase) database = NULL;
  g_autoptr (GError) local = NULL;
  g_autofree char *absolute = NULL;

  if (path == NULL || *path == '\0')
    return TRUE;
  absolute = g_canonicalize_filename (path, NULL);
  database = g_tls_file_database_new (absolute, &local);
  if (database == NULL) {
    g_set_error (error, HF_DOWNLOAD_ERROR, HF_DOWNLOAD_ERROR_TRUST,
                 _("The certificates in %s, which SSL_CERT_FILE names, cannot "
                   "be used (%s). Unset it to use those of the system."),
                    absolute, local->message);
    return FALSE;
  }
  soup_session_set_tls_database (session, database);
  return TRUE;
}

SoupSession *
hf_connection_new_session (const char *url, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autofree char *agent =
      g_strconcat ("Handful/", hf_places_get_version (), NULL);
  g_autoptr (SoupSession) session = soup_session_new_with_options (
      "timeout", STALL_SECONDS, "user-agent", agent, NULL);

  /* Bytes are counted and summed as they lie on the server. */
  soup_session_remove_feature_by_type (session, SOUP_TYPE_CONTENT_DECODER);
  /* What follows a password of the proxy's address asks for the proxy itself
   * (libsoup 3.2): better to hear that it wants one. */
  if (uri == NULL || g_uri_get_userinfo (uri) == NULL)
    soup_session_remove_feature_by_type (session, SOUP_TYPE_AUTH_MANAGER);
  return set_authorities (session, error) ? g_steal_pointer (&session) : NULL;
}

/* What is wrong with a certificate, the gravest first. */
static const char *
get_reason (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _("its certificate is that of another server. Check the address.");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _("its certificate was revoked. Get the file elsewhere.");
  if (flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED))
    return _("its certificate is not valid today. Check this computer's "
             "clock; if that is right, the server has to get a new one.");
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return _("nobody that this computer trusts vouches for its certificate. "
             "If your network puts its own in the place of it, add that "
             "authority to the system's, or name its file by SSL_CERT_FILE.");
  return _("its certificate cannot be checked. Get the file elsewhere.");
}

static gboolean
refuse (HfDownloadError code, const char *uri, const char *reason,
        GError **error)
{
  /* Translators: an address, and a sentence that goes on from here. */
  g_set_error (error, HF_DOWNLOAD_ERROR, code,
               _("Nothing was taken from %s: %s"), uri, reason);
  return TRUE;
}

gboolean
hf_connection_explain (SoupMessage *message, const GError *failure,
                       GError **error)
{
  g_autofree char *uri =
      g_uri_to_string_partial (soup_message_get_uri (message),
                               G_URI_HIDE_PASSWORD | G_URI_HIDE_AUTH_PARAMS);

  if (g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return refuse (
        HF_DOWNLOAD_ERROR_TRUST, uri,
        get_reason (soup_message_get_tls_peer_certificate_errors (message)),
        error);
  if (g_error_matches (failure, G_TLS_ERROR, G_TLS_ERROR_UNAVAILABLE))
    return refuse (HF_DOWNLOAD_ERROR_TRUST, uri,
                   _("there is no TLS here. Install glib-networking."), error);
  /* A connection that was cut is no error of TLS, or this one. */
  if (failure->domain == G_TLS_ERROR && failure->code != G_TLS_ERROR_EOF)
    return refuse (HF_DOWNLOAD_ERROR_ADDRESS, uri,
                   _("the server does not speak TLS there as is usual. Check "
                        "the address: it may have to begin with http."),
                      error);
  if (g_error_matches (failure, SOUP_SESSION_ERROR,
                       SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS) ||
      g_error_matches (failure, SOUP_SESSION_ERROR,
                       SOUP_SESSION_ERROR_REDIRECT_NO_LOCATION) ||
      g_error_matches (failure, SOUP_SESSION_ERROR,
                       SOUP_SESSION_ERROR_REDIRECT_BAD_URI))
    return refuse (HF_DOWNLOAD_ERROR_REFUSED, uri,
                   _("the server sends from one address to the next, and the "
                        "file is at none. Check the address in a browser."),
                      error);
  if (g_error_matches (failure, SOUP_SESSION_ERROR,
                       SOUP_SESSION_ERROR_TOO_MANY_RESTARTS))
    return refuse (HF_DOWNLOAD_ERROR_REFUSED, uri,
                   _("the name and the password in the address are not "
                        "accepted. Check them."),
                      error);
  return FALSE;
}

gboolean
hf_connection_check_content (SoupMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  g_autofree char *uri = NULL;

  if (g_strcmp0 (type, "text/html") != 0)
    return TRUE;
  uri = g_uri_to_string_partial (soup_message_get_uri (message),
                                 G_URI_HIDE_PASSWORD | G_URI_HIDE_AUTH_PARAMS);
  refuse (HF_DOWNLOAD_ERROR_REFUSED, uri,
          _("a web page came instead of the file. Open the address in a "
               "browser: the network may want you to log in first, or the "
               "address of the file itself is another."),
             error);
  return FALSE;
}
