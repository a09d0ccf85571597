#include "npy.h"

#include <string.h>

/* Magic, version 1.0 and the header's length, little endian. */
#define PREFIX_BYTES 10

char *
golden_dup_path (const char *folder, const char *name)
{
  const char *root = g_getenv ("HANDFUL_TEST_DATA");

  g_assert_nonnull (root);
  return g_build_filename (root, folder, name, NULL);
}

guint8 *
npy_load (const char *folder, const char *name, gsize n)
{
  g_autofree char *path = golden_dup_path (folder, name);
  g_autofree char *data = NULL;
  g_autofree char *header = NULL;
  g_autoptr (GError) error = NULL;
  gsize size = 0, header_bytes;

  g_assert_true (g_file_get_contents (path, &data, &size, &error));
  g_assert_cmpuint (size, >, PREFIX_BYTES);
  g_assert_cmpmem (data, 8, "\x93NUMPY\x01\0", 8);
  header_bytes = (guint8) data[8] | (gsize) (guint8) data[9] << 8;
  g_assert_cmpuint (size, ==, PREFIX_BYTES + header_bytes + n);
  header = g_strndup (data + PREFIX_BYTES, header_bytes);
  g_assert_nonnull (strstr (header, "'|u1'"));
  g_assert_nonnull (strstr (header, "'fortran_order': False"));
  return g_memdup2 (data + PREFIX_BYTES + header_bytes, n);
}
