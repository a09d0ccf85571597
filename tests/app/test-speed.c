/* Tests of app/models/speed. */
#include "app/models/speed.h"

#include <unistd.h>

/* The starter by a name of this test's own: others remember its speeds too. */
static char *
dup_starter (void)
{
  g_autofree char *starter = g_build_filename (
      g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models", "starter", NULL);
  g_autofree char *folder = g_dir_make_tmp ("handful-speed-XXXXXX", NULL);
  char *link = g_build_filename (folder, "starter", NULL);

  g_assert_cmpint (symlink (starter, link), ==, 0);
  return link;
}

static void
test_remembers (void)
{
  g_autofree char *starter = dup_starter ();
  g_autofree char *device = NULL;
  g_autoptr (GError) error = NULL;
  double ms = 0;
  int right = 0, n = 0;

  g_assert_true (hf_speed_measure (starter, NULL, HF_PRECISION_F16, NULL, &ms,
                                   &device, &error));
  g_assert_no_error (error);
  g_assert_cmpfloat (ms, >, 0);
  g_assert_nonnull (device);
  g_assert_cmpfloat_with_epsilon (
      hf_speed_recall (starter, device, HF_PRECISION_F16), ms, 1e-9);
  g_assert_cmpfloat_with_epsilon (
      hf_speed_recall (starter, NULL, HF_PRECISION_F16), ms, 1e-9);
  g_assert_false (
      hf_speed_recall_right (starter, HF_PRECISION_F16, &right, &n));
  hf_speed_remember_right (starter, HF_PRECISION_F16, 211, 256);
  g_assert_true (hf_speed_recall_right (starter, HF_PRECISION_F16, &right, &n));
  g_assert_cmpint (right, ==, 211);
  g_assert_cmpint (n, ==, 256);
  g_assert_false (
      hf_speed_recall_right (starter, HF_PRECISION_INT8, &right, &n));
  hf_speed_remember_right (starter, HF_PRECISION_BF16, 210, 256);
  hf_speed_forget_right (starter);
  for (int p = 0; p < HF_N_PRECISIONS; p++)
    g_assert_false (
        hf_speed_recall_right (starter, (HfPrecision) p, &right, &n));
  g_assert_cmpfloat (hf_speed_recall (starter, NULL, HF_PRECISION_F16), >, 0);
  g_assert_cmpfloat (hf_speed_recall (starter, device, HF_PRECISION_F32), ==,
                     0);
  g_assert_cmpfloat (hf_speed_recall (starter, "another", HF_PRECISION_F16), ==,
                     0);
  g_assert_cmpfloat (hf_speed_recall ("/", device, HF_PRECISION_F16), ==, 0);
}

static void
test_cancel (void)
{
  g_autofree char *starter = dup_starter ();
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  double ms = 0;

  hf_progress_cancel (progress);
  g_assert_false (hf_speed_measure (starter, NULL, HF_PRECISION_F16, progress,
                                    &ms, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/speed/a-measured-speed-is-remembered",
                   test_remembers);
  g_test_add_func ("/models/speed/a-measurement-can-be-cancelled", test_cancel);
  return g_test_run ();
}
