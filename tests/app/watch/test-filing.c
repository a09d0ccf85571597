/* Judged files into folders, and lines to a reader. */
#include "app/cli/verbs/bundle/delivery.h"
#include "app/watch/filing.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

static void
test_folders (void)
{
  char *classes[] = {"ok", "../rust/x", NULL};
  HfClassKind kinds[] = {HF_CLASS_GOOD, HF_CLASS_DEFECT};
  HfBundleContent content = {.classes = classes, .kinds = kinds};
  g_auto (GStrv) with_good = hf_filing_dup_folders (&content);
  g_auto (GStrv) without = NULL;
  const char *const verdicts[] = {"pass", "reject", "unsure", "unknown", NULL};
  const char *const names[] = {"ok", "-.-rust-x", "unknown", NULL};
  g_autofree char *folder = NULL;

  g_assert_cmpstrv (with_good, verdicts);
  kinds[0] = HF_CLASS_OTHER;
  without = hf_filing_dup_folders (&content);
  g_assert_cmpstrv (without, names);
  folder = hf_filing_dup_folder (&content, HF_VERDICT_CLASS, 1);
  g_assert_cmpstr (folder, ==, "-.-rust-x");
}

static void
test_targets (void)
{
  static const struct {
    const char *path;
    int attempt;
    const char *target;
  } cases[] = {{"a.jpg", 0, "pass/a.jpg"},
               {"a.jpg", 1, "pass/a-2.jpg"},
               {"lot.1/a", 2, "pass/lot.1/a-3"},
               {"lot/a.b.jpg", 9, "pass/lot/a.b-10.jpg"}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *target =
        hf_filing_dup_target ("pass", cases[i].path, cases[i].attempt);

    g_assert_cmpstr (target, ==, cases[i].target);
  }
}

static void
test_move (void)
{
  g_autofree char *root = g_dir_make_tmp ("handful-XXXXXX", NULL);
  g_autofree char *from = g_build_filename (root, "a", NULL);
  g_autofree char *folder = g_build_filename (root, "pass", NULL);
  g_autofree char *to = g_build_filename (folder, "a", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (hf_filing_move (root, "a", "pass/a", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (from, "1", 1, NULL));
  g_assert_true (hf_filing_move (root, "a", "pass/a", &error));
  g_assert_true (g_file_set_contents (from, "2", 1, NULL));
  g_assert_false (hf_filing_move (root, "a", "pass/a", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
  g_assert_true (g_file_get_contents (to, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "1");
  g_assert_true (g_file_test (from, G_FILE_TEST_EXISTS));
  g_unlink (from);
  g_unlink (to);
  g_rmdir (folder);
  g_rmdir (root);
}

static void
assert_taken (HfDelivery *delivery, guint n)
{
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_delivery_collect (delivery, ids, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ids->len, ==, n);
}

static void
test_pipe (void)
{
  g_autoptr (HfDelivery) delivery = NULL;
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (GError) error = NULL;
  char buffer[8];
  int ends[2];

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (ends), ==, 0);
  delivery = hf_delivery_new (ends[1]);
  for (gint64 id = 1; id <= 3; id++)
    g_assert_true (hf_delivery_write (delivery, id, "12345\n", &error));
  assert_taken (delivery, 0);
  g_assert_cmpint (read (ends[0], buffer, 5), ==, 5);
  assert_taken (delivery, 0);
  g_assert_cmpint (read (ends[0], buffer, 2), ==, 2);
  assert_taken (delivery, 1);
  g_assert_cmpuint (hf_delivery_get_n_waiting (delivery), ==, 2);
  /* What is in the pipe when its reader goes was not taken. */
  g_assert_cmpint (read (ends[0], buffer, 5), ==, 5);
  close (ends[0]);
  g_assert_false (hf_delivery_collect (delivery, ids, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  g_assert_cmpuint (ids->len, ==, 1);
  g_assert_cmpint (g_array_index (ids, gint64, 0), ==, 2);
  g_assert_cmpuint (hf_delivery_get_n_waiting (delivery), ==, 1);
  g_clear_error (&error);
  g_assert_false (hf_delivery_write (delivery, 4, "x\n", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  close (ends[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/watch/filing/folders-are-names", test_folders);
  g_test_add_func ("/watch/filing/targets-are-numbered", test_targets);
  g_test_add_func ("/watch/filing/never-over-another-file", test_move);
  g_test_add_func ("/watch/delivery/taken-is-what-left-the-pipe", test_pipe);
  return g_test_run ();
}
