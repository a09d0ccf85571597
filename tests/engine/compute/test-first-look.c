/* Several threads look for devices, and into the files that are built in, at
 * once, in a program that has not looked before: a program of its own, since
 * only the first look can go wrong. */
#include "clip/text/builtin.h"
#include "compute/device.h"

#define N_THREADS 6

static gpointer
read_thread (gpointer data)
{
  return hf_builtin_dup ("entities.txt", NULL);
}

static void
test_files (void)
{
  GThread *threads[N_THREADS];

  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("read", read_thread, NULL);
  for (int i = 0; i < N_THREADS; i++) {
    g_autoptr (GBytes) bytes = g_thread_join (threads[i]);

    g_assert_nonnull (bytes);
    g_assert_cmpuint (g_bytes_get_size (bytes), >, 0);
  }
}

static gpointer
look_thread (gpointer data)
{
  return hf_device_list (NULL);
}

static void
test_threads (void)
{
  GThread *threads[N_THREADS];

  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("look", look_thread, NULL);
  for (int i = 0; i < N_THREADS; i++) {
    g_autoptr (GPtrArray) devices = g_thread_join (threads[i]);

    g_assert_nonnull (devices);
    for (guint j = 0; j < devices->len; j++) {
      const HfDeviceInfo *info = g_ptr_array_index (devices, j);

      g_assert_cmpstr (info->name, !=, "");
      g_assert_true (info->usable);
    }
  }
}

int
main (int argc, char **argv)
{
  hf_device_prepare_environment (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/builtin/several-threads-read-at-once", test_files);
  g_test_add_func ("/compute/device/several-threads-look-at-once",
                   test_threads);
  return g_test_run ();
}
