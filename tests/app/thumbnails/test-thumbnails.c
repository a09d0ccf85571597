#include "app/thumbnails/thumbnail.h"

#include "app/places.h"
#include "tree.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <utime.h>

typedef struct {
  char *folder;  /* everything is below it */
  char *cache;   /* FOLDER/thumbnails */
  char *picture; /* FOLDER/a picture.png */
} Fixture;

static void
save_plain (const char *path, int width, int height, guint32 rgb)
{
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, rgb << 8);
  gdk_pixbuf_save (pixbuf, path, "png", &error, NULL);
  g_assert_no_error (error);
}

/* Seconds since 1970. */
static void
set_mtime (const char *path, long mtime)
{
  const struct utimbuf times = {mtime, mtime};

  g_assert_cmpint (utime (path, &times), ==, 0);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("handful-thumbnails-XXXXXX", NULL);
  f->cache = g_build_filename (f->folder, "thumbnails", NULL);
  f->picture = g_build_filename (f->folder, "a picture.png", NULL);
  save_plain (f->picture, 600, 300, 0x4080c0);
  set_mtime (f->picture, 1500000000);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  tree_remove (f->folder);
  g_free (f->folder);
  g_free (f->cache);
  g_free (f->picture);
}

/* Loads it at @side_px and sees that it has this size and colour. */
static void
assert_shows (Fixture *f, int side_px, int width, int height, guint32 rgb)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfThumbnail) small =
      hf_thumbnail_load (f->cache, f->picture, side_px, &error);

  g_assert_no_error (error);
  g_assert_cmpint (small->image->width, ==, width);
  g_assert_cmpint (small->image->height, ==, height);
  g_assert_cmphex ((guint) (small->image->rgb[0] << 16 |
                            small->image->rgb[1] << 8 | small->image->rgb[2]),
                   ==, rgb);
}

/* The example of the standard. */
static void
test_names (void)
{
  g_autofree char *path =
      hf_thumbnail_dup_path ("/c", "/home/jens/photos/me.png", 100);
  g_autofree char *large =
      hf_thumbnail_dup_path ("/c", "/home/jens/photos/me.png", 129);
  g_autofree char *none =
      hf_thumbnail_dup_path ("/c", "/home/jens/photos/me.png", 1025);

  g_assert_cmpstr (path, ==, "/c/normal/c6ee772d9e49320e97ec29a7eb5b1697.png");
  g_assert_cmpstr (large, ==, "/c/large/c6ee772d9e49320e97ec29a7eb5b1697.png");
  g_assert_null (none);
}

