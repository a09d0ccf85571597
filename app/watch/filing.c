/* filing.c: see the header. */
#include "app/watch/filing.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A class may be called anything; a folder may not. */
static char *
dup_folder_name (const char *class)
{
  char *name = g_strndup (class, 100);

  g_strdelimit (name, "/\\\n\r\t", '-');
  if (name[0] == '.')
    name[0] = '-';
  if (*name == '\0') {
    g_free (name);
    return g_strdup ("-");
  }
  return name;
}

char *
hf_filing_dup_folder (const HfBundleContent *content, HfVerdict verdict,
                      int class_id)
{
  return verdict == HF_VERDICT_CLASS
             ? dup_folder_name (content->classes[class_id])
             : g_strdup (hf_verdict_get_name (verdict));
}

char **
hf_filing_dup_folders (const HfBundleContent *content)
{
  static const HfVerdict verdicts[] = {HF_VERDICT_PASS, HF_VERDICT_REJECT,
                                       HF_VERDICT_UNSURE, HF_VERDICT_UNKNOWN};
  GPtrArray *folders = g_ptr_array_new ();
  gboolean has_good = FALSE;

  for (guint c = 0; content->classes[c] != NULL; c++)
    has_good = has_good || content->kinds[c] == HF_CLASS_GOOD;
  for (guint c = 0; !has_good && content->classes[c] != NULL; c++)
    g_ptr_array_add (folders,
                     hf_filing_dup_folder (content, HF_VERDICT_CLASS, (int) c));
  for (guint v = 0; v < G_N_ELEMENTS (verdicts); v++)
    if (has_good || verdicts[v] == HF_VERDICT_UNKNOWN)
      g_ptr_array_add (folders, g_strdup (hf_verdict_get_name (verdicts[v])));
  g_ptr_array_add (folders, NULL);
  return (char **) g_ptr_array_free (folders, FALSE);
}

char *
hf_filing_dup_target (const char *folder, const char *path, int attempt)
{
  const char *slash = strrchr (path, '/');
  const char *dot = strrchr (slash != NULL ? slash : path, '.');
  gsize stem = dot != NULL ? (gsize) (dot - path) : strlen (path);

  if (attempt == 0)
    return g_build_filename (folder, path, NULL);
  return g_strdup_printf ("%s/%.*s-%d%s", folder, (int) stem, path, attempt + 1,
                          path + stem);
}

static gboolean
fail (GError **error, int code, const char *from, const char *to)
{
  g_autofree char *shown_from = g_filename_display_name (from);
  g_autofree char *shown_to = g_filename_display_name (to);

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               "Cannot move %s to %s: %s.%s", shown_from, shown_to,
               g_strerror (code), hf_file_get_advice (code));
  return FALSE;
}

gboolean
hf_filing_move (const char *root, const char *path, const char *target,
                GError **error)
{
  g_autofree char *from = g_build_filename (root, path, NULL);
  g_autofree char *to = g_build_filename (root, target, NULL);
  g_autofree char *folder = g_path_get_dirname (to);
  int fd;

  if (g_access (from, F_OK) != 0)
    return fail (error, errno, from, to);
  if (g_mkdir_with_parents (folder, 0777) < 0)
    return fail (error, errno, from, to);
  if (renameat2 (AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return TRUE;
  /* Some network file systems cannot do that. There an empty file of our own
   * takes the name, and is what the rename replaces. */
  if (errno != EINVAL && errno != ENOSYS)
    return fail (error, errno, from, to);
  fd = open (to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0)
    return fail (error, errno, from, to);
  close (fd);
  if (g_rename (from, to) == 0)
    return TRUE;
  fail (error, errno, from, to);
  g_unlink (to);
  return FALSE;
}
