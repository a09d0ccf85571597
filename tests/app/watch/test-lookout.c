/* What becomes of the files of a folder, on a real file system. */
#include "app/watch/lookout.h"

#include "patience.h"
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <utime.h>

typedef struct {
  char *folder;
  HfLookout *lookout;
} Fixture;

static void
put (const Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
move (const Fixture *self, const char *from, const char *to)
{
  g_autofree char *source = g_build_filename (self->folder, from, NULL);
  g_autofree char *target = g_build_filename (self->folder, to, NULL);

  g_assert_cmpint (g_rename (source, target), ==, 0);
}

static void
take_away (const Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  tree_remove (path);
}

static void
set_up (Fixture *self, gconstpointer unused)
{
  g_auto (HfLookoutNews) news = {0};
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("handful-lookout-XXXXXX", &error);
  g_assert_no_error (error);
  put (self, "a.jpg", "a");
  put (self, "lot1/b.jpg", "b");
  put (self, "notes.txt", "none of ours");
  self->lookout =
      hf_lookout_new (self->folder, G_MAXINT64 / 2000, NULL, &error);
  g_assert_no_error (error);
  hf_lookout_news_init (&news);
  g_assert_true (hf_lookout_look (self->lookout, &news, &error));
  g_assert_cmpuint (news.came->len + news.changed->len + news.gone->len, ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer unused)
{
  hf_lookout_free (self->lookout);
  tree_remove (self->folder);
  g_free (self->folder);
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void
add_words (GString *text, const char *sign, GPtrArray *paths, gsize skip)
{
  g_ptr_array_sort (paths, compare_strings);
  for (guint i = 0; i < paths->len; i++)
    g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "", sign,
                            (const char *) paths->pdata[i] + skip);
}

/* "+new ~changed -gone", by name. */
static char *
dup_words (const Fixture *self, const HfLookoutNews *news)
{
  GString *text = g_string_new (NULL);
  gsize skip = strlen (self->folder) + 1;

  add_words (text, "+", news->came, skip);
  add_words (text, "~", news->changed, skip);
  add_words (text, "-", news->gone, skip);
  return g_string_free (text, FALSE);
}

/* Looks until all of @expected was told, and nothing else. */
static void
expect (const Fixture *self, const char *expected)
{
  g_auto (HfLookoutNews) news = {0};
  g_autofree char *words = g_strdup ("");
  gint64 end_us = 0;

  hf_lookout_news_init (&news);
  while (strlen (words) < strlen (expected) && patience_lasts (&end_us)) {
    g_autoptr (GError) error = NULL;

    g_assert_true (hf_lookout_look (self->lookout, &news, &error));
    g_assert_no_error (error);
    g_free (words);
    words = dup_words (self, &news);
  }
  g_assert_cmpstr (words, ==, expected);
}

/* What happened is over: a new file is told of, and nothing but it. */
static void
expect_quiet (const Fixture *self)
{
  put (self, "zz-last.jpg", "z");
  expect (self, "+zz-last.jpg");
  take_away (self, "zz-last.jpg");
  expect (self, "-zz-last.jpg");
}

static void
test_life (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->folder, "lot1/b.jpg", NULL);

  g_assert_true (hf_lookout_has (self->lookout, path));
  put (self, "c.jpg", "c");
  put (self, ".hidden.jpg", "h");
  put (self, "more.txt", "none of ours");
  expect (self, "+c.jpg");
  put (self, "c.jpg", "another one");
  expect (self, "~c.jpg");
  take_away (self, "lot1/b.jpg");
  expect (self, "-lot1/b.jpg");
  g_assert_false (hf_lookout_has (self->lookout, path));
  put (self, "lot1/b.jpg", "back");
  expect (self, "+lot1/b.jpg");
  move (self, "a.jpg", "d.jpg");
  expect (self, "+d.jpg -a.jpg");
  expect_quiet (self);
}

/* Nothing is waited for: the kernel has told of the file, and that its writer
 * is done with it. */
static void
test_at_once (Fixture *self, gconstpointer unused)
{
  g_auto (HfLookoutNews) news = {0};
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  hf_lookout_news_init (&news);
  put (self, "c.jpg", "c");
  g_assert_true (hf_lookout_look (self->lookout, &news, &error));
  g_assert_no_error (error);
  words = dup_words (self, &news);
  g_assert_cmpstr (words, ==, "+c.jpg");
}

static void
test_folders (Fixture *self, gconstpointer unused)
{
  put (self, "lot2/deep/e.jpg", "e");
  put (self, "lot2/f.jpg", "f");
  expect (self, "+lot2/deep/e.jpg +lot2/f.jpg");
  move (self, "lot2", "lot3");
  expect (self, "+lot3/deep/e.jpg +lot3/f.jpg -lot2/deep/e.jpg -lot2/f.jpg");
  take_away (self, "lot3");
  expect (self, "-lot3/deep/e.jpg -lot3/f.jpg");
  put (self, "lot1/g.jpg", "g");
  expect (self, "+lot1/g.jpg");
  expect_quiet (self);
}

/* A camera writes in pieces, and with a pause in which the file is closed. */
static void
test_half_written (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->folder, "half.jpg", NULL);
  int fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

  g_assert_cmpint (write (fd, "half", 4), ==, 4);
  expect_quiet (self);
  g_assert_cmpint (write (fd, "whole", 5), ==, 5);
  close (fd);
  expect (self, "+half.jpg");
  fd = g_open (path, O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  g_assert_cmpint (write (fd, "more", 4), ==, 4);
  expect_quiet (self);
  close (fd);
  expect (self, "~half.jpg");
}

static void
test_burst (Fixture *self, gconstpointer unused)
{
  GString *expected = g_string_new (NULL);

  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf ("new/%04d.jpg", i);

    put (self, name, name);
    g_string_append_printf (expected, "%s+%s", i > 0 ? " " : "", name);
  }
  expect (self, expected->str);
  g_string_free (expected, TRUE);
  expect_quiet (self);
}

