/* test-probe.c: training, prediction, and what a probe says about itself. */
#include "probe/probe.h"

#include "golden-gda.h"
#include "samples.h"

#include "base/rng.h"
#include "tensor/safetensors.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static const SampleShape ordinary = {.n_rows = 60,
                                     .n_classes = 3,
                                     .n_tiles = 1,
                                     .clip_dim = 24,
                                     .classic_dim = 10,
                                     .rows_a_group = 1,
                                     .apart = 1,
                                     .has_text = TRUE,
                                     .seed = 1};

static HfProbe *
train (const Samples *samples, HfProbeKind kind)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (GError) error = NULL;
  HfProbe *probe;

  spec.kind = kind;
  probe = hf_probe_train (&samples->data, NULL, 0, &spec, NULL, &error);
  g_assert_no_error (error);
  return probe;
}

/* Probabilities and distances of all rows, double[n][n_classes + 1]. */
static double *
dup_predictions (const HfProbe *probe, const HfDataset *data)
{
  gsize n = data->n_rows, k = (gsize) data->n_classes;
  double *out = g_new (double, n *(k + 1));

  hf_probe_predict (probe, data->clip, data->classic, n, out, out + n * k);
  for (gsize i = 0; i < n; i++) {
    double sum = 0;

    for (gsize c = 0; c < k; c++) {
      g_assert_true (out[i * k + c] >= 0 && out[i * k + c] <= 1);
      sum += out[i * k + c];
    }
    g_assert_cmpfloat_with_epsilon (sum, 1, 1e-12);
    g_assert_true (out[n * k + i] >= 0);
  }
  return out;
}

static double
find_accuracy (const HfProbe *probe, const HfDataset *data)
{
  g_autofree double *p = dup_predictions (probe, data);
  gsize right = 0, k = (gsize) data->n_classes;

  for (gsize i = 0; i < data->n_rows; i++) {
    gsize best = 0;

    for (gsize c = 1; c < k; c++)
      if (p[i * k + c] > p[i * k + best])
        best = c;
    right += best == (gsize) data->label[i];
  }
  return (double) right / (double) data->n_rows;
}

static void
test_learns (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProbe) gda = train (samples, HF_PROBE_GDA);
  g_autoptr (HfProbe) text = train (samples, HF_PROBE_ZERO_SHOT);

  g_assert_cmpfloat (find_accuracy (gda, &samples->data), >, 0.9);
  g_assert_cmpfloat (find_accuracy (text, &samples->data), >, 0.4);
  g_assert_cmpuint (hf_probe_get_n_calibration (gda), ==, 60);
  g_assert_cmpint (hf_probe_get_spec (gda)->kind, ==, HF_PROBE_GDA);
  g_assert_cmpint (hf_probe_get_spec (gda)->blocks, !=, HF_BLOCKS_AUTO);
  g_test_message ("%s", hf_probe_get_reason (gda));
}

static void
test_all_kinds (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);

  for (int kind = HF_PROBE_ZERO_SHOT; kind <= HF_PROBE_AUTO; kind++) {
    g_autoptr (HfProbe) probe = NULL;

    if (kind == HF_PROBE_PROMPT)
      continue;
    probe = train (samples, (HfProbeKind) kind);
    g_test_message ("%s: accuracy %.3f, temperature %.3g, limit %.3g",
                    hf_probe_get_reason (probe),
                    find_accuracy (probe, &samples->data),
                    hf_probe_get_temperature (probe),
                    hf_probe_get_unknown_limit (probe, NULL));
  }
}

static void
test_one_label_a_class (void)
{
  SampleShape shape = ordinary;
  g_autoptr (Samples) samples = NULL;
  g_autoptr (HfProbe) probe = NULL;

  shape.n_rows = 3;
  samples = samples_new (&shape);
  probe = train (samples, HF_PROBE_GDA);
  g_assert_cmpfloat (find_accuracy (probe, &samples->data), ==, 1);
  g_assert_cmpuint (hf_probe_get_n_calibration (probe), ==, 0);
  g_assert_true (isinf (hf_probe_get_unknown_limit (probe, NULL)));
  g_test_message ("%s", hf_probe_get_reason (probe));
}

static void
test_same_bytes_again (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProbe) a = train (samples, HF_PROBE_GDA);
  g_autoptr (HfProbe) b = train (samples, HF_PROBE_GDA);
  g_autofree double *p = dup_predictions (a, &samples->data);
  g_autofree double *q = dup_predictions (b, &samples->data);

  g_assert_cmpmem (p, 60 * 4 * sizeof *p, q, 60 * 4 * sizeof *q);
}

