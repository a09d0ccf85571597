/* path.c: see the header. */
#include "base/path.h"

#include <string.h>

const char *
hf_path_get_below (const char *path, const char *folder)
{
  gsize n = strlen (folder);
  const char *below = path + n;

  if (n == 0 || strncmp (path, folder, n) != 0)
    return NULL;
  if (folder[n - 1] != '/' && *below++ != '/')
    return NULL;
  return *below != '\0' ? below : NULL;
}

char *
hf_path_dup_shown (const char *path)
{
  const char *home = g_get_home_dir ();
  const char *below = hf_path_get_below (path, home);
  g_autofree char *shown =
      g_filename_display_name (below != NULL ? below : path);

  if (below != NULL)
    return g_strconcat ("~/", shown, NULL);
  return g_str_equal (path, home) ? g_strdup ("~") : g_steal_pointer (&shown);
}
