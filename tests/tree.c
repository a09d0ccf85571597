/* tree.c: see the header. */
#include "tree.h"

#include <glib/gstdio.h>

static void
empty (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *inside = g_build_filename (folder, name, NULL);

    tree_remove (inside);
  }
}

void
tree_remove (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    empty (path);
  g_remove (path);
}
