/* zip-read.c: the reading half of zip.h.
 *
 * The directory is walked once, and each of its entries is held against the
 * member's own header; members follow one another without a gap, so that every
 * byte of the archive is a field that was compared or a content that is summed.
 * What carries no content (times, attributes, extra fields) is kept until
 * hf_zip_check_form: other faults deserve to be named first. */
#include "bundle/bundle.h"
#include "bundle/crc32.h"
#include "bundle/zip-private.h"
#include "bundle/zip.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

/* Deflate makes at most this of a byte (zlib's technical notes). */
#define MAX_RATIO 1032
/* What all deflated members together may become: they need memory. */
#define MAX_UNPACKED_BYTES (256u << 20)

#define FLAG_ENCRYPTED 0x2041 /* encrypted, strongly, or its directory */
#define FLAG_STREAMED 0x0008  /* sizes stand behind the data */
#define EXTRA_ZIP64 0x0001

typedef struct {
  char *name;
  const guint8 *entry;
  const guint8 *local;
  const guint8 *data;
  guint64 packed_bytes, size_bytes;
  guint16 method;
  guint32 checksum;
} Member;

struct _HfZip {
  GBytes *bytes;
  const guint8 *data;
  guint64 size_bytes;
  GArray *members;      /* Member */
  GHashTable *by_name;  /* borrowed name to index + 1 */
  guint64 directory;    /* offset */
  guint64 end;          /* offset of the end record */
  guint64 unpacked_sum; /* of deflated members */
};

