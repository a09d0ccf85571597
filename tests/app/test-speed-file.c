/* The file of speeds, which several programs write. Runs with a cache folder of
 * its own. */
#include "app/models/speed.h"

#include "base/scratch.h"

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_PROGRAMS = 4, N_MODELS = 20 };

static char *
dup_model (int program, int model)
{
  return g_strdup_printf ("/none/%d/%d", program, model);
}

static pid_t
start (int program)
{
  pid_t pid = fork ();

  if (pid != 0)
    return pid;
  for (int i = 0; i < N_MODELS; i++) {
    g_autofree char *path = dup_model (program, i);

    hf_speed_remember_right (path, HF_PRECISION_F32, i, 100);
  }
  _exit (0);
}

/* What broke: each wrote the file as it had read it, without what the others
 * had put there since. */
static void
test_at_once (void)
{
  pid_t pids[N_PROGRAMS];

  for (int p = 0; p < N_PROGRAMS; p++)
    pids[p] = start (p);
  for (int p = 0; p < N_PROGRAMS; p++)
    g_assert_cmpint (waitpid (pids[p], NULL, 0), ==, pids[p]);
  for (int p = 0; p < N_PROGRAMS; p++)
    for (int i = 0; i < N_MODELS; i++) {
      g_autofree char *path = dup_model (p, i);
      int right = -1, n = 0;

      g_assert_true (
          hf_speed_recall_right (path, HF_PRECISION_F32, &right, &n));
      g_assert_cmpint (right, ==, i);
      g_assert_cmpint (n, ==, 100);
    }
}

/* What an earlier program wrote holds names, so that a precision may come
 * between others. */
static void
test_names (void)
{
  const char *folder = g_getenv ("XDG_CACHE_HOME");
  g_autofree char *path =
      g_build_filename (folder, "handful", "speeds.ini", NULL);
  g_autoptr (GError) error = NULL;
  int right, n;

  g_file_set_contents (path,
                       "[/none 0 0]\n"
                       "f16 last=20\nint8 last=8.5\n"
                       "f16 right=211;256;\nint8 right=209;256;\n",
                       -1, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (hf_speed_recall ("/none", NULL, HF_PRECISION_F16), ==, 20);
  g_assert_cmpfloat (hf_speed_recall ("/none", NULL, HF_PRECISION_BF16), ==, 0);
  g_assert_cmpfloat (hf_speed_recall ("/none", NULL, HF_PRECISION_INT8), ==,
                     8.5);
  g_assert_false (
      hf_speed_recall_right ("/none", HF_PRECISION_BF16, &right, &n));
  g_assert_true (
      hf_speed_recall_right ("/none", HF_PRECISION_INT8, &right, &n));
  g_assert_cmpint (right, ==, 209);
}

int
main (int argc, char **argv)
{
  g_autofree char *cache = g_dir_make_tmp ("handful-speed-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_CACHE_HOME", cache, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/models/speed/what-many-remember-at-once-is-all-there",
                   test_at_once);
  g_test_add_func ("/models/speed/precisions-are-known-by-name", test_names);
  status = g_test_run ();
  hf_folder_empty (cache);
  g_rmdir (cache);
  return status;
}
