/* replay.c: runs a fuzz target over the files of folders, each once, in the
 * order of their names, so that what fuzzing found stays found. None may take
 * 10 seconds of the processor, however long it waits for one.
 *
 *   replay FOLDER... */
#include <gio/gio.h>
#include <stdint.h>
#include <time.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static guint
replay_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  const char *name;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (paths, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (paths, compare_names);
  for (guint i = 0; i < paths->len; i++) {
    const char *path = g_ptr_array_index (paths, i);
    g_autofree char *text = NULL;
    g_autofree uint8_t *data = NULL;
    gsize size = 0;
    clock_t start = clock ();

    g_assert_true (g_file_get_contents (path, &text, &size, NULL));
    /* Exactly @size bytes, so that a sanitizer sees the first one past it. */
    data = g_memdup2 (text, size);
    g_printerr ("%s\n", path);
    g_assert_cmpint (LLVMFuzzerTestOneInput (data, size), ==, 0);
    g_assert_cmpint (clock () - start, <, 10 * CLOCKS_PER_SEC);
  }
  return paths->len;
}

int
main (int argc, char **argv)
{
  guint n = 0;

  for (int i = 1; i < argc; i++)
    n += replay_folder (argv[i]);
  g_assert_cmpuint (n, >, 0);
  g_print ("%u inputs\n", n);
  return 0;
}
