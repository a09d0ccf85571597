/* Which project is meant, what lies in subfolders, what was opened last, and
 * the sample. Runs with XDG folders of its own. */
#include "app/places.h"
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/opening/class-folders.h"
#include "app/project/opening/locate.h"
#include "app/project/opening/recent.h"
#include "app/project/opening/sample.h"
#include "app/project/prompts.h"
#include "app/project/repair/check.h"
#include "base/lock.h"
#include "fixture.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static void
set_age (const Fixture *fixture, const char *name, time_t seconds)
{
  g_autofree char *path = fixture_dup_path (fixture, name);
  const struct timeval times[2] = {{seconds, 0}, {seconds, 0}};

  g_assert_cmpint (utimes (path, times), ==, 0);
}

static void
expect (const Fixture *fixture, const char *name, const char *project,
        gboolean exists)
{
  g_autofree char *path = fixture_dup_path (fixture, name);
  g_autofree char *wanted = fixture_dup_path (fixture, project);
  g_auto (HfLocation) location = {0};
  g_autoptr (GError) error = NULL;

  hf_locate (path, &location, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (location.path, ==, wanted);
  g_assert_cmpint (location.exists, ==, exists);
}

static void
test_folder (Fixture *fixture, gconstpointer unused)
{
  fixture_put (fixture, "parts/a.jpg", "a");
  expect (fixture, "parts", "parts/parts.handful", FALSE);
  expect (fixture, "parts/", "parts/parts.handful", FALSE);
  expect (fixture, "parts/a.jpg", "parts/parts.handful", FALSE);
}

static void
test_newest (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *folder = fixture_dup_path (fixture, "parts");
  g_auto (HfLocation) location = {0};

  fixture_put (fixture, "parts/old.handful", "x");
  fixture_put (fixture, "parts/new.handful", "x");
  fixture_put (fixture, "parts/.hidden.handful", "x");
  fixture_put (fixture, "parts/inside.handful/a.jpg", "a folder");
  set_age (fixture, "parts/old.handful", 1000);
  set_age (fixture, "parts/new.handful", 2000);
  expect (fixture, "parts", "parts/new.handful", TRUE);
  expect (fixture, "parts/old.handful", "parts/old.handful", TRUE);
  set_age (fixture, "parts/old.handful", 2000);
  expect (fixture, "parts", "parts/new.handful", TRUE);
  g_assert_true (hf_locate (folder, &location, NULL));
  g_assert_cmpuint (location.n_projects, ==, 2);
}

static void
test_names (Fixture *fixture, gconstpointer unused)
{
  fixture_put (fixture, "\xff [x] 良品/a.jpg", "a");
  expect (fixture, "\xff [x] 良品", "\xff [x] 良品/\xff [x] 良品.handful",
          FALSE);
}

/* access(2) asks for the real user, which root can be another of. */
static void
test_read_only (Fixture *fixture, gconstpointer unused)
{
  g_auto (HfLocation) first = {0}, second = {0}, other = {0};
  g_autofree char *data =
      g_build_filename (g_get_user_data_dir (), "handful", "projects", NULL);
  g_autofree char *folder = fixture_dup_path (fixture, "a/parts");
  g_autofree char *folder_again = fixture_dup_path (fixture, "a/parts/");
  g_autofree char *namesake = fixture_dup_path (fixture, "b/parts");
  const gboolean is_root = geteuid () == 0;

  fixture_put (fixture, "a/parts/a.jpg", "a");
  fixture_put (fixture, "b/parts/a.jpg", "a");
  g_assert_cmpint (g_chmod (folder, 0555), ==, 0);
  g_assert_cmpint (g_chmod (namesake, 0555), ==, 0);
  g_assert_true (!is_root || setreuid (65534, -1) == 0);
  g_assert_true (hf_locate (folder, &first, NULL));
  g_assert_true (hf_locate (folder_again, &second, NULL));
  g_assert_true (hf_locate (namesake, &other, NULL));
  g_assert_true (!is_root || setreuid (0, -1) == 0);
  g_assert_cmpint (g_chmod (folder, 0755), ==, 0);
  g_assert_cmpint (g_chmod (namesake, 0755), ==, 0);
  g_assert_true (g_str_has_prefix (first.path, data));
  g_assert_true (g_str_has_suffix (first.path, "/parts.handful"));
  g_assert_cmpstr (first.folder, ==, folder);
  g_assert_cmpstr (first.path, ==, second.path);
  g_assert_cmpstr (first.path, !=, other.path);
}

static void
expect_error (const char *path, GQuark domain, int code, const char *word)
{
  g_autoptr (GError) error = NULL;
  g_auto (HfLocation) location = {0};

  g_assert_false (hf_locate (path, &location, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, word));
  g_assert_null (location.path);
}

static void
test_refused (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *gone = fixture_dup_path (fixture, "gone");
  g_autofree char *bundle = fixture_dup_path (fixture, "parts.probe");
  g_autofree char *text = fixture_dup_path (fixture, "notes.txt");

  fixture_put (fixture, "parts.probe", "x");
  fixture_put (fixture, "notes.txt", "x");
  expect_error (gone, G_FILE_ERROR, G_FILE_ERROR_NOENT, "gone");
  expect_error (bundle, HF_LOCATE_ERROR, HF_LOCATE_ERROR_BUNDLE, "predict");
  expect_error (text, HF_LOCATE_ERROR, HF_LOCATE_ERROR_KIND, "notes.txt");
  expect_error ("/dev/null", HF_LOCATE_ERROR, HF_LOCATE_ERROR_KIND, "folder");
}

static HfClassFolders *
find (const Fixture *fixture, const char *name)
{
  g_autofree char *folder = fixture_dup_path (fixture, name);
  g_autoptr (GError) error = NULL;
  HfClassFolders *found = hf_class_folders_find (folder, NULL, &error);

  g_assert_no_error (error);
  return found;
}

static void
test_class_folders (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfClassFolders) found = NULL;
  const HfClassFolder *first;

  fixture_put (fixture, "in/rusty/lot1__1.jpg", "a");
  fixture_put (fixture, "in/Good/day/lot1__2.jpg", "b");
  fixture_put (fixture, "in/Good/lot2__3.jpg", "c");
  fixture_put (fixture, "in/empty/notes.txt", "no picture");
  found = find (fixture, "in");
  g_assert_nonnull (found);
  g_assert_cmpuint (found->folders->len, ==, 2);
  first = g_ptr_array_index (found->folders, 0);
  g_assert_cmpstr (first->name, ==, "Good");
  g_assert_cmpuint (first->n_pictures, ==, 2);
  g_assert_true (g_str_has_suffix (first->picture, "day/lot1__2.jpg"));
  g_assert_cmpint (found->good, ==, 0);
  g_assert_cmpstr (found->groups, ==, "^(.*)__");
}