/* The probe has the text rows that it was trained with. */
static void
check_text (const HfProbe *probe, const HfDataset *data)
{
  gsize dim;
  double logit_scale;
  const float *text = hf_probe_get_text (probe, &dim, &logit_scale);

  g_assert_nonnull (text);
  g_assert_cmpfloat (logit_scale, ==, data->logit_scale);
  g_assert_cmpmem (text, (gsize) data->n_classes * dim * sizeof *text,
                   data->text,
                   (gsize) data->n_classes * data->clip_dim * sizeof *text);
}

static void
check_round_trip (const Samples *samples, HfProbeKind kind, HfKernel kernel)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (HfProbe) a = NULL, b = NULL;
  g_autoptr (HfTensorFile) tensors = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree double *p = NULL, *q = NULL;

  spec.kind = kind;
  spec.kernel = kernel;
  a = hf_probe_train (&samples->data, NULL, 0, &spec, NULL, &error);
  g_assert_no_error (error);
  tensors = hf_probe_dup_tensors (a);
  b = hf_probe_new_from_tensors (tensors, &error);
  g_assert_no_error (error);
  p = dup_predictions (a, &samples->data);
  q = dup_predictions (b, &samples->data);
  g_assert_cmpmem (p, 60 * 4 * sizeof *p, q, 60 * 4 * sizeof *q);
  g_assert_cmpstr (hf_probe_get_reason (a), ==, hf_probe_get_reason (b));
  g_assert_cmpint (hf_probe_get_spec (b)->kind, ==, kind);
  g_assert_cmpint (hf_probe_get_spec (b)->kernel, ==, kernel);
  g_assert_cmpmem (&hf_probe_get_spec (a)->lambda, sizeof (double),
                   &hf_probe_get_spec (b)->lambda, sizeof (double));
  check_text (a, &samples->data);
  check_text (b, &samples->data);
}

static void
test_tensors_and_back (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);

  check_round_trip (samples, HF_PROBE_ZERO_SHOT, HF_KERNEL_AUTO);
  check_round_trip (samples, HF_PROBE_LINEAR, HF_KERNEL_AUTO);
  check_round_trip (samples, HF_PROBE_SVM, HF_KERNEL_LINEAR);
  check_round_trip (samples, HF_PROBE_SVM, HF_KERNEL_RBF);
  check_round_trip (samples, HF_PROBE_GDA, HF_KERNEL_AUTO);
}

static void
expect_error (const Samples *samples, const HfProbeSpec *spec, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (hf_probe_train (&samples->data, NULL, 0, spec, NULL, &error));
  g_assert_error (error, HF_PROBE_ERROR, code);
}

static void
test_refusals (void)
{
  SampleShape shape = ordinary;
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (Samples) samples = NULL;

  shape.has_text = FALSE;
  shape.classic_dim = 0;
  samples = samples_new (&shape);
  spec.blocks = HF_BLOCK_CLASSIC;
  expect_error (samples, &spec, HF_PROBE_ERROR_NO_BLOCK);
  spec.blocks = HF_BLOCKS_AUTO;
  spec.kind = HF_PROBE_ZERO_SHOT;
  expect_error (samples, &spec, HF_PROBE_ERROR_NO_TEXT);
  spec.kind = HF_PROBE_PROMPT;
  expect_error (samples, &spec, HF_PROBE_ERROR_NO_TEXT);
  spec.kind = HF_PROBE_GDA;
  samples->clip[5] = NAN;
  expect_error (samples, &spec, HF_PROBE_ERROR_NOT_FINITE);
  samples->clip[5] = 0;
  samples->data.n_classes = 4;
  expect_error (samples, &spec, HF_PROBE_ERROR_EMPTY_CLASS);
  samples->data.n_classes = 1;
  memset (samples->label, 0, shape.n_rows * sizeof *samples->label);
  expect_error (samples, &spec, HF_PROBE_ERROR_ONE_CLASS);
}

/* log p_c - log p_0 times the temperature is score_c - score_0. Weights are
 * kept as floats, so scores of some tens are right to about 1e-5. */
