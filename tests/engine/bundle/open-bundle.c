/* open-bundle.c: `open-bundle make PATH` writes the sample, `open-bundle open
 * PATH` says "whole" or why PATH is refused, for test-hostile.py. */
#include "bundle/bundle.h"
#include "sample.h"

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfBundleContent, hf_bundle_content_clear)

static gboolean
make (const char *path, GError **error)
{
  g_auto (HfBundleContent) content;

  sample_fill (&content);
  return hf_bundle_save (&content, path, NULL, error);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfBundle) bundle = NULL;
  gboolean ok;

  if (argc != 3)
    return 2;
  if (g_str_equal (argv[1], "make")) {
    ok = make (argv[2], &error);
  } else {
    bundle = hf_bundle_open (argv[2], NULL, &error);
    ok = bundle != NULL;
  }
  g_print ("%s\n", ok ? "whole" : error->message);
  return ok ? 0 : 1;
}
