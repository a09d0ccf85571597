/* Damaged projects: found to be so, and recovered as far as they read. */
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/project-private.h"
#include "app/project/prompts.h"
#include "app/project/repair/check.h"
#include "app/project/repair/recover.h"
#include "app/project/suggestions.h"
#include "base/rng.h"
#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { N_IMAGES = 200, PAGE_BYTES = 4096 };

/* A project with something in every table, closed. */
static void
set_up (Fixture *fixture, gconstpointer unused)
{
  static const char *const steel[] = {"steel", NULL};
  g_autoptr (GError) error = NULL;
  g_autofree HfLabelChange *changes = g_new0 (HfLabelChange, N_IMAGES);
  gint64 classes[2];

  fixture_set_up (fixture, NULL);
  classes[0] =
      hf_project_add_class (fixture->project, "good", HF_CLASS_GOOD, NULL);
  classes[1] =
      hf_project_add_class (fixture->project, "bad", HF_CLASS_DEFECT, NULL);
  for (int i = 0; i < N_IMAGES; i++) {
    g_autofree char *name = g_strdup_printf ("in/lot%d__%04d.jpg", i % 7, i);

    fixture_put (fixture, name, name);
  }
  g_assert_cmpuint (fixture_add (fixture, "in"), ==, N_IMAGES);
  for (int step = 0; step < 3; step++) {
    for (int i = 0; i < N_IMAGES; i++)
      changes[i] = (HfLabelChange){i + 1, classes[(i + step) % 2]};
    hf_project_set_labels (fixture->project, changes, N_IMAGES,
                           HF_LABEL_BY_HAND, HF_SHOWN_BROWSE, NULL, &error);
    g_assert_no_error (error);
  }
  g_assert_true (hf_project_undo (fixture->project, NULL, NULL));
  g_assert_true (
      hf_project_seal (fixture->project, (gint64[]){3}, 1, TRUE, NULL, NULL));
  g_assert_true (hf_project_log_opening (fixture->project, "gda", NULL, NULL));
  g_assert_true (
      hf_project_set_setting (fixture->project, "groups", "^(.*)__", NULL));
  g_assert_true (
      hf_project_set_filling (fixture->project, "material", NULL, steel, NULL));
  g_assert_true (
      hf_project_add_template (fixture->project, "a {material} {class}", NULL));
  g_clear_pointer (&fixture->project, hf_project_close);
}

/* The state that counts, as text. */
static char *
dup_state (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);
  g_autofree char *sha256 = NULL;
  g_auto (GStrv) prompts = NULL;
  gsize n_undo, n_redo;

  g_assert_no_error (error);
  sha256 = hf_project_dup_log_sha256 (project, NULL);
  prompts = hf_project_dup_prompts (project, "good", NULL);
  g_assert_true (hf_project_count_steps (project, &n_undo, &n_redo, NULL));
  return g_strdup_printf ("%s %s %" G_GSIZE_FORMAT " %" G_GSIZE_FORMAT, sha256,
                          prompts[0], n_undo, n_redo);
}

/* Recovers @bad into a new file, which must be sound whatever @bad is. FALSE if
 * there is nothing in it. */
static gboolean
recover (Fixture *fixture, const char *bad, HfRecovery *recovery)
{
  g_autofree char *good = fixture_dup_path (fixture, "good.handful");
  g_autoptr (GPtrArray) faults = NULL;
  g_autoptr (GError) error = NULL;

  g_unlink (good);
  if (!hf_project_recover (bad, good, recovery, &error)) {
    g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_FORMAT);
    g_assert_false (g_file_test (good, G_FILE_TEST_EXISTS));
    return FALSE;
  }
  g_assert_no_error (error);
  faults = hf_project_check (good, &error);
  g_assert_no_error (error);
  /* Gaps in the log are what was lost. */
  for (guint i = 0; i < faults->len; i++)
    g_assert_nonnull (strstr (faults->pdata[i], "gap before entry"));
  return TRUE;
}

static void
test_sound (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *good = fixture_dup_path (fixture, "good.handful");
  g_autoptr (GPtrArray) faults = hf_project_check (fixture->path, NULL);
  g_autofree char *before = dup_state (fixture->path);
  g_autofree char *after = NULL;
  g_auto (HfRecovery) recovery = {0};

  g_assert_cmpuint (faults->len, ==, 0);
  g_assert_true (recover (fixture, fixture->path, &recovery));
  g_assert_true (recovery.is_complete);
  g_assert_cmpuint (recovery.n_labels, ==, 4 * N_IMAGES);
  g_assert_cmpuint (recovery.n_images, ==, N_IMAGES);
  after = dup_state (good);
  g_assert_cmpstr (after, ==, before);
}