static void
test_keeps (Fixture *f, gconstpointer data)
{
  g_autofree char *kept = hf_thumbnail_dup_path (f->cache, f->picture, 200);
  g_autofree char *uri = g_filename_to_uri (f->picture, NULL, NULL);
  g_autoptr (GdkPixbuf) read = NULL;
  GStatBuf status;

  /* Made for all programs in the standard's size, shown in ours. */
  assert_shows (f, 200, 200, 100, 0x4080c0);
  read = gdk_pixbuf_new_from_file (kept, NULL);
  g_assert_nonnull (read);
  g_assert_cmpint (gdk_pixbuf_get_width (read), ==, 256);
  g_assert_cmpint (gdk_pixbuf_get_height (read), ==, 128);
  g_assert_cmpstr (gdk_pixbuf_get_option (read, "tEXt::Thumb::URI"), ==, uri);
  g_assert_cmpstr (gdk_pixbuf_get_option (read, "tEXt::Thumb::MTime"), ==,
                   "1500000000");
  g_assert_cmpstr (gdk_pixbuf_get_option (read, "tEXt::Thumb::Image::Width"),
                   ==, "600");
  g_assert_cmpint (g_stat (kept, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  /* Nobody looks at the picture again, which has the same time. */
  save_plain (f->picture, 600, 300, 0xc08040);
  set_mtime (f->picture, 1500000000);
  assert_shows (f, 200, 200, 100, 0x4080c0);
}

/* As another program's: green, where the picture is blue. */
static void
save_foreign (Fixture *f, const char *mtime, int side_px)
{
  g_autofree char *kept = hf_thumbnail_dup_path (f->cache, f->picture, side_px);
  g_autofree char *folder = g_path_get_dirname (kept);
  g_autofree char *uri = g_filename_to_uri (f->picture, NULL, NULL);
  g_autoptr (GdkPixbuf) pixbuf =
      gdk_pixbuf_new (GDK_COLORSPACE_RGB, TRUE, 8, side_px, side_px / 2);

  g_mkdir_with_parents (folder, 0700);
  gdk_pixbuf_fill (pixbuf, 0x00ff00ff);
  g_assert_true (gdk_pixbuf_save (pixbuf, kept, "png", NULL, "tEXt::Thumb::URI",
                                  uri, "tEXt::Thumb::MTime", mtime, NULL));
}

static void
test_reads_foreign (Fixture *f, gconstpointer data)
{
  save_foreign (f, "1500000000", 256);
  assert_shows (f, 256, 256, 128, 0x00ff00);
  /* A larger one serves a smaller tile. */
  assert_shows (f, 96, 96, 48, 0x00ff00);
}

static void
test_of_another_time (Fixture *f, gconstpointer data)
{
  save_foreign (f, "1499999999", 256);
  assert_shows (f, 256, 256, 128, 0x4080c0);
  /* The kept one is ours now, and goes out of date in its turn. */
  assert_shows (f, 256, 256, 128, 0x4080c0);
  save_plain (f->picture, 300, 600, 0xc08040);
  set_mtime (f->picture, 1500000001);
  assert_shows (f, 256, 128, 256, 0xc08040);
}

static void
test_damaged_kept (Fixture *f, gconstpointer data)
{
  g_autofree char *kept = hf_thumbnail_dup_path (f->cache, f->picture, 256);
  g_autofree char *content = NULL;
  gsize size = 0;

  assert_shows (f, 256, 256, 128, 0x4080c0);
  g_assert_true (g_file_get_contents (kept, &content, &size, NULL));
  for (gsize cut = 0; cut < size; cut += 13) {
    g_assert_true (g_file_set_contents (kept, content, (gssize) cut, NULL));
    assert_shows (f, 256, 256, 128, 0x4080c0);
  }
  for (gsize i = 0; i < size; i += 7) {
    g_autofree char *bad = g_memdup2 (content, size);
    g_autoptr (HfThumbnail) small = NULL;

    bad[i] ^= 0x5a;
    g_assert_true (g_file_set_contents (kept, bad, (gssize) size, NULL));
    small = hf_thumbnail_load (f->cache, f->picture, 256, NULL);
    g_assert_nonnull (small);
    g_assert_cmpint (MAX (small->image->width, small->image->height), <=, 256);
  }
}

static void
test_small_is_not_kept (Fixture *f, gconstpointer data)
{
  save_plain (f->picture, 72, 60, 0x112233);
  assert_shows (f, 192, 72, 60, 0x112233);
  g_assert_false (g_file_test (f->cache, G_FILE_TEST_EXISTS));
}

static char *
dup_failure_path (Fixture *f)
{
  g_autofree char *kept = hf_thumbnail_dup_path (f->cache, f->picture, 256);
  g_autofree char *name = g_path_get_basename (kept);
  g_autofree char *program =
      g_strconcat ("handful-", hf_places_get_version (), NULL);

  return g_build_filename (f->cache, "fail", program, name, NULL);
}

static void
test_remembers_failure (Fixture *f, gconstpointer data)
{
  g_autofree char *failure = dup_failure_path (f);
  g_autoptr (GError) first = NULL;
  g_autoptr (GError) again = NULL;

  g_assert_true (g_file_set_contents (f->picture, "no picture", -1, NULL));
  set_mtime (f->picture, 1500000002);
  g_assert_null (hf_thumbnail_load (f->cache, f->picture, 256, &first));
  g_assert_error (first, HF_IMAGE_ERROR, HF_IMAGE_ERROR_FORMAT);
  g_assert_true (g_file_test (failure, G_FILE_TEST_EXISTS));
  g_assert_null (hf_thumbnail_load (f->cache, f->picture, 256, &again));
  g_assert_error (again, HF_THUMBNAIL_ERROR, HF_THUMBNAIL_ERROR_REFUSED);
  g_assert_cmpstr (again->message, ==, first->message);
  /* Mended, it is tried again. */
  save_plain (f->picture, 600, 300, 0x4080c0);
  set_mtime (f->picture, 1500000003);
  assert_shows (f, 256, 256, 128, 0x4080c0);
}

static void
test_gone_is_no_failure (Fixture *f, gconstpointer data)
{
  g_autofree char *failure = dup_failure_path (f);
  g_autoptr (GError) error = NULL;

  g_remove (f->picture);
  g_assert_null (hf_thumbnail_load (f->cache, f->picture, 256, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_assert_false (g_file_test (failure, G_FILE_TEST_EXISTS));
}

/* A file in the place of the folder: root may write everywhere, but not
 * there. */
static void
test_unwritable (Fixture *f, gconstpointer data)
{
  g_assert_true (g_file_set_contents (f->cache, "", 0, NULL));
  assert_shows (f, 256, 256, 128, 0x4080c0);
}

static void
test_not_of_thumbnails (Fixture *f, gconstpointer data)
{
  g_autofree char *kept = hf_thumbnail_dup_path (f->cache, f->picture, 512);
  g_autofree char *kept_of_kept = NULL;
  g_autoptr (HfThumbnail) small = NULL;

  assert_shows (f, 512, 512, 256, 0x4080c0);
  small = hf_thumbnail_load (f->cache, kept, 100, NULL);
  g_assert_nonnull (small);
  kept_of_kept = hf_thumbnail_dup_path (f->cache, kept, 100);
  g_assert_false (g_file_test (kept_of_kept, G_FILE_TEST_EXISTS));
}

/* Within one second a file is half written, refused, and whole. */
static void
test_new (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->picture, "half", -1, NULL));
  set_mtime (f->picture, (long) (g_get_real_time () / G_USEC_PER_SEC));
  g_assert_null (hf_thumbnail_load (f->cache, f->picture, 200, &error));
  g_assert_nonnull (error);
  save_plain (f->picture, 600, 300, 0x4080c0);
  assert_shows (f, 200, 200, 100, 0x4080c0);
  save_plain (f->picture, 300, 600, 0xc08040);
  assert_shows (f, 200, 100, 200, 0xc08040);
}

#define ADD(name, func) \
  g_test_add ("/app/thumbnails/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/thumbnails/are-named-as-the-standard-says",
                   test_names);
  ADD ("are-kept-for-all-programs-and-one-user", test_keeps);
  ADD ("of-other-programs-are-read", test_reads_foreign);
  ADD ("of-another-time-do-not-count", test_of_another_time);
  ADD ("that-are-damaged-are-made-again", test_damaged_kept);
  ADD ("of-small-pictures-are-not-kept", test_small_is_not_kept);
  ADD ("that-failed-are-not-tried-again", test_remembers_failure);
  ADD ("of-lost-pictures-may-come-back", test_gone_is_no_failure);
  ADD ("that-cannot-be-kept-are-shown", test_unwritable);
  ADD ("have-no-thumbnails", test_not_of_thumbnails);
  ADD ("of-what-was-written-a-moment-ago-are-not-kept", test_new);
  return g_test_run ();
}
