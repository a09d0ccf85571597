/* A project is made whole or not at all, and opened only if it is one. */
#include "app/project/classes.h"
#include "app/project/exchange/import.h"
#include "app/project/labels.h"
#include "app/project/project-private.h"
#include "app/project/schema.h"
#include "app/project/sources.h"
#include "app/jobs/pictures.h"
#include "fixture.h"
#include "patience.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gint64
ask (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;
  gint64 number = 0;

  hf_project_get_number (fixture->project, sql, -1, &number, &error);
  g_assert_no_error (error);
  return number;
}

static void
test_safe_settings (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *journal = g_strconcat (fixture->path, "-journal", NULL);
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);
  g_autoptr (sqlite3_stmt) mode =
      hf_project_query (fixture->project, "PRAGMA journal_mode", NULL, "");

  /* EXTRA: the removal of the journal has reached the disk, too. */
  g_assert_cmpint (ask (fixture, "PRAGMA synchronous"), ==, 3);
  g_assert_cmpint (ask (fixture, "PRAGMA foreign_keys"), ==, 1);
  g_assert_cmpint (ask (fixture, "PRAGMA trusted_schema"), ==, 0);
  g_assert_cmpint (ask (fixture, "PRAGMA application_id"), ==,
                   HF_SCHEMA_APPLICATION_ID);
  g_assert_cmpint (ask (fixture, "PRAGMA user_version"), ==, HF_SCHEMA_FORMAT);
  g_assert_true (hf_project_next (fixture->project, mode));
  g_assert_cmpstr ((const char *) sqlite3_column_text (mode, 0), ==, "delete");
  g_assert_false (g_file_test (journal, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
}

static const char *
get_colour (const GPtrArray *classes, const char *name)
{
  for (guint i = 0; i < classes->len; i++) {
    const HfProjectClass *class = classes->pdata[i];

    if (g_str_equal (class->name, name))
      return class->colour;
  }
  return NULL;
}

/* Green is kept for what is good, and no two classes look alike. */
static void
test_colours (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (int i = 0; i < 6; i++) {
    g_autofree char *name = g_strdup_printf ("defect %d", i);

    hf_project_add_class (fixture->project, name, HF_CLASS_DEFECT, &error);
    g_assert_no_error (error);
  }
  hf_project_add_class (fixture->project, "fine", HF_CLASS_GOOD, &error);
  g_assert_no_error (error);
  classes = hf_project_dup_classes (fixture->project, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (get_colour (classes, "fine"), ==, "#009e73");
  g_assert_cmpstr (get_colour (classes, "defect 0"), ==, "#e69f00");
  for (guint i = 0; i < classes->len; i++)
    g_assert_true (g_hash_table_add (
        seen, ((HfProjectClass *) classes->pdata[i])->colour));
}

static void
test_exists_already (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) other = hf_project_create (fixture->path, &error);
  g_autoptr (GDir) dir = g_dir_open (fixture->root, 0, NULL);
  guint n = 0;

  g_assert_null (other);
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE);
  while (g_dir_read_name (dir) != NULL)
    n++;
  g_assert_cmpuint (n, ==, 1);
}

static void
expect_no_project (const char *path, int code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (path, &error);

  g_assert_null (project);
  g_assert_error (error, HF_PROJECT_ERROR, code);
  g_assert_nonnull (strstr (error->message, word));
}

static void
test_not_a_project (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *missing = fixture_dup_path (fixture, "missing.handful");
  g_autofree char *text = fixture_dup_path (fixture, "text.handful");
  g_autofree char *empty = fixture_dup_path (fixture, "empty.handful");
  g_autofree char *fifo = fixture_dup_path (fixture, "fifo.handful");

  fixture_put (fixture, "text.handful",
               "this is a letter and no database at all, though it is long "
               "enough to have a header of a hundred bytes, which it has not.");
  fixture_put (fixture, "empty.handful", "");
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  expect_no_project (missing, HF_PROJECT_ERROR_STORE, "project new");
  expect_no_project (text, HF_PROJECT_ERROR_FORMAT, "no project");
  expect_no_project (empty, HF_PROJECT_ERROR_FORMAT, "empty");
  expect_no_project (fixture->root, HF_PROJECT_ERROR_FORMAT, "no file");
  expect_no_project (fifo, HF_PROJECT_ERROR_FORMAT, "no file");
}

static void
change (Fixture *fixture, const char *sql)
{
  g_autoptr (GError) error = NULL;

  hf_project_run (fixture->project, sql, &error, "");
  g_assert_no_error (error);
}

static void
test_newer_format (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *both = g_strdup_printf ("format %d", HF_SCHEMA_FORMAT);

  change (fixture, "PRAGMA user_version = 23");
  expect_no_project (fixture->path, HF_PROJECT_ERROR_VERSION, "format 23");
  expect_no_project (fixture->path, HF_PROJECT_ERROR_VERSION, both);
}

