/* Prompt tuning as a probe, through the starter's text tower, on made-up rows:
 * it learns, chooses, is the same again and from its tensors. */
#include "samples.h"

#include "compute/device.h"
#include "evaluate/evaluation.h"
#include "probe/given.h"
#include "probe/verdict.h"

#include <math.h>
#include <string.h>

#define K 3

static const char *const prompts[K] = {"a photo of a good ring.",
                                       "a photo of a rusty ring.",
                                       "a photo of a cracked ring."};

/* The starter's rows have 512 numbers. */
static const SampleShape ordinary = {.n_rows = 24,
                                     .n_classes = K,
                                     .n_tiles = 1,
                                     .clip_dim = 512,
                                     .rows_a_group = 1,
                                     .apart = 1,
                                     .has_text = TRUE,
                                     .seed = 5};

static HfTuner *
open_tuner (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"),
                                            "data", "models", "starter", NULL);
  g_autoptr (GError) error = NULL;
  HfTunerOptions options = {.model_path = path,
                            .device = g_getenv ("HANDFUL_TEST_DEVICE"),
                            .precision = HF_PRECISION_F16};
  HfTuner *tuner = hf_tuner_open (&options, prompts, K, NULL, &error);

  if (g_error_matches (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND))
    g_test_skip (error->message);
  else
    g_assert_no_error (error);
  return tuner;
}

static HfProbe *
train (const Samples *samples, const HfProbeSpec *spec)
{
  g_autoptr (GError) error = NULL;
  HfProbe *probe = hf_probe_train (&samples->data, NULL, 0, spec, NULL, &error);

  g_assert_no_error (error);
  return probe;
}

/* A prompt probe of ordinary rows; @n_steps 0 and @text_pull NAN are chosen. */
static HfProbe *
train_ordinary (HfTuner *tuner, int n_steps, double text_pull)
{
  g_autoptr (Samples) samples = samples_new (&ordinary);
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  samples->data.tuner = tuner;
  spec.kind = HF_PROBE_PROMPT;
  spec.n_steps = n_steps;
  spec.text_pull = text_pull;
  return train (samples, &spec);
}

static gsize
count_right (const HfProbe *probe, const HfDataset *data)
{
  gsize k = (gsize) data->n_classes, n_right = 0;
  g_autofree double *p = g_new (double, data->n_rows *k);

  hf_probe_predict (probe, data->clip, NULL, data->n_rows, p, NULL);
  for (gsize i = 0; i < data->n_rows; i++)
    n_right +=
        hf_verdict_find_class (p + i * k, data->n_classes) == data->label[i];
  return n_right;
}

/* Text rows that point anywhere: only labels can help. */
static void
mix_up_text (Samples *samples)
{
  gsize size = 512 * sizeof (float);
  g_autofree float *first = g_memdup2 (samples->text, size);

  memmove (samples->text, samples->text + 512, (K - 1) * size);
  memcpy (samples->text + (K - 1) * 512, first, size);
}

static void
test_learns (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (Samples) samples = samples_new (&ordinary);
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (HfProbe) zero_shot = NULL, probe = NULL;
  const HfWords *words;

  if (tuner == NULL)
    return;
  mix_up_text (samples);
  samples->data.tuner = tuner;
  spec.kind = HF_PROBE_ZERO_SHOT;
  zero_shot = train (samples, &spec);
  g_assert_cmpuint (count_right (zero_shot, &samples->data), <, 12);
  spec.kind = HF_PROBE_PROMPT;
  probe = train (samples, &spec);
  g_assert_cmpuint (count_right (probe, &samples->data), >, 20);
  g_assert_cmpuint (hf_probe_get_n_calibration (probe), ==, 24);
  g_assert_cmpint (hf_probe_get_spec (probe)->blocks, ==, HF_BLOCK_CLIP);
  g_assert_cmpint (hf_probe_get_spec (probe)->n_steps, >, 0);
  g_assert_false (isnan (hf_probe_get_spec (probe)->text_pull));
  g_assert_false (hf_probe_has_given_pull (probe));
  g_assert_nonnull (strstr (hf_probe_get_reason (probe), " settings by 24 "));
  words = hf_probe_get_words (probe);
  g_assert_cmpuint (words->n_vectors, ==, 4);
  g_assert_cmpuint (words->n_sets, ==, 1);
  g_assert_null (hf_probe_get_words (zero_shot));
}

