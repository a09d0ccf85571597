/* test-metrics.c: everything said about given predictions, against what
 * scikit-learn says (tests/golden/metrics) and against definitions. */
#include "base/rng.h"
#include "evaluate/evaluation.h"

#include <math.h>
#include <stdlib.h>

/* Sums of a few hundred doubles in another order. */
#define ROUNDING 1e-12

/* A golden file: fact to GArray of doubles. */
static GHashTable *
load_facts (const char *name)
{
  g_autofree char *path = g_strdup_printf (
      "%s/metrics/%s.txt", g_getenv ("HANDFUL_TEST_DATA"), name);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GHashTable *facts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) g_array_unref);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    g_auto (GStrv) words = g_strsplit (lines[i], " ", -1);
    GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));

    for (gsize w = 1; words[w] != NULL; w++) {
      double number = g_ascii_strtod (words[w], NULL);

      g_array_append_val (numbers, number);
    }
    g_hash_table_insert (facts, g_strdup (words[0]), numbers);
  }
  return facts;
}

static gsize
get (GHashTable *facts, const char *fact, const double **numbers)
{
  GArray *array = g_hash_table_lookup (facts, fact);

  g_assert_nonnull (array);
  *numbers = (const double *) array->data;
  return array->len;
}

static double
get_one (GHashTable *facts, const char *fact)
{
  const double *numbers;

  g_assert_cmpuint (get (facts, fact, &numbers), ==, 1);
  return numbers[0];
}

static int *
dup_ints (GHashTable *facts, const char *fact, gsize *n)
{
  const double *numbers;
  int *ints;

  *n = get (facts, fact, &numbers);
  ints = g_new (int, *n);
  for (gsize i = 0; i < *n; i++)
    ints[i] = (int) numbers[i];
  return ints;
}

static void
compare_curve (GHashTable *facts, const char *x_name, const char *y_name,
               const GArray *curve)
{
  const double *x, *y;

  g_assert_cmpuint (get (facts, x_name, &x), ==, curve->len);
  g_assert_cmpuint (get (facts, y_name, &y), ==, curve->len);
  for (guint i = 0; i < curve->len; i++) {
    const HfCurvePoint *point = &g_array_index (curve, HfCurvePoint, i);

    g_assert_cmpfloat_with_epsilon (point->x, x[i], ROUNDING);
    g_assert_cmpfloat_with_epsilon (point->y, y[i], ROUNDING);
  }
}

static void
compare_classes (GHashTable *facts, const HfProbeEvaluation *probe,
                 gsize n_classes)
{
  const double *precision, *recall, *confusion;

  g_assert_cmpuint (get (facts, "precision", &precision), ==, n_classes);
  g_assert_cmpuint (get (facts, "recall", &recall), ==, n_classes);
  g_assert_cmpuint (get (facts, "confusion", &confusion), ==,
                    n_classes * n_classes);
  for (gsize c = 0; c < n_classes; c++) {
    g_assert_cmpfloat_with_epsilon (probe->precision[c].rate, precision[c],
                                    ROUNDING);
    g_assert_cmpfloat_with_epsilon (probe->recall[c].rate, recall[c], ROUNDING);
  }
  for (gsize i = 0; i < n_classes * n_classes; i++)
    g_assert_cmpint (probe->confusion[i], ==, (gint64) confusion[i]);
}

static void
compare_good (GHashTable *facts, const HfProbeEvaluation *probe)
{
  const double *counts;

  compare_curve (facts, "roc_x", "roc_y", probe->roc);
  compare_curve (facts, "pr_x", "pr_y", probe->pr);
  get (facts, "escapes", &counts);
  g_assert_cmpint (probe->escape_rate.k, ==, (gint64) counts[0]);
  g_assert_cmpint (probe->escape_rate.n, ==, (gint64) counts[1]);
  get (facts, "overkill", &counts);
  g_assert_cmpint (probe->overkill.k, ==, (gint64) counts[0]);
  g_assert_cmpint (probe->overkill.n, ==, (gint64) counts[1]);
}