static gboolean refuse (GError **error, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

static gboolean
refuse (GError **error, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  g_set_error_literal (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT, text);
  return FALSE;
}

static guint32
get_number (const guint8 *at, int width)
{
  guint32 value = 0;

  for (int i = width - 1; i >= 0; i--)
    value = value << 8 | at[i];
  return value;
}

static void
member_clear (gpointer member)
{
  g_free (((Member *) member)->name);
}

/* Names come from anybody: shown short, and readable. */
static char *
dup_shown (const guint8 *name, gsize n)
{
  g_autofree char *cut = g_strndup ((const char *) name, MIN (n, 80));

  return hf_json_dup_shown (cut);
}

static gboolean
read_end (HfZip *self, GError **error)
{
  const guint8 *at;

  if (self->size_bytes < HF_ZIP_END_BYTES)
    return refuse (error, _("ends early, or is no zip archive"));
  self->end = self->size_bytes - HF_ZIP_END_BYTES;
  at = self->data + self->end;
  if (memcmp (at, HF_ZIP_END, 4) != 0)
    return refuse (error, _("ends early, has bytes behind its end, or is no "
                            "zip archive"));
  if (self->end >= 20 && memcmp (at - 20, "PK\006\007", 4) == 0)
    return refuse (error, _("is a zip64 archive, which no bundle is"));
  if (get_number (at + 4, 4) != 0 ||
      get_number (at + 8, 2) != get_number (at + 10, 2))
    return refuse (error, _("is a zip archive in several volumes"));
  if (get_number (at + 20, 2) != 0)
    return refuse (error, _("has a comment behind its end record"));
  self->directory = get_number (at + 16, 4);
  if (self->directory > self->end ||
      get_number (at + 12, 4) != self->end - self->directory)
    return refuse (error, _("has an end record that does not fit its "
                            "directory"));
  return TRUE;
}

/* Whether an extra field of the directory holds 64-bit sizes. */
static gboolean
has_zip64 (const guint8 *extra, gsize n)
{
  for (gsize at = 0; n - at >= 4; at += 4 + get_number (extra + at + 2, 2)) {
    if (get_number (extra + at, 2) == EXTRA_ZIP64)
      return TRUE;
    if (get_number (extra + at + 2, 2) > n - at - 4)
      return FALSE;
  }
  return FALSE;
}

/* What the entry says of its member, by itself. */
static gboolean
check_entry (HfZip *self, Member *member, const char *shown, GError **error)
{
  const guint8 *entry = member->entry;
  guint32 flags = get_number (entry + 8, 2);
  gsize name_bytes = get_number (entry + 28, 2);

  if (strlen (member->name) != name_bytes || !hf_zip_is_name (member->name))
    return refuse (error,
                   _("has a member with the name \"%s\", which leads out of "
                     "the bundle or is no name that a bundle has"),
                      shown);
  if (flags & FLAG_ENCRYPTED)
    return refuse (error, _("has an encrypted member, %s"), shown);
  if (flags & FLAG_STREAMED)
    return refuse (error, _("has a member, %s, with its size behind its data"),
                             shown);
  if (member->packed_bytes == G_MAXUINT32 ||
      member->size_bytes == G_MAXUINT32 ||
      has_zip64 (entry + HF_ZIP_ENTRY_BYTES + name_bytes,
                 get_number (entry + 30, 2)))
    return refuse (error, _("has a member, %s, with zip64 sizes"), shown);
  if (member->method == HF_ZIP_STORED)
    return member->packed_bytes == member->size_bytes ||
           refuse (error, _("has a member, %s, with two sizes"), shown);
  if (member->method != HF_ZIP_DEFLATED)
    return refuse (error,
                   _("has a member, %s, that is packed by method %u; stored "
                     "and deflated are read"),
                      shown, member->method);
  self->unpacked_sum += member->size_bytes;
  if (member->size_bytes > member->packed_bytes * MAX_RATIO ||
      self->unpacked_sum > MAX_UNPACKED_BYTES)
    return refuse (error,
                   _("has a member, %s, that would unpack to %llu bytes: more "
                     "than its data can hold or a bundle may unpack"),
                      shown, (unsigned long long) member->size_bytes);
  return TRUE;
}

/* The header in front of the data says the same as the directory, and lies at
 * @offset, right behind the member before. */
static gboolean
check_local (HfZip *self, Member *member, guint64 offset, GError **error)
{
  const guint8 *entry = member->entry, *local;
  gsize name_bytes = get_number (entry + 28, 2);
  guint64 room;

  if (get_number (entry + 42, 4) != offset)
    return refuse (error, _("has a gap or an overlap before the member %s"),
                             member->name);
  if (self->directory - offset < HF_ZIP_LOCAL_BYTES + name_bytes)
    return refuse (error, _("ends early, within the member %s"), member->name);
  local = member->local = self->data + offset;
  /* Flags, method, times, checksum, sizes and the length of the name stand in
   * the same order in both; times are for hf_zip_check_form. */
  if (memcmp (local, HF_ZIP_LOCAL, 4) != 0 ||
      memcmp (local + 6, entry + 8, 4) != 0 ||
      memcmp (local + 14, entry + 16, 14) != 0 ||
      memcmp (local + HF_ZIP_LOCAL_BYTES, entry + HF_ZIP_ENTRY_BYTES,
              name_bytes) != 0)
    return refuse (error,
                   _("has a member, %s, whose own header and whose entry in "
                     "the directory differ"),
                      member->name);
  member->data =
      local + HF_ZIP_LOCAL_BYTES + name_bytes + get_number (local + 28, 2);
  room = (guint64) (self->data + self->directory - local);
  return (room >= (guint64) (member->data - local) &&
          room - (guint64) (member->data - local) >= member->packed_bytes) ||
         refuse (error, _("ends early, within the member %s"), member->name);
}

/* Reads the entry at *@at and its member at *@offset; moves both on. */
static gboolean
read_member (HfZip *self, guint64 *at, guint64 *offset, GError **error)
{
  const guint8 *entry = self->data + *at;
  Member member = {.entry = entry};
  g_autofree char *shown = NULL;
  gsize length;

  if (self->end - *at < HF_ZIP_ENTRY_BYTES ||
      memcmp (entry, HF_ZIP_ENTRY, 4) != 0)
    return refuse (error, _("has a broken directory"));
  length = HF_ZIP_ENTRY_BYTES + get_number (entry + 28, 2) +
           get_number (entry + 30, 2) + get_number (entry + 32, 2);
  if (self->end - *at < length)
    return refuse (error, _("has a broken directory"));
  member.method = (guint16) get_number (entry + 10, 2);
  member.checksum = get_number (entry + 16, 4);
  member.packed_bytes = get_number (entry + 20, 4);
  member.size_bytes = get_number (entry + 24, 4);
  shown = dup_shown (entry + HF_ZIP_ENTRY_BYTES, get_number (entry + 28, 2));
  member.name = g_strndup ((const char *) entry + HF_ZIP_ENTRY_BYTES,
                           get_number (entry + 28, 2));
  g_array_append_val (self->members, member);
  /* The array owns the name from here on. */
  if (!check_entry (self, &member, shown, error) ||
      !check_local (self, &member, *offset, error))
    return FALSE;
  g_array_index (self->members, Member, self->members->len - 1) = member;
  if (!g_hash_table_insert (self->by_name, member.name,
                            GUINT_TO_POINTER (self->members->len)))
    return refuse (error, _("has the member %s twice"), shown);
  *at += length;
  *offset = (guint64) (member.data - self->data) + member.packed_bytes;
  return TRUE;
}

HfZip *
hf_zip_parse (GBytes *bytes, GError **error)
{
  g_autoptr (HfZip) self = g_new0 (HfZip, 1);
  guint64 at, offset = 0;
  gsize size_bytes;

  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &size_bytes);
  self->size_bytes = size_bytes;
  self->members = g_array_new (FALSE, FALSE, sizeof (Member));
  g_array_set_clear_func (self->members, member_clear);
  self->by_name = g_hash_table_new (g_str_hash, g_str_equal);
  if (!read_end (self, error))
    return NULL;
  for (at = self->directory; at < self->end;) {
    if (self->members->len >= HF_ZIP_MAX_MEMBERS) {
      refuse (error, _("has more than %d members"), HF_ZIP_MAX_MEMBERS);
      return NULL;
    }
    if (!read_member (self, &at, &offset, error))
      return NULL;
  }
  if (offset != self->directory ||
      get_number (self->data + self->end + 10, 2) != self->members->len) {
    refuse (error, _("does not hold the members it counts"));
    return NULL;
  }
  return g_steal_pointer (&self);
}