/* What was written after somebody began to read is another file than was read.
 */
static void
test_meanwhile (Fixture *self, gconstpointer unused)
{
  g_autofree char *path = g_build_filename (self->folder, "a.jpg", NULL);
  g_autoptr (GError) error = NULL;
  gint64 since_us = g_get_real_time () + G_USEC_PER_SEC;
  const struct utimbuf later = {since_us / G_USEC_PER_SEC + 5,
                                since_us / G_USEC_PER_SEC + 5};

  g_assert_cmpint (utime (path, &later), ==, 0);
  hf_lookout_free (self->lookout);
  self->lookout = hf_lookout_new (self->folder, since_us, NULL, &error);
  g_assert_no_error (error);
  expect (self, "~a.jpg");
  expect_quiet (self);
}

static void
test_vanishes (Fixture *self, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  g_auto (HfLookoutNews) news = {0};

  hf_lookout_news_init (&news);
  tree_remove (self->folder);
  patience_until (!hf_lookout_look (self->lookout, &news, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static void
test_links (Fixture *self, gconstpointer unused)
{
  g_autofree char *loop = g_build_filename (self->folder, "lot1/up", NULL);
  g_autofree char *link = g_build_filename (self->folder, "e.jpg", NULL);

  g_assert_cmpint (symlink ("..", loop), ==, 0);
  g_assert_cmpint (symlink ("a.jpg", link), ==, 0);
  hf_lookout_look_again (self->lookout);
  expect (self, "+e.jpg");
  g_assert_cmpuint (hf_lookout_get_n_links (self->lookout), ==, 1);
  expect_quiet (self);
}

#define NO_NAMESPACE "no namespace of users"

/* A process that may have no inotify: in a namespace of its own, so that nobody
 * else is without. */
static gboolean
refuse_events (void)
{
  int fd = -1;
  gboolean ok;

  if (unshare (CLONE_NEWUSER) == 0)
    fd = g_open ("/proc/sys/user/max_inotify_instances", O_WRONLY | O_CLOEXEC,
                 0);
  ok = fd >= 0 && write (fd, "0", 1) == 1;
  if (fd >= 0)
    close (fd);
  return ok;
}

static void
test_deaf (void)
{
  Fixture self;

  if (!g_test_subprocess ()) {
    g_test_trap_subprocess (NULL, 0, 0);
    if (g_test_trap_has_passed ())
      return;
    g_test_trap_assert_stderr ("*" NO_NAMESPACE "*");
    g_test_skip (NO_NAMESPACE);
    return;
  }
  if (!refuse_events ()) {
    g_printerr (NO_NAMESPACE "\n");
    exit (1);
  }
  set_up (&self, NULL);
  g_assert_true (hf_lookout_is_deaf (self.lookout));
  put (&self, "c.jpg", "c");
  take_away (&self, "a.jpg");
  put (&self, "lot1/b.jpg", "another one");
  hf_lookout_look_again (self.lookout);
  expect (&self, "+c.jpg ~lot1/b.jpg -a.jpg");
  tear_down (&self, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/lookout/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("files-come-change-and-go", test_life);
  ADD ("a-complete-file-is-told-of-at-the-first-look", test_at_once);
  ADD ("folders-come-move-and-go", test_folders);
  ADD ("a-file-that-is-being-written-is-waited-for", test_half_written);
  ADD ("a-thousand-at-once-are-told-of-once", test_burst);
  ADD ("what-changed-before-the-first-look-is-told-of", test_meanwhile);
  ADD ("links-to-folders-are-counted", test_links);
  ADD ("a-folder-that-vanishes-is-an-error", test_vanishes);
#undef ADD
  g_test_add_func ("/lookout/without-events-a-look-finds-the-same", test_deaf);
  return g_test_run ();
}
