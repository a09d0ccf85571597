#include "model/torch/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

typedef struct archive Archive;
typedef struct archive_entry Entry;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Archive, archive_write_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Entry, archive_entry_free)

/* {"w": two floats of storage 0} */
static const char pickle[] =
    "\x80\2}X\1\0\0\0wctorch._utils\n_rebuild_tensor_v2\n((X\7\0\0\0storage"
    "ctorch\nFloatStorage\nX\1\0\0\0"
    "0X\3\0\0\0cpuK\2tQK\0K\2\x85K\1\x85\x89"
    "ccollections\nOrderedDict\n)RtRs.";

static const float numbers[2] = {1, 2};

static void
add_member (Archive *archive, const char *name, gconstpointer data, gsize n)
{
  g_autoptr (Entry) entry = archive_entry_new ();

  archive_entry_set_pathname (entry, name);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, (la_int64_t) n);
  g_assert_cmpint (archive_write_header (archive, entry), ==, ARCHIVE_OK);
  g_assert_cmpint (archive_write_data (archive, data, n), ==, (la_ssize_t) n);
}

/* An archive of the pickle (@n_pickle bytes of it and zeros behind), the
 * numbers and a member @extra. */
static GBytes *
make (const char *compression, gsize n_pickle, const char *extra)
{
  gsize capacity = n_pickle + 10000, used = 0;
  g_autofree char *padded = g_malloc0 (MAX (n_pickle, sizeof (pickle)));
  char *buffer = g_malloc (capacity);

  memcpy (padded, pickle, sizeof (pickle) - 1);
  {
    g_autoptr (Archive) archive = archive_write_new ();

    archive_write_set_format_zip (archive);
    archive_write_set_bytes_in_last_block (archive, 1);
    g_assert_cmpint (archive_write_set_format_option (
                         archive, "zip", "compression", compression),
                     ==, ARCHIVE_OK);
    g_assert_cmpint (
        archive_write_open_memory (archive, buffer, capacity, &used), ==,
        ARCHIVE_OK);
    add_member (archive, "a/data.pkl", padded, n_pickle);
    add_member (archive, "a/data/0", numbers, sizeof (numbers));
    if (extra != NULL)
      add_member (archive, extra, "big", 3);
    g_assert_cmpint (archive_write_close (archive), ==, ARCHIVE_OK);
  }
  return g_bytes_new_take (buffer, used);
}

static void
assert_numbers (GBytes *bytes, gboolean is_viewed)
{
  gboolean is_script = TRUE;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file =
      hf_torch_zip_parse (bytes, &is_script, &error);
  const guint8 *start = g_bytes_get_data (bytes, NULL);
  const HfTensor *tensor;
  float got[2];

  g_assert_no_error (error);
  g_assert_false (is_script);
  tensor = hf_tensor_file_get (file, "w");
  hf_tensor_read (tensor, got);
  g_assert_cmpmem (got, sizeof (got), numbers, sizeof (numbers));
  g_assert_true ((tensor->data >= start &&
                  tensor->data < start + g_bytes_get_size (bytes)) ==
                 is_viewed);
}

static void
assert_refused (GBytes *bytes, const char *reason)
{
  gboolean is_script = FALSE;
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_torch_zip_parse (bytes, &is_script, &error));
  g_assert_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_FORMAT);
  if (strstr (error->message, reason) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, reason);
}

static void
test_stored (void)
{
  g_autoptr (GBytes) bytes = make ("store", sizeof (pickle) - 1, NULL);

  assert_numbers (bytes, TRUE);
}

static void
test_deflated (void)
{
  g_autoptr (GBytes) bytes = make ("deflate", sizeof (pickle) - 1, NULL);

  assert_numbers (bytes, FALSE);
}

static void
test_bombs (void)
{
  g_autoptr (GBytes) pickled = make ("deflate", 30 << 20, NULL);
  g_autoptr (GBytes) larger = make ("deflate", 70 << 20, NULL);

  assert_refused (pickled, "far more than the file holds");
  assert_refused (larger, "larger than any model");
}

static void
test_names (void)
{
  static const struct {
    const char *extra;
    const char *reason;
  } cases[] = {
      {"a/byteorder", "byte order"}, {"b/data.pkl", "two models"},
      {"a/data/0", "two members"},   {"../x", "no plain one"},
      {"/x", "no plain one"},        {"a/../../x", "no plain one"},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GBytes) bytes =
        make ("store", sizeof (pickle) - 1, cases[i].extra);

    assert_refused (bytes, cases[i].reason);
  }
}

/* Cut anywhere, or one byte longer, it is another archive: refused. */
static void
test_cuts (void)
{
  g_autoptr (GBytes) bytes = make ("store", sizeof (pickle) - 1, NULL);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *longer = g_malloc0 (size + 1);
  g_autoptr (GBytes) trailing = NULL;

  for (gsize n = 0; n < size; n++) {
    g_autoptr (GBytes) cut = g_bytes_new (data, n);

    assert_refused (cut, "zip archive");
  }
  memcpy (longer, data, size);
  trailing = g_bytes_new (longer, size + 1);
  assert_refused (trailing, "its end is missing");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/torch-zip/stored-members-are-viewed-in-place",
                   test_stored);
  g_test_add_func ("/model/torch-zip/deflated-members-are-unpacked",
                   test_deflated);
  g_test_add_func ("/model/torch-zip/bombs-are-refused", test_bombs);
  g_test_add_func ("/model/torch-zip/odd-names-are-refused", test_names);
  g_test_add_func ("/model/torch-zip/cut-archives-are-refused", test_cuts);
  return g_test_run ();
}