static void
assert_same (const HfProbe *a, const HfProbe *b)
{
  const HfWords *x = hf_probe_get_words (a), *y = hf_probe_get_words (b);
  gsize n = x->n_sets * x->n_vectors;
  g_autofree char *hint = hf_words_dup_hint (x);
  g_autofree char *other = hf_words_dup_hint (y);

  g_assert_cmpuint (n, ==, y->n_sets * y->n_vectors);
  g_assert_cmpmem (x->vectors, n * x->width * sizeof (float), y->vectors,
                   n * y->width * sizeof (float));
  g_assert_cmpstr (hint, ==, other);
  g_assert_cmpstr (hf_probe_get_reason (a), ==, hf_probe_get_reason (b));
  g_assert_cmpint (hf_probe_get_spec (a)->n_steps, ==,
                   hf_probe_get_spec (b)->n_steps);
  g_assert_cmpint (hf_probe_has_given_pull (a), ==,
                   hf_probe_has_given_pull (b));
  g_assert_cmpint (hf_probe_get_spec (a)->per_class, ==,
                   hf_probe_get_spec (b)->per_class);
  g_assert_cmpint (hf_probe_get_spec (a)->n_vectors, ==,
                   hf_probe_get_spec (b)->n_vectors);
}

static void
test_again (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (Samples) samples = samples_new (&ordinary);

  for (int per_class = 0; per_class < 2 && tuner != NULL; per_class++) {
    HfProbeSpec spec = HF_PROBE_SPEC_INIT;
    g_autoptr (HfProbe) a = NULL, b = NULL, c = NULL;
    g_autoptr (HfTensorFile) tensors = NULL;
    g_autoptr (GError) error = NULL;
    g_autofree double *p = g_new (double, 24 * K), *q = g_new (double, 24 * K);

    samples->data.tuner = tuner;
    spec.kind = HF_PROBE_PROMPT;
    spec.per_class = per_class;
    spec.n_vectors = 6;
    spec.n_steps = 5;
    spec.text_pull = 0.02;
    a = train (samples, &spec);
    b = train (samples, &spec);
    assert_same (a, b);
    g_assert_true (hf_probe_has_given_pull (a));
    tensors = hf_probe_dup_tensors (a);
    c = hf_probe_new_from_tensors (tensors, &error);
    g_assert_no_error (error);
    assert_same (a, c);
    hf_probe_predict (a, samples->data.clip, NULL, 24, p, NULL);
    hf_probe_predict (c, samples->data.clip, NULL, 24, q, NULL);
    g_assert_cmpmem (p, 24 * K * sizeof *p, q, 24 * K * sizeof *q);
  }
}

/* One label of each class, and pictures of several tiles. */
static void
test_few (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();

  for (gsize n_tiles = 1; n_tiles < 4 && tuner != NULL; n_tiles += 2) {
    SampleShape shape = ordinary;
    HfProbeSpec spec = HF_PROBE_SPEC_INIT;
    g_autoptr (Samples) samples = NULL;
    g_autoptr (HfProbe) probe = NULL;

    shape.n_rows = n_tiles == 1 ? K : 4 * K;
    shape.n_tiles = n_tiles;
    /* Texts reach only half of the starter's numbers. */
    shape.apart = 2;
    samples = samples_new (&shape);
    samples->data.tuner = tuner;
    spec.kind = HF_PROBE_PROMPT;
    spec.n_steps = n_tiles == 1 ? 0 : 40;
    probe = train (samples, &spec);
    g_assert_cmpint (hf_probe_get_spec (probe)->n_steps, ==, 40);
    g_assert_cmpuint (count_right (probe, &samples->data), >, shape.n_rows / 2);
  }
}

static void
test_damaged (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (HfProbe) probe = NULL;

  if (tuner == NULL)
    return;
  probe = train_ordinary (tuner, 1, 0);
  for (int way = 0; way < 4; way++) {
    static const char *const names[] = {"nearest_words", "nearest_words",
                                        "n_steps", "n_steps"};
    static const char *const values[] = {"one", "1\n2\n3\n4\n5", "-1", ""};
    g_autoptr (HfTensorFile) tensors = hf_probe_dup_tensors (probe);
    g_autoptr (HfProbe) read = NULL;
    g_autoptr (GError) error = NULL;

    hf_tensor_file_set_metadata (tensors, names[way], values[way]);
    read = hf_probe_new_from_tensors (tensors, &error);
    g_assert_null (read);
    g_assert_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_FORMAT);
    g_assert_nonnull (strstr (error->message, names[way]));
  }
}