static void
check_golden (gboolean unbalanced, const double *wanted)
{
  enum { K = GOLDEN_CLASSES, N = GOLDEN_N };
  static const HfClassKind kinds[K] = {HF_CLASS_OTHER, HF_CLASS_OTHER,
                                       HF_CLASS_OTHER};
  static const int group[N] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  HfDataset data = {.n_rows = N,
                    .n_classes = K,
                    .n_tiles = 1,
                    .clip_dim = GOLDEN_CLIP,
                    .classic_dim = GOLDEN_CLASSIC,
                    .clip = golden_clip,
                    .classic = golden_classic,
                    .label = golden_label,
                    .group = group,
                    .kinds = kinds,
                    .text = golden_text,
                    .logit_scale = 12};
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (HfProbe) probe = NULL;
  double p[GOLDEN_NEW * K], distance[GOLDEN_NEW];

  spec.lambda = 3;
  spec.alpha = 0.05;
  spec.blocks = HF_BLOCKS_BOTH;
  spec.unbalanced = unbalanced;
  probe = hf_probe_train (&data, NULL, 0, &spec, NULL, NULL);
  hf_probe_predict (probe, golden_clip + N * GOLDEN_CLIP,
                    golden_classic + N * GOLDEN_CLASSIC, GOLDEN_NEW, p,
                    distance);
  for (int i = 0; i < GOLDEN_NEW; i++) {
    for (int c = 0; c < K; c++)
      g_assert_cmpfloat_with_epsilon (hf_probe_get_temperature (probe) *
                                          log (p[i * K + c] / p[i * K]),
                                      wanted[i * K + c] - wanted[i * K], 2e-5);
    g_assert_cmpfloat_with_epsilon (distance[i], golden_distance[i],
                                    1e-5 * golden_distance[i]);
  }
}

static void
test_equals_numpy (void)
{
  check_golden (FALSE, golden_score);
  check_golden (TRUE, golden_unbalanced_score);
}

static gpointer
train_thread (gpointer samples)
{
  return train (samples, HF_PROBE_AUTO);
}

static GBytes *
save (const HfProbe *probe, const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "probe.safetensors", NULL);
  g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (probe);
  char *bytes;
  gsize size;

  g_assert_true (hf_safetensors_save (tensors, path, NULL));
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  g_assert_cmpint (g_remove (path), ==, 0);
  return g_bytes_new_take (bytes, size);
}

/* Two threads at once, and one after them. */
static void
test_same_bytes_on_threads (void)
{
  g_autofree char *folder = g_dir_make_tmp ("handful-XXXXXX", NULL);
  g_autoptr (Samples) samples = samples_new (&ordinary);
  GThread *first = g_thread_new ("first", train_thread, samples);
  GThread *second = g_thread_new ("second", train_thread, samples);
  g_autoptr (HfProbe) a = g_thread_join (first);
  g_autoptr (HfProbe) b = g_thread_join (second);
  g_autoptr (HfProbe) c = train (samples, HF_PROBE_AUTO);
  g_autoptr (GBytes) x = save (a, folder), y = save (b, folder);
  g_autoptr (GBytes) z = save (c, folder);

  g_assert_true (g_bytes_equal (x, y) && g_bytes_equal (x, z));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* Classes in another order give the same probabilities in that order; sums are
 * then made in another order too. */
static void
test_order_of_classes_does_not_count (void)
{
  static const int turn[] = {1, 2, 0};
  g_autoptr (Samples) a = samples_new (&ordinary);
  g_autoptr (Samples) b = samples_new (&ordinary);
  gsize dim = ordinary.clip_dim, n = ordinary.n_rows;

  for (gsize i = 0; i < n; i++)
    b->label[i] = turn[a->label[i]];
  for (int c = 0; c < 3; c++)
    memcpy (b->text + (gsize) turn[c] * dim, a->text + (gsize) c * dim,
            dim * sizeof *a->text);
  for (int kind = HF_PROBE_ZERO_SHOT; kind <= HF_PROBE_GDA; kind++) {
    g_autoptr (HfProbe) p = train (a, (HfProbeKind) kind);
    g_autoptr (HfProbe) q = train (b, (HfProbeKind) kind);
    g_autofree double *x = dup_predictions (p, &a->data);
    g_autofree double *y = dup_predictions (q, &b->data);

    for (gsize i = 0; i < n; i++)
      for (gsize c = 0; c < 3; c++)
        g_assert_cmpfloat_with_epsilon (x[i * 3 + c],
                                        y[i * 3 + (gsize) turn[c]], 2e-4);
  }
}

static void
test_tiles (void)
{
  SampleShape shape = ordinary;
  g_autoptr (Samples) samples = NULL;

  shape.n_tiles = 4;
  shape.n_rows = 45;
  samples = samples_new (&shape);
  for (int kind = HF_PROBE_ZERO_SHOT; kind <= HF_PROBE_GDA; kind++) {
    g_autoptr (HfProbe) probe = train (samples, (HfProbeKind) kind);
    g_autofree double *tiles = g_new (double, 45 * 4 * 3);

    g_assert_cmpuint (hf_probe_get_n_tiles (probe), ==, 4);
    g_assert_cmpfloat (find_accuracy (probe, &samples->data), >,
                       kind == HF_PROBE_ZERO_SHOT ? 0.5 : 0.9);
    hf_probe_predict_tiles (probe, samples->clip, samples->classic, 45, tiles);
    for (gsize i = 0; i < 45 * 4; i++)
      g_assert_cmpfloat_with_epsilon (
          tiles[i * 3] + tiles[i * 3 + 1] + tiles[i * 3 + 2], 1, 1e-12);
  }
}

/* Rows that never differ: nothing to learn, nothing that is not a number. */
static void
test_constant_rows (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);

  for (gsize i = 1; i < ordinary.n_rows; i++) {
    memcpy (samples->clip + i * ordinary.clip_dim, samples->clip,
            ordinary.clip_dim * sizeof (float));
    memcpy (samples->classic + i * ordinary.classic_dim, samples->classic,
            ordinary.classic_dim * sizeof (float));
  }
  for (int kind = HF_PROBE_ZERO_SHOT; kind <= HF_PROBE_AUTO; kind++) {
    g_autoptr (HfProbe) probe = NULL;
    g_autofree double *p = NULL;

    if (kind == HF_PROBE_PROMPT)
      continue;
    probe = train (samples, (HfProbeKind) kind);
    p = dup_predictions (probe, &samples->data);
    for (gsize i = 1; i < ordinary.n_rows; i++)
      g_assert_cmpmem (p, 3 * sizeof *p, p + 3 * i, 3 * sizeof *p);
  }
}

