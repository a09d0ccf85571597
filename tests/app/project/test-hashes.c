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

static gboolean
is_rewritten (Fixture *fixture, HfFeatureStore *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rewritten =
      hf_project_find_rewritten (fixture->project, store, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (rewritten->len, <=, 1);
  if (rewritten->len == 1)
    g_assert_cmpint (g_array_index (rewritten, gint64, 0), ==,
                     fixture_find (fixture, "in/a.jpg"));
  return rewritten->len == 1;
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
    fixture_put (fixture, "in/a.jpg", contents[i]);
    g_assert_cmpint (is_rewritten (fixture, NULL), ==, i == 2);
  }
  g_assert_true (is_another (fixture, "in/a.jpg"));
}

/* So long ago that the cache remembers it. */
static void
put_old (Fixture *fixture, const char *text, time_t seconds)
{
  const struct timeval times[2] = {{seconds, 0}, {seconds, 0}};
  g_autofree char *path = fixture_dup_path (fixture, "in/a.jpg");

  fixture_put (fixture, "in/a.jpg", text);
  g_assert_cmpint (utimes (path, times), ==, 0);
}

static HfFeatureStore *
open_store (const Fixture *fixture)
{
  g_autofree char *path = fixture_dup_path (fixture, "cache.db");
  g_autoptr (GError) error = NULL;
  HfFeatureStore *store = hf_feature_store_open (path, G_MAXINT, &error);

  g_assert_no_error (error);
  return store;
}

/* Hashes the file until the cache remembers it, which is not before some time
 * has passed since it changed; what it remembers is read when it is opened. */
static void
remember (Fixture *fixture)
{
  const gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *path = fixture_dup_path (fixture, "in/a.jpg");
  g_autofree char *known = NULL;

  while (known == NULL) {
    g_autoptr (HfFeatureStore) store = open_store (fixture);
    g_autofree char *computed = NULL;

    g_assert_cmpint (g_get_monotonic_time (), <, end);
    known = hf_feature_store_dup_known_sha256 (store, path);
    computed = hf_feature_store_dup_sha256 (store, path, NULL);
    g_assert_nonnull (computed);
    g_usleep (G_USEC_PER_SEC / 20);
  }
}

static gboolean
is_unknown (Fixture *fixture)
{
  g_autoptr (HfFeatureStore) store = open_store (fixture);

  return is_rewritten (fixture, store);
}

/* Another picture of the same length was not noticed while the project was
 * closed. One that is only touched is looked at, and is the same. */
static void
test_same_length (Fixture *fixture, gconstpointer unused)
{
  g_autofree char *sha256 = g_strdup_printf ("%064d", 7);
  const char *const hashes[] = {sha256};
  g_autoptr (GArray) others = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id;

  put_two (fixture);
  id = fixture_find (fixture, "in/a.jpg");
  others = hf_project_find_others (fixture->project, &id, hashes, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (others->len, ==, 0);
  put_old (fixture, "first", 1000);
  fill (fixture);
  remember (fixture);
  g_assert_false (is_unknown (fixture));
  put_old (fixture, "first", 2000);
  g_assert_true (is_unknown (fixture));
  g_assert_false (is_another (fixture, "in/a.jpg"));
  put_old (fixture, "other", 1000);
  g_assert_false (is_rewritten (fixture, NULL));
  g_assert_true (is_unknown (fixture));
  remember (fixture);
  g_assert_true (is_unknown (fixture));
  g_array_unref (others);
  others = hf_project_find_others (fixture->project, &id, hashes, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (others->len, ==, 1);
  g_assert_true (is_another (fixture, "in/a.jpg"));
  g_assert_false (is_unknown (fixture));
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
  ADD ("another-file-of-the-same-length-is-found", test_same_length);
  ADD ("cancelled-changes-nothing", test_cancelled);
#undef ADD
  return g_test_run ();
}
