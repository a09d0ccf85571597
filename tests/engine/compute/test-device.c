#include "compute/device-list.h"
#include "compute/self-test.h"
#include "fixture.h"

#include <string.h>

/* With no vendor registered, in a process of its own. */
static void
child_no_device (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_device_open (NULL, NULL, NULL, &error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND);
  g_assert_nonnull (strstr (error->message, "pocl-opencl-icd"));
  g_clear_error (&error);
  g_assert_null (hf_device_list (&error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND);
}

static void
test_no_device (void)
{
  g_setenv ("OCL_ICD_VENDORS", "/proc/nowhere", TRUE);
  g_test_trap_subprocess ("/compute/device/subprocess/no-device", 0, 0);
  g_unsetenv ("OCL_ICD_VENDORS");
  g_test_trap_assert_passed ();
}

static void
count_sentence (const char *sentence, gpointer data)
{
  g_assert_nonnull (strstr (sentence, "Broken GPU"));
  ++*(int *) data;
}

/* Beside a driver that can open nothing, the others are used. */
static void
child_broken (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = hf_device_list (&error);
  const HfDeviceInfo *last;
  int n_sentences = 0;

  g_assert_no_error (error);
  last = devices->pdata[devices->len - 1];
  g_assert_cmpstr (last->name, ==, "Broken GPU");
  g_assert_false (last->usable);
  g_assert_nonnull (strstr (last->reason, "could not be opened"));
  g_assert_null (
      hf_device_open ("broken", count_sentence, &n_sentences, &error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_USABLE);
  g_assert_cmpint (n_sentences, ==, 1);
  if (devices->len > 1) {
    g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, NULL);

    g_assert_nonnull (device);
  }
}

/* The loader's list: every driver of this machine, and the broken one. */
static char *
make_vendors (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-icd-XXXXXX", NULL);
  g_autoptr (GDir) dir = g_dir_open ("/etc/OpenCL/vendors", 0, NULL);
  g_autofree char *broken = g_build_filename (folder, "broken.icd", NULL);
  const char *name;

  g_file_set_contents (broken, g_getenv ("HANDFUL_BROKEN_DRIVER"), -1, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *from =
        g_build_filename ("/etc/OpenCL/vendors", name, NULL);
    g_autofree char *to = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;

    if (g_file_get_contents (from, &text, NULL, NULL))
      g_file_set_contents (to, text, -1, NULL);
  }
  return g_steal_pointer (&folder);
}

static void
test_broken (void)
{
  g_autofree char *folder = make_vendors ();

  g_setenv ("OCL_ICD_VENDORS", folder, TRUE);
  g_test_trap_subprocess ("/compute/device/subprocess/broken", 0, 0);
  g_unsetenv ("OCL_ICD_VENDORS");
  g_test_trap_assert_passed ();
}

static void
test_list (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = hf_device_list (&error);
  int n_chosen = 0;

  if (devices == NULL) {
    g_test_skip (error->message);
    return;
  }
  for (guint i = 0; i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];

    n_chosen += info->chosen;
    g_assert_true (info->usable || !info->chosen);
    g_assert_nonnull (info->reason);
    g_assert_cmpstr (info->name, !=, "");
    g_assert_cmpuint (info->memory_bytes, >, 0);
    if (info->usable)
      g_assert_cmpfloat (info->gflops, >, 0);
    /* All tiles are measured, or none: only the GPU class has them. */
    for (gsize t = 0; t < G_N_ELEMENTS (info->tile_ns); t++)
      g_assert_true ((info->tile_ns[t] > 0) == (info->tile_ns[0] > 0));
    if (g_strcmp0 (g_getenv ("HANDFUL_KERNELS"), "gpu") == 0 && info->usable)
      g_assert_cmpfloat (info->tile_ns[0], >, 0);
  }
  g_assert_cmpint (n_chosen, ==, 1);
}