/* Of new rows like those labelled, about 1 % are called unknown; of rows from
 * elsewhere nearly all. */
static void
test_unknown (void)
{
  SampleShape shape = ordinary;
  g_autoptr (Samples) samples = NULL;
  g_autoptr (HfProbe) probe = NULL;
  g_autofree double *p = NULL;
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  gsize rows[300], alarms = 0, found = 0;
  double rate, limit, distance;
  HfRng rng;

  shape.n_rows = 2300;
  samples = samples_new (&shape);
  for (gsize i = 0; i < 300; i++)
    rows[i] = i;
  probe = hf_probe_train (&samples->data, rows, 300, &spec, NULL, NULL);
  limit = hf_probe_get_unknown_limit (probe, &rate);
  g_assert_cmpfloat (rate, ==, 0.01);
  p = dup_predictions (probe, &samples->data);
  for (gsize i = 300; i < 2300; i++)
    alarms += p[2300 * 3 + i] > limit;
  /* The limit itself varies: of 300 labels the rate has a standard deviation
   * of 0.6 %, and counting 2,000 adds 0.2 %. */
  g_assert_cmpuint (alarms, <=, 2000 * 3 / 100);
  g_assert_cmpuint (alarms, >=, 1);
  hf_rng_init (&rng, 3);
  for (gsize i = 0; i < 100; i++) {
    float clip[24], classic[10], length = 0;

    for (gsize j = 0; j < 24; j++) {
      clip[j] = (float) hf_rng_next_double (&rng) - 0.5f;
      length += clip[j] * clip[j];
    }
    for (gsize j = 0; j < 24; j++)
      clip[j] /= sqrtf (length);
    for (gsize j = 0; j < 10; j++)
      classic[j] = (float) hf_rng_next_double (&rng) * 20 - 10;
    hf_probe_predict (probe, clip, classic, 1, p, &distance);
    found += distance > limit;
  }
  g_assert_cmpuint (found, >, 90);
}

static const char *const keys[] = {"format",        "probe",    "form",
                                   "blocks",        "n_tiles",  "seed",
                                   "n_calibration", "balanced", "reason"};

/* The probe's tensors with @name replaced, or left out where @with is NULL. */
static HfTensorFile *
dup_changed (HfTensorFile *from, const char *name, const HfTensor *with)
{
  HfTensorFile *to = hf_tensor_file_new (hf_tensor_file_ref (from),
                                         (GDestroyNotify) hf_tensor_file_unref);

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (from); i++) {
    const HfTensor *tensor = hf_tensor_file_get_nth (from, i);

    if (!g_str_equal (tensor->name, name))
      hf_tensor_file_add (to, tensor->name, tensor);
    else if (with)
      hf_tensor_file_add (to, name, with);
  }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!g_str_equal (keys[i], name))
      hf_tensor_file_set_metadata (to, keys[i],
                                   hf_tensor_file_get_metadata (from, keys[i]));
  return to;
}

