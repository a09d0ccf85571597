/* Every file of golden/oddmodels is read or refused as its manifest says: no
 * crash, under 10 s of the processor, within 1 GiB, nothing executed, nothing
 * written. */
#include "model/model-file.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

typedef struct {
  char *path;
  const char *kind;
  const char *expected;
  guint n_tensors; /* where @expected is "ok" and the file holds tensors */
} Case;

/* Loads the file and says how many tensors it holds; -1 where refused. */
static int
load (const Case *odd, GError **error)
{
  g_autoptr (HfTensorFile) file = NULL;
  g_autofree char *text = NULL;
  gsize size_bytes = 0;
  HfClipConfig config;

  if (g_str_equal (odd->kind, "config")) {
    g_assert_true (g_file_get_contents (odd->path, &text, &size_bytes, NULL));
    return hf_clip_config_parse (text, size_bytes, &config, error) ? 0 : -1;
  }
  file = hf_model_file_load_tensors (odd->path, error);
  if (file == NULL)
    return -1;
  /* Whoever accepts a file must be able to read all its numbers. */
  for (guint i = 0; i < hf_tensor_file_get_n_tensors (file); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (file, i);
    g_autofree float *values =
        g_new (float, (gsize) hf_tensor_get_n_elements (tensor) + 1);

    hf_tensor_read (tensor, values);
  }
  return (int) hf_tensor_file_get_n_tensors (file);
}

static void
test_case (gconstpointer data)
{
  const Case *odd = data;
  g_autoptr (GError) error = NULL;
  clock_t start = clock ();
  int n_tensors = load (odd, &error);
  clock_t spent = clock () - start;
  g_autofree char *name = g_path_get_basename (odd->path);

  g_assert_cmpint (spent, <, 10 * CLOCKS_PER_SEC);
  if (g_str_equal (odd->expected, "ok")) {
    g_assert_no_error (error);
    g_assert_cmpint (n_tensors, ==, odd->n_tensors);
  } else if (g_str_equal (odd->expected, "refuse")) {
    g_assert_cmpint (n_tensors, ==, -1);
  }
  if (n_tensors >= 0)
    return;
  g_assert_nonnull (error);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  /* A configuration is given as text; whoever read it adds its name. */
  if (!g_str_equal (odd->kind, "config"))
    g_assert_nonnull (strstr (error->message, name));
}

static void
test_nothing_ran (void)
{
  static const char *const places[] = {".", "..", "../..", "/tmp"};

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    g_autofree char *path = g_build_filename (places[i], "HANDFUL_PWNED", NULL);

    g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  }
}

/* path,kind,expected,tensors,executes,note...; only the note is ever quoted. */
static void
add_cases (const char *folder, GPtrArray *cases)
{
  g_autofree char *path = g_build_filename (folder, "MANIFEST.csv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines + 1; *line != NULL && **line != '\0'; line++) {
    g_auto (GStrv) fields = g_strsplit (g_strchomp (*line), ",", 5);
    g_autofree char *name = g_strdup_printf ("/model/odd/%s", fields[0]);
    Case *odd = g_new0 (Case, 1);

    odd->path = g_build_filename (folder, fields[0], NULL);
    odd->kind = g_intern_string (fields[1]);
    odd->expected = g_intern_string (fields[2]);
    odd->n_tensors = (guint) g_ascii_strtoull (fields[3], NULL, 10);
    g_ptr_array_add (cases, odd);
    g_test_add_data_func (name, odd, test_case);
  }
}

static void
free_case (gpointer data)
{
  g_free (((Case *) data)->path);
  g_free (data);
}

static void
limit_memory (void)
{
/* The address sanitizer reserves terabytes. */
#ifndef __SANITIZE_ADDRESS__
  struct rlimit limit = {1u << 30, 1u << 30};

  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
#endif
}

int
main (int argc, char **argv)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("HANDFUL_TEST_DATA"), "oddmodels", NULL);
  g_autofree char *outer = g_dir_make_tmp ("handful-XXXXXX", NULL);
  g_autofree char *empty = g_build_filename (outer, "empty", NULL);
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (free_case);
  int failed;

  g_test_init (&argc, &argv, NULL);
  limit_memory ();
  g_assert_cmpint (g_mkdir (empty, 0700), ==, 0);
  g_assert_cmpint (chdir (empty), ==, 0);
  add_cases (folder, cases);
  g_assert_cmpuint (cases->len, >, 200);
  g_test_add_func ("/model/odd/nothing-was-run-or-written", test_nothing_ran);
  failed = g_test_run ();
  g_rmdir (empty);
  g_rmdir (outer);
  return failed;
}