static void
test_cancel (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (Samples) samples = samples_new (&ordinary);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  if (tuner == NULL)
    return;
  samples->data.tuner = tuner;
  spec.kind = HF_PROBE_PROMPT;
  hf_progress_cancel (progress);
  g_assert_null (
      hf_probe_train (&samples->data, NULL, 0, &spec, progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* What is heard of a job; it is cancelled once @cancel_at units are done. */
typedef struct {
  HfProgress *progress;
  gint64 done, total, cancel_at;
  guint n_reports;
} Heard;

static void
hear_cb (gint64 done, gint64 total, gpointer data)
{
  Heard *self = data;

  g_assert_cmpint (done, >=, self->done);
  g_assert_cmpint (done, <=, total);
  if (self->n_reports++ > 0)
    g_assert_cmpint (total, ==, self->total);
  self->done = done;
  self->total = total;
  if (self->cancel_at > 0 && done >= self->cancel_at)
    hf_progress_cancel (self->progress);
}

/* Whatever the kind and the number of labels: a total that is known ahead,
 * steps that never go back, and an end that is reached. */
static void
test_progress (void)
{
  static const HfProbeKind kinds[] = {HF_PROBE_PROMPT, HF_PROBE_AUTO};
  g_autoptr (HfTuner) tuner = open_tuner ();

  for (guint i = 0; i < 4 && tuner != NULL; i++) {
    SampleShape shape = ordinary;
    Heard heard = {0};
    g_autoptr (HfProgress) progress = hf_progress_new (hear_cb, &heard);
    g_autoptr (Samples) samples = NULL;
    g_autoptr (HfProbe) probe = NULL;
    g_autoptr (GError) error = NULL;
    HfProbeSpec spec = HF_PROBE_SPEC_INIT;

    shape.n_rows = i < 2 ? 4 * K : K;
    samples = samples_new (&shape);
    samples->data.tuner = tuner;
    spec.kind = kinds[i % 2];
    if (i == 1)
      spec.n_steps = 5;
    probe = hf_probe_train (&samples->data, NULL, 0, &spec, progress, &error);
    g_assert_no_error (error);
    /* One label of each class leaves auto nothing to choose. */
    if (i == 3)
      continue;
    g_assert_cmpint (heard.total, ==,
                     hf_probe_count_steps (&samples->data, NULL, 0, &spec));
    if (hf_probe_get_spec (probe)->kind == HF_PROBE_PROMPT)
      g_assert_cmpint (heard.done, ==, heard.total);
    g_assert_cmpuint (heard.n_reports, >, 20);
  }
}

/* The folds of an evaluation are heard within, and cancelled within. */
static void
test_evaluation (void)
{
  const HfEvaluationOptions how = {.with_final = TRUE, .with_learning = TRUE};
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (Samples) samples = samples_new (&ordinary);
  HfProbeSpec specs[2] = {HF_PROBE_SPEC_INIT, HF_PROBE_SPEC_INIT};

  samples->data.tuner = tuner;
  specs[1].kind = HF_PROBE_PROMPT;
  specs[1].n_steps = 30;
  for (int cancels = 0; cancels < 2 && tuner != NULL; cancels++) {
    Heard heard = {.cancel_at = cancels ? 100 : 0};
    g_autoptr (HfProgress) progress = hf_progress_new (hear_cb, &heard);
    g_autoptr (HfEvaluation) evaluation = NULL;
    g_autoptr (GError) error = NULL;

    heard.progress = progress;
    evaluation = hf_evaluation_new (&samples->data, specs, NULL, 2, &how,
                                    progress, &error);
    if (cancels) {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* Each thread takes one more step at most. */
      g_assert_cmpint (heard.done, <, 100 + 2 * g_get_num_processors ());
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpint (heard.done, ==, heard.total);
    g_assert_cmpint (heard.total, >, 6 * 30);
    g_assert_cmpuint (
        ((HfProbeEvaluation *) evaluation->probes->pdata[0])->learning->len, >,
        0);
    g_assert_cmpuint (
        ((HfProbeEvaluation *) evaluation->probes->pdata[1])->learning->len, ==,
        0);
  }
}

/* The longest run is tried too where one on the way to it was no better than
 * the shorter ones: losses of a few held-out labels go up and down. */
static void
test_tries_all (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (HfProbe) probe = NULL;

  if (tuner == NULL)
    return;
  probe = train_ordinary (tuner, 0, NAN);
  g_assert_nonnull (strstr (hf_probe_get_reason (probe), ", of 11 settings "));
}

/* auto tries it only where the data can be tuned. */
static void
test_auto (void)
{
  g_autoptr (HfTuner) tuner = open_tuner ();
  g_autoptr (Samples) samples = samples_new (&ordinary);
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;

  spec.kind = HF_PROBE_AUTO;
  spec.n_steps = 10;
  for (int i = 0; i < 2 && tuner != NULL; i++) {
    g_autoptr (HfProbe) probe = NULL;

    samples->data.tuner = i == 0 ? NULL : tuner;
    probe = train (samples, &spec);
    g_assert_cmpint (strstr (hf_probe_get_reason (probe), "prompt") != NULL, ==,
                     i);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  hf_device_prepare_environment (0);
  g_test_add_func ("/probe/prompt/learns-what-texts-do-not-say", test_learns);
  g_test_add_func ("/probe/prompt/is-the-same-again-and-from-tensors",
                   test_again);
  g_test_add_func ("/probe/prompt/few-labels-and-tiles", test_few);
  g_test_add_func ("/probe/prompt/damaged-tensors-are-refused", test_damaged);
  g_test_add_func ("/probe/prompt/can-be-cancelled", test_cancel);
  g_test_add_func ("/probe/prompt/progress-is-known-ahead", test_progress);
  g_test_add_func ("/probe/prompt/folds-are-heard-and-cancelled-within",
                   test_evaluation);
  g_test_add_func ("/probe/prompt/tries-the-longest-run-too", test_tries_all);
  g_test_add_func ("/probe/prompt/auto-tries-it-on-request", test_auto);
  return g_test_run ();
}
