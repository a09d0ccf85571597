/* test-evaluation.c: cross-validation as a whole: nothing is tested on what it
 * was trained on, and threads change nothing. */
#include "base/rng.h"
#include "evaluate/evaluation.h"
#include "evaluate/learning.h"
#include "evaluate/predictions.h"
#include "tensor/safetensors.h"

#include <math.h>
#include <string.h>

enum { DIM = 8, MAX_ROWS = 400 };

static const HfClassKind kinds[4] = {HF_CLASS_GOOD, HF_CLASS_DEFECT,
                                     HF_CLASS_DEFECT, HF_CLASS_OTHER};

typedef struct {
  HfDataset data;
  float clip[MAX_ROWS][DIM];
  int label[MAX_ROWS];
  int group[MAX_ROWS];
} Project;

static double
draw_normal (HfRng *rng)
{
  double sum = -6;

  for (int i = 0; i < 12; i++)
    sum += hf_rng_next_double (rng);
  return sum;
}

/* @n_lots lots with @per_class unit rows of each class. A lot shifts its rows
 * by @shift, the same way for all of a class. */
static Project *
project_new (int n_classes, int n_lots, int per_class, double shift,
             guint64 seed)
{
  Project *self = g_new0 (Project, 1);
  HfRng rng;
  gsize n = 0;

  hf_rng_init (&rng, seed);
  for (int lot = 0; lot < n_lots; lot++)
    for (int c = 0; c < n_classes; c++) {
      double moved[DIM];

      for (int k = 0; k < DIM; k++)
        moved[k] = shift * draw_normal (&rng) + (k == c ? 1 : 0);
      for (int i = 0; i < per_class; i++, n++) {
        double square = 0;

        self->label[n] = c;
        self->group[n] = lot;
        for (int k = 0; k < DIM; k++) {
          self->clip[n][k] = (float) (moved[k] + .35 * draw_normal (&rng));
          square += (double) self->clip[n][k] * (double) self->clip[n][k];
        }
        for (int k = 0; k < DIM; k++)
          self->clip[n][k] /= (float) sqrt (square);
      }
    }
  self->data = (HfDataset){.n_rows = n,
                           .n_classes = n_classes,
                           .n_tiles = 1,
                           .clip_dim = DIM,
                           .clip = self->clip[0],
                           .label = self->label,
                           .group = self->group,
                           .kinds = kinds,
                           .logit_scale = 1};
  return self;
}

static HfProbeSpec
make_spec (void)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  spec.blocks = HF_BLOCK_CLIP;
  return spec;
}