static int *
dup_numbers (gsize n)
{
  int *numbers = g_new (int, n);

  for (gsize i = 0; i < n; i++)
    numbers[i] = (int) i;
  return numbers;
}

static void
test_golden (gconstpointer name)
{
  g_autoptr (GHashTable) facts = load_facts (name);
  gsize n, n_classes;
  g_autofree int *truth = dup_ints (facts, "truth", &n);
  g_autofree int *kinds = dup_ints (facts, "kinds", &n_classes);
  g_autofree int *group = dup_numbers (n);
  g_autoptr (HfProbeEvaluation) probe = NULL;
  const double *p;

  g_assert_cmpuint (get (facts, "probabilities", &p), ==, n * n_classes);
  probe = hf_probe_evaluation_new (name, truth, group, p, NULL, 0, NULL, n,
                                   (const HfClassKind *) kinds, (int) n_classes,
                                   0, NULL);
  g_assert_cmpfloat_with_epsilon (probe->accuracy.rate,
                                  get_one (facts, "accuracy"), ROUNDING);
  g_assert_cmpfloat_with_epsilon (
      probe->balanced_accuracy, get_one (facts, "balanced_accuracy"), ROUNDING);
  g_assert_cmpfloat_with_epsilon (probe->auc, get_one (facts, "auc"), ROUNDING);
  g_assert_cmpfloat_with_epsilon (
      probe->average_precision, get_one (facts, "average_precision"), ROUNDING);
  if (n >= 200)
    g_assert_cmpfloat_with_epsilon (probe->ece, get_one (facts, "ece"),
                                    ROUNDING);
  else
    g_assert_true (isnan (probe->ece) && isnan (probe->ece_expected));
  compare_classes (facts, probe, n_classes);
  if (kinds[0] == HF_CLASS_GOOD) {
    compare_good (facts, probe);
  } else {
    g_assert_cmpint (probe->escape_rate.n, ==, 0);
    g_assert_cmpint (probe->overkill.n, ==, 0);
    g_assert_cmpuint (probe->roc->len, ==, 0);
  }
}

enum { N = 240 };

/* Predictions of two classes whose probabilities are all true. */
typedef struct {
  int truth[N];
  int group[N];
  double p[N][2];
  gboolean audited[N];
  double distances[N];
} Drawn;

static const HfClassKind two_kinds[2] = {HF_CLASS_GOOD, HF_CLASS_DEFECT};

static void
draw (Drawn *self, guint64 seed)
{
  HfRng rng;

  hf_rng_init (&rng, seed);
  for (int i = 0; i < N; i++) {
    self->p[i][0] = hf_rng_next_double (&rng);
    self->p[i][1] = 1 - self->p[i][0];
    self->truth[i] = hf_rng_next_double (&rng) < self->p[i][0] ? 0 : 1;
    self->group[i] = i;
    self->audited[i] = i < 31;
    self->distances[i] = i;
  }
}

static HfProbeEvaluation *
look (const Drawn *drawn, gsize n, const HfThresholds *thresholds)
{
  return hf_probe_evaluation_new (
      "drawn", drawn->truth, drawn->group, drawn->p[0], drawn->distances, 219.5,
      drawn->audited, n, two_kinds, 2, 5, thresholds);
}

/* Whoever rejects below a point's threshold gets the point's rates. */
static void
test_thresholds_of_curve (void)
{
  Drawn drawn;
  g_autoptr (HfProbeEvaluation) probe = NULL;

  draw (&drawn, 1);
  probe = look (&drawn, N, NULL);
  g_assert_cmpuint (probe->roc->len, ==, N + 1);
  for (guint i = 0; i <= N; i += 16) {
    const HfCurvePoint *point = &g_array_index (probe->roc, HfCurvePoint, i);
    HfThresholds thresholds = {point->threshold, point->threshold};
    g_autoptr (HfProbeEvaluation) moved = look (&drawn, N, &thresholds);

    g_assert_cmpfloat_with_epsilon (moved->overkill.rate, point->x, ROUNDING);
    g_assert_cmpfloat_with_epsilon (1 - moved->escape_rate.rate, point->y,
                                    ROUNDING);
    g_assert_cmpint (moved->unsure.k, ==, 0);
  }
}

