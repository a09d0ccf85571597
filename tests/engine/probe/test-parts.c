/* test-parts.c: the small parts of a probe: names, verdicts, calibration, the
 * limit of unknown, groups and folds, and the choice among settings. */
#include "base/rng.h"
#include "probe/calibration.h"
#include "probe/dataset.h"
#include "probe/novelty.h"
#include "probe/spec.h"
#include "probe/train/choice.h"
#include "probe/verdict.h"

#include <math.h>

static void
test_names (void)
{
  g_autoptr (GError) error = NULL;
  HfProbeKind kind = HF_PROBE_GDA;
  HfClassKind class_kind = HF_CLASS_GOOD;

  for (int k = HF_PROBE_ZERO_SHOT; k <= HF_PROBE_AUTO; k++) {
    g_assert_true (hf_probe_kind_parse (
        hf_probe_kind_get_name ((HfProbeKind) k), &kind, NULL));
    g_assert_cmpint (kind, ==, k);
  }
  for (int k = HF_CLASS_GOOD; k <= HF_CLASS_OTHER; k++) {
    g_assert_true (hf_class_kind_parse (
        hf_class_kind_get_name ((HfClassKind) k), &class_kind, NULL));
    g_assert_cmpint (class_kind, ==, k);
  }
  g_assert_false (hf_probe_kind_parse ("GDA", &kind, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_nonnull (strstr (error->message, "zero-shot"));
  g_clear_error (&error);
  g_assert_false (hf_class_kind_parse ("", &class_kind, &error));
  g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
  g_assert_cmpstr (hf_verdict_get_name (HF_VERDICT_UNKNOWN), ==, "unknown");
  g_assert_cmpint (hf_verdict_find_class ((double[]){0.3, 0.4, 0.4}, 3), ==, 1);
}

static void
test_verdicts (void)
{
  static const HfClassKind kinds[] = {HF_CLASS_GOOD, HF_CLASS_DEFECT,
                                      HF_CLASS_GOOD};
  static const HfClassKind none[] = {HF_CLASS_OTHER, HF_CLASS_DEFECT,
                                     HF_CLASS_OTHER};
  static const double p[] = {0.3, 0.4, 0.3};
  static const HfThresholds open = {NAN, NAN};
  static const HfThresholds narrow = {0.5, 0.7}, low = {0.1, 0.6};

  /* Without thresholds the most probable class decides, with them the sum. */
  g_assert_cmpint (hf_verdict_decide (p, kinds, 3, 1, 2, &open), ==,
                   HF_VERDICT_REJECT);
  g_assert_cmpint (hf_verdict_decide (p, kinds, 3, 1, 2, &narrow), ==,
                   HF_VERDICT_UNSURE);
  g_assert_cmpint (hf_verdict_decide (p, kinds, 3, 1, 2, &low), ==,
                   HF_VERDICT_PASS);
  g_assert_cmpint (hf_verdict_decide (p, none, 3, 1, 2, &narrow), ==,
                   HF_VERDICT_CLASS);
  g_assert_cmpint (hf_verdict_decide (p, kinds, 3, 3, 2, &low), ==,
                   HF_VERDICT_UNKNOWN);
  g_assert_cmpint (hf_verdict_decide (p, kinds, 3, 3, INFINITY, &low), ==,
                   HF_VERDICT_PASS);
}

static void
test_thresholds_are_read_back (void)
{
  static const char *const wrong[] = {
      "",        "a",   "0.5,",    "0.6,0.5", "0.1,0.2,0.3", "-0.1,0.5",
      "0.5,1.1", "nan", "0.5 0.6", ",0.5",    "inf"};
  const HfThresholds none = HF_THRESHOLDS_NONE, third = {1.0 / 3, 2.0 / 3};
  const HfThresholds one = {0.5, 0.5};
  HfThresholds read = {0.25, 0.75};
  g_autofree char *no = hf_thresholds_dup_name (&none);
  g_autofree char *long_name = hf_thresholds_dup_name (&third);
  g_autofree char *short_name = hf_thresholds_dup_name (&one);

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_false (hf_thresholds_parse (wrong[i], &read, &error));
    g_assert_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE);
    g_assert_cmpfloat (read.reject, ==, 0.25);
  }
  g_assert_cmpstr (no, ==, "");
  g_assert_cmpstr (short_name, ==, "0.5");
  g_assert_true (hf_thresholds_parse (long_name, &read, NULL));
  g_assert_cmpfloat (read.reject, ==, third.reject);
  g_assert_cmpfloat (read.pass, ==, third.pass);
  g_assert_true (hf_thresholds_parse ("0.48,0.64", &read, NULL));
  g_assert_cmpfloat (read.reject, ==, 0.48);
  g_assert_cmpfloat (read.pass, ==, 0.64);
  g_assert_true (hf_thresholds_parse (short_name, &read, NULL));
  g_assert_cmpfloat (read.pass, ==, 0.5);
}

