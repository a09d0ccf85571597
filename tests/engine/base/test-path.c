/* test-path.c: what of a path lies below a folder. */
#include "base/path.h"

static void
test_below (void)
{
  const char path[] = "/in/lot/1.jpg";

  g_assert_true (hf_path_get_below (path, "/in") == path + 4);
  g_assert_true (hf_path_get_below (path, "/in/") == path + 4);
  g_assert_true (hf_path_get_below (path, "/in/lot") == path + 8);
  g_assert_true (hf_path_get_below (path, "/") == path + 1);
  g_assert_cmpstr (hf_path_get_below ("in/1.jpg", "in"), ==, "1.jpg");
}

/* A folder whose name begins alike is another one. */
static void
test_beside (void)
{
  g_assert_null (hf_path_get_below ("/inside/1.jpg", "/in"));
  g_assert_null (hf_path_get_below ("/i", "/in"));
  g_assert_null (hf_path_get_below ("/out/1.jpg", "/in"));
  g_assert_null (hf_path_get_below ("/in/1.jpg", "in"));
  g_assert_null (hf_path_get_below ("/in/1.jpg", ""));
}

static void
test_itself (void)
{
  g_assert_null (hf_path_get_below ("/in", "/in"));
  g_assert_null (hf_path_get_below ("/in/", "/in"));
  g_assert_null (hf_path_get_below ("/in/", "/in/"));
  g_assert_null (hf_path_get_below ("/in", "/in/"));
  g_assert_null (hf_path_get_below ("/", "/"));
  g_assert_null (hf_path_get_below ("", "/in"));
}

static void
test_shown (void)
{
  const char *home = g_get_home_dir ();
  const struct {
    const char *below, *shown;
  } names[] = {{"", "~"},
               {"/in/1.jpg", "~/in/1.jpg"},
               {"/caf\xe9", "~/caf\xef\xbf\xbd"}};

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_strconcat (home, names[i].below, NULL);
    g_autofree char *shown = hf_path_dup_shown (path);

    g_assert_cmpstr (shown, ==, names[i].shown);
  }
}

static void
test_shown_elsewhere (void)
{
  g_autofree char *beside = g_strconcat (g_get_home_dir (), "-other/in", NULL);
  g_autofree char *shown = hf_path_dup_shown (beside);

  g_assert_cmpstr (shown, ==, beside);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/path/what-lies-below-a-folder", test_below);
  g_test_add_func ("/base/path/a-name-that-begins-alike", test_beside);
  g_test_add_func ("/base/path/the-folder-is-not-below-itself", test_itself);
  g_test_add_func ("/base/path/the-home-folder-is-written-short", test_shown);
  g_test_add_func ("/base/path/another-folder-stays-whole",
                   test_shown_elsewhere);
  return g_test_run ();
}