static void
test_unsure_and_unknown (void)
{
  Drawn drawn;
  const HfThresholds thresholds = {.3, .8};
  g_autoptr (HfProbeEvaluation) probe = NULL;
  g_autoptr (HfProbeEvaluation) plain = NULL;
  gint64 escapes = 0, overkill = 0, unsure = 0;

  draw (&drawn, 2);
  for (int i = 0; i < N; i++) {
    escapes += drawn.truth[i] == 1 && drawn.p[i][0] >= .8;
    overkill += drawn.truth[i] == 0 && drawn.p[i][0] < .3;
    unsure += drawn.p[i][0] >= .3 && drawn.p[i][0] < .8;
  }
  probe = look (&drawn, N, &thresholds);
  g_assert_cmpint (probe->escape_rate.k, ==, escapes);
  g_assert_cmpint (probe->overkill.k, ==, overkill);
  g_assert_cmpint (probe->unsure.k, ==, unsure);
  g_assert_cmpint (probe->unsure.n, ==, N);
  g_assert_cmpint (probe->unknown.k, ==, N - 220);
  g_assert_cmpint (probe->unknown.n, ==, N);
  for (int i = 0; i < N; i++)
    g_assert_true ((probe->verdicts[i] == HF_VERDICT_UNKNOWN) == (i >= 220));
  plain = look (&drawn, N, NULL);
  g_assert_cmpint (plain->unsure.n, ==, 0);
  g_assert_cmpint (plain->accuracy.n, ==, N);
}

static void
test_audited (void)
{
  Drawn drawn;
  g_autoptr (HfProbeEvaluation) enough = NULL;
  g_autoptr (HfProbeEvaluation) too_few = NULL;
  gint64 right = 0;

  draw (&drawn, 3);
  for (int i = 0; i < 31; i++)
    right += (drawn.p[i][0] >= .5) == (drawn.truth[i] == 0);
  enough = look (&drawn, N, NULL);
  g_assert_cmpint (enough->audited_accuracy.n, ==, 31);
  g_assert_cmpint (enough->audited_accuracy.k, ==, right);
  g_assert_cmpint (enough->audited_escape_rate.n + enough->audited_overkill.n,
                   ==, 31);
  drawn.audited[30] = drawn.audited[29] = FALSE;
  too_few = look (&drawn, N, NULL);
  g_assert_cmpint (too_few->audited_accuracy.n, ==, 0);
}

/* Over many draws a perfect probe shows in the mean what is expected of it,
 * and its bins are as right as they claim. */
static void
test_perfect_probe (void)
{
  enum { N_DRAWS = 300 };
  double shown = 0, expected = 0, square = 0;
  int n_outside = 0, n_bins = 0;

  for (guint64 seed = 0; seed < N_DRAWS; seed++) {
    Drawn drawn;
    g_autoptr (HfProbeEvaluation) probe = NULL;

    draw (&drawn, 100 + seed);
    probe = look (&drawn, N, NULL);
    shown += probe->ece / N_DRAWS;
    square += probe->ece * probe->ece / N_DRAWS;
    expected += probe->ece_expected / N_DRAWS;
    for (int b = 5; b < HF_CALIBRATION_BINS; b++, n_bins++)
      n_outside += probe->calibration[b].mean_probability <
                       probe->calibration[b].right.low ||
                   probe->calibration[b].mean_probability >
                       probe->calibration[b].right.high;
    for (int b = 0; b < 5; b++)
      g_assert_cmpint (probe->calibration[b].n, ==, 0);
  }
  /* Four standard errors of a mean of 300. */
  g_assert_cmpfloat_with_epsilon (
      shown, expected, 4 * sqrt ((square - shown * shown) / N_DRAWS));
  g_assert_cmpfloat (expected, >, .03);
  g_assert_cmpfloat (expected, <, .08);
  g_assert_cmpint (n_outside, <, n_bins / 20);
}

