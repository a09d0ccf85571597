/* zip.c: libarchive walks the directory. Members are never written anywhere,
 * so their names can do no harm; they are checked all the same, since an
 * honest writer gives them plain names.
 *
 * No copy: libarchive hands out a stored member in one piece as a pointer into
 * the bytes it reads from, which are ours. That pointer is where the numbers
 * lie. Checksums are left unread (they would touch every page of the file);
 * the model's identity covers the values. A deflated member is unpacked into
 * memory when it is needed, and all of them together may not be larger than a
 * few times the file. */
#include "model/torch/zip.h"

#include "model/torch/state.h"
#include "model/torch/zip-directory.h"

#include <archive.h>
#include <archive_entry.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_MEMBERS 100000
#define MAX_PICKLE_BYTES (64 << 20)

/* How much larger than the file its deflated members may be in all. Weights
 * deflate by a tenth; a bomb by a thousand. */
#define MAX_INFLATION 8
#define SMALL_INFLATION (16 << 20)

typedef struct {
  const guint8 *data; /* NULL while it is packed */
  gsize size_bytes;
} Member;

typedef struct {
  GBytes *bytes;       /* owned */
  GHashTable *members; /* name -> Member, both owned */
  GHashTable *wanted;  /* names of packed members, borrowed from the above */
  GPtrArray *unpacked; /* memory of unpacked members, owned */
  gsize budget_bytes;  /* that may still be unpacked */
  guint64 n_members;   /* that the directory counts */
} Zip;

typedef struct archive Archive;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_read_free)

static void
zip_free (gpointer data)
{
  Zip *self = data;

  g_hash_table_unref (self->wanted);
  g_hash_table_unref (self->members);
  g_ptr_array_unref (self->unpacked);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static Zip *
zip_new (GBytes *bytes)
{
  Zip *self = g_new0 (Zip, 1);

  self->bytes = g_bytes_ref (bytes);
  self->members =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->wanted = g_hash_table_new (g_str_hash, g_str_equal);
  self->unpacked = g_ptr_array_new_with_free_func (g_free);
  self->budget_bytes =
      MIN (g_bytes_get_size (bytes), G_MAXSIZE / 16) * MAX_INFLATION +
      SMALL_INFLATION;
  return self;
}

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, what);
  return FALSE;
}

/* @what has a place for @name, which comes from the file and may be anything:
 * what cannot be shown becomes question marks. */
static gboolean G_GNUC_PRINTF (2, 0)
    refuse_name (GError **error, const char *what, const char *name)
{
  g_autofree char *shown = g_strndup (name, 80);

  if (!g_utf8_validate (shown, -1, NULL))
    for (char *c = shown; *c != '\0'; c++)
      if (!g_ascii_isgraph (*c))
        *c = '?';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT, what, shown);
#pragma GCC diagnostic pop
  return FALSE;
}

/* The border to libarchive: its code becomes a sentence. */
static gboolean
check (Archive *archive, int code, GError **error)
{
  const char *reason;

  if (code == ARCHIVE_OK)
    return TRUE;
  reason = archive_error_string (archive);
  return refuse_name (error,
                      _("is a damaged zip archive: %s"),
                         reason != NULL ? reason : _("it cannot be read"));
}

static Archive *
open_archive (GBytes *bytes, GError **error)
{
  g_autoptr (Archive) archive = archive_read_new ();
  gsize size = 0;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  if (!check (archive, archive_read_support_format_zip_seekable (archive),
              error) ||
      !check (archive, archive_read_set_options (archive, "zip:ignorecrc32"),
              error) ||
      !check (archive, archive_read_open_memory (archive, data, size), error))
    return NULL;
  return g_steal_pointer (&archive);
}

static gboolean
read_directory (Zip *self, GError **error)
{
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);

  if (!hf_torch_zip_check_directory (data, size, &self->n_members, error))
    return FALSE;
  return self->n_members <= MAX_MEMBERS ||
         refuse (error, _("has more members than any model"));
}

/* Only plain names below the archive: no root, no way up, no odd letters. */
static gboolean
is_plain_name (const char *name)
{
  g_auto (GStrv) parts = NULL;

  if (name == NULL || name[0] == '/' || strlen (name) > 1000 ||
      strchr (name, '\\') != NULL)
    return FALSE;
  parts = g_strsplit (name, "/", -1);
  for (char **part = parts; *part != NULL; part++)
    if (g_str_equal (*part, ".."))
      return FALSE;
  return TRUE;
}