/* Labels drawn from softmax (2.5 score): the slope is found again. */
static void
test_temperature_is_found_again (void)
{
  enum { N = 20000, K = 3 };
  g_autofree double *score = g_new (double, N *K);
  g_autofree double *weight = g_new (double, N);
  g_autofree int *label = g_new (int, N);
  HfHeldScores held = {score, label, weight, N, K};
  HfCalibration found;
  HfRng rng;

  hf_rng_init (&rng, 1);
  for (gsize i = 0; i < N; i++) {
    double sum = 0, draw;

    weight[i] = 1;
    for (int c = 0; c < K; c++) {
      score[i * K + c] = 2 * hf_rng_next_double (&rng) + 100;
      sum += exp (2.5 * (score[i * K + c] - 100));
    }
    draw = sum * hf_rng_next_double (&rng);
    label[i] = 0;
    while ((draw -= exp (2.5 * (score[i * K + label[i]] - 100))) > 0 &&
           label[i] < K - 1)
      label[i]++;
  }
  hf_calibration_fit (&held, NULL, hf_calibration_find_spread (score, N, K), 1,
                      &found);
  /* The slope's standard error is about 0.02 here. */
  g_assert_cmpfloat_with_epsilon (1 / found.temperature, 2.5, 0.08);
  g_assert_cmpfloat (found.offset, ==, 0);
}

/* The objective that calibration.h states, by its definition. */
static double
find_objective (const HfHeldScores *held, const HfClassKind *kinds,
                double spread, double slope, double offset)
{
  double sum =
      (slope * spread - 1) * (slope * spread - 1) + offset * offset / 25;

  for (gsize i = 0; i < held->n; i++) {
    double z[8], total = 0;

    for (int c = 0; c < held->n_classes; c++) {
      z[c] = slope * held->score[i * (gsize) held->n_classes + (gsize) c] +
             (kinds && kinds[c] == HF_CLASS_DEFECT ? offset : 0);
      total += exp (z[c]);
    }
    sum -= held->weight[i] * (z[held->label[i]] - log (total));
  }
  return sum;
}

static void
test_offset_is_a_minimum (void)
{
  static const HfClassKind kinds[] = {HF_CLASS_GOOD, HF_CLASS_DEFECT,
                                      HF_CLASS_DEFECT};
  static const double score[] = {1, 2,   0, 0.5, 1, 1.5, 3, 2.5,
                                 0, 0.2, 1, 0.1, 2, 1.5, 1};
  static const int label[] = {0, 1, 0, 1, 0};
  static const double weight[] = {1, 1, 0.5, 2, 1};
  HfHeldScores held = {score, label, weight, 5, 3};
  double spread = hf_calibration_find_spread (score, 5, 3), least;
  HfCalibration found;

  hf_calibration_fit (&held, kinds, spread, 1, &found);
  g_assert_cmpfloat (found.offset, <, 0);
  least = find_objective (&held, kinds, spread, 1 / found.temperature,
                          found.offset);
  for (int i = -1; i <= 1; i++)
    for (int j = -1; j <= 1; j++)
      g_assert_cmpfloat (find_objective (&held, kinds, spread,
                                         1 / found.temperature * (1 + 1e-3 * i),
                                         found.offset + 1e-3 * j),
                         >=, least);
}

/* Nothing held out, all right, all wrong, all alike: finite every time. */
static void
test_calibration_of_little (void)
{
  static const double right[] = {1, 0, 0, 1}, alike[] = {7, 7, 7, 7};
  static const int label[] = {0, 1}, wrong[] = {1, 0};
  static const double weight[] = {1, 1};
  HfCalibration a, b, c;

  hf_calibration_fit (&(HfHeldScores){right, label, weight, 0, 2}, NULL, 4, 1,
                      &a);
  g_assert_cmpfloat_with_epsilon (a.temperature, 4, 1e-9);
  hf_calibration_fit (&(HfHeldScores){right, label, weight, 2, 2}, NULL, 0.5, 1,
                      &a);
  hf_calibration_fit (&(HfHeldScores){right, wrong, weight, 2, 2}, NULL, 0.5, 1,
                      &b);
  g_assert_cmpfloat (a.temperature, <, 0.5);
  g_assert_cmpfloat (b.temperature, >, 0.5);
  g_assert_true (isfinite (b.temperature));
  hf_calibration_fit (&(HfHeldScores){alike, label, weight, 2, 2}, NULL, 0, 1,
                      &c);
  g_assert_cmpfloat (c.temperature, ==, 1);
}