static void
test_one_class_predicted (void)
{
  const int truth[4] = {0, 1, 0, 1}, group[4] = {0, 1, 2, 3};
  const double p[4][2] = {{1, 0}, {1, 0}, {1, 0}, {1, 0}};
  g_autoptr (HfProbeEvaluation) probe =
      hf_probe_evaluation_new ("always good", truth, group, p[0], NULL,
                               INFINITY, NULL, 4, two_kinds, 2, 0, NULL);

  g_assert_true (isnan (probe->precision[1].rate));
  g_assert_cmpint (probe->precision[1].n, ==, 0);
  g_assert_cmpint (probe->escape_rate.k, ==, 2);
  g_assert_cmpint (probe->overkill.k, ==, 0);
  g_assert_cmpfloat (probe->auc, ==, .5);
  g_assert_cmpuint (probe->roc->len, ==, 2);
  g_assert_cmpint (probe->unknown.n, ==, 0);
}

/* What is neither good nor a defect is in no curve, as in neither rate: the
 * point at a threshold is overkill and escape rate there. */
static void
test_other_is_in_no_curve (void)
{
  static const HfClassKind kinds[3] = {HF_CLASS_GOOD, HF_CLASS_DEFECT,
                                       HF_CLASS_OTHER};
  const int truth[6] = {0, 0, 1, 1, 2, 2}, group[6] = {0, 1, 2, 3, 4, 5};
  const double p[6][3] = {{.9, .1, 0}, {.4, .6, 0}, {.7, .3, 0},
                          {.1, .9, 0}, {.8, 0, .2}, {.6, 0, .4}};
  const HfThresholds half = {.5, .5};
  g_autoptr (HfProbeEvaluation) probe =
      hf_probe_evaluation_new ("with no part", truth, group, p[0], NULL,
                               INFINITY, NULL, 6, kinds, 3, 0, &half);
  g_autoptr (HfProbeEvaluation) nothing_bad = NULL;
  const HfCurvePoint *point = NULL;

  for (guint i = 0; i < probe->roc->len && point == NULL; i++)
    if (g_array_index (probe->roc, HfCurvePoint, i).threshold >= .5)
      point = &g_array_index (probe->roc, HfCurvePoint, i);
  g_assert_nonnull (point);
  g_assert_cmpint (probe->escape_rate.n, ==, 2);
  g_assert_cmpfloat (point->y, ==, 1 - probe->escape_rate.rate);
  g_assert_cmpfloat (point->x, ==, probe->overkill.rate);
  /* Of four pairs .4 is below .7 alone. */
  g_assert_cmpfloat (probe->auc, ==, .75);
  nothing_bad = hf_probe_evaluation_new ("no defect", truth, group, p[0], NULL,
                                         INFINITY, NULL, 2, kinds, 3, 0, NULL);
  g_assert_true (isnan (nothing_bad->auc));
  g_assert_cmpuint (nothing_bad->roc->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/evaluate/metrics/scikit-learn/good-and-defects",
                        "good-and-defects", test_golden);
  g_test_add_data_func ("/evaluate/metrics/scikit-learn/no-good", "no-good",
                        test_golden);
  g_test_add_data_func ("/evaluate/metrics/scikit-learn/two", "two",
                        test_golden);
  g_test_add_func ("/evaluate/metrics/other-is-in-no-curve",
                   test_other_is_in_no_curve);
  g_test_add_func ("/evaluate/metrics/threshold-of-a-point-gives-the-point",
                   test_thresholds_of_curve);
  g_test_add_func ("/evaluate/metrics/unsure-and-unknown-are-counted",
                   test_unsure_and_unknown);
  g_test_add_func ("/evaluate/metrics/audited-from-thirty-on", test_audited);
  g_test_add_func ("/evaluate/metrics/perfect-probe-shows-what-is-expected",
                   test_perfect_probe);
  g_test_add_func ("/evaluate/metrics/class-that-nobody-predicts",
                   test_one_class_predicted);
  return g_test_run ();
}