/* Appends the whole of the current member to @buffer of @size_bytes. */
static gboolean
unpack (Archive *archive, guint8 *buffer, gsize size_bytes, const char *name,
        GError **error)
{
  gsize done = 0;

  for (;;) {
    gconstpointer block = NULL;
    gsize n = 0;
    gint64 offset = 0;
    int code = archive_read_data_block (archive, &block, &n, &offset);

    if (code == ARCHIVE_EOF)
      break;
    if (!check (archive, code, error))
      return FALSE;
    if (offset != (gint64) done || n > size_bytes - done)
      return refuse_name (error, _("has a member %s that is longer than it "
                                   "says"),
                                    name);
    memcpy (buffer + done, block, n);
    done += n;
  }
  return done == size_bytes ||
         refuse_name (error, _("has a member %s that ends early"), name);
}

/* Unpacks the current member, within the budget. */
static gboolean
unpack_member (Zip *self, Archive *archive, const char *name, Member *member,
               GError **error)
{
  guint8 *buffer;

  if (member->size_bytes > self->budget_bytes)
    return refuse_name (error, _("has a member %s that unpacks to far more "
                                 "than the file holds"),
                                  name);
  self->budget_bytes -= member->size_bytes;
  buffer = g_try_malloc (MAX (member->size_bytes, 1));
  if (buffer == NULL)
    return refuse_name (error, _("has a member %s that does not fit into "
                                 "memory"),
                                  name);
  g_ptr_array_add (self->unpacked, buffer);
  if (!unpack (archive, buffer, member->size_bytes, name, error))
    return FALSE;
  member->data = buffer;
  return TRUE;
}

/* Whether the whole member lies in our bytes as it is; then sets where. */
static gboolean
find_stored (Zip *self, Archive *archive, Member *member, GError **error)
{
  gsize size = 0, n = 0;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);
  gconstpointer block = NULL;
  gint64 offset = 0;
  int code = archive_read_data_block (archive, &block, &n, &offset);
  gsize at;

  if (code == ARCHIVE_EOF)
    return TRUE;
  if (!check (archive, code, error))
    return FALSE;
  if ((const guint8 *) block < data || (const guint8 *) block >= data + size)
    return TRUE;
  at = (gsize) ((const guint8 *) block - data);
  if (offset == 0 && n == member->size_bytes && n <= size - at)
    member->data = block;
  return TRUE;
}

/* Looks at the member that the walk has come to. */
static gboolean
add_member (Zip *self, Archive *archive, struct archive_entry *entry,
            GError **error)
{
  const char *name = archive_entry_pathname (entry);
  Member *member;

  if (!is_plain_name (name))
    return refuse_name (error,
                        _("has a member whose name is no plain one: %s"),
                           name != NULL ? name : "");
  if (archive_entry_filetype (entry) == AE_IFDIR)
    return TRUE;
  if (archive_entry_filetype (entry) != AE_IFREG)
    return refuse_name (error, _("has a member %s that is no plain file"),
                                  name);
  if (archive_entry_is_encrypted (entry))
    return refuse_name (error, _("has a member %s that is encrypted"), name);
  if (!archive_entry_size_is_set (entry) || archive_entry_size (entry) < 0)
    return refuse_name (error, _("has a member %s of unknown size"), name);
  if (g_hash_table_contains (self->members, name))
    return refuse_name (error, _("has two members %s"), name);
  member = g_new0 (Member, 1);
  member->size_bytes = (gsize) archive_entry_size (entry);
  g_hash_table_insert (self->members, g_strdup (name), member);
  return member->size_bytes == 0 || find_stored (self, archive, member, error);
}

/* Walks all members: on the first walk to learn them, later to unpack those
 * that are wanted. */
static gboolean
walk (Zip *self, gboolean is_first, GError **error)
{
  g_autoptr (Archive) archive = open_archive (self->bytes, error);

  if (archive == NULL)
    return FALSE;
  for (guint64 n = 0;; n++) {
    struct archive_entry *entry = NULL;
    int code = archive_read_next_header (archive, &entry);
    const char *name;

    if (code == ARCHIVE_EOF)
      return n == self->n_members ||
             refuse (error, _("has members outside its directory"));
    if (!check (archive, code, error))
      return FALSE;
    name = archive_entry_pathname (entry);
    if (is_first) {
      if (!add_member (self, archive, entry, error))
        return FALSE;
    } else if (name != NULL && g_hash_table_contains (self->wanted, name) &&
               !unpack_member (self, archive, name,
                               g_hash_table_lookup (self->members, name),
                               error)) {
      return FALSE;
    }
  }
}

/* Unpacks what is wanted and packed. */
static gboolean
unpack_wanted (Zip *self, GError **error)
{
  if (g_hash_table_size (self->wanted) == 0)
    return TRUE;
  if (!walk (self, FALSE, error))
    return FALSE;
  g_hash_table_remove_all (self->wanted);
  return TRUE;
}

/* Marks a packed member as wanted. */
static void
want (Zip *self, const char *name, Member *member)
{
  if (member->data == NULL && member->size_bytes > 0)
    g_hash_table_add (self->wanted, (gpointer) name);
}