/* How many labels in @path are those of the last step that was not undone:
 * picture n has class n % 2. */
static gsize
count_right (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);
  g_autoptr (HfSamples) samples = NULL;
  gsize n_right = 0;

  g_assert_no_error (error);
  samples = hf_project_dup_samples (project, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    n_right += sample->label == sample->image_id % 2;
  }
  return n_right;
}

static char *
dup_file (const Fixture *fixture, gsize *size)
{
  char *bytes = NULL;

  g_assert_true (g_file_get_contents (fixture->path, &bytes, size, NULL));
  return bytes;
}

/* Every page by itself is lost: at most what lies on it is missing. */
static void
test_zeroed_pages (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *bad = fixture_dup_path (fixture, "bad.handful");
  g_autofree char *good = fixture_dup_path (fixture, "good.handful");
  gsize size;
  g_autofree char *bytes = dup_file (fixture, &size);
  gsize worst = 0;

  for (gsize page = 0; page < size / PAGE_BYTES; page++) {
    g_autofree char *copy = g_memdup2 (bytes, size);
    g_auto (HfRecovery) recovery = {0};

    memset (copy + page * PAGE_BYTES, 0, PAGE_BYTES);
    g_assert_true (g_file_set_contents (bad, copy, (gssize) size, NULL));
    g_assert_true (recover (fixture, bad, &recovery));
    worst = MAX (worst, 4 * N_IMAGES - recovery.n_labels);
    /* A page holds fewer than 100 entries of the log. */
    g_assert_cmpuint (recovery.n_labels + 100, >=, 4 * N_IMAGES);
    if (recovery.n_labels == 4 * N_IMAGES && recovery.n_images == N_IMAGES &&
        page > 19)
      g_assert_cmpuint (count_right (good), ==, N_IMAGES);
  }
  g_assert_cmpuint (worst, >, 0);
}

/* Bytes flipped at random: never a crash, and never another label. */
static void
test_flipped_bytes (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *bad = fixture_dup_path (fixture, "bad.handful");
  gsize size;
  g_autofree char *bytes = dup_file (fixture, &size);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);

  for (int round = 0; round < 30; round++) {
    g_autofree char *copy = g_memdup2 (bytes, size);
    int n_flips = 1 << g_rand_int_range (rand, 0, 9);
    g_auto (HfRecovery) recovery = {0};
    g_autoptr (GPtrArray) faults = NULL;
    g_autoptr (HfProject) project = NULL;

    for (int i = 0; i < n_flips; i++)
      copy[g_rand_int_range (rand, 0, (int) size)] ^=
          (char) (1 << g_rand_int_range (rand, 0, 8));
    g_assert_true (g_file_set_contents (bad, copy, (gssize) size, NULL));
    faults = hf_project_check (bad, NULL);
    project = hf_project_open (bad, NULL);
    if (project != NULL) {
      g_autoptr (HfSamples) samples = hf_project_dup_samples (project, NULL);
      g_autofree char *sha256 = hf_project_dup_log_sha256 (project, NULL);

      (void) samples;
      (void) sha256;
    }
    g_clear_pointer (&project, hf_project_close);
    if (recover (fixture, bad, &recovery) && n_flips <= 4)
      g_assert_cmpuint (recovery.n_labels + 4 * 100, >=, 4 * N_IMAGES);
  }
}

static void
test_truncated (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *bad = fixture_dup_path (fixture, "bad.handful");
  gsize size;
  g_autofree char *bytes = dup_file (fixture, &size);
  gsize most = 0;

  for (gsize n = 0; n < size; n += 1 + size / 19) {
    g_auto (HfRecovery) recovery = {0};

    g_assert_true (g_file_set_contents (bad, bytes, (gssize) n, NULL));
    if (!recover (fixture, bad, &recovery))
      continue;
    /* A longer file never gives less. */
    g_assert_cmpuint (recovery.n_labels, >=, most);
    most = recovery.n_labels;
  }
  g_assert_cmpuint (most, >, N_IMAGES);
}

/* One byte of one label in the file is another one: the check finds it, and
 * recovery leaves the entry out instead of believing it. */
static void
test_altered_label (Fixture *fixture, gconstpointer unused)
{
  static const char word[] = "handbrowse";
  g_autofree char *bad = fixture_dup_path (fixture, "bad.handful");
  gsize size;
  g_autofree char *bytes = dup_file (fixture, &size);
  char *at = memmem (bytes, size, word, strlen (word));
  g_autoptr (GPtrArray) faults = NULL;
  g_auto (HfRecovery) recovery = {0};

  g_assert_nonnull (at);
  /* The class stands before the words. */
  at[-1] ^= 3;
  g_assert_true (g_file_set_contents (bad, bytes, (gssize) size, NULL));
  faults = hf_project_check (bad, NULL);
  g_assert_cmpuint (faults->len, >, 0);
  g_assert_true (recover (fixture, bad, &recovery));
  g_assert_false (recovery.is_complete);
  g_assert_cmpuint (recovery.n_labels, ==, 4 * N_IMAGES - 1);
}

