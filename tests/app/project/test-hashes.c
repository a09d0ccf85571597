/* SHA-256 of pictures whose files were written again. */
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "fixture.h"

#include <glib/gstdio.h>
#include <sys/time.h>

static void
fill (const Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  hf_project_fill_hashes (fixture->project, FALSE, NULL, &error);
  g_assert_no_error (error);
}

/* in/a.jpg is labelled good, in/b.jpg is not. */
static void
put_two (Fixture *fixture)
{
  fixture_put (fixture, "in/a.jpg", "first");
  fixture_put (fixture, "in/b.jpg", "second");
  g_assert_cmpuint (fixture_add (fixture, "in"), ==, 2);
  fixture_label (fixture, "in/a.jpg", "good");
}

static gboolean
is_another (Fixture *fixture, const char *name)
{
  /* It may lie in two folders that are looked at. */
  const gint64 id = fixture_find (fixture, name), ids[] = {id, id};
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) others =
      hf_project_renew_hashes (fixture->project, ids, 2, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (others->len, <=, 1);
  if (others->len == 1)
    g_assert_cmpint (g_array_index (others, gint64, 0), ==, id);
  return others->len == 1;
}

static void
rename_picture (const Fixture *fixture, const char *from, const char *to)
{
  g_autofree char *old = fixture_dup_path (fixture, from);
  g_autofree char *new = fixture_dup_path (fixture, to);

  g_assert_cmpint (g_rename (old, new), ==, 0);
}

/* The labelled picture, now @name, is found under another one. */
static void
expect_found (Fixture *fixture, const char *name)
{
  g_autofree char *labels = NULL;

  rename_picture (fixture, name, "in/c.jpg");
  g_assert_cmpuint (fixture_add (fixture, "in"), ==, 0);
  labels = fixture_dup_labels_again (fixture);
  g_assert_cmpstr (labels, ==, "b.jpg=- c.jpg=good");
}

/* It is told once, and found under another name by what it is now. */
static void
test_changed (Fixture *fixture, gconstpointer unused)
{
  put_two (fixture);
  fill (fixture);
  fixture_put (fixture, "in/a.jpg", "third");
  g_assert_true (is_another (fixture, "in/a.jpg"));
  g_assert_false (is_another (fixture, "in/a.jpg"));
  expect_found (fixture, "in/a.jpg");
}

static void
test_touched (Fixture *fixture, gconstpointer unused)
{
  const struct timeval times[2] = {{1000, 0}, {1000, 0}};
  g_autofree char *path = fixture_dup_path (fixture, "in/a.jpg");

  put_two (fixture);
  fill (fixture);
  g_assert_cmpint (utimes (path, times), ==, 0);
  g_assert_false (is_another (fixture, "in/a.jpg"));
}

/* There was nothing to compare with; the next time there is, but for pictures
 * that need no hash. */
static void
test_unknown (Fixture *fixture, gconstpointer unused)
{
  put_two (fixture);
  for (int i = 0; i < 2; i++) {
    g_autofree char *text = g_strdup_printf ("turn %d", i);

    fixture_put (fixture, "in/a.jpg", text);
    fixture_put (fixture, "in/b.jpg", text);
    g_assert_cmpint (is_another (fixture, "in/a.jpg"), ==, i == 1);
    g_assert_false (is_another (fixture, "in/b.jpg"));
  }
}

/* One that had a label may get one again. */
static void
test_label_taken_away (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;

  put_two (fixture);
  fill (fixture);
  hf_project_undo (fixture->project, NULL, &error);
  g_assert_no_error (error);
  fixture_put (fixture, "in/a.jpg", "third");
  g_assert_true (is_another (fixture, "in/a.jpg"));
}

/* What is known of it stays, by which it is found when it comes back. */
static void
test_gone (Fixture *fixture, gconstpointer unused)
{
  put_two (fixture);
  fill (fixture);
  rename_picture (fixture, "in/a.jpg", "a.jpg");
  g_assert_false (is_another (fixture, "in/a.jpg"));
  expect_found (fixture, "a.jpg");
}

/* Without a look at what it is now. */
static void
test_resized (Fixture *fixture, gconstpointer unused)
{
  const char *contents[] = {"first", "other", "third!"};

  put_two (fixture);
  fill (fixture);
  fixture_put (fixture, "in/b.jpg", "never labelled");
  for (gsize i = 0; i < G_N_ELEMENTS (contents); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GArray) resized = NULL;

    fixture_put (fixture, "in/a.jpg", contents[i]);
    resized = hf_project_find_resized (fixture->project, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (resized->len, ==, i == 2);
  }
  g_assert_true (is_another (fixture, "in/a.jpg"));
}

static void
test_cancelled (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) others = NULL;
  gint64 id;

  put_two (fixture);
  fill (fixture);
  fixture_put (fixture, "in/a.jpg", "third");
  id = fixture_find (fixture, "in/a.jpg");
  hf_progress_cancel (progress);
  others = hf_project_renew_hashes (fixture->project, &id, 1, progress, &error);
  g_assert_null (others);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (is_another (fixture, "in/a.jpg"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                     \
  g_test_add ("/project/hashes/" name, Fixture, NULL, fixture_set_up, func, \
              fixture_tear_down)
  ADD ("a-picture-that-is-another-one-is-told-once", test_changed);
  ADD ("a-file-that-was-only-touched-is-the-same", test_touched);
  ADD ("without-a-hash-nothing-is-told", test_unknown);
  ADD ("a-label-taken-away-leaves-the-hash-to-be-renewed",
       test_label_taken_away);
  ADD ("a-file-that-is-gone-keeps-its-hash", test_gone);
  ADD ("a-labelled-file-of-another-length-is-found", test_resized);
  ADD ("cancelled-changes-nothing", test_cancelled);
#undef ADD
  return g_test_run ();
}