static HfEvaluation *
evaluate (const Project *project, gsize n_specs,
          const HfEvaluationOptions *options)
{
  HfProbeSpec specs[2] = {make_spec (), make_spec ()};
  const char *const names[2] = {NULL, "stronger"};
  g_autoptr (GError) error = NULL;
  HfEvaluation *evaluation;

  specs[1].alpha = specs[1].lambda = 1;
  evaluation = hf_evaluation_new (&project->data, specs, names, n_specs,
                                  options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (evaluation->probes->len, ==, n_specs);
  return evaluation;
}

static const HfProbeEvaluation *
get (const HfEvaluation *evaluation, guint i)
{
  return g_ptr_array_index (evaluation->probes, i);
}

/* Every prediction is that of a probe trained by hand on the other folds. */
static void
test_held_out (void)
{
  g_autofree Project *project = project_new (3, 9, 4, .2, 1);
  const HfEvaluationOptions options = {.n_folds = 3};
  g_autoptr (HfEvaluation) evaluation = evaluate (project, 1, &options);
  const HfProbeEvaluation *probe = get (evaluation, 0);
  HfProbeSpec spec = make_spec ();
  gint64 k = 0;

  g_assert_cmpuint (evaluation->n_tested, ==, 108);
  g_assert_cmpint (evaluation->n_groups, ==, 9);
  g_assert_cmpuint (evaluation->left_out->len, ==, 0);
  g_assert_cmpstr (probe->name, ==, "gda");
  for (int f = 0; f < 3; f++) {
    gsize train[MAX_ROWS], n_train = 0;
    g_autoptr (HfProbe) by_hand = NULL;

    for (gsize i = 0; i < project->data.n_rows; i++)
      if (evaluation->folds->fold[i] != f)
        train[n_train++] = i;
    by_hand =
        hf_probe_train (&project->data, train, n_train, &spec, NULL, NULL);
    for (gsize i = 0; i < evaluation->n_tested; i++) {
      gsize row = evaluation->tested[i];
      double p[3], distance;

      g_assert_cmpint (evaluation->truth[i], ==, project->label[row]);
      if (evaluation->folds->fold[row] != f)
        continue;
      hf_probe_predict (by_hand, project->clip[row], NULL, 1, p, &distance);
      for (int c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (probe->probabilities[3 * i + (gsize) c],
                                        p[c], 1e-12);
      g_assert_cmpint (probe->predicted[i], ==, hf_verdict_find_class (p, 3));
      g_assert_true ((probe->verdicts[i] == HF_VERDICT_UNKNOWN) ==
                     (distance > hf_probe_get_unknown_limit (by_hand, NULL)));
      k += probe->predicted[i] == evaluation->truth[i];
    }
  }
  g_assert_cmpint (probe->accuracy.k, ==, k);
  g_assert_cmpint (probe->accuracy.n, ==, 108);
  g_assert_cmpint (probe->unknown.n, ==, 108);
  g_assert_cmpint (probe->escape_rate.n + probe->overkill.n, ==, 108);
}

static void
assert_same_bytes (const HfEvaluation *a, const HfEvaluation *b)
{
  gsize n_cells = a->n_tested * (gsize) a->n_classes;

  g_assert_cmpmem (a->folds->fold, a->n_rows * sizeof (int), b->folds->fold,
                   b->n_rows * sizeof (int));
  for (guint i = 0; i < a->probes->len; i++) {
    const HfProbeEvaluation *left = get (a, i), *right = get (b, i);

    g_assert_cmpmem (left->probabilities, n_cells * sizeof (double),
                     right->probabilities, n_cells * sizeof (double));
    g_assert_cmpmem (
        left->learning->data, left->learning->len * sizeof (HfLearningPoint),
        right->learning->data, right->learning->len * sizeof (HfLearningPoint));
    g_assert_cmpfloat (left->accuracy.low, ==, right->accuracy.low);
    g_assert_cmpfloat (left->auc, ==, right->auc);
  }
  g_assert_cmpint (a->leak_random.k, ==, b->leak_random.k);
}

static void
test_threads (void)
{
  g_autofree Project *project = project_new (3, 8, 3, .3, 2);
  HfEvaluationOptions options = {
      .with_learning = TRUE, .with_leak = TRUE, .n_threads = 1, .seed = 4};
  g_autoptr (HfEvaluation) one = evaluate (project, 2, &options);

  for (int n_threads = 0; n_threads < 6; n_threads += 2) {
    g_autoptr (HfEvaluation) more = NULL;

    options.n_threads = n_threads;
    more = evaluate (project, 2, &options);
    assert_same_bytes (one, more);
  }
  g_assert_cmpstr (get (one, 1)->name, ==, "stronger");
}

typedef struct {
  gint64 done, total;
} Report;

/* From any thread, but never from two at once. */
static void
report_cb (gint64 done, gint64 total, gpointer data)
{
  Report *report = data;

  g_assert_cmpint (done, ==, report->done + 1);
  g_assert_true (report->total == 0 || report->total == total);
  *report = (Report){done, total};
}

static void
test_progress (void)
{
  g_autofree Project *project = project_new (3, 8, 3, .3, 2);
  const HfEvaluationOptions options = {
      .with_learning = TRUE, .with_leak = TRUE, .n_threads = 3};
  Report report = {0};
  g_autoptr (HfProgress) progress = hf_progress_new (report_cb, &report);
  HfProbeSpec spec = make_spec ();
  g_autoptr (GError) error = NULL;
  g_autoptr (HfEvaluation) evaluation = hf_evaluation_new (
      &project->data, &spec, NULL, 1, &options, progress, &error);

  g_assert_no_error (error);
  /* Eight folds by lots and by chance, and 1, 2, 4, 8, 16, 21 labels five
   * times in each. */
  g_assert_cmpint (report.done, ==, 8 + 8 + 6 * 5 * 8);
  g_assert_cmpint (report.total, ==, report.done);
}

/* Lots that look different flatter whoever has seen a part of each. */
static void
test_leak (void)
{
  g_autofree Project *project = project_new (3, 8, 8, .9, 3);
  g_autofree Project *single = project_new (3, 24, 1, .2, 3);
  const HfEvaluationOptions options = {.with_leak = TRUE};
  g_autoptr (HfEvaluation) lots = evaluate (project, 1, &options);
  g_autoptr (HfEvaluation) no_lots = NULL;

  g_assert_cmpint (lots->leak_grouped.k, ==, get (lots, 0)->accuracy.k);
  g_assert_cmpint (lots->leak_grouped.n, ==, lots->leak_random.n);
  g_assert_cmpfloat (lots->leak_random.rate, >, lots->leak_grouped.rate);
  for (gsize i = 0; i < single->data.n_rows; i++)
    single->group[i] = (int) i;
  no_lots = evaluate (single, 1, &options);
  g_assert_cmpint (no_lots->leak_grouped.n, ==, 0);
  g_assert_cmpint (no_lots->leak_random.n, ==, 0);
}

static void
test_left_out (void)
{
  g_autofree Project *project = project_new (4, 6, 3, .2, 4);
  const HfEvaluationOptions options = {.with_leak = TRUE,
                                       .with_learning = TRUE};
  g_autoptr (HfEvaluation) evaluation = NULL;
  const HfProbeEvaluation *probe;

  for (gsize i = 0; i < project->data.n_rows; i++)
    if (project->label[i] == 3)
      project->group[i] = 2;
  evaluation = evaluate (project, 1, &options);
  probe = get (evaluation, 0);
  g_assert_cmpuint (evaluation->n_tested, ==, 54);
  g_assert_cmpuint (evaluation->left_out->len, ==, 18);
  for (guint i = 0; i < 18; i++) {
    const HfLeftOut *left_out = g_ptr_array_index (evaluation->left_out, i);

    g_assert_cmpint (project->label[left_out->row], ==, 3);
    g_assert_nonnull (left_out->reason);
  }
  g_assert_cmpint (probe->accuracy.n, ==, 54);
  g_assert_cmpint (probe->recall[3].n, ==, 0);
  g_assert_cmpint (evaluation->leak_random.n, ==, 54);
}

/* By hand: classes 0 to 2 of the rows outside @lot. */
static HfProbe *
train_without (const Project *project, int lot, const HfProbeSpec *spec)
{
  HfDataset known = project->data;
  gsize train[MAX_ROWS], n_train = 0;
  g_autoptr (GError) error = NULL;
  HfProbe *probe;

  known.n_classes = 3;
  for (gsize i = 0; i < known.n_rows; i++)
    if (project->group[i] != lot && project->label[i] < 3)
      train[n_train++] = i;
  probe = hf_probe_train (&known, train, n_train, spec, NULL, &error);
  g_assert_no_error (error);
  return probe;
}

/* The fold that tests the lot of a class that cannot be tested trains on none
 * of its pictures, whatever the probe. */
static void
test_left_out_of_a_tested_lot (void)
{
  static const HfProbeKind probes[] = {HF_PROBE_GDA, HF_PROBE_LINEAR,
                                       HF_PROBE_SVM, HF_PROBE_AUTO};
  g_autofree Project *project = project_new (4, 6, 3, .2, 4);
  const HfEvaluationOptions options = {.with_learning = TRUE};
  gsize n_seen = 0;

  for (gsize i = 0; i < project->data.n_rows; i++)
    if (project->label[i] == 3)
      project->group[i] = 2;
  for (guint p = 0; p < G_N_ELEMENTS (probes); p++) {
    HfProbeSpec spec = make_spec ();
    g_autoptr (HfEvaluation) evaluation = NULL;
    g_autoptr (HfProbe) by_hand = NULL;
    g_autoptr (GError) error = NULL;
    const GArray *learning;

    spec.kind = probes[p];
    evaluation = hf_evaluation_new (&project->data, &spec, NULL, 1, &options,
                                    NULL, &error);
    g_assert_no_error (error);
    by_hand = train_without (project, 2, &spec);
    for (gsize i = 0; i < evaluation->n_tested; i++) {
      gsize row = evaluation->tested[i];
      const double *got = get (evaluation, 0)->probabilities + 4 * i;
      double wanted[3];

      if (project->group[row] != 2) {
        g_assert_cmpfloat (got[3], >, 0);
        continue;
      }
      hf_probe_predict (by_hand, project->clip[row], NULL, 1, wanted, NULL);
      g_assert_cmpmem (got, sizeof wanted, wanted, sizeof wanted);
      g_assert_cmpfloat (got[3], ==, 0);
      n_seen++;
    }
    /* The largest point is what the folds train on, of tested classes. */
    learning = get (evaluation, 0)->learning;
    g_assert_cmpint (
        g_array_index (learning, HfLearningPoint, learning->len - 1).n_labels,
        ==, 15);
  }
  g_assert_cmpuint (n_seen, ==, 9 * G_N_ELEMENTS (probes));
}

/* Nothing can escape from a probe that knows nothing good. */
static void
test_all_good_in_one_lot (void)
{
  g_autofree Project *project = project_new (3, 6, 3, .2, 4);
  const HfEvaluationOptions options = {.with_leak = TRUE};
  g_autoptr (HfEvaluation) evaluation = NULL;

  for (gsize i = 0; i < project->data.n_rows; i++)
    if (project->label[i] == 0)
      project->group[i] = 2;
  evaluation = evaluate (project, 1, &options);
  g_assert_cmpuint (evaluation->n_tested, ==, 30);
  g_assert_cmpuint (evaluation->left_out->len, ==, 24);
  for (guint i = 0; i < evaluation->left_out->len; i++) {
    const HfLeftOut *left_out = g_ptr_array_index (evaluation->left_out, i);

    g_assert_cmpint (project->group[left_out->row], ==, 2);
    g_assert_true ((strstr (left_out->reason, "All good") != NULL) ==
                   (project->label[left_out->row] != 0));
  }
  g_assert_cmpint (get (evaluation, 0)->escape_rate.n, ==, 30);
  for (gsize i = 0; i < evaluation->n_tested; i++)
    g_assert_cmpfloat (get (evaluation, 0)->probabilities[3 * i], >, 0);
  g_assert_cmpint (evaluation->leak_random.n, ==, 30);
}

static void
test_learning (void)
{
  g_autofree Project *project = project_new (2, 8, 3, .1, 5);
  const HfEvaluationOptions options = {.with_learning = TRUE};
  g_autoptr (HfEvaluation) evaluation = evaluate (project, 1, &options);
  const HfProbeEvaluation *probe = get (evaluation, 0);
  static const int sizes[] = {1, 2, 4, 8, 16, 21};

  g_assert_cmpuint (probe->learning->len, ==, G_N_ELEMENTS (sizes));
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    const HfLearningPoint *point =
        &g_array_index (probe->learning, HfLearningPoint, i);

    g_assert_cmpint (point->n_labels, ==, sizes[i]);
    g_assert_cmpfloat (point->accuracy_low, <=, point->accuracy);
    g_assert_cmpfloat (point->accuracy_high, >=, point->accuracy);
    g_assert_cmpfloat (point->accuracy_high, <=, 1);
  }
  /* All 21 of each class are what the folds themselves train on. */
  g_assert_cmpfloat_with_epsilon (
      g_array_index (probe->learning, HfLearningPoint, 5).accuracy,
      probe->balanced_accuracy, 1e-12);
  g_assert_cmpfloat (
      g_array_index (probe->learning, HfLearningPoint, 0).accuracy, <,
      g_array_index (probe->learning, HfLearningPoint, 5).accuracy);
}

/* Rates first and the curve second is the same as both at once. */
static void
test_learning_afterwards (void)
{
  g_autofree Project *project = project_new (2, 8, 3, .1, 5);
  const HfEvaluationOptions both = {.with_learning = TRUE, .seed = 3};
  const HfEvaluationOptions first = {.seed = 3, .n_threads = 1};
  g_autoptr (HfEvaluation) whole = evaluate (project, 1, &both);
  g_autoptr (HfEvaluation) rates = evaluate (project, 1, &first);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  const GArray *wanted = get (whole, 0)->learning;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GArray) points = NULL;
  g_autoptr (GArray) none = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (get (rates, 0)->learning->len, ==, 0);
  points = hf_learning_find (rates, &project->data, &get (rates, 0)->spec,
                             &first, progress, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (points->data, points->len * sizeof (HfLearningPoint),
                   wanted->data, wanted->len * sizeof (HfLearningPoint));
  sizes = hf_learning_dup_sizes (&project->data, rates->folds);
  g_assert_cmpuint (sizes->len, ==, wanted->len);
  for (guint i = 0; i < sizes->len; i++)
    g_assert_cmpint (g_array_index (sizes, int, i), ==,
                     g_array_index (wanted, HfLearningPoint, i).n_labels);
  hf_progress_cancel (progress);
  none = hf_learning_find (rates, &project->data, &get (rates, 0)->spec, &first,
                           progress, &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Two lots: each fold trains on one, and what a single label brings depends on
 * which picture of it was taken. */
static void
test_learning_of_one_lot (void)
{
  g_autofree Project *project = project_new (2, 2, 12, .1, 9);
  const HfEvaluationOptions options = {.with_learning = TRUE};
  g_autoptr (HfEvaluation) evaluation = evaluate (project, 1, &options);
  const HfLearningPoint *point =
      &g_array_index (get (evaluation, 0)->learning, HfLearningPoint, 0);

  g_assert_cmpint (point->n_labels, ==, 1);
  g_assert_cmpfloat (point->accuracy_low, <, point->accuracy_high);
}

/* A near-copy in another lot keeps both lots in one fold, and the rates count
 * them as one. */
static void
test_near_copies (void)
{
  g_autofree Project *project = project_new (2, 8, 3, .1, 6);
  int cluster[MAX_ROWS];
  const HfEvaluationOptions options = {0};
  g_autoptr (HfEvaluation) evaluation = NULL;

  for (int i = 0; i < (int) project->data.n_rows; i++)
    cluster[i] = i;
  cluster[0] = cluster[7];
  project->data.cluster = cluster;
  evaluation = evaluate (project, 1, &options);
  g_assert_cmpint (evaluation->n_groups, ==, 8);
  g_assert_cmpint (evaluation->folds->n_folds, ==, 7);
  g_assert_cmpint (evaluation->folds->fold[0], ==, evaluation->folds->fold[7]);
  g_assert_cmpint (get (evaluation, 0)->accuracy.n_groups, ==, 7);
}

static void
test_audited (void)
{
  g_autofree Project *project = project_new (2, 8, 3, .1, 7);
  gboolean audited[MAX_ROWS] = {0};
  const HfEvaluationOptions options = {.audited = audited};
  g_autoptr (HfEvaluation) evaluation = NULL;

  for (int i = 0; i < 40; i++)
    audited[i] = TRUE;
  evaluation = evaluate (project, 1, &options);
  g_assert_cmpint (get (evaluation, 0)->audited_accuracy.n, ==, 40);
}

static void
test_errors (void)
{
  g_autofree Project *project = project_new (2, 4, 3, .1, 8);
  const HfEvaluationOptions options = {.n_threads = 3};
  HfProbeSpec specs[2] = {make_spec (), {.kind = HF_PROBE_ZERO_SHOT}};
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) no_text = NULL;
  g_autoptr (GError) cancelled = NULL;
  g_autoptr (GError) too_few = NULL;

  g_assert_null (hf_evaluation_new (&project->data, specs, NULL, 2, &options,
                                    NULL, &no_text));
  g_assert_error (no_text, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT);
  hf_progress_cancel (progress);
  g_assert_null (hf_evaluation_new (&project->data, specs, NULL, 1, &options,
                                    progress, &cancelled));
  g_assert_error (cancelled, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  memset (project->group, 0, sizeof project->group);
  g_assert_null (hf_evaluation_new (&project->data, specs, NULL, 1, &options,
                                    NULL, &too_few));
  g_assert_error (too_few, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW);
}

/* The bytes that a probe is saved as (caller unrefs). */
static GBytes *
dup_probe_bytes (const HfProbe *probe)
{
  g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (probe);
  GBytes *bytes = hf_safetensors_dup_bytes (tensors, NULL);

  g_assert_nonnull (bytes);
  return bytes;
}

/* The probe of all rows that comes with the folds is the one that is trained by
 * itself, with any number of threads; rows without a fold are its too. */
static void
test_final (void)
{
  g_autofree Project *project = project_new (3, 9, 4, .2, 9);
  HfProbeSpec spec = make_spec ();
  g_autoptr (HfProbe) alone = NULL;
  g_autoptr (GBytes) wanted = NULL;

  for (gsize i = 0; i < project->data.n_rows; i++)
    if (project->label[i] == 2)
      project->group[i] = 3;
  alone = hf_probe_train (&project->data, NULL, 0, &spec, NULL, NULL);
  wanted = dup_probe_bytes (alone);
  for (int n_threads = 1; n_threads <= 3; n_threads++) {
    const HfEvaluationOptions options = {.n_threads = n_threads,
                                         .with_final = TRUE};
    g_autoptr (HfEvaluation) evaluation = evaluate (project, 2, &options);
    g_autoptr (GBytes) first = dup_probe_bytes (get (evaluation, 0)->final);
    g_autoptr (GBytes) second = dup_probe_bytes (get (evaluation, 1)->final);

    g_assert_cmpuint (evaluation->left_out->len, ==, 36);
    g_assert_true (g_bytes_equal (first, wanted));
    g_assert_false (g_bytes_equal (second, wanted));
    g_assert_cmpstr (get (evaluation, 0)->reason, ==,
                     hf_probe_get_reason (alone));
  }
}

static void
test_predictions (void)
{
  enum { N = 2500 };
  g_autofree Project *project = project_new (3, 9, 4, .2, 10);
  HfProbeSpec spec = make_spec ();
  g_autoptr (HfProbe) probe =
      hf_probe_train (&project->data, NULL, 0, &spec, NULL, NULL);
  g_autofree float *clip = g_new (float, N *DIM);
  g_autofree double *wanted = g_new (double, N * 3);
  g_autofree double *far = g_new (double, N);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < N * DIM; i++)
    clip[i] = (&project->clip[0][0])[i % (project->data.n_rows * DIM)];
  hf_probe_predict (probe, clip, NULL, N, wanted, far);
  for (int n_threads = 1; n_threads <= 3; n_threads++) {
    g_autofree double *p = g_new0 (double, N * 3);
    g_autofree double *distance = g_new0 (double, N);

    g_assert_true (hf_predictions_make (probe, clip, NULL, N, n_threads, NULL,
                                        p, distance, NULL));
    g_assert_cmpmem (p, N * 3 * sizeof *p, wanted, N * 3 * sizeof *p);
    g_assert_cmpmem (distance, N * sizeof *p, far, N * sizeof *p);
  }
  hf_progress_cancel (progress);
  g_assert_false (hf_predictions_make (probe, clip, NULL, N, 2, progress,
                                       wanted, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/evaluate/evaluation/every-prediction-is-held-out",
                   test_held_out);
  g_test_add_func ("/evaluate/evaluation/threads-change-no-byte", test_threads);
  g_test_add_func ("/evaluate/evaluation/progress-never-shrinks",
                   test_progress);
  g_test_add_func ("/evaluate/evaluation/leak-of-a-random-split", test_leak);
  g_test_add_func ("/evaluate/evaluation/class-in-one-lot-is-in-no-count",
                   test_left_out);
  g_test_add_func ("/evaluate/evaluation/a-tested-lot-is-not-trained-on",
                   test_left_out_of_a_tested_lot);
  g_test_add_func ("/evaluate/evaluation/all-good-pictures-in-one-lot",
                   test_all_good_in_one_lot);
  g_test_add_func ("/evaluate/evaluation/learning-curve-ends-at-the-folds",
                   test_learning);
  g_test_add_func ("/evaluate/evaluation/learning-curve-can-come-afterwards",
                   test_learning_afterwards);
  g_test_add_func ("/evaluate/evaluation/learning-curve-draws-within-a-lot",
                   test_learning_of_one_lot);
  g_test_add_func ("/evaluate/evaluation/near-copies-are-one-group",
                   test_near_copies);
  g_test_add_func ("/evaluate/evaluation/audited-rates", test_audited);
  g_test_add_func ("/evaluate/evaluation/final-probe-is-the-trained-one",
                   test_final);
  g_test_add_func ("/evaluate/predictions/threads-change-no-byte",
                   test_predictions);
  g_test_add_func ("/evaluate/evaluation/errors-are-named", test_errors);
  return g_test_run ();
}
