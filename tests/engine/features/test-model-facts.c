/* What is known of a model before it is opened: the tag of its configuration,
 * by which the rows in the feature cache are found, and that it is remembered.
 */
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

/* The weights do not tell what a row is the mean of. */
static void
test_pool (void)
{
  HfClipConfig config = {.vision_eps = 1e-5};
  g_autofree char *token = hf_model_facts_dup_tag (&config);
  g_autofree char *mean = NULL, *normed = NULL;

  config.pool = HF_POOL_MEAN;
  mean = hf_model_facts_dup_tag (&config);
  config.pool = HF_POOL_NORMED_MEAN;
  normed = hf_model_facts_dup_tag (&config);
  g_assert_cmpstr (token, !=, mean);
  g_assert_cmpstr (mean, !=, normed);
}

static void
count_call (gint64 done, gint64 total, gpointer n_calls)
{
  ++*(int *) n_calls;
}

/* The starter's; *@n_calls: how often the work on it told how far it was. */
static HfModelFacts
read_starter (HfFeatureStore *store, int *n_calls)
{
  g_autofree char *folder = g_build_filename (
      g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models", "starter", NULL);
  g_autoptr (HfProgress) progress = hf_progress_new (count_call, n_calls);
  g_autoptr (GError) error = NULL;
  HfModelFacts facts = {0};

  *n_calls = 0;
  hf_model_facts_read (folder, store, progress, &facts, &error);
  g_assert_no_error (error);
  return facts;
}

/* Hashing the weights costs more than a start. */
static void
test_remembered (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("facts-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "features.db", NULL);
  HfFeatureStore *store = hf_feature_store_open (path, G_MAXINT64, &error);
  HfModelFacts first, second;
  int n_calls;

  g_assert_no_error (error);
  first = read_starter (store, &n_calls);
  g_assert_cmpint (n_calls, >, 0);
  second = read_starter (store, &n_calls);
  g_assert_cmpint (n_calls, ==, 0);
  g_assert_cmpstr (second.identity, ==, first.identity);
  g_assert_cmpstr (second.config_tag, ==, first.config_tag);
  g_assert_cmpint (second.clip_dim, ==, first.clip_dim);
  g_assert_cmpint (second.image_px, ==, first.image_px);
  g_assert_cmpint (second.context_length, ==, first.context_length);
  g_assert_cmpfloat (second.logit_scale, ==, first.logit_scale);
  hf_model_facts_clear (&first);
  hf_model_facts_clear (&second);
  hf_feature_store_close (store);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model-facts/tag-is-the-same-in-every-locale",
                   test_any_locale);
  g_test_add_func ("/model-facts/tag-tells-means-apart", test_pool);
  g_test_add_func ("/model-facts/are-remembered", test_remembered);
  return g_test_run ();
}