/* The folder of the one data.pkl, with its slash; caller frees. */
static char *
dup_prefix (Zip *self, GError **error)
{
  g_autofree char *prefix = NULL;
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, self->members);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    char *slash = strchr (name, '/');

    if (slash == NULL || !g_str_equal (slash, "/data.pkl"))
      continue;
    if (prefix != NULL) {
      refuse (error, _("holds two models"));
      return NULL;
    }
    prefix = g_strndup (name, (gsize) (slash + 1 - (char *) name));
  }
  if (prefix == NULL)
    refuse (
        error,
        _("is a zip archive without data.pkl, which every model of PyTorch "
          "has"));
  return g_steal_pointer (&prefix);
}

/* The member PREFIX NAME, which is wanted, or NULL. */
static Member *
get_member (Zip *self, const char *prefix, const char *name)
{
  g_autofree char *full = g_strconcat (prefix, name, NULL);
  gpointer key = NULL, member = NULL;

  if (g_hash_table_lookup_extended (self->members, full, &key, &member))
    want (self, key, member);
  return member;
}

static gboolean
check_byte_order (const Member *member, GError **error)
{
  if (member == NULL || (member->data != NULL && member->size_bytes == 6 &&
                         memcmp (member->data, "little", 6) == 0))
    return TRUE;
  return refuse (error, _("holds numbers in another byte order"));
}

typedef struct {
  Zip *zip;
  const char *prefix;
} Finder;

/* The member of a storage, which is one of its own key. */
static Member *
find_member (Finder *finder, HfPickleStorage *storage, gpointer *name)
{
  g_autofree char *key = g_strndup (storage->key->text, storage->key->length);
  g_autofree char *full = g_strconcat (finder->prefix, "data/", key, NULL);
  gpointer member = NULL;

  g_hash_table_lookup_extended (finder->zip->members, full, name, &member);
  return member;
}

static gboolean
want_storage (gpointer data, HfPickleStorage *storage, GError **error)
{
  Finder *finder = data;
  gpointer name = NULL;
  Member *member = find_member (finder, storage, &name);
  gsize size_bytes = 0;

  if (member == NULL) {
    g_autofree char *key = g_strndup (storage->key->text, storage->key->length);

    return refuse_name (error, _("lacks the member data/%s"), key);
  }
  if (!g_size_checked_mul (&size_bytes, (gsize) storage->n_elements,
                           hf_dtype_get_size (storage->dtype)) ||
      member->size_bytes < size_bytes)
    return refuse_name (error, _("has a member %s that is shorter than its "
                                 "numbers"),
                                  name);
  want (finder->zip, name, member);
  return TRUE;
}

static gboolean
find_storage (gpointer data, HfPickleStorage *storage, GError **error)
{
  gpointer name = NULL;
  Member *member = find_member (data, storage, &name);

  storage->data = member->data != NULL ? member->data : (const guint8 *) "";
  return TRUE;
}

/* The tensors that the pickle in @member speaks of, into @file. */
static gboolean
read_tensors (Zip *self, const char *prefix, const Member *member,
              HfTensorFile *file, gboolean *is_script, GError **error)
{
  Finder finder = {self, prefix};
  gsize n_read = 0;
  g_autoptr (HfPickle) pickle =
      hf_pickle_read (member->data != NULL ? member->data : (const guint8 *) "",
                      member->size_bytes, &n_read, error);
  g_autoptr (HfTorchState) state = NULL;

  if (pickle == NULL)
    return FALSE;
  state = hf_torch_state_new (hf_pickle_get_top (pickle), error);
  if (state == NULL ||
      !hf_torch_state_find_storages (state, want_storage, &finder, error) ||
      !unpack_wanted (self, error) ||
      !hf_torch_state_find_storages (state, find_storage, &finder, error))
    return FALSE;
  *is_script = hf_torch_state_is_script (state);
  return hf_torch_state_add_to (state, file, error);
}

HfTensorFile *
hf_torch_zip_parse (GBytes *bytes, gboolean *is_script, GError **error)
{
  Zip *self = zip_new (bytes);
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (self, zip_free);
  g_autofree char *prefix = NULL;
  Member *pickle, *byte_order;

  if (!read_directory (self, error) || !walk (self, TRUE, error))
    return NULL;
  prefix = dup_prefix (self, error);
  if (prefix == NULL)
    return NULL;
  pickle = get_member (self, prefix, "data.pkl");
  byte_order = get_member (self, prefix, "byteorder");
  if (pickle->size_bytes > MAX_PICKLE_BYTES) {
    refuse (error, _("has a pickle larger than any model's"));
    return NULL;
  }
  if (!unpack_wanted (self, error) || !check_byte_order (byte_order, error) ||
      !read_tensors (self, prefix, pickle, file, is_script, error))
    return NULL;
  return g_steal_pointer (&file);
}
