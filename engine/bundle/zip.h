/* bundle/zip.h: the one kind of zip archive that a bundle is.
 *
 * It holds plain files and nothing else: member behind member without a gap,
 * then the directory in the same order, then the end record (PKWARE's
 * APPNOTE.TXT 6.3, 4.3). No comment, no 64-bit records, no encryption, no sizes
 * behind the data; each member stored, or deflated by somebody else. The header
 * fields that carry no content have the values that Python's zipfile writes for
 * ZipInfo(NAME), so that a script can write the same bytes.
 *
 * A reader believes no number before it was compared with another: directory
 * against members, sizes against the file, checksums against the data. Errors
 * are HF_BUNDLE_ERROR_FORMAT, clauses that begin with a verb: "has ...". */
#pragma once

#include "base/progress.h"

G_BEGIN_DECLS

typedef struct {
  const char *name; /* as hf_zip_is_name allows */
  GBytes *bytes;
} HfZipMember;

/* Letters, digits and . _ + -, in folders by a slash; no part is empty or
 * begins with a dot. At most 200 bytes. */
gboolean hf_zip_is_name (const char *name);

/* Writes the archive @path whole, every member stored. A bundle over 4 GiB is
 * refused. @progress counts bytes. GFileError, G_IO_ERROR_CANCELLED. */
gboolean hf_zip_save (const HfZipMember *members, gsize n, const char *path,
                      HfProgress *progress, GError **error);

typedef struct _HfZip HfZip;

/* Reads the directory of @bytes (a reference is kept) and compares it with the
 * members' own headers; contents are not looked at. */
HfZip *hf_zip_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_zip_free (HfZip *self);

gsize hf_zip_get_n (const HfZip *self);
const char *hf_zip_get_name (const HfZip *self, gsize i);
/* Of the content, as the directory says. */
guint64 hf_zip_get_size (const HfZip *self, gsize i);
/* The index of a member, or -1. */
gssize hf_zip_find (const HfZip *self, const char *name);

/* Content of member @i (caller unrefs), exactly as long and with the checksum
 * that the directory says: a view of the archive where it is stored. Over
 * @limit_bytes it is refused unread. */
GBytes *hf_zip_read (const HfZip *self, gsize i, guint64 limit_bytes,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether every header field that carries no content has the value that
 * hf_zip_save writes. */
gboolean hf_zip_check_form (const HfZip *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfZip, hf_zip_free)
G_END_DECLS
