/* Any bytes are a project: opened, looked through and recovered, or refused
 * with a reason. What is recovered is a sound project. */
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/prompts.h"
#include "app/project/repair/check.h"
#include "app/project/repair/recover.h"
#include "app/project/suggestions.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_all (HfProject *project)
{
  g_autoptr (HfSamples) samples = hf_project_dup_samples (project, NULL);
  g_autoptr (GPtrArray) classes = hf_project_dup_classes (project, NULL);
  g_autoptr (GPtrArray) openings = hf_project_dup_openings (project, NULL);
  g_autofree char *sha256 = hf_project_dup_log_sha256 (project, NULL);
  g_auto (GStrv) prompts = hf_project_dup_prompts (project, "good", NULL);
  g_autoptr (GArray) due = hf_project_dup_due_audits (project, NULL, NULL);

  (void) hf_project_undo (project, NULL, NULL);
  (void) hf_project_redo (project, NULL, NULL);
}

static void
try_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);

  g_assert_true ((project == NULL) == (error != NULL));
  if (project != NULL)
    read_all (project);
}

static void
try_recover (const char *path, const char *good)
{
  g_auto (HfRecovery) recovery = {0};
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) faults = NULL;

  if (!hf_project_recover (path, good, &recovery, &error)) {
    g_assert_nonnull (error);
    return;
  }
  faults = hf_project_check (good, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < faults->len; i++)
    g_assert_nonnull (strstr (faults->pdata[i], "gap before entry"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *folder = g_strdup ("/dev/shm/handful-fuzz-XXXXXX");
  g_autofree char *path = NULL;
  g_autofree char *good = NULL;
  g_autoptr (GPtrArray) faults = NULL;

  if (g_mkdtemp (folder) == NULL) {
    g_free (folder);
    folder = g_dir_make_tmp ("handful-fuzz-XXXXXX", NULL);
  }
  g_assert_nonnull (folder);
  path = g_build_filename (folder, "p.handful", NULL);
  good = g_build_filename (folder, "good.handful", NULL);
  g_assert_true (
      g_file_set_contents (path, (const char *) data, (gssize) size, NULL));
  try_recover (path, good);
  faults = hf_project_check (path, NULL);
  try_open (path);
  g_unlink (path);
  g_unlink (good);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  return 0;
}