/* They become one class, so the good parts are known. */
static void
test_good_twice (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfClassFolders) alike = NULL;
  g_autoptr (HfClassFolders) unlike = NULL;

  fixture_put (fixture, "in/Good/1.jpg", "a");
  fixture_put (fixture, "in/good/2.jpg", "b");
  fixture_put (fixture, "in/rusty/3.jpg", "c");
  alike = find (fixture, "in");
  g_assert_cmpuint (alike->folders->len, ==, 3);
  g_assert_cmpint (alike->good, ==, 0);
  fixture_put (fixture, "in/ok/4.jpg", "d");
  unlike = find (fixture, "in");
  g_assert_cmpint (unlike->good, ==, -1);
}

static void
test_no_class_folders (Fixture *fixture, gconstpointer unused)
{
  fixture_put (fixture, "one/only/1.jpg", "a");
  g_assert_null (find (fixture, "one"));
  fixture_put (fixture, "mixed/a/1.jpg", "a");
  fixture_put (fixture, "mixed/b/1.jpg", "b");
  fixture_put (fixture, "mixed/1.jpg", "c");
  g_assert_null (find (fixture, "mixed"));
  for (int i = 0; i < 31; i++) {
    g_autofree char *name = g_strdup_printf ("many/%d/1.jpg", i);

    fixture_put (fixture, name, "a");
  }
  g_assert_null (find (fixture, "many"));
  g_assert_null (find (fixture, "gone"));
}

static void
test_numbered_class_folders (Fixture *fixture, gconstpointer unused)
{
  const char *const names[] = {"type 1", "type 2", "type 10"};
  g_autoptr (HfClassFolders) found = NULL;

  for (int i = 2; i >= 0; i--) {
    g_autofree char *name = g_strdup_printf ("in/%s/1.jpg", names[i]);

    fixture_put (fixture, name, "a");
  }
  found = find (fixture, "in");
  g_assert_nonnull (found);
  g_assert_cmpuint (found->folders->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const HfClassFolder *folder = g_ptr_array_index (found->folders, i);

    g_assert_cmpstr (folder->name, ==, names[i]);
  }
}

