/* model-member.c: see the header. */
#include "bundle/model-member.h"

#include "base/file.h"
#include "bundle/bundle.h"
#include "bundle/layout.h"
#include "bundle/manifest.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#define CHUNK_BYTES (4u << 20)

static gboolean
is_model (const HfZip *zip, gsize i)
{
  return hf_part_of (hf_zip_get_name (zip, i)) == HF_PART_MODEL;
}

gboolean
hf_model_member_is_there (const HfZip *zip)
{
  for (gsize i = 0; i < hf_zip_get_n (zip); i++)
    if (is_model (zip, i))
      return TRUE;
  return FALSE;
}

/* "model/config.json" is config.json in @folder. */
static char *
dup_path (const char *folder, const char *member_name)
{
  return g_build_filename (folder, member_name + strlen ("model/"), NULL);
}

/* The SHA-256 that the manifest gives for a member; every member has one. */
static const char *
get_sha256 (const GPtrArray *members, const char *name)
{
  for (guint i = 0; i < members->len; i++) {
    const HfManifestMember *member = members->pdata[i];

    if (g_str_equal (member->name, name))
      return member->sha256;
  }
  g_assert_not_reached ();
}

static char *
dup_sum (const HfZip *zip, const GPtrArray *members)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  for (gsize i = 0; i < hf_zip_get_n (zip); i++) {
    const char *name = hf_zip_get_name (zip, i);
    g_autofree char *line = NULL;

    if (!is_model (zip, i))
      continue;
    line = g_strdup_printf ("%s %s\n", get_sha256 (members, name), name);
    g_checksum_update (sum, (const guchar *) line, (gssize) strlen (line));
  }
  return g_strdup (g_checksum_get_string (sum));
}

/* Whether member @i is @path: a file got its name when it was whole. */
static gboolean
is_there (const HfZip *zip, gsize i, const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 && S_ISREG (info.st_mode) &&
         (guint64) info.st_size == hf_zip_get_size (zip, i);
}

static gboolean
write_file (const char *path, GBytes *bytes, HfProgress *progress,
            GError **error)
{
  g_autoptr (HfFileWriter) writer = hf_file_writer_open (path, error);
  gsize size_bytes;
  const guint8 *data = g_bytes_get_data (bytes, &size_bytes);

  if (writer == NULL)
    return FALSE;
  for (gsize at = 0; at < size_bytes; at += CHUNK_BYTES)
    if (!hf_progress_check (progress, error) ||
        !hf_file_writer_write (writer, data + at,
                               MIN (size_bytes - at, CHUNK_BYTES), error))
      return FALSE;
  return hf_file_writer_commit (writer, error);
}

/* Adds what @folder lacks and takes nothing away, so that other processes may
 * do the same at once or have its files open. */
static gboolean
fill (const HfZip *zip, const char *folder, HfProgress *progress,
      GError **error)
{
  for (gsize i = 0; i < hf_zip_get_n (zip); i++) {
    g_autoptr (GBytes) bytes = NULL;
    g_autofree char *path = NULL;

    if (!is_model (zip, i))
      continue;
    path = dup_path (folder, hf_zip_get_name (zip, i));
    if (is_there (zip, i, path))
      continue;
    bytes = hf_zip_read (zip, i, hf_part_get_limit (HF_PART_MODEL), error);
    if (bytes == NULL || !write_file (path, bytes, progress, error))
      return FALSE;
  }
  return TRUE;
}

static void
set_error (GError **error, int code, const char *path)
{
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _("The bundle's model cannot be unpacked to %s: %s.%s"), shown,
                  g_strerror (code), hf_file_get_advice (code));
}

char *
hf_model_member_extract (const HfZip *zip, const GPtrArray *members,
                         const char *folder, HfProgress *progress,
                         GError **error)
{
  g_autofree char *sum = dup_sum (zip, members);
  g_autofree char *path = g_build_filename (folder, sum, NULL);

  if (g_mkdir_with_parents (path, 0755) < 0) {
    set_error (error, errno, path);
    return NULL;
  }
  return fill (zip, path, progress, error) ? g_steal_pointer (&path) : NULL;
}