static void
test_damaged_tensors (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProbe) probe = train (samples, HF_PROBE_GDA);
  g_autoptr (HfTensorFile) whole = hf_probe_dup_tensors (probe);
  static const float bad[] = {NAN};
  HfTensor one = {.dtype = HF_DTYPE_F32,
                  .n_dims = 1,
                  .shape = {1},
                  .strides = {1},
                  .data = (const guint8 *) bad};

  for (guint i = 0; i < hf_tensor_file_get_n_tensors (whole); i++) {
    const char *name = hf_tensor_file_get_nth (whole, i)->name;

    for (int way = 0; way < 2; way++) {
      g_autoptr (GError) error = NULL;
      g_autoptr (HfTensorFile) part =
          dup_changed (whole, name, way == 0 ? NULL : &one);
      g_autoptr (HfProbe) read = hf_probe_new_from_tensors (part, &error);

      if (way == 0 &&
          (g_str_equal (name, "novelty.mean") || g_str_equal (name, "text")))
        continue;
      g_assert_null (read);
      g_assert_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, name));
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (HfTensorFile) part = dup_changed (whole, keys[i], NULL);

    g_assert_null (hf_probe_new_from_tensors (part, &error));
    g_assert_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_FORMAT);
  }
}

/* A probe as earlier builds stored it, without the text rows, judges alike. */
static void
test_tensors_without_text (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProbe) probe = train (samples, HF_PROBE_GDA);
  g_autoptr (HfTensorFile) whole = hf_probe_dup_tensors (probe);
  g_autoptr (HfTensorFile) older = dup_changed (whole, "text", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProbe) read = hf_probe_new_from_tensors (older, &error);
  g_autofree double *p = dup_predictions (probe, &samples->data);
  g_autofree double *q = NULL;
  gsize dim;
  double logit_scale;

  g_assert_no_error (error);
  g_assert_null (hf_probe_get_text (read, &dim, &logit_scale));
  q = dup_predictions (read, &samples->data);
  g_assert_cmpmem (p, 60 * 4 * sizeof *p, q, 60 * 4 * sizeof *q);
}

static GBytes *
train_bytes (const Samples *samples, HfProbeKind kind)
{
  g_autoptr (HfProbe) probe = train (samples, kind);
  g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (probe);

  return hf_safetensors_dup_bytes (tensors, NULL);
}

/* Strengths, temperature and limit are found as if near-copies were of one
 * group: nothing is chosen by a row whose copy was seen. */
static void
test_near_copies (void)
{
  static const HfProbeKind kinds[] = {HF_PROBE_GDA, HF_PROBE_LINEAR,
                                      HF_PROBE_SVM, HF_PROBE_AUTO};
  SampleShape shape = ordinary;
  int cluster[60];

  shape.n_rows = G_N_ELEMENTS (cluster);
  /* Row i + 3 is of the class of row i. */
  for (int i = 0; i < 60; i++)
    cluster[i] = i % 6 < 3 ? i : i - 3;
  for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
    g_autoptr (Samples) samples = samples_new (&shape);
    g_autoptr (GBytes) apart = train_bytes (samples, kinds[k]);
    g_autoptr (GBytes) near = NULL;
    g_autoptr (GBytes) wanted = NULL;

    samples->data.cluster = cluster;
    near = train_bytes (samples, kinds[k]);
    samples->data.cluster = NULL;
    for (int i = 0; i < 60; i++)
      samples->group[i] = cluster[i];
    wanted = train_bytes (samples, kinds[k]);
    g_assert_true (g_bytes_equal (near, wanted));
    g_assert_false (g_bytes_equal (near, apart));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/learns", test_learns);
  g_test_add_func ("/probe/all-kinds", test_all_kinds);
  g_test_add_func ("/probe/near-copies-choose-together", test_near_copies);
  g_test_add_func ("/probe/one-label-a-class", test_one_label_a_class);
  g_test_add_func ("/probe/same-bytes-again", test_same_bytes_again);
  g_test_add_func ("/probe/tensors-without-text", test_tensors_without_text);
  g_test_add_func ("/probe/gda-equals-numpy", test_equals_numpy);
  g_test_add_func ("/probe/same-bytes-on-threads", test_same_bytes_on_threads);
  g_test_add_func ("/probe/order-of-classes-does-not-count",
                   test_order_of_classes_does_not_count);
  g_test_add_func ("/probe/tiles", test_tiles);
  g_test_add_func ("/probe/constant-rows", test_constant_rows);
  g_test_add_func ("/probe/unknown", test_unknown);
  g_test_add_func ("/probe/damaged-tensors", test_damaged_tensors);
  g_test_add_func ("/probe/tensors-and-back", test_tensors_and_back);
  g_test_add_func ("/probe/refusals", test_refusals);
  return g_test_run ();
}
