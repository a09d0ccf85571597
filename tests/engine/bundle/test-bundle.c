/* Bundles: what is saved comes back, equal content is equal bytes, and nothing
 * else is opened. */
#include "bundle/bundle.h"
#include "bundle/crc32.h"
#include "bundle/zip.h"
#include "model/model-file.h"
#include "sample.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfBundleContent, hf_bundle_content_clear)

guint32 __real_hf_crc32 (const void *data, gsize size_bytes);
guint32 __wrap_hf_crc32 (const void *data, gsize size_bytes);

/* Bytes of members that were read, on any thread. */
static gsize n_summed;

guint32
__wrap_hf_crc32 (const void *data, gsize size_bytes)
{
  g_atomic_pointer_add (&n_summed, size_bytes);
  return __real_hf_crc32 (data, size_bytes);
}

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer unused)
{
  self->folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "ring.probe", NULL);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  g_unlink (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static void
save_sample (const char *path)
{
  g_auto (HfBundleContent) content;
  g_autoptr (GError) error = NULL;

  sample_fill (&content);
  g_assert_true (hf_bundle_save (&content, path, NULL, &error));
  g_assert_no_error (error);
}

static void
test_crc32 (void)
{
  guint8 bytes[100];

  g_assert_cmphex (hf_crc32 ("123456789", 9), ==, 0xcbf43926);
  g_assert_cmphex (hf_crc32 ("", 0), ==, 0);
  /* The definition, bit by bit, at lengths on both sides of the step. */
  for (gsize n = 0; n < sizeof bytes; n++) {
    guint32 sum = 0xffffffff;

    bytes[n] = (guint8) (n * 37 + 11);
    for (gsize i = 0; i <= n; i++) {
      sum ^= bytes[i];
      for (int bit = 0; bit < 8; bit++)
        sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
    }
    g_assert_cmphex (hf_crc32 (bytes, n + 1), ==, ~sum);
  }
}

static void
test_names (void)
{
  static const char *const good[] = {"a", "manifest.json", "golden/a-b_c.jpg",
                                     "model/x+y.z"};
  static const char *const bad[] = {
      "",      "/a", "a/",   "a//b",   "../a",     "a/../b", "./a",
      "a/./b", ".a", "a/.b", "a\\b",   "C:a",      "a b",    "\xc3\xa4",
      "a\nb",  "..", "/",    "a/b/..", "golden/*", "~/x"};
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *longer = g_strnfill (201, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (hf_zip_is_name (good[i]));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (hf_zip_is_name (bad[i]));
  g_assert_true (hf_zip_is_name (longest));
  g_assert_false (hf_zip_is_name (longer));
}

static void
test_round_trip (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) wanted;
  g_autoptr (HfBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *data = NULL, *sum = NULL;
  const HfBundleContent *got;
  const HfGolden *golden;
  gsize size_bytes;

  sample_fill (&wanted);
  g_assert_true (hf_bundle_save (&wanted, self->path, NULL, &error));
  bundle = hf_bundle_open (self->path, NULL, &error);
  g_assert_no_error (error);
  got = hf_bundle_get_content (bundle);
  g_assert_cmpstrv (got->classes, wanted.classes);
  g_assert_cmpint (got->kinds[0], ==, HF_CLASS_GOOD);
  g_assert_cmpint (got->kinds[1], ==, HF_CLASS_DEFECT);
  g_assert_cmpstr (got->model_identity, ==, wanted.model_identity);
  g_assert_cmpstr (got->model_name, ==, "starter");
  g_assert_null (got->model_source);
  g_assert_cmpint (got->n_views, ==, 4);
  g_assert_cmpfloat (got->thresholds.reject, ==, 0.25);
  g_assert_cmpfloat (got->thresholds.pass, ==, 0.9);
  g_assert_cmpstr (got->label_log_sha256, ==, wanted.label_log_sha256);
  g_assert_cmpstr (json_object_to_json_string (got->evaluation), ==,
                   json_object_to_json_string (wanted.evaluation));
  g_assert_cmpstrv (got->warnings, wanted.warnings);
  g_assert_cmpuint (got->goldens->len, ==, 3);
  golden = got->goldens->pdata[0];
  g_assert_cmpstr (golden->name, ==, "golden/good_000.jpg");
  g_assert_true (g_bytes_equal (golden->clip,
                                ((HfGolden *) wanted.goldens->pdata[1])->clip));
  g_assert_true (
      g_bytes_equal (golden->probabilities,
                     ((HfGolden *) wanted.goldens->pdata[1])->probabilities));
  g_assert_true (g_bytes_equal (
      golden->bytes, ((HfGolden *) wanted.goldens->pdata[1])->bytes));
  g_assert_nonnull (hf_tensor_file_get (got->training, "label"));
  g_assert_false (hf_bundle_has_model (bundle));
  g_assert_true (g_file_get_contents (self->path, &data, &size_bytes, NULL));
  sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (guint8 *) data,
                                     size_bytes);
  g_assert_cmpstr (hf_bundle_get_sha256 (bundle), ==, sum);
}

static void
test_equal_bytes (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autofree char *first = NULL, *second = NULL;
  gsize n_first, n_second;
  gpointer moved;

  save_sample (self->path);
  g_assert_true (g_file_get_contents (self->path, &first, &n_first, NULL));
  sample_fill (&content);
  moved = content.goldens->pdata[0];
  content.goldens->pdata[0] = content.goldens->pdata[2];
  content.goldens->pdata[2] = moved;
  g_assert_true (hf_bundle_save (&content, self->path, NULL, NULL));
  g_assert_true (g_file_get_contents (self->path, &second, &n_second, NULL));
  g_assert_cmpmem (first, n_first, second, n_second);
}

/* The first fault of @path, which must be one, said in full. */
static void
assert_refused (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = hf_bundle_open (path, NULL, &error);

  g_assert_null (bundle);
  g_assert_nonnull (error);
  g_assert_true (error->domain == HF_BUNDLE_ERROR);
  g_assert_nonnull (strstr (error->message, "ring.probe is refused: it "));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* In place, without waiting for the disk. */
static void
write_byte (int fd, gsize at, char byte)
{
  g_assert_cmpint (pwrite (fd, &byte, 1, (off_t) at), ==, 1);
}

static void
test_flips (Fixture *self, gconstpointer unused)
{
  g_autofree char *data = NULL;
  gsize n;
  int fd;

  save_sample (self->path);
  g_assert_true (g_file_get_contents (self->path, &data, &n, NULL));
  fd = g_open (self->path, O_WRONLY, 0);
  for (gsize i = 0; i < n; i++) {
    write_byte (fd, i, data[i] ^ (char) (1 << i % 8));
    assert_refused (self->path);
    write_byte (fd, i, data[i]);
  }
  close (fd);
}

static void
test_truncated (Fixture *self, gconstpointer unused)
{
  GStatBuf info;

  save_sample (self->path);
  g_assert_cmpint (g_stat (self->path, &info), ==, 0);
  for (off_t n = info.st_size; n-- > 0;) {
    g_assert_cmpint (truncate (self->path, n), ==, 0);
    assert_refused (self->path);
  }
}

static void
test_longer (Fixture *self, gconstpointer unused)
{
  g_autofree char *data = NULL, *longer = NULL;
  gsize n;

  save_sample (self->path);
  g_assert_true (g_file_get_contents (self->path, &data, &n, NULL));
  longer = g_malloc0 (n + 10);
  memcpy (longer, data, n);
  g_assert_true (
      g_file_set_contents (self->path, longer, (gssize) n + 10, NULL));
  assert_refused (self->path);
  memset (longer, 0, 10);
  memcpy (longer + 10, data, n);
  g_assert_true (
      g_file_set_contents (self->path, longer, (gssize) n + 10, NULL));
  assert_refused (self->path);
}

static void
test_no_file (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = hf_bundle_open (self->path, NULL, &error);

  g_assert_null (bundle);
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_cancel (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = NULL;

  save_sample (self->path);
  hf_progress_cancel (progress);
  bundle = hf_bundle_open (self->path, progress, &error);
  g_assert_null (bundle);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_unlink (self->path);
  sample_fill (&content);
  g_assert_false (hf_bundle_save (&content, self->path, progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static void
test_bad_golden (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autoptr (GError) error = NULL;
  HfGolden *golden;

  sample_fill (&content);
  golden = content.goldens->pdata[1];
  g_free (golden->name);
  golden->name = g_strdup ("golden/../x.jpg");
  g_assert_false (hf_bundle_save (&content, self->path, NULL, &error));
  g_assert_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT);
  g_clear_error (&error);
  g_free (golden->name);
  golden->name = g_strdup ("golden/x.jpg");
  g_bytes_unref (golden->clip);
  golden->clip = g_bytes_new ("1234", 4);
  g_assert_false (hf_bundle_save (&content, self->path, NULL, &error));
  g_assert_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_FORMAT);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static char *
dup_starter (void)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models",
                           "starter", NULL);
}

static char *
dup_identity (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfModelFile) model = hf_model_file_open (path, &error);

  g_assert_no_error (error);
  return hf_model_file_dup_identity (model, NULL, NULL);
}

static void
delete_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* A bundle of the sample with the starter inside, saved and opened. */
static HfBundle *
new_with_model (HfBundleContent *content, const char *path)
{
  g_autoptr (GError) error = NULL;
  HfBundle *bundle;

  sample_fill (content);
  content->model_folder = dup_starter ();
  g_free (content->model_identity);
  content->model_identity = dup_identity (content->model_folder);
  g_assert_true (hf_bundle_save (content, path, NULL, &error));
  g_assert_no_error (error);
  bundle = hf_bundle_open (path, NULL, &error);
  g_assert_no_error (error);
  return bundle;
}

/* Inside a bundle, unpacked once, made whole again where something is
 * missing; what is there already is not read again. */
static void
test_model (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autoptr (HfBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "models", NULL);
  g_autofree char *first = NULL, *second = NULL, *third = NULL;
  g_autofree char *identity = NULL, *config = NULL;
  GStatBuf status;

  bundle = new_with_model (&content, self->path);
  g_assert_true (hf_bundle_has_model (bundle));
  first = hf_bundle_extract_model (bundle, folder, NULL, &error);
  g_assert_no_error (error);
  identity = dup_identity (first);
  g_assert_cmpstr (identity, ==, content.model_identity);
  config = g_build_filename (first, "open_clip_config.json", NULL);
  g_assert_true (g_file_test (config, G_FILE_TEST_IS_REGULAR));
  n_summed = 0;
  second = hf_bundle_extract_model (bundle, folder, NULL, &error);
  g_assert_cmpstr (second, ==, first);
  g_assert_cmpuint (n_summed, ==, 0);
  g_assert_cmpint (g_stat (config, &status), ==, 0);
  g_unlink (config);
  third = hf_bundle_extract_model (bundle, folder, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_summed, ==, status.st_size);
  g_assert_cmpstr (third, ==, first);
  g_assert_true (g_file_test (config, G_FILE_TEST_IS_REGULAR));
  delete_folder (first);
  delete_folder (folder);
}

static void
test_another_model (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autoptr (GError) error = NULL;

  sample_fill (&content);
  content.model_folder = dup_starter ();
  g_assert_false (hf_bundle_save (&content, self->path, NULL, &error));
  g_assert_error (error, HF_BUNDLE_ERROR, HF_BUNDLE_ERROR_MISMATCH);
}

typedef struct {
  const HfBundle *bundle;
  const char *folder;
  int *n_waiting;
} Unpacking;

/* The path, whose files were all there when it was returned. */
static gpointer
unpack (gpointer data)
{
  const Unpacking *self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *identity = NULL;
  char *path;

  /* All at once, however late each thread was started. */
  g_atomic_int_add (self->n_waiting, -1);
  while (g_atomic_int_get (self->n_waiting) > 0)
    g_thread_yield ();
  path = hf_bundle_extract_model (self->bundle, self->folder, NULL, &error);
  g_assert_no_error (error);
  identity = dup_identity (path);
  g_assert_cmpstr (identity, ==,
                   hf_bundle_get_content (self->bundle)->model_identity);
  return path;
}

/* As processes of a cluster do that share a home folder. */
static void
test_model_at_once (Fixture *self, gconstpointer unused)
{
  g_auto (HfBundleContent) content;
  g_autoptr (HfBundle) bundle = NULL;
  g_autofree char *folder = g_build_filename (self->folder, "models", NULL);

  bundle = new_with_model (&content, self->path);
  for (int round = 0; round < 5; round++) {
    GThread *threads[4];
    int n_waiting = G_N_ELEMENTS (threads);
    Unpacking task = {bundle, folder, &n_waiting};
    g_autofree char *path = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++)
      threads[i] = g_thread_new ("unpack", unpack, &task);
    for (gsize i = 0; i < G_N_ELEMENTS (threads); i++) {
      g_free (path);
      path = g_thread_join (threads[i]);
    }
    delete_folder (path);
  }
  delete_folder (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bundle/crc32/is-the-one-of-zip", test_crc32);
  g_test_add_func ("/bundle/zip/names-stay-inside", test_names);
#define ADD(name, func) \
  g_test_add ("/bundle/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("save/what-is-saved-comes-back", test_round_trip);
  ADD ("save/equal-content-gives-equal-bytes", test_equal_bytes);
  ADD ("save/refuses-goldens-that-no-reader-takes", test_bad_golden);
  ADD ("open/refuses-every-flipped-byte", test_flips);
  ADD ("open/refuses-every-shorter-file", test_truncated);
  ADD ("open/refuses-bytes-before-and-behind", test_longer);
  ADD ("open/a-missing-file-is-a-file-error", test_no_file);
  ADD ("cancel/leaves-nothing", test_cancel);
  ADD ("model/is-unpacked-once-and-whole", test_model);
  ADD ("model/is-the-one-that-was-trained-with", test_another_model);
  ADD ("model/is-unpacked-by-several-at-once", test_model_at_once);
  return g_test_run ();
}
