#include "tensor/safetensors.h"

#include <glib/gstdio.h>
#include <string.h>

/* A container of @header and @n_data bytes 0, 1, 2 ... */
static GBytes *
make (const char *header, gsize n_data)
{
  GByteArray *out = g_byte_array_new ();
  guint64 length = GUINT64_TO_LE ((guint64) strlen (header));

  g_byte_array_append (out, (const guint8 *) &length, 8);
  g_byte_array_append (out, (const guint8 *) header, (guint) strlen (header));
  for (gsize i = 0; i < n_data; i++) {
    guint8 byte = (guint8) i;

    g_byte_array_append (out, &byte, 1);
  }
  return g_byte_array_free_to_bytes (out);
}

static void
assert_refused (const char *header, gsize n_data, const char *reason)
{
  g_autoptr (GBytes) bytes = make (header, n_data);
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_safetensors_parse (bytes, &error));
  g_assert_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT);
  if (strstr (error->message, reason) == NULL)
    g_error ("\"%s\" does not say \"%s\"", error->message, reason);
}

#define A "\"a\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}"
#define B(begin, end) \
  "\"b\":{\"dtype\":\"I16\",\"shape\":[2],\"data_offsets\":[" begin "," end "]}"

static void
test_reads (void)
{
  g_autoptr (GBytes) bytes = make (
      " { " B ("2", "6") " ,\n\"__metadata__\":{\"k\":\"v\\u00e4\\n\"}, " A
                         ", \"\\ud83d\\ude00\":{\"shape\":[],\"data_offsets\":"
                         "[6,7],\"dtype\":\"I8\"} }  ",
      7);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file = hf_safetensors_parse (bytes, &error);
  float got[2];

  g_assert_no_error (error);
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 3);
  g_assert_cmpstr (hf_tensor_file_get_metadata (file, "k"), ==, "v\u00e4\n");
  g_assert_cmpstr (hf_tensor_file_get_nth (file, 0)->name, ==, "b");
  g_assert_nonnull (hf_tensor_file_get (file, "\U0001f600"));
  hf_tensor_read (hf_tensor_file_get (file, "b"), got);
  g_assert_cmpfloat (got[0], ==, 2 + 3 * 256);
  g_assert_cmpfloat (got[1], ==, 4 + 5 * 256);
}

static void
test_refuses (void)
{
  assert_refused ("{" A "," B ("2", "6") "}", 7, "1 byte after");
  assert_refused ("{" A "," B ("2", "6") "}", 5, "past the end");
  assert_refused ("{" A "," B ("1", "5") "}", 5, "overlaps");
  assert_refused ("{" A "," B ("3", "7") "}", 7, "hole");
  assert_refused ("{" A "," B ("2", "5") "}", 5, "do not agree");
  assert_refused ("{" A "," B ("6", "2") "}", 6, "do not agree");
  assert_refused ("{" A "," A "}", 2, "overlaps");
  assert_refused ("{" A ",}", 2, "no '\"'");
  assert_refused ("{" A "} x", 2, "after its end");
  assert_refused ("{" A, 2, "no ','");
  assert_refused ("{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],"
                  "\"data_offsets\":[0,1]}}",
                  1, "more than 8 dimensions");
  assert_refused ("{\"a\":{\"dtype\":\"F13\",\"shape\":[1],"
                  "\"data_offsets\":[0,1]}}",
                  1, "\"F13\"");
  assert_refused ("{\"a\":{\"dtype\":\"U8\",\"shape\":[01],"
                  "\"data_offsets\":[0,1]}}",
                  1, "no whole number");
  assert_refused ("{\"a\\u0000\":{\"dtype\":\"U8\",\"shape\":[1],"
                  "\"data_offsets\":[0,1]}}",
                  1, "bad character");
  assert_refused ("{\"\\ud83d\":{\"dtype\":\"U8\",\"shape\":[1],"
                  "\"data_offsets\":[0,1]}}",
                  1, "bad character");
  /* 2^62 * 2^62 * 0: nothing, unless multiplied from the left. */
  assert_refused ("{\"a\":{\"dtype\":\"U8\",\"shape\":["
                  "4611686018427387904,4611686018427387904,0],"
                  "\"data_offsets\":[0,0]}}",
                  0, "do not agree");
}