static void
test_other_program (Fixture *fixture, gconstpointer unused)
{
  change (fixture, "PRAGMA application_id = 1196444487");
  expect_no_project (fixture->path, HF_PROJECT_ERROR_FORMAT, "another program");
}

static void
test_other_tables (Fixture *fixture, gconstpointer unused)
{
  change (fixture, "CREATE TRIGGER sly AFTER INSERT ON image BEGIN"
                   " DELETE FROM setting; END");
  expect_no_project (fixture->path, HF_PROJECT_ERROR_DAMAGED, "recover");
}

static void
test_wal_is_left (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *wal = g_strconcat (fixture->path, "-wal", NULL);

  change (fixture, "PRAGMA journal_mode = WAL");
  g_clear_pointer (&fixture->project, hf_project_close);
  fixture->project = hf_project_open (fixture->path, NULL);
  g_assert_nonnull (fixture->project);
  test_safe_settings (fixture, NULL);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
}

static void
test_log_is_kept (Fixture *fixture, gconstpointer unused)
{
  static const char *const wrong[] = {
      "UPDATE label SET class = NULL", "DELETE FROM label",
      "INSERT OR REPLACE INTO label SELECT * FROM label"};

  fixture_put (fixture, "in/a.jpg", "a");
  fixture_add (fixture, "in");
  fixture_label (fixture, "in/a.jpg", "good");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_project_run (fixture->project, wrong[i], &error, ""));
    g_assert_nonnull (strstr (error->message, "appended"));
  }
  g_assert_cmpint (ask (fixture, "SELECT count (*) FROM label"), ==, 1);
}

static void
test_settings (Fixture *fixture, gconstpointer unused)
{
  static const char *const wrong[][2] = {
      {"views", "3"},           {"framing", "round"}, {"precision", "f8"},
      {"probe", "oracle"},      {"seed", "-1"},       {"blocks", "all"},
      {"groups", "^(.*"},       {"groups", "none"},   {"colour", "red"},
      {"thresholds", "0.6,0.4"}};
  g_autofree char *value = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_project_set_setting (fixture->project, wrong[i][0],
                                            wrong[i][1], &error));
    g_assert_nonnull (error);
    g_assert_null (hf_project_dup_setting (fixture->project, wrong[i][0]));
  }
  g_assert_true (hf_project_set_setting (fixture->project, "views", "4", NULL));
  g_assert_true (hf_project_set_setting (fixture->project, "views", "8", NULL));
  value = hf_project_dup_setting (fixture->project, "views");
  g_assert_cmpstr (value, ==, "8");
  g_assert_true (
      hf_project_set_setting (fixture->project, "views", NULL, NULL));
  g_assert_null (hf_project_dup_setting (fixture->project, "views"));
}

static void
test_seen_by_others (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProject) other = hf_project_open (fixture->path, NULL);
  gboolean changed = TRUE;

  g_assert_true (hf_project_has_changed (other, &changed, NULL));
  g_assert_false (changed);
  g_assert_cmpint (
      hf_project_add_class (fixture->project, "good", HF_CLASS_GOOD, NULL), >,
      0);
  g_assert_true (hf_project_has_changed (fixture->project, &changed, NULL));
  g_assert_false (changed);
  g_assert_true (hf_project_has_changed (other, &changed, NULL));
  g_assert_true (changed);
  g_assert_true (hf_project_has_changed (other, &changed, NULL));
  g_assert_false (changed);
  g_assert_cmpint (hf_project_find_class (other, "good", NULL), >, 0);
}

static void
test_read_only_file (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0) {
    g_test_skip ("root may write to every file");
    return;
  }
  g_clear_pointer (&fixture->project, hf_project_close);
  g_assert_cmpint (g_chmod (fixture->path, 0400), ==, 0);
  fixture->project = hf_project_open (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (
      hf_project_add_class (fixture->project, "good", HF_CLASS_GOOD, &error),
      ==, 0);
  g_assert_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_READ_ONLY);
}

static gpointer
add_class_thread (gpointer project)
{
  g_autoptr (GError) error = NULL;

  hf_project_add_class (project, "good", HF_CLASS_GOOD, &error);
  g_assert_no_error (error);
  return NULL;
}

/* What broke: the connection that took the place of one that could only read
 * wrote down since when it waits in the project that it was opened for, which
 * was freed by then: "corrupted size vs. prev_size", or SIGSEGV. */
