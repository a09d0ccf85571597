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