void
hf_zip_free (HfZip *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->by_name);
  g_array_unref (self->members);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static const Member *
get_member (const HfZip *self, gsize i)
{
  return &g_array_index (self->members, Member, i);
}

gsize
hf_zip_get_n (const HfZip *self)
{
  return self->members->len;
}

const char *
hf_zip_get_name (const HfZip *self, gsize i)
{
  return get_member (self, i)->name;
}

guint64
hf_zip_get_size (const HfZip *self, gsize i)
{
  return get_member (self, i)->size_bytes;
}

gssize
hf_zip_find (const HfZip *self, const char *name)
{
  return (gssize) GPOINTER_TO_UINT (g_hash_table_lookup (self->by_name, name)) -
         1;
}

/* Unpacks to exactly the size that was declared. A byte more room than that
 * shows whether there is more. */
static GBytes *
unpack (const Member *member, GError **error)
{
  g_autoptr (GZlibDecompressor) inflater =
      g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  gsize room = (gsize) member->size_bytes + 1, n_read = 0, n_written = 0;
  g_autofree guint8 *out = g_try_malloc (room);
  GConverterResult result = G_CONVERTER_CONVERTED;

  if (out == NULL) {
    refuse (error, _("has a member, %s, for which there is no memory"),
                      member->name);
    return NULL;
  }
  while (result == G_CONVERTER_CONVERTED && n_written < room) {
    gsize used = 0, made = 0;

    result = g_converter_convert (G_CONVERTER (inflater), member->data + n_read,
                                  (gsize) member->packed_bytes - n_read,
                                  out + n_written, room - n_written,
                                  G_CONVERTER_INPUT_AT_END, &used, &made, NULL);
    n_read += used;
    n_written += made;
  }
  if (result == G_CONVERTER_FINISHED && n_written == member->size_bytes &&
      n_read == member->packed_bytes)
    return g_bytes_new_take (g_steal_pointer (&out), n_written);
  refuse (
      error,
      _("has a damaged member, %s: it does not unpack to the %llu bytes it "
        "declares"),
         member->name, (unsigned long long) member->size_bytes);
  return NULL;
}

GBytes *
hf_zip_read (const HfZip *self, gsize i, guint64 limit_bytes, GError **error)
{
  const Member *member = get_member (self, i);
  g_autoptr (GBytes) bytes = NULL;
  const void *data;
  gsize size_bytes;

  if (member->size_bytes > limit_bytes) {
    refuse (error,
            _("has a member, %s, of %llu bytes, where %llu are the limit"),
               member->name, (unsigned long long) member->size_bytes,
               (unsigned long long) limit_bytes);
    return NULL;
  }
  if (member->method == HF_ZIP_DEFLATED)
    bytes = unpack (member, error);
  else
    bytes = g_bytes_new_from_bytes (self->bytes,
                                    (gsize) (member->data - self->data),
                                    (gsize) member->size_bytes);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size_bytes);
  if (hf_crc32 (data, size_bytes) == member->checksum)
    return g_steal_pointer (&bytes);
  refuse (error, _("has a damaged member, %s: its checksum is wrong"),
                    member->name);
  return NULL;
}

static gboolean
has_form (const Member *member)
{
  const guint8 *entry = member->entry, *local = member->local;
  const guint32 time = HF_ZIP_TIME | (guint32) HF_ZIP_DATE << 16;

  return get_number (entry + 4, 2) == HF_ZIP_MADE_BY &&
         get_number (entry + 6, 2) == HF_ZIP_NEEDED &&
         get_number (entry + 8, 2) == 0 && get_number (entry + 12, 4) == time &&
         get_number (entry + 30, 4) == 0 && get_number (entry + 34, 4) == 0 &&
         get_number (entry + 38, 4) == HF_ZIP_ATTRIBUTES &&
         get_number (local + 4, 2) == HF_ZIP_NEEDED &&
         get_number (local + 10, 4) == time && get_number (local + 28, 2) == 0;
}

gboolean
hf_zip_check_form (const HfZip *self, GError **error)
{
  for (gsize i = 0; i < self->members->len; i++)
    if (!has_form (get_member (self, i)))
      return refuse (error,
                     _("has a member, %s, whose header (time, version, "
                       "attributes or extra field) is not the one that a "
                       "bundle has: another program packed it anew"),
                        get_member (self, i)->name);
  return TRUE;
}
