/* From files and folders to a list of pictures. */
#include "app/jobs/pictures.h"
#include "tree.h"

#include <glib/gstdio.h>
#include <unistd.h>

typedef struct {
  char *root;
} Fixture;

static void
put (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->root, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
}

static void
set_up (Fixture *fixture, gconstpointer unused)
{
  fixture->root = g_dir_make_tmp ("handful-pictures-XXXXXX", NULL);
  put (fixture, "b.png");
  put (fixture, "a.JPG");
  put (fixture, "notes.txt");
  put (fixture, ".hidden.png");
  put (fixture, ".thumbs/x.png");
  put (fixture, "c/z.webp");
  put (fixture, "c/deep/y.tiff");
  put (fixture, "Z.bmp");
  put (fixture, "empty/readme");
  put (fixture, "no-dot-png");
}

static void
tear_down (Fixture *fixture, gconstpointer unused)
{
  tree_remove (fixture->root);
  g_free (fixture->root);
}

static void
check_list (Fixture *fixture, HfPictures *pictures, const char *wanted)
{
  g_autoptr (GString) got = g_string_new (NULL);

  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++)
    g_string_append_printf (got, "%s%s", i > 0 ? " " : "",
                            hf_pictures_get (pictures, i) +
                                strlen (fixture->root) + 1);
  g_assert_cmpstr (got->str, ==, wanted);
}

static void
test_folder (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();

  g_assert_true (hf_pictures_add (pictures, fixture->root, NULL, NULL));
  check_list (fixture, pictures, "Z.bmp a.JPG b.png c/deep/y.tiff c/z.webp");
  g_assert_cmpuint (hf_pictures_get_refusals (pictures)->len, ==, 0);
}

static void
test_named (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  const char *names[] = {"notes.txt", ".hidden.png", "b.png", "b.png",
                         "not there"};

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (fixture->root, names[i], NULL);

    g_assert_true (hf_pictures_add (pictures, path, NULL, NULL));
  }
  check_list (fixture, pictures, "notes.txt .hidden.png b.png b.png not there");
}

static void
test_empty_folder (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autofree char *path = g_build_filename (fixture->root, "empty", NULL);
  const HfRefusal *refusal;

  g_assert_true (hf_pictures_add (pictures, path, NULL, NULL));
  g_assert_cmpuint (hf_pictures_get_n (pictures), ==, 0);
  g_assert_cmpuint (hf_pictures_get_refusals (pictures)->len, ==, 1);
  refusal = hf_pictures_get_refusals (pictures)->pdata[0];
  g_assert_nonnull (strstr (refusal->reason, path));
}

static void
test_links (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autofree char *folder = g_build_filename (fixture->root, "c", NULL);
  g_autofree char *loop = g_build_filename (folder, "again", NULL);
  g_autofree char *link = g_build_filename (folder, "link.png", NULL);

  g_assert_cmpint (symlink (".", loop), ==, 0);
  g_assert_cmpint (symlink ("../b.png", link), ==, 0);
  g_assert_true (hf_pictures_add (pictures, folder, NULL, NULL));
  check_list (fixture, pictures, "c/deep/y.tiff c/link.png c/z.webp");
  g_assert_cmpuint (hf_pictures_get_links (pictures)->len, ==, 1);
  g_assert_cmpstr (hf_pictures_get_links (pictures)->pdata[0], ==, loop);
}

static void
test_list (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autofree char *lines =
      g_strdup_printf ("%s/b.png\n\n%s/c\n%s/no newline at the end",
                       fixture->root, fixture->root, fixture->root);

  g_assert_true (hf_pictures_add_list (pictures, lines, NULL, NULL));
  check_list (fixture, pictures,
              "b.png c/deep/y.tiff c/z.webp no newline at the end");
}

static void
test_cancel (Fixture *fixture, gconstpointer unused)
{
  g_autoptr (HfPictures) pictures = hf_pictures_new ();
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  hf_progress_cancel (progress);
  g_assert_false (hf_pictures_add (pictures, fixture->root, progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(name, func) \
  g_test_add ("/pictures/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("folders-are-walked-in-byte-order", test_folder);
  ADD ("named-files-are-always-tried", test_named);
  ADD ("a-folder-without-pictures-is-refused", test_empty_folder);
  ADD ("links-to-folders-are-not-followed", test_links);
  ADD ("a-list-names-files-and-folders", test_list);
  ADD ("can-be-cancelled", test_cancel);
  return g_test_run ();
}