static void
test_opened_anew (Fixture *fixture, gconstpointer unused)
{
  HfProject *self = fixture->project;
  g_autoptr (HfProject) other = hf_project_open (fixture->path, NULL);
  g_autoptr (GError) error = NULL;
  HfTransaction *transaction;
  GThread *thread;

  sqlite3_close (self->db);
  g_assert_cmpint (
      sqlite3_open_v2 (fixture->path, &self->db, SQLITE_OPEN_READONLY, NULL),
      ==, SQLITE_OK);
  g_assert_true (hf_project_check_writable (self, &error));
  g_assert_no_error (error);
  transaction = hf_project_begin (other, &error);
  g_assert_no_error (error);
  thread = g_thread_new ("wait", add_class_thread, self);
  patience_until (self->busy_since_us != 0);
  g_assert_true (hf_project_commit (transaction, &error));
  g_assert_no_error (error);
  g_thread_join (thread);
}

typedef struct {
  const char *path, *folder;
  HfProgress *progress;
  HfScan scan;
  GError *error;
} Adding;

static gpointer
add_thread (gpointer data)
{
  Adding *self = data;
  g_autoptr (HfProject) project = hf_project_open (self->path, &self->error);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();

  if (project != NULL)
    hf_project_add_source (project, self->folder, NULL, refusals, &self->scan,
                           self->progress, &self->error);
  return NULL;
}

/* What broke: the window takes the labels of a new project's folder in one
 * thread and looks through it in another. "UNIQUE constraint failed:
 * source.folder" said the one that came second. */
static void
test_added_twice (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = fixture_dup_path (fixture, "parts");
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GPtrArray) sources = NULL;
  g_autoptr (GError) error = NULL;
  Adding adding = {fixture->path, folder, progress, {0}, NULL};
  HfImport import;
  GThread *thread;

  fixture_put (fixture, "parts/good/1.jpg", "1");
  fixture_put (fixture, "parts/good/2.jpg", "2");
  fixture_put (fixture, "parts/rusty/3.jpg", "3");
  /* It stops between what it reads of the project and what it writes. Should
   * it not have come so far, the test sees less, and does not fail. */
  hf_progress_set_paused (progress, TRUE);
  thread = g_thread_new ("add", add_thread, &adding);
  g_usleep (G_USEC_PER_SEC / 20);
  hf_project_import (fixture->project, folder, NULL, NULL, refusals, NULL,
                     &import, &error);
  g_assert_no_error (error);
  hf_progress_set_paused (progress, FALSE);
  g_thread_join (thread);
  g_assert_no_error (adding.error);
  g_assert_cmpuint (import.n_new_images, ==, 3);
  g_assert_cmpuint (adding.scan.n_added, ==, 0);
  g_assert_cmpuint (adding.scan.n_known, ==, 3);
  sources = hf_project_dup_sources (fixture->project, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sources->len, ==, 1);
  g_assert_cmpint (((HfSource *) sources->pdata[0])->id, ==,
                   adding.scan.source_id);
  g_assert_cmpuint (((HfSource *) sources->pdata[0])->n_labelled, ==, 3);
  hf_scan_clear (&adding.scan);
}

/* Nobody sees a project that is being filled. */
static gboolean
fill (HfProject *project, gpointer data, GError **error)
{
  gboolean *fails = data;

  g_assert_false (
      g_file_test (hf_project_get_path (project), G_FILE_TEST_EXISTS));
  g_assert_cmpint (hf_project_add_class (project, "good", HF_CLASS_GOOD, NULL),
                   !=, 0);
  if (*fails)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Enough.");
  return !*fails;
}

static void
test_filled (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *path = fixture_dup_path (fixture, "filled.handful");
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = NULL;
  gboolean fails = TRUE;

  g_assert_null (hf_project_create_filled (path, fill, &fails, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_clear_error (&error);
  fails = FALSE;
  project = hf_project_create_filled (path, fill, &fails, &error);
  g_assert_no_error (error);
  g_assert_cmpint (hf_project_find_class (project, "good", NULL), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define TEST(name, func)                                             \
  g_test_add ("/project/" name, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)
  TEST ("writes-reach-the-disk-and-leave-one-file", test_safe_settings);
  TEST ("what-is-there-is-not-overwritten", test_exists_already);
  TEST ("what-is-being-filled-is-not-there-yet", test_filled);
  TEST ("no-two-classes-look-alike", test_colours);
  TEST ("other-files-are-refused", test_not_a_project);
  TEST ("a-newer-format-is-refused-with-both-versions", test_newer_format);
  TEST ("a-database-of-another-program-is-refused", test_other_program);
  TEST ("tables-and-triggers-that-are-not-ours-are-refused", test_other_tables);
  TEST ("a-project-that-was-set-to-wal-becomes-one-file-again",
        test_wal_is_left);
  TEST ("the-log-cannot-be-changed-by-sql", test_log_is_kept);
  TEST ("settings-are-checked-before-they-are-written", test_settings);
  TEST ("another-program-s-writes-are-noticed-once", test_seen_by_others);
  TEST ("a-read-only-file-can-be-read", test_read_only_file);
  TEST ("one-that-can-be-written-again-waits-for-others", test_opened_anew);
  TEST ("a-folder-that-two-add-at-once-is-one-source", test_added_twice);
  return g_test_run ();
}
