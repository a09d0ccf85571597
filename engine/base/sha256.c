/* sha256.c: see the header. */
#include "base/sha256.h"

#include <nettle/sha2.h>

struct _HfSha256 {
  struct sha256_ctx context;
};

HfSha256 *
hf_sha256_new (void)
{
  HfSha256 *self = g_new (HfSha256, 1);

  sha256_init (&self->context);
  return self;
}

void
hf_sha256_free (HfSha256 *self)
{
  g_free (self);
}

void
hf_sha256_update (HfSha256 *self, const void *data, gsize size_bytes)
{
  if (size_bytes > 0)
    sha256_update (&self->context, size_bytes, data);
}

void
hf_sha256_get_digest (HfSha256 *self, guint8 digest[32])
{
  sha256_digest (&self->context, SHA256_DIGEST_SIZE, digest);
}

char *
hf_sha256_finish (HfSha256 *self)
{
  guint8 digest[SHA256_DIGEST_SIZE];
  GString *digits = g_string_new (NULL);

  hf_sha256_get_digest (self, digest);
  for (gsize i = 0; i < sizeof digest; i++)
    g_string_append_printf (digits, "%02x", digest[i]);
  return g_string_free (digits, FALSE);
}

char *
hf_sha256_dup (const void *data, gsize size_bytes)
{
  g_autoptr (HfSha256) self = hf_sha256_new ();

  hf_sha256_update (self, data, size_bytes);
  return hf_sha256_finish (self);
}

char *
hf_sha256_dup_for_bytes (GBytes *bytes)
{
  gsize size_bytes;
  const void *data = g_bytes_get_data (bytes, &size_bytes);

  return hf_sha256_dup (data, size_bytes);
}
