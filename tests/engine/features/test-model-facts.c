/* The tag of a configuration: the rows in the feature cache are found by it. */
#include "features/model-facts.h"

#include <locale.h>

static void
test_any_locale (void)
{
  const HfClipConfig config = {.vision_eps = 1e-5,
                               .text_eps = 1e-6,
                               .mean = {.48f, .45f, .4f},
                               .std = {.26f, .26f, .27f}};
  locale_t german = newlocale (LC_ALL_MASK, "de_DE.UTF-8", (locale_t) 0);
  g_autofree char *plain = hf_model_facts_dup_tag (&config);
  g_autofree char *with_comma = NULL;
  locale_t before;

  if (german == (locale_t) 0) {
    g_test_skip ("there is no German locale");
    return;
  }
  before = uselocale (german);
  g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");
  with_comma = hf_model_facts_dup_tag (&config);
  uselocale (before);
  freelocale (german);
  g_assert_cmpstr (with_comma, ==, plain);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-facts/tag-is-the-same-in-every-locale",
                   test_any_locale);
  return g_test_run ();
}
