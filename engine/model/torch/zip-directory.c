/* zip-directory.c: end record, its 64-bit twin, and the entries (APPNOTE.TXT
 * 6.3, sections 4.3.7 to 4.3.16). All numbers are little-endian. */
#include "model/torch/zip-directory.h"

#include "model/clip-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define END_BYTES 22
#define LOCATOR_BYTES 20
#define END64_BYTES 56
#define ENTRY_BYTES 46
#define LOCAL_BYTES 30

typedef struct {
  const guint8 *bytes;
  gsize size_bytes;
  guint64 n_members;
  guint64 start; /* of the entries, in the file */
  guint64 end;
} Directory;

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT,
               _("is a damaged zip archive: %s"), what);
  return FALSE;
}

static guint64
get_number (const guint8 *at, int width)
{
  guint64 value = 0;

  for (int i = width - 1; i >= 0; i--)
    value = value << 8 | at[i];
  return value;
}

/* Whether @n bytes at @offset are in the file and begin with "PK" @kind. */
static gboolean
is_record (const Directory *self, guint64 offset, gsize n, const char *kind)
{
  return self->size_bytes >= n && offset <= self->size_bytes - n &&
         memcmp (self->bytes + offset, "PK", 2) == 0 &&
         memcmp (self->bytes + offset + 2, kind, 2) == 0;
}

/* The end record is followed by nothing but its own comment. */
static gboolean
find_end (const Directory *self, guint64 *end)
{
  for (gsize comment = 0; comment <= 65535; comment++) {
    gsize n = END_BYTES + comment;

    if (n > self->size_bytes)
      return FALSE;
    *end = self->size_bytes - n;
    if (is_record (self, *end, END_BYTES, "\005\006") &&
        get_number (self->bytes + *end + 20, 2) == comment)
      return TRUE;
  }
  return FALSE;
}

/* Reads the end records; where one says "too large for me", its twin rules. */
static gboolean
read_end (Directory *self, GError **error)
{
  guint64 end = 0, end64;
  const guint8 *at;

  if (!find_end (self, &end))
    return refuse (error, _("its end is missing"));
  at = self->bytes + end;
  self->n_members = get_number (at + 10, 2);
  self->start = get_number (at + 16, 4);
  self->end = end;
  if (end >= LOCATOR_BYTES &&
      is_record (self, end - LOCATOR_BYTES, LOCATOR_BYTES, "\006\007")) {
    end64 = get_number (self->bytes + end - LOCATOR_BYTES + 8, 8);
    if (!is_record (self, end64, END64_BYTES, "\006\006"))
      return refuse (error, _("its end points nowhere"));
    at = self->bytes + end64;
    self->n_members = get_number (at + 32, 8);
    self->start = get_number (at + 48, 8);
    self->end = end64;
  }
  return self->start <= self->end ||
         refuse (error, _("its directory lies past its end"));
}

/* The entry at @at, and whether its member says the same. */
static gboolean
check_entry (const Directory *self, const guint8 *at, GError **error)
{
  guint64 method = get_number (at + 10, 2);
  guint64 local = get_number (at + 42, 4);

  if (method != 0 && method != 8)
    return refuse (error,
                   _("a member is packed in a way PyTorch does not use"));
  /* Larger offsets stand elsewhere; libarchive reads those members. */
  if (local == G_MAXUINT32)
    return TRUE;
  if (!is_record (self, local, LOCAL_BYTES, "\003\004"))
    return refuse (error, _("its directory points past its members"));
  return get_number (self->bytes + local + 8, 2) == method ||
         refuse (error, _("its directory and its members do not agree"));
}

gboolean
hf_torch_zip_check_directory (const guint8 *bytes, gsize size_bytes,
                              guint64 *n_members, GError **error)
{
  Directory self = {.bytes = bytes, .size_bytes = size_bytes};
  guint64 at, n = 0;

  if (!read_end (&self, error))
    return FALSE;
  for (at = self.start; at < self.end; n++) {
    const guint8 *entry = bytes + at;

    if (self.end - at < ENTRY_BYTES ||
        !is_record (&self, at, ENTRY_BYTES, "\001\002"))
      return refuse (error, _("its directory is broken"));
    if (!check_entry (&self, entry, error))
      return FALSE;
    at += ENTRY_BYTES + get_number (entry + 28, 2) +
          get_number (entry + 30, 2) + get_number (entry + 32, 2);
  }
  if (at != self.end || n != self.n_members)
    return refuse (error, _("it does not hold the members it counts"));
  *n_members = n;
  return TRUE;
}
