/* Which kernels a device runs: the settings of the environment, and devices
 * that are too small for them. */
#include "fixture.h"

#include "compute/ops/ops-private.h"

static HfDevice *
open_with (const char *kernels, const char *vector_width, GError **error)
{
  HfDevice *device;

  g_setenv ("HANDFUL_KERNELS", kernels, TRUE);
  g_setenv ("HANDFUL_VECTOR_WIDTH", vector_width, TRUE);
  device = hf_device_open (g_getenv ("HANDFUL_TEST_DEVICE"), NULL, NULL, error);
  g_unsetenv ("HANDFUL_KERNELS");
  g_unsetenv ("HANDFUL_VECTOR_WIDTH");
  return device;
}

/* TRUE if this machine has no device at all; the test is skipped then. */
static gboolean
skip_without_device (const GError *error)
{
  if (!g_error_matches (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND))
    return FALSE;
  g_test_skip (error->message);
  return TRUE;
}

static void
test_settings (void)
{
  static const struct {
    const char *kernels, *width;
    HfDeviceClass device_class;
  } cases[] = {{"cpu", "", HF_CLASS_CPU},
               {"cpu", "4", HF_CLASS_CPU},
               {"cpu", "8", HF_CLASS_CPU},
               {"gpu", "", HF_CLASS_GPU}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfDevice) device =
        open_with (cases[i].kernels, cases[i].width, &error);

    if (skip_without_device (error))
      return;
    g_assert_no_error (error);
    g_assert_cmpint (device->device_class, ==, cases[i].device_class);
    if (*cases[i].width != '\0')
      g_assert_cmpint (device->vector_width, ==, atoi (cases[i].width));
  }
}

static void
test_unknown_settings (void)
{
  static const char *const cases[][2] = {{"tpu", ""}, {"GPU", ""}, {"", "5"},
                                         {"", "32"},  {"", "08"},  {"", "x"}};

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfDevice) device = open_with (cases[i][0], cases[i][1], &error);

    if (skip_without_device (error))
      return;
    g_assert_null (device);
    g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_USABLE);
    g_assert_nonnull (strstr (error->message, "there are only"));
  }
}

/* Under the settings of one class nothing is known of the other. */
static void
test_memory_keeps_classes_apart (void)
{
  g_autofree char *cpu = NULL, *gpu = NULL, *width = NULL;

  g_setenv ("HANDFUL_KERNELS", "cpu", TRUE);
  cpu = hf_device_dup_kernel_settings ();
  g_setenv ("HANDFUL_VECTOR_WIDTH", "8", TRUE);
  width = hf_device_dup_kernel_settings ();
  g_unsetenv ("HANDFUL_VECTOR_WIDTH");
  g_setenv ("HANDFUL_KERNELS", "gpu", TRUE);
  gpu = hf_device_dup_kernel_settings ();
  g_unsetenv ("HANDFUL_KERNELS");
  g_assert_cmpstr (cpu, !=, gpu);
  g_assert_cmpstr (cpu, !=, width);
}

static void
assert_refused (HfDevice *device)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfOps) ops = hf_ops_new (device, HF_PRECISION_F16, &error);

  g_assert_null (ops);
  g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD);
  g_assert_nonnull (strstr (error->message, "Choose another device."));
}

static void
test_small_device (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = open_with ("gpu", "", &error);
  gsize items;

  if (skip_without_device (error))
    return;
  g_assert_no_error (error);
  items = device->max_group_items;
  device->max_group_items = 128;
  assert_refused (device);
  device->max_group_items = items;
  device->local_bytes = 16 << 10;
  assert_refused (device);
}

/* The narrowest vectors and the other class have no kernels for it. */
static void
test_no_int8 (void)
{
  const char *const settings[][2] = {{"cpu", "4"}, {"gpu", ""}};

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfDevice) device =
        open_with (settings[i][0], settings[i][1], &error);
    g_autoptr (HfOps) ops = NULL;

    if (skip_without_device (error))
      return;
    g_assert_no_error (error);
    ops = hf_ops_new (device, HF_PRECISION_INT8, &error);
    g_assert_null (ops);
    g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION);
    g_assert_nonnull (strstr (error->message, "Choose precision f16."));
  }
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/compute/class/settings-choose-kernels", test_settings);
  g_test_add_func ("/compute/class/unknown-settings-are-refused",
                   test_unknown_settings);
  g_test_add_func ("/compute/class/memory-keeps-classes-apart",
                   test_memory_keeps_classes_apart);
  g_test_add_func ("/compute/class/small-device-is-refused", test_small_device);
  g_test_add_func ("/compute/class/int8-is-refused-with-the-way-out",
                   test_no_int8);
  return g_test_run ();
}