static void
test_wanted (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, &error);
  g_autoptr (HfDevice) by_id = NULL;

  if (device == NULL) {
    g_test_skip (error->message);
    return;
  }
  by_id = hf_device_open (hf_device_get_info (device)->id, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (hf_device_get_info (by_id)->name, ==,
                   hf_device_get_info (device)->name);
  g_assert_null (hf_device_open ("no such device", NULL, NULL, &error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_KNOWN);
}

/* A name is looked for without opening anything. */
static void
test_find (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, NULL);

  g_assert_true (hf_device_find (NULL, &error));
  g_assert_true (hf_device_find ("", &error));
  if (device != NULL) {
    g_assert_true (hf_device_find (hf_device_get_info (device)->id, &error));
    g_assert_true (hf_device_find (hf_device_get_info (device)->name, &error));
  }
  g_assert_no_error (error);
  g_assert_false (hf_device_find ("no such device", &error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_KNOWN);
}

gboolean __real_hf_self_test (HfDevice *device, GError **error);
gboolean __wrap_hf_self_test (HfDevice *device, GError **error);

static int n_tested;

gboolean
__wrap_hf_self_test (HfDevice *device, GError **error)
{
  n_tested++;
  return __real_hf_self_test (device, error);
}

/* Only what failed is tested again: it may be mended. */
static void
test_opened_without_test (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = hf_device_list (&error);
  g_autoptr (HfDevice) device = NULL;
  int n_failed = 0;

  if (devices == NULL) {
    g_test_skip (error->message);
    return;
  }
  for (guint i = 0; i < devices->len; i++)
    n_failed += !((const HfDeviceInfo *) devices->pdata[i])->usable;
  n_tested = 0;
  device = hf_device_open (NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n_tested, ==, n_failed);
}

/* What the list has tested is known afterwards without a test. */
static void
test_recall (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = hf_device_list (&error);
  g_autoptr (HfDeviceInfo) recalled = hf_device_recall (NULL);
  g_autoptr (HfDeviceInfo) other = hf_device_recall ("no such device");

  if (devices == NULL) {
    g_test_skip (error->message);
    return;
  }
  for (guint i = 0; i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];

    if (!info->chosen)
      continue;
    g_assert_cmpstr (recalled->name, ==, info->name);
    g_assert_cmpfloat (recalled->gflops, >, 0);
    g_assert_cmpuint (recalled->memory_bytes, ==, info->memory_bytes);
  }
  g_assert_null (other);
}

/* Open or not, it refuses the same in the same words. */
static void
test_precisions (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, &error);
  g_autoptr (GPtrArray) devices = hf_device_list (NULL);
  const HfDeviceInfo *info = NULL;

  if (device == NULL) {
    g_test_skip (error->message);
    return;
  }
  for (guint i = 0; info == NULL || !info->chosen; i++)
    info = devices->pdata[i];
  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    g_autoptr (GError) of_open = NULL, of_info = NULL;
    const gboolean has = hf_device_supports (device, (HfPrecision) p, &of_open);

    g_assert_cmpint (hf_device_info_supports (info, (HfPrecision) p, &of_info),
                     ==, has);
    if (has)
      continue;
    g_assert_error (of_info, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION);
    g_assert_cmpstr (of_info->message, ==, of_open->message);
  }
}

/* With vectors of eight there is no bf16. */
static void
test_precisions_of_eight (void)
{
  g_setenv ("HANDFUL_VECTOR_WIDTH", "8", TRUE);
  test_precisions ();
  g_unsetenv ("HANDFUL_VECTOR_WIDTH");
}

static void
test_out_of_memory (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = hf_device_open (NULL, NULL, NULL, &error);

  if (device == NULL) {
    g_test_skip (error->message);
    return;
  }
  g_assert_null (hf_buffer_new (device, (gsize) 1 << 60, &error));
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_MEMORY);
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/compute/device/subprocess/no-device", child_no_device);
  g_test_add_func ("/compute/device/none-says-what-to-install", test_no_device);
  g_test_add_func ("/compute/device/subprocess/broken", child_broken);
  g_test_add_func ("/compute/device/broken-driver-is-passed-over", test_broken);
  g_test_add_func ("/compute/device/list-chooses-one", test_list);
  g_test_add_func ("/compute/device/recalled-without-a-test", test_recall);
  g_test_add_func ("/compute/device/opened-without-a-test-after-one",
                   test_opened_without_test);
  g_test_add_func ("/compute/device/opened-by-id", test_wanted);
  g_test_add_func ("/compute/device/a-name-is-found-or-not", test_find);
  g_test_add_func ("/compute/device/precisions", test_precisions);
  g_test_add_func ("/compute/device/precisions-of-narrow-vectors",
                   test_precisions_of_eight);
  g_test_add_func ("/compute/device/out-of-memory", test_out_of_memory);
  return g_test_run ();
}
