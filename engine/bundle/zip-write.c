/* zip-write.c: the writing half of zip.h. */
#include "base/file.h"
#include "bundle/bundle.h"
#include "bundle/crc32.h"
#include "bundle/zip-private.h"
#include "bundle/zip.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define CHUNK_BYTES (4u << 20)

gboolean
hf_zip_is_name (const char *name)
{
  static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789._+-/";
  gsize n = strlen (name);

  if (n == 0 || n > HF_ZIP_MAX_NAME || strspn (name, allowed) != n ||
      name[n - 1] == '/')
    return FALSE;
  for (const char *part = name; part != NULL; part = strchr (part, '/')) {
    part += *part == '/';
    if (*part == '.' || *part == '/' || *part == '\0')
      return FALSE;
  }
  return name[0] != '/';
}

static void
add_number (GByteArray *out, guint64 value, int width)
{
  for (int i = 0; i < width; i++) {
    guint8 byte = (guint8) (value >> 8 * i);

    g_byte_array_append (out, &byte, 1);
  }
}

/* The fields from "version needed" to the length of the extra field, which the
 * member's header and the directory's entry have in common. */
static void
add_common (GByteArray *out, const HfZipMember *member, guint32 checksum)
{
  gsize size_bytes = g_bytes_get_size (member->bytes);

  add_number (out, HF_ZIP_NEEDED, 2);
  add_number (out, 0, 2);
  add_number (out, HF_ZIP_STORED, 2);
  add_number (out, HF_ZIP_TIME, 2);
  add_number (out, HF_ZIP_DATE, 2);
  add_number (out, checksum, 4);
  add_number (out, size_bytes, 4);
  add_number (out, size_bytes, 4);
  add_number (out, strlen (member->name), 2);
  add_number (out, 0, 2);
}

static void
add_name (GByteArray *out, const HfZipMember *member)
{
  g_byte_array_append (out, (const guint8 *) member->name,
                       (guint) strlen (member->name));
}

static void
add_entry (GByteArray *directory, const HfZipMember *member, guint32 checksum,
           guint64 offset)
{
  g_byte_array_append (directory, (const guint8 *) HF_ZIP_ENTRY, 4);
  add_number (directory, HF_ZIP_MADE_BY, 2);
  add_common (directory, member, checksum);
  add_number (directory, 0, 2); /* comment */
  add_number (directory, 0, 2); /* disk */
  add_number (directory, 0, 2); /* internal attributes */
  add_number (directory, HF_ZIP_ATTRIBUTES, 4);
  add_number (directory, offset, 4);
  add_name (directory, member);
}

static void
add_end (GByteArray *directory, gsize n, guint64 start)
{
  guint size_bytes = directory->len;

  g_byte_array_append (directory, (const guint8 *) HF_ZIP_END, 4);
  add_number (directory, 0, 4); /* disks */
  add_number (directory, n, 2);
  add_number (directory, n, 2);
  add_number (directory, size_bytes, 4);
  add_number (directory, start, 4);
  add_number (directory, 0, 2); /* comment */
}

/* A bundle that a reader of 32-bit records cannot read is not begun. */
static gboolean
check_sizes (const HfZipMember *members, gsize n, guint64 *total,
             GError **error)
{
  guint64 sum = HF_ZIP_END_BYTES;

  for (gsize i = 0; i < n; i++)
    sum += HF_ZIP_LOCAL_BYTES + HF_ZIP_ENTRY_BYTES +
           2 * strlen (members[i].name) + g_bytes_get_size (members[i].bytes);
  *total = sum;
  if (n <= HF_ZIP_MAX_MEMBERS && sum < G_MAXUINT32)
    return TRUE;
  g_set_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT,
               _("The bundle would have %zu members and %.1f GB; more than %d "
                 "members or 4 GB are not possible. Leave the model or the "
                 "training rows out."),
                  n, (double) sum / 1e9, HF_ZIP_MAX_MEMBERS);
  return FALSE;
}

typedef struct {
  HfFileWriter *writer;
  HfProgress *progress;
  guint64 done, total;
} Output;

static gboolean
write_bytes (Output *self, const void *data, gsize size_bytes, GError **error)
{
  const guint8 *at = data;

  while (size_bytes > 0) {
    gsize n = MIN (size_bytes, CHUNK_BYTES);

    if (!hf_progress_check (self->progress, error) ||
        !hf_file_writer_write (self->writer, at, n, error))
      return FALSE;
    at += n;
    size_bytes -= n;
    self->done += n;
    hf_progress_report (self->progress, (gint64) self->done,
                        (gint64) self->total);
  }
  return TRUE;
}

static gboolean
write_member (Output *self, const HfZipMember *member, GByteArray *directory,
              GError **error)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();
  gsize size_bytes;
  const void *data = g_bytes_get_data (member->bytes, &size_bytes);
  guint32 checksum = hf_crc32 (data, size_bytes);

  add_entry (directory, member, checksum, self->done);
  g_byte_array_append (header, (const guint8 *) HF_ZIP_LOCAL, 4);
  add_common (header, member, checksum);
  add_name (header, member);
  return write_bytes (self, header->data, header->len, error) &&
         write_bytes (self, data, size_bytes, error);
}

gboolean
hf_zip_save (const HfZipMember *members, gsize n, const char *path,
             HfProgress *progress, GError **error)
{
  g_autoptr (GByteArray) directory = g_byte_array_new ();
  g_autoptr (HfFileWriter) writer = NULL;
  Output out = {.progress = progress};

  if (!check_sizes (members, n, &out.total, error))
    return FALSE;
  out.writer = writer = hf_file_writer_open (path, error);
  if (writer == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!write_member (&out, &members[i], directory, error))
      return FALSE;
  add_end (directory, n, out.done);
  return write_bytes (&out, directory->data, directory->len, error) &&
         hf_file_writer_commit (writer, error);
}
