/* Any bytes are a bundle, an archive or a manifest: opened, or refused with a
 * reason. The sums keep most mutations from the inner readers, so that these
 * get the bytes by themselves too. */
#include "bundle/bundle.h"
#include "bundle/manifest.h"
#include "bundle/zip.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfBundleContent, hf_bundle_content_clear)

static void
check (gboolean ok, const GError *error)
{
  g_assert_true (ok == (error == NULL));
  if (error != NULL)
    g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
open_whole (const uint8_t *data, size_t size)
{
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = NULL;

  g_assert_cmpint (write (fd, data, size), ==, (gssize) size);
  bundle = hf_bundle_open (path, NULL, &error);
  check (bundle != NULL, error);
  g_clear_pointer (&bundle, hf_bundle_free);
  close (fd);
}

static void
read_members (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfZip) zip = hf_zip_parse (bytes, &error);

  check (zip != NULL, error);
  for (gsize i = 0; zip != NULL && i < hf_zip_get_n (zip); i++) {
    g_autoptr (GError) fact = NULL;
    g_autoptr (GBytes) member = hf_zip_read (zip, i, 1 << 20, &fact);

    check (member != NULL, fact);
  }
}

static void
read_manifest (GBytes *bytes)
{
  g_auto (HfBundleContent) content = {0};
  g_autoptr (GPtrArray) members =
      g_ptr_array_new_with_free_func (hf_manifest_member_free);
  g_autoptr (GError) error = NULL;
  gboolean ok = hf_manifest_parse (bytes, &content, members, &error);

  check (ok, error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, size);

  open_whole (data, size);
  read_members (bytes);
  read_manifest (bytes);
  return 0;
}
