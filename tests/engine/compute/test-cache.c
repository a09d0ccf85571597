/* Damaged caches are made anew: PoCL's own folder, and our store of binaries.
 * PoCL ends the process when its folder is damaged under it, so everything that
 * touches a device is a process of its own, and the parent is none of them. */
#include "fixture.h"

#include "compute/program.h"

#include <glib/gstdio.h>
#include <string.h>

#define CHILD "/compute/cache/subprocess/child"
#define CHILD_BINARIES "/compute/cache/subprocess/binaries"

static const char *const sources[] = {"cpu/vector.cl", "cpu/rows.cl", NULL};
#define OPTIONS "-cl-std=CL1.2 -DVW=4 -DPW=64"

/* What the other tests run: one kernel on the device. */
static HfDevice *
open_device (void)
{
  g_autoptr (GError) error = NULL;
  HfDevice *device;

  hf_device_prepare_environment (0);
  device = hf_device_open (NULL, NULL, NULL, &error);
  if (!g_error_matches (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND))
    g_assert_no_error (error);
  return device;
}

static void
child (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfDevice) device = open_device ();
  HfOps *ops;
  HfBuffer *x;
  float values[4] = {3, 4, 0, 0};

  if (device == NULL)
    return;
  ops = hf_ops_new (device, HF_PRECISION_F32, &error);
  g_assert_no_error (error);
  x = upload (ops, values, sizeof values);
  g_assert_true (hf_ops_normalize (ops, x, 1, 4, &error));
  g_assert_true (hf_buffer_read (x, values, sizeof values, &error));
  g_assert_cmpfloat_with_epsilon (values[1], 0.8, 1e-6);
  hf_buffer_free (x);
  hf_ops_free (ops);
}

static void
run_child (void)
{
  g_test_trap_subprocess (CHILD, 0, 0);
  g_test_trap_assert_passed ();
}

typedef enum { CUT, EMPTY, GARBAGE, REMOVED, N_DAMAGES } Damage;

/* Does it to every file below @folder whose name ends so; returns how many. */
static int
damage_files (const char *folder, const char *ending, Damage damage)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  int n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    g_autofree char *text = NULL;
    gsize size_bytes = 0;

    if (g_file_test (path, G_FILE_TEST_IS_DIR)) {
      n += damage_files (path, ending, damage);
      continue;
    }
    if (!g_str_has_suffix (name, ending) ||
        !g_file_get_contents (path, &text, &size_bytes, NULL))
      continue;
    if (damage == GARBAGE)
      memset (text, 'x', size_bytes);
    if (damage == REMOVED)
      g_unlink (path);
    else
      g_file_set_contents_full (path, text,
                                damage == EMPTY ? 0
                                : damage == CUT ? (gssize) size_bytes / 2
                                                : (gssize) size_bytes,
                                G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL);
    n++;
  }
  return n;
}

static void
test_pocl_folder (void)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "handful", "pocl", NULL);

  run_child ();
  for (Damage damage = CUT; damage < N_DAMAGES; damage++) {
    if (damage_files (folder, ".so", damage) == 0) {
      g_test_skip ("there is no device of PoCL's");
      return;
    }
    run_child ();
    damage_files (folder, "program.bc", damage);
    run_child ();
  }
}

/* Adds path and state of each compiled file below @folder to @list. */
static void
list_compiled (const char *folder, GPtrArray *list)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (folder, name, NULL);
    GStatBuf status;

    if (g_file_test (path, G_FILE_TEST_IS_DIR))
      list_compiled (path, list);
    else if ((g_str_has_suffix (name, ".so") ||
              g_str_equal (name, "program.bc")) &&
             g_stat (path, &status) == 0)
      g_ptr_array_add (list,
                       g_strdup_printf ("%s %" G_GUINT64_FORMAT " %ld.%09ld",
                                        path, (guint64) status.st_ino,
                                        (long) status.st_ctim.tv_sec,
                                        status.st_ctim.tv_nsec));
  }
}

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* All of them, in words (caller frees). */
static char *
dup_compiled (const char *folder)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);

  list_compiled (folder, list);
  g_ptr_array_sort (list, compare_lines);
  g_ptr_array_add (list, NULL);
  return g_strjoinv ("\n", (char **) list->pdata);
}

/* Neither compiled nor written again: the folder that one start has sealed is
 * the next one's. */
static void
test_compiled_once (void)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "handful", "pocl", NULL);
  g_autofree char *first = NULL, *second = NULL;

  run_child ();
  first = dup_compiled (folder);
  if (*first == '\0') {
    g_test_skip ("there is no device of PoCL's");
    return;
  }
  run_child ();
  second = dup_compiled (folder);
  g_assert_cmpstr (second, ==, first);
}

/* An unwritable cache is no reason not to work. */
static void
test_no_cache (void)
{
  g_autofree char *saved = g_strdup (g_getenv ("XDG_CACHE_HOME"));

  g_setenv ("XDG_CACHE_HOME", "/proc/nowhere", TRUE);
  run_child ();
  g_setenv ("XDG_CACHE_HOME", saved, TRUE);
}

static char *
dup_only_entry (void)
{
  g_autofree char *folder =
      g_build_filename (g_get_user_cache_dir (), "handful", "kernels", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".bin"))
      return g_build_filename (folder, name, NULL);
  return NULL;
}

static void
build_once (HfDevice *device, gboolean store)
{
  g_autoptr (GError) error = NULL;
  cl_program program = hf_program_build (device, sources, OPTIONS, &error);

  g_assert_no_error (error);
  if (store)
    hf_program_store (device, program, sources, OPTIONS);
  clReleaseProgram (program);
}

static void
child_binaries (void)
{
  g_autoptr (HfDevice) device = open_device ();
  g_autofree char *entry = NULL;
  g_autofree char *folder = NULL;

  if (device == NULL)
    return;
  build_once (device, TRUE);
  entry = dup_only_entry ();
  g_assert_nonnull (entry);
  folder = g_path_get_dirname (entry);
  build_once (device, FALSE);
  g_assert_true (g_file_test (entry, G_FILE_TEST_EXISTS));
  for (Damage damage = CUT; damage < REMOVED; damage++) {
    g_assert_cmpint (damage_files (folder, ".bin", damage), ==, 1);
    /* A damaged entry is taken away, and the program built from its source. */
    build_once (device, FALSE);
    g_assert_false (g_file_test (entry, G_FILE_TEST_EXISTS));
    build_once (device, TRUE);
    g_assert_true (g_file_test (entry, G_FILE_TEST_EXISTS));
  }
}

static void
test_binaries (void)
{
  g_test_trap_subprocess (CHILD_BINARIES, 0, 0);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = NULL;

  if (g_getenv ("HANDFUL_TEST_CACHE") == NULL) {
    folder = g_dir_make_tmp ("handful-cache-XXXXXX", NULL);
    g_setenv ("XDG_CACHE_HOME", folder, TRUE);
    g_setenv ("HANDFUL_TEST_CACHE", folder, TRUE);
  }
  g_unsetenv ("POCL_CACHE_DIR");
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (CHILD, child);
  g_test_add_func (CHILD_BINARIES, child_binaries);
  g_test_add_func ("/compute/cache/compiled-once", test_compiled_once);
  g_test_add_func ("/compute/cache/damaged-pocl-folder", test_pocl_folder);
  g_test_add_func ("/compute/cache/unwritable-folder", test_no_cache);
  g_test_add_func ("/compute/cache/damaged-binary", test_binaries);
  return g_test_run ();
}