static void
test_joining_tiles (void)
{
  static const HfClassKind kinds[] = {HF_CLASS_GOOD, HF_CLASS_DEFECT};
  static const double score[] = {1, 5, 3, -2};
  double out[2];

  hf_calibration_join_tiles (score, 1, 2, kinds, 2, out);
  g_assert_cmpfloat (out[0], ==, 2);
  g_assert_cmpfloat (out[1], ==, 5);
}

static void
test_limit_of_unknown (void)
{
  static const struct {
    gsize n;
    double limit, rate;
  } cases[] = {{19, INFINITY, 1}, {20, 20, 1 / 21.0}, {98, 98, 1 / 99.0},
               {99, 99, 0.01},    {100, 100, 0.01},   {198, 198, 0.01},
               {199, 198, 0.01},  {299, 297, 0.01},   {1000, 991, 0.01}};

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree double *held = g_new (double, cases[i].n);
    double rate, limit;

    for (gsize k = 0; k < cases[i].n; k++)
      held[k] = (double) (cases[i].n - k);
    limit = hf_novelty_find_limit (held, cases[i].n, &rate);
    g_assert_cmpfloat (limit, ==, cases[i].limit);
    g_assert_cmpfloat_with_epsilon (rate, cases[i].rate, 1e-15);
  }
}

static void
test_folds_keep_groups_whole (void)
{
  enum { N = 60, K = 3, FOLDS = 4 };
  int label[N], group[N], fold[N], again[N], count[FOLDS][K] = {0};
  g_autoptr (HfMembers) members = NULL;

  for (int i = 0; i < N; i++) {
    group[i] = 100 - i / 3;
    label[i] = i / 3 % K;
  }
  members = hf_members_new (group, N);
  g_assert_cmpuint (members->n_groups, ==, 20);
  g_assert_cmpuint (hf_members_count_rarest (members, label, K), ==, 6);
  hf_members_assign_folds (members, label, K, FOLDS, 7, fold);
  hf_members_assign_folds (members, label, K, FOLDS, 7, again);
  for (int i = 0; i < N; i++) {
    g_assert_cmpint (fold[i], ==, fold[i / 3 * 3]);
    g_assert_cmpint (fold[i], ==, again[i]);
    count[fold[i]][label[i]]++;
  }
  /* 7, 7 and 6 groups over 4 folds: one or two groups of three rows each. */
  for (int f = 0; f < FOLDS; f++)
    for (int c = 0; c < K; c++)
      g_assert_true (count[f][c] == 3 || count[f][c] == 6);
}

static void
test_the_first_stands_unless_clearly_worse (void)
{
  static const int label[] = {0, 0, 0, 0, 1, 1, 1, 1};
  static const int group[] = {0, 1, 2, 3, 4, 5, 6, 7};
  static const HfClassKind kinds[2] = {HF_CLASS_GOOD, HF_CLASS_DEFECT};
  static const gboolean is_held[] = {1, 1, 1, 1, 1, 1, 1, 1};
  static const double first[] = {1, 1, 1, 1, 1, 1, 1, 1};
  static const double lucky[] = {0, 1, 1, 1.2, 1, 1, 1, 1};
  static const double better[] = {.9, .8, .9, .8, .9, .8, .9, .8};
  static const double best[] = {.7, .6, .7, .6, .7, .6, .7, .6};
  HfDataset data = {.n_rows = 8,
                    .n_classes = 2,
                    .n_tiles = 1,
                    .label = label,
                    .group = group,
                    .kinds = kinds};
  g_autoptr (HfTraining) training = hf_training_new (&data, NULL, 0, FALSE);
  g_auto (HfChoice) choice = {0};

  hf_choice_init (&choice, training, is_held, first);
  g_assert_false (hf_choice_offer (&choice, lucky));
  g_assert_true (hf_choice_offer (&choice, better));
  g_assert_true (hf_choice_offer (&choice, best));
  g_assert_false (hf_choice_offer (&choice, better));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/names-and-back", test_names);
  g_test_add_func ("/probe/verdict/decides", test_verdicts);
  g_test_add_func ("/probe/verdict/thresholds-are-read-back",
                   test_thresholds_are_read_back);
  g_test_add_func ("/probe/calibration/temperature-is-found-again",
                   test_temperature_is_found_again);
  g_test_add_func ("/probe/calibration/offset-is-a-minimum",
                   test_offset_is_a_minimum);
  g_test_add_func ("/probe/calibration/of-little", test_calibration_of_little);
  g_test_add_func ("/probe/calibration/joins-tiles", test_joining_tiles);
  g_test_add_func ("/probe/novelty/limit", test_limit_of_unknown);
  g_test_add_func ("/probe/members/folds-keep-groups-whole",
                   test_folds_keep_groups_whole);
  g_test_add_func ("/probe/choice/the-first-stands-unless-clearly-worse",
                   test_the_first_stands_unless_clearly_worse);
  return g_test_run ();
}