static void
test_two_good (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfClassFolders) found = NULL;

  fixture_put (fixture, "in/good/1.jpg", "a");
  fixture_put (fixture, "in/goodish/1.jpg", "b");
  fixture_put (fixture, "in/ok/1.jpg", "c");
  found = find (fixture, "in");
  g_assert_cmpint (found->good, ==, -1);
  g_assert_null (found->groups);
}

static void
remember (const char *path, gint64 opened)
{
  g_autoptr (HfRecent) recent = hf_recent_new (path);
  g_autoptr (GError) error = NULL;

  recent->opened = opened;
  recent->folder = g_strdup ("/some where/[x]\xff");
  hf_recent_remember (recent, &error);
  g_assert_no_error (error);
}

static void
test_recent (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GPtrArray) list = NULL;
  g_autofree char *note = NULL;
  const HfRecent *first;

  remember (fixture->path, 5000000000);
  remember ("/gone [a]/\xff.handful", 5000000001);
  g_assert_true (hf_recent_set_note (fixture->path, "page", "evaluate", NULL));
  remember (fixture->path, 5000000002);
  note = hf_recent_dup_note (fixture->path, "page");
  g_assert_cmpstr (note, ==, "evaluate");
  list = hf_recent_list ();
  g_assert_cmpuint (list->len, ==, 2);
  first = g_ptr_array_index (list, 0);
  g_assert_cmpstr (first->path, ==, fixture->path);
  g_assert_true (first->is_found);
  g_assert_cmpstr (first->folder, ==, "/some where/[x]\xff");
  g_assert_cmpint (first->n_defects, ==, -1);
  first = g_ptr_array_index (list, 1);
  g_assert_cmpstr (first->path, ==, "/gone [a]/\xff.handful");
  g_assert_false (first->is_found);
  g_assert_true (hf_recent_forget (fixture->path, NULL));
  g_assert_true (hf_recent_forget ("/gone [a]/\xff.handful", NULL));
}

/* A project that was opened, and closed by a kill before its numbers came. */
static void
test_recent_numbers (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfRecent) known = hf_recent_new (fixture->path);
  g_autoptr (GPtrArray) list = NULL;
  const HfRecent *first;

  known->n_escapes = 3;
  known->n_defects = 20;
  g_assert_true (hf_recent_remember (known, NULL));
  remember (fixture->path, 5000000000);
  list = hf_recent_list ();
  first = g_ptr_array_index (list, 0);
  g_assert_cmpint (first->n_escapes, ==, 3);
  g_assert_cmpint (first->n_defects, ==, 20);
  g_assert_true (hf_recent_forget (fixture->path, NULL));
}