static void
test_other_files (Fixture *fixture, gconstpointer unused)
{
  static const char *const texts[] = {"", "x", "SQLite format 3",
                                      "a letter, and nothing else"};
  g_autofree char *bad = fixture_dup_path (fixture, "bad.handful");

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_auto (HfRecovery) recovery = {0};

    fixture_put (fixture, "bad.handful", texts[i]);
    g_assert_false (recover (fixture, bad, &recovery));
  }
}

/* Writes until pages reach the file, and dies. */
static void
die_while_writing (const char *path)
{
  HfProject *project = hf_project_open (path, NULL);

  if (project == NULL || hf_project_begin (project, NULL) == NULL ||
      sqlite3_exec (project->db,
                    "PRAGMA cache_size = 1; UPDATE image SET lot = x'78';"
                    "INSERT INTO suggestion (time, image, why)"
                    " SELECT 0, image, 'audit' FROM label",
                    NULL, NULL, NULL) != SQLITE_OK)
    _exit (1);
  _exit (0);
}

static void
test_journal (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *good = fixture_dup_path (fixture, "good.handful");
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autofree char *before = dup_state (fixture->path);
  g_autofree char *after = NULL;
  g_auto (HfRecovery) recovery = {0};
  gsize size, size_dead;
  g_autofree char *bytes = dup_file (fixture, &size);
  g_autofree char *dead = NULL;
  int status;
  pid_t pid = fork ();

  if (pid == 0)
    die_while_writing (fixture->path);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_cmpint (status, ==, 0);
  dead = dup_file (fixture, &size_dead);
  /* Half of it has reached the file. */
  g_assert_true (size != size_dead || memcmp (bytes, dead, size) != 0);
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_assert_true (recover (fixture, fixture->path, &recovery));
  after = dup_state (good);
  g_assert_cmpstr (after, ==, before);
  g_assert_true (recovery.is_complete);
  /* The damaged one is as it was, and so is its journal. */
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_free (after);
  after = dup_state (fixture->path);
  g_assert_cmpstr (after, ==, before);
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
}

/* What broke: the journal of a project that had been deleted was played into
 * the next one of its name. */
static void
test_orphan (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = NULL;
  g_autoptr (GPtrArray) found = NULL;
  pid_t pid = fork ();

  if (pid == 0)
    die_while_writing (fixture->path);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  g_assert_true (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_null (hf_project_create (fixture->path, &error));
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, journal));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  g_assert_cmpint (g_unlink (journal), ==, 0);
  project = hf_project_create (fixture->path, &error);
  g_assert_no_error (error);
  found = hf_project_check (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 0);
}

/* What broke: a kill left an empty project under the name of the good one. */
static void
test_killed (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *good = fixture_dup_path (fixture, "good.handful");
  g_autofree char *before = dup_state (fixture->path);
  HfRng rng;

  hf_rng_init (&rng, 3);
  for (int i = 0; i < 30; i++) {
    pid_t pid = fork ();

    if (pid == 0) {
      g_auto (HfRecovery) recovery = {0};

      hf_project_recover (fixture->path, good, &recovery, NULL);
      _exit (0);
    }
    g_usleep (hf_rng_next_below (&rng, 20000));
    kill (pid, SIGKILL);
    g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
    if (g_file_test (good, G_FILE_TEST_EXISTS)) {
      g_autofree char *after = dup_state (good);

      g_assert_cmpstr (after, ==, before);
      g_assert_cmpint (g_unlink (good), ==, 0);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func) \
  g_test_add ("/repair/" name, Fixture, NULL, set_up, func, fixture_tear_down)
  TEST ("a-sound-project-is-recovered-whole", test_sound);
  TEST ("a-zeroed-page-loses-what-lies-on-it", test_zeroed_pages);
  TEST ("flipped-bytes-never-crash-and-never-change-a-label",
        test_flipped_bytes);
  TEST ("a-shorter-file-gives-less-and-never-crashes", test_truncated);
  TEST ("an-altered-label-is-found-and-left-out", test_altered_label);
  TEST ("other-files-hold-nothing", test_other_files);
  TEST ("what-a-killed-program-had-begun-is-taken-back", test_journal);
  TEST ("a-journal-of-an-earlier-project-is-not-played-into-a-new-one",
        test_orphan);
  TEST ("a-kill-leaves-a-whole-project-or-none", test_killed);
  return g_test_run ();
}
