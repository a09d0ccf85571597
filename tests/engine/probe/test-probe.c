/* test-probe.c: training, prediction, and what a probe says about itself. */
#include "probe/probe.h"

#include "samples.h"

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

static void
test_tensors_and_back (void)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProbe) a = train (samples, HF_PROBE_GDA);
  g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (a);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProbe) b = hf_probe_new_from_tensors (tensors, &error);
  g_autofree double *p = NULL, *q = NULL;

  g_assert_no_error (error);
  p = dup_predictions (a, &samples->data);
  q = dup_predictions (b, &samples->data);
  g_assert_cmpmem (p, 60 * 4 * sizeof *p, q, 60 * 4 * sizeof *q);
  g_assert_cmpstr (hf_probe_get_reason (a), ==, hf_probe_get_reason (b));
  g_assert_cmpmem (&hf_probe_get_spec (a)->lambda, sizeof (double),
                   &hf_probe_get_spec (b)->lambda, sizeof (double));
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
  expect_error (samples, &spec, HF_PROBE_ERROR_UNSUPPORTED);
  spec.kind = HF_PROBE_GDA;
  samples->clip[5] = NAN;
  expect_error (samples, &spec, HF_PROBE_ERROR_NOT_FINITE);
  samples->clip[5] = 0;
  samples->data.n_classes = 4;
  expect_error (samples, &spec, HF_PROBE_ERROR_EMPTY_CLASS);
  samples->data.n_classes = 1;
  expect_error (samples, &spec, HF_PROBE_ERROR_ONE_CLASS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/probe/learns", test_learns);
  g_test_add_func ("/probe/all-kinds", test_all_kinds);
  g_test_add_func ("/probe/one-label-a-class", test_one_label_a_class);
  g_test_add_func ("/probe/same-bytes-again", test_same_bytes_again);
  g_test_add_func ("/probe/tensors-and-back", test_tensors_and_back);
  g_test_add_func ("/probe/refusals", test_refusals);
  return g_test_run ();
}