/* A window that closes does not wait for a program that was stopped. */
static void
test_recent_kept (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *state = hf_places_dup_state ();
  g_autofree char *path = g_build_filename (state, "recent.ini", NULL);
  g_autoptr (HfRecent) recent = hf_recent_new (fixture->path);
  g_autoptr (GPtrArray) list = NULL;
  g_autoptr (GError) error = NULL;
  int lock;

  g_mkdir_with_parents (state, 0700);
  g_assert_true (hf_lock_take (path, 0, &lock, NULL));
  g_assert_false (hf_recent_remember (recent, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  list = hf_recent_list ();
  g_assert_cmpuint (list->len, ==, 0);
  hf_lock_give (lock);
  remember (fixture->path, 5000000000);
  g_assert_true (hf_recent_forget (fixture->path, NULL));
}

static void
test_recent_limit (void)
{
  g_autoptr (GPtrArray) list = NULL;

  for (int i = 0; i < 25; i++) {
    g_autofree char *path = g_strdup_printf ("/gone/%d.handful", i);

    remember (path, 1000 + i);
  }
  list = hf_recent_list ();
  g_assert_cmpuint (list->len, ==, 20);
  g_assert_cmpstr (((HfRecent *) g_ptr_array_index (list, 0))->path, ==,
                   "/gone/24.handful");
}

static void
test_sample (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = hf_sample_dup_project (NULL, &error);
  g_autofree char *again = NULL;
  g_autoptr (HfProject) project = NULL;
  g_autoptr (GPtrArray) all = NULL, templates = NULL;
  g_autoptr (HfSamples) samples = NULL;
  g_auto (GStrv) prompts = NULL;
  gsize n_labelled = 0, n_undo, n_redo;

  g_assert_no_error (error);
  project = hf_project_open (path, &error);
  g_assert_no_error (error);
  all = hf_project_dup_classes (project, NULL);
  g_assert_cmpuint (all->len, ==, 4);
  samples = hf_project_dup_samples (project, NULL);
  g_assert_cmpuint (samples->samples->len, ==, 256);
  for (guint i = 0; i < samples->samples->len; i++)
    n_labelled +=
        ((HfSample *) g_ptr_array_index (samples->samples, i))->label >= 0;
  g_assert_cmpuint (n_labelled, ==, 10);
  templates = hf_project_dup_all_templates (project, NULL);
  g_assert_cmpuint (templates->len, ==, 3);
  prompts = hf_project_dup_prompts (project, "rusty", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (prompts[0], ==, "a photo of a rusty bearing ring");
  /* What the user does with it stays. */
  g_assert_true (hf_project_undo (project, NULL, NULL));
  again = hf_sample_dup_project (NULL, &error);
  g_assert_cmpstr (again, ==, path);
  g_assert_true (hf_project_count_steps (project, &n_undo, &n_redo, NULL));
  g_assert_cmpuint (n_redo, ==, 1);
}

/* In a process of its own, which says by its status whether it got a whole
 * one. */
static pid_t
start_sample (void)
{
  pid_t pid = fork ();

  if (pid == 0) {
    g_autofree char *path = hf_sample_dup_project (NULL, NULL);
    g_autoptr (HfProject) project =
        path != NULL ? hf_project_open (path, NULL) : NULL;
    g_autoptr (GPtrArray) found =
        path != NULL ? hf_project_check (path, NULL) : NULL;
    g_autoptr (HfSamples) samples =
        project != NULL ? hf_project_dup_samples (project, NULL) : NULL;

    _exit (samples == NULL || samples->samples->len != 256 || found->len > 0);
  }
  return pid;
}

/* What broke: the second took the draft of the first away, which then gave the
 * half one of the second its name. */
static void
test_sample_at_once (void)
{
  for (int round = 0; round < 3; round++) {
    g_autofree char *folder =
        g_build_filename (g_get_user_data_dir (), "handful", "sample", NULL);
    pid_t pids[3], killed;

    tree_remove (folder);
    killed = start_sample ();
    for (guint i = 0; i < G_N_ELEMENTS (pids); i++)
      pids[i] = start_sample ();
    g_usleep ((gulong) round * 20000);
    kill (killed, SIGKILL);
    waitpid (killed, NULL, 0);
    for (guint i = 0; i < G_N_ELEMENTS (pids); i++) {
      int status;

      g_assert_cmpint (waitpid (pids[i], &status, 0), ==, pids[i]);
      g_assert_cmpint (status, ==, 0);
    }
  }
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("handful-locate-XXXXXX", NULL);
  int status;

  g_setenv ("XDG_DATA_HOME", home, TRUE);
  g_setenv ("XDG_STATE_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                              \
  g_test_add ("/project/" name, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)
  ADD ("locate/a-folder-without-a-project-gets-one-of-its-name", test_folder);
  ADD ("locate/the-newest-of-several-projects", test_newest);
  ADD ("locate/names-of-any-bytes", test_names);
  ADD ("locate/a-read-only-folder-has-its-project-aside", test_read_only);
  ADD ("locate/what-is-no-project-is-refused-by-name", test_refused);
  ADD ("class-folders/are-found-with-good-and-lots", test_class_folders);
  ADD ("class-folders/not-among-other-things", test_no_class_folders);
  ADD ("class-folders/come-as-people-count", test_numbered_class_folders);
  ADD ("class-folders/good-in-two-cases-is-one", test_good_twice);
  ADD ("class-folders/two-good-ones-are-left-to-the-user", test_two_good);
  ADD ("recent/lists-what-was-opened-last-first", test_recent);
  ADD ("recent/what-is-known-of-escapes-stays", test_recent_numbers);
  ADD ("recent/nobody-waits-for-one-who-keeps-it", test_recent_kept);
  g_test_add_func ("/project/recent/no-more-than-twenty", test_recent_limit);
  g_test_add_func ("/project/sample/is-made-once", test_sample);
  g_test_add_func ("/project/sample/is-whole-for-all-who-begin-at-once",
                   test_sample_at_once);
  status = g_test_run ();
  tree_remove (home);
  return status;
}