/* Two names for zero bytes are no overlap, but the same name is refused. */
static void
test_empty_tensors (void)
{
#define EMPTY(name) \
  "\"" name "\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[2,2]}"
  g_autoptr (GBytes) bytes =
      make ("{" EMPTY ("x") "," A "," EMPTY ("y") "}", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file = hf_safetensors_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (hf_tensor_file_get_n_tensors (file), ==, 3);
  assert_refused ("{" EMPTY ("x") "," A "," EMPTY ("x") "}", 2, "twice");
}

/* A header of many megabytes takes linear time and memory. */
static void
test_long_header (void)
{
  g_autoptr (GString) header =
      g_string_new ("{" A ",\"__metadata__\":{\"k\":\"");
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (HfTensorFile) file = NULL;

  for (int i = 0; i < 20000000; i++)
    g_string_append_c (header, 'x');
  g_string_append (header, "\"}}");
  bytes = make (header->str, 2);
  file = hf_safetensors_parse (bytes, NULL);
  g_assert_nonnull (file);
  g_string_assign (header, "{");
  for (int i = 0; i < 4000000; i++)
    g_string_append (header, "\"a\":[");
  assert_refused (header->str, 0, "no '{'");
}

static void
test_round_trip (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.safetensors", NULL);
  g_autofree char *again = g_build_filename (folder, "y.safetensors", NULL);
  g_autoptr (HfTensorFile) file = hf_tensor_file_new (NULL, NULL);
  static const float numbers[6] = {0, 1, 2, 3, 4, 5};
  HfTensor matrix = {.dtype = HF_DTYPE_F32,
                     .n_dims = 2,
                     .shape = {2, 3},
                     .strides = {3, 1},
                     .data = (const guint8 *) numbers};
  HfTensor turned = hf_tensor_view_transposed (&matrix);
  g_autoptr (HfTensorFile) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (GBytes) in_memory = NULL;
  gsize n_a = 0, n_b = 0;
  guint64 header_bytes;
  float got[6];

  hf_tensor_file_set_metadata (file, "z", "\"\\\n\x01 \u00e4");
  hf_tensor_file_set_metadata (file, "a", "");
  hf_tensor_file_add (file, "turned \"x\"", &turned);
  hf_tensor_file_add (file, "matrix", &matrix);
  g_assert_true (hf_safetensors_save (file, path, &error));
  g_assert_no_error (error);
  read = hf_safetensors_load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hf_tensor_file_get_metadata (read, "z"), ==,
                   "\"\\\n\x01 \u00e4");
  hf_tensor_read (hf_tensor_file_get (read, "turned \"x\""), got);
  g_assert_cmpfloat (got[1], ==, 3);
  g_assert_cmpfloat (got[2], ==, 1);
  g_assert_true (hf_safetensors_save (read, again, &error));
  g_assert_true (g_file_get_contents (path, &a, &n_a, NULL));
  g_assert_true (g_file_get_contents (again, &b, &n_b, NULL));
  g_assert_cmpmem (a, n_a, b, n_b);
  in_memory = hf_safetensors_dup_bytes (file, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (a, n_a, g_bytes_get_data (in_memory, NULL),
                   g_bytes_get_size (in_memory));
  memcpy (&header_bytes, a, 8);
  g_assert_cmpuint (GUINT64_FROM_LE (header_bytes) % 8, ==, 0);
  g_unlink (path);
  g_unlink (again);
  g_rmdir (folder);
}

static void
test_load_names_the_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "short.safetensors", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "1234567", 7, NULL));
  g_assert_null (hf_safetensors_load (path, &error));
  g_assert_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, "short.safetensors"));
  g_clear_error (&error);
  g_unlink (path);
  g_assert_null (hf_safetensors_load (path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tensor/safetensors/reads-names-shapes-and-metadata",
                   test_reads);
  g_test_add_func ("/tensor/safetensors/refuses-what-does-not-fit",
                   test_refuses);
  g_test_add_func ("/tensor/safetensors/empty-tensors-share-a-place",
                   test_empty_tensors);
  g_test_add_func ("/tensor/safetensors/long-headers-are-read-or-refused",
                   test_long_header);
  g_test_add_func ("/tensor/safetensors/round-trip-gives-equal-bytes",
                   test_round_trip);
  g_test_add_func ("/tensor/safetensors/load-names-the-file",
                   test_load_names_the_file);
  return g_test_run ();
}
