/* Words learned through the starter's tower: which words learn, that they do,
 * and that nothing but seed and data decides. */
#include "tuning/context.h"
#include "tuning/tuner.h"

#include "../compute/fixture.h"

#include <math.h>
#include <string.h>

#define K 3
#define N 9

static const char *const prompts[K] = {"a photo of a rusty ring.",
                                       "a photo of a ring.",
                                       "a photo of a scratched steel ring."};

static char *
dup_starter (void)
{
  return g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "data", "models",
                           "starter", NULL);
}

/* NULL where there is no device. */
static HfTuner *
open_tuner_of (const char *const *texts, int n_classes, HfPrecision precision)
{
  g_autofree char *path = dup_starter ();
  g_autoptr (GError) error = NULL;
  HfTunerOptions options = {.model_path = path,
                            .device = g_getenv ("HANDFUL_TEST_DEVICE"),
                            .precision = precision};
  HfTuner *tuner = hf_tuner_open (&options, texts, n_classes, NULL, &error);

  if (g_error_matches (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND)) {
    g_test_skip (error->message);
    return NULL;
  }
  g_assert_no_error (error);
  return tuner;
}

static HfTuner *
open_tuner (const char *const *texts)
{
  return open_tuner_of (texts, K, HF_PRECISION_F16);
}

typedef struct {
  float *x;       /* [N][dim] */
  float *written; /* [K][dim] */
  int label[N];
  double weight[N];
  float *first, *last; /* [K][dim]: rows before and after */
  int n_steps;
  HfTuningData data;
} Sample;

/* Pictures near rows of their own, which no prompt is near. */
static void
sample_init (Sample *self, HfTuner *tuner)
{
  gsize dim = hf_tuner_get_dim (tuner);

  *self = (Sample){.x = g_new (float, N *dim),
                   .written = g_new0 (float, K *dim),
                   .first = g_new0 (float, K *dim),
                   .last = g_new0 (float, K *dim)};
  for (int i = 0; i < N; i++) {
    g_autofree float *own = new_numbers (dim, (guint32) (i % K) + 1);
    g_autofree float *noise = new_numbers (dim, (guint32) i + 100);
    double square = 0;

    self->label[i] = i % K;
    self->weight[i] = 1;
    for (gsize j = 0; j < dim; j++) {
      self->x[i * dim + j] = own[j] + noise[j] / 2;
      square += pow (self->x[i * dim + j], 2);
    }
    for (gsize j = 0; j < dim; j++)
      self->x[i * dim + j] /= (float) sqrt (square);
  }
  self->data = (HfTuningData){.n = N,
                              .dim = dim,
                              .n_classes = K,
                              .x = self->x,
                              .label = self->label,
                              .weight = self->weight,
                              .written = self->written,
                              .logit_scale = 30};
}

static void
sample_clear (Sample *self)
{
  g_free (self->x);
  g_free (self->written);
  g_free (self->first);
  g_free (self->last);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static void
keep_step (int step, const float *rows, gpointer data)
{
  Sample *self = data;
  gsize size = K * self->data.dim * sizeof *rows;

  g_assert_cmpint (step, ==, self->n_steps);
  self->n_steps++;
  memcpy (step == 0 ? self->first : self->last, rows, size);
}

static float *
learn (HfTuner *tuner, Sample *sample, int n_vectors, gboolean per_class,
       int n_steps)
{
  HfTuningSettings settings = {n_vectors, per_class, n_steps, 7};
  g_autoptr (GError) error = NULL;
  float *vectors;

  sample->n_steps = 0;
  vectors = hf_tuner_fit (tuner, &sample->data, &settings, keep_step, sample,
                          NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (sample->n_steps, ==, n_steps + 1);
  return vectors;
}

static double
judge (const Sample *sample, const float *rows)
{
  g_autofree float *unit = g_new (float, K * sample->data.dim);

  return hf_tuning_loss (&sample->data, rows, unit, NULL);
}

static void
test_learns (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);

  for (int i = 0; i < 4 && tuner != NULL; i++) {
    g_auto (Sample) sample = {0};
    g_autofree float *vectors = NULL;

    sample_init (&sample, tuner);
    vectors = learn (tuner, &sample, i % 2 == 0 ? 4 : 16, i >= 2, 30);
    g_assert_cmpfloat (judge (&sample, sample.last), <,
                       judge (&sample, sample.first) / 2);
  }
}

/* A strong pull leaves the rows where they are written. */
static void
test_pull (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  g_auto (Sample) sample = {0};
  g_autofree float *free_vectors = NULL, *vectors = NULL;
  double far = 0, near = 0;

  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  free_vectors = learn (tuner, &sample, 4, FALSE, 1);
  memcpy (sample.written, sample.first, K * sample.data.dim * sizeof (float));
  g_free (g_steal_pointer (&free_vectors));
  free_vectors = learn (tuner, &sample, 4, FALSE, 20);
  for (gsize j = 0; j < K * sample.data.dim; j++)
    far += pow (sample.last[j] - sample.written[j], 2);
  sample.data.pull = 1e4;
  vectors = learn (tuner, &sample, 4, FALSE, 20);
  for (gsize j = 0; j < K * sample.data.dim; j++)
    near += pow (sample.last[j] - sample.written[j], 2);
  g_assert_cmpfloat (near, <, far / 10);
}

/* One picture a class is a batch too. */
static void
test_one_label (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  g_auto (Sample) sample = {0};
  g_autofree float *vectors = NULL;

  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  sample.data.n = K;
  vectors = learn (tuner, &sample, 4, FALSE, 30);
  g_assert_cmpfloat (judge (&sample, sample.last), <,
                     judge (&sample, sample.first) / 2);
}

typedef struct {
  HfTuner *tuner;
  Sample sample;
  int n_vectors;
  float *vectors;
} Job;

static gpointer
learn_thread (gpointer data)
{
  Job *job = data;

  job->vectors = learn (job->tuner, &job->sample, job->n_vectors, FALSE, 12);
  return NULL;
}

/* Two fits at once take turns on one tower, and neither is seen in the other:
 * a long run begins as a short one does, to the bit. */
static void
test_turns (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  Job jobs[2] = {{.n_vectors = 4}, {.n_vectors = 6}};
  GThread *threads[2];

  if (tuner == NULL)
    return;
  for (int i = 0; i < 2; i++) {
    jobs[i].tuner = tuner;
    sample_init (&jobs[i].sample, tuner);
    threads[i] = g_thread_new ("learn", learn_thread, &jobs[i]);
  }
  for (int i = 0; i < 2; i++)
    g_thread_join (threads[i]);
  for (int i = 0; i < 2; i++) {
    gsize size = (gsize) jobs[i].n_vectors * hf_tuner_get_width (tuner);
    g_autofree float *alone =
        learn (tuner, &jobs[i].sample, jobs[i].n_vectors, FALSE, 12);

    g_assert_cmpmem (alone, size * sizeof (float), jobs[i].vectors,
                     size * sizeof (float));
    g_free (jobs[i].vectors);
    sample_clear (&jobs[i].sample);
  }
}

/* A run that stops twice on its way is the run that never stopped, to the bit,
 * and tells of each number of steps once. */
static void
test_goes_on (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  HfTuningSettings settings = {4, FALSE, 12, 7};
  static const int stops[] = {3, 3, 7, 12};
  g_autoptr (HfTunerRun) run = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree float *vectors = NULL, *last = NULL;
  g_auto (Sample) sample = {0};
  gsize size;

  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  size = K * sample.data.dim * sizeof (float);
  vectors = learn (tuner, &sample, 4, FALSE, 12);
  last = g_memdup2 (sample.last, size);
  sample.n_steps = 0;
  run = hf_tuner_run_new (tuner, &sample.data, &settings, &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (stops); i++) {
    hf_tuner_run_to (run, stops[i], keep_step, &sample, NULL, &error);
    g_assert_no_error (error);
    g_assert_cmpint (sample.n_steps, ==, stops[i] + 1);
  }
  g_assert_cmpmem (sample.last, size, last, size);
}

static void
test_cancel (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (Sample) sample = {0};
  HfTuningSettings settings = {4, FALSE, 5, 0};

  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  hf_progress_cancel (progress);
  g_assert_null (hf_tuner_fit (tuner, &sample.data, &settings, NULL, NULL,
                               progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A learned vector that has not moved is the word it was. */
static void
test_nearest (void)
{
  g_autoptr (HfTuner) tuner = open_tuner (prompts);
  static const char *const words[] = {"a", "photo", "of", "a"};
  g_autofree float *vectors = NULL;
  g_auto (Sample) sample = {0};

  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  vectors = learn (tuner, &sample, 4, FALSE, 0);
  for (int v = 0; v < 4; v++) {
    g_autofree char *nearest =
        hf_tuner_dup_nearest (tuner, vectors + v * hf_tuner_get_width (tuner));

    g_assert_cmpstr (nearest, ==, words[v]);
  }
}

/* Prompts that fill all the room are cut, and their classes still differ only
 * where the vectors left them some. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new ("rusty");
  const char *texts[K] = {"a ring", NULL, ""};
  g_autoptr (HfTuner) tuner = NULL;
  g_auto (Sample) sample = {0};
  g_autofree float *vectors = NULL;

  for (int i = 0; i < 100; i++)
    g_string_append (text, " old ring");
  texts[1] = text->str;
  tuner = open_tuner (texts);
  if (tuner == NULL)
    return;
  sample_init (&sample, tuner);
  vectors = learn (tuner, &sample, 16, FALSE, 3);
  for (gsize j = 0; j < K * sample.data.dim; j++)
    g_assert_true (isfinite (sample.last[j]));
}

/* Classes of the same words stay one with shared vectors, and are told apart by
 * vectors of their own. */
static void
test_same_words (void)
{
  static const char *const texts[K] = {
      "a photo of a ring.", "a photo of a ring.", "a photo of a ring."};
  g_autoptr (HfTuner) tuner = open_tuner (texts);

  for (int per_class = 0; per_class < 2 && tuner != NULL; per_class++) {
    g_auto (Sample) sample = {0};
    g_autofree float *vectors = NULL;
    gsize size;

    sample_init (&sample, tuner);
    size = sample.data.dim * sizeof (float);
    vectors = learn (tuner, &sample, 4, per_class, 20);
    g_assert_cmpint (
        memcmp (sample.last, sample.last + sample.data.dim, size) == 0, ==,
        !per_class);
  }
}

/* Some classes of a tuner learn as those of one that was opened for them. */
static void
test_part (void)
{
  static const int classes[] = {0, 2};
  const char *const texts[] = {prompts[0], prompts[2]};
  const HfTuningSettings settings = {4, TRUE, 8, 7};
  g_autoptr (HfTuner) whole = open_tuner (prompts);
  g_autoptr (HfTuner) alone = NULL;
  g_autoptr (HfTuner) part = NULL;
  g_autofree float *wanted = NULL, *got = NULL;
  g_auto (Sample) sample = {0};
  gsize size;

  if (whole == NULL)
    return;
  alone = open_tuner_of (texts, 2, HF_PRECISION_F16);
  part = hf_tuner_new_part (whole, classes, 2);
  size = 2 * 4 * (gsize) hf_tuner_get_width (part) * sizeof (float);
  sample_init (&sample, whole);
  sample.data.n_classes = 2;
  for (int i = 0; i < N; i++)
    sample.label[i] = i % 2;
  g_clear_pointer (&whole, hf_tuner_unref);
  wanted =
      hf_tuner_fit (alone, &sample.data, &settings, NULL, NULL, NULL, NULL);
  got = hf_tuner_fit (part, &sample.data, &settings, NULL, NULL, NULL, NULL);
  g_assert_nonnull (wanted);
  g_assert_nonnull (got);
  g_assert_cmpmem (got, size, wanted, size);
}

/* f16 is blamed only where it is used. */
static void
test_not_finite (void)
{
  const HfTuningSettings settings = {4, FALSE, 1, 7};

  for (int p = HF_PRECISION_F32; p <= HF_PRECISION_F16; p++) {
    g_autoptr (HfTuner) tuner = open_tuner_of (prompts, K, (HfPrecision) p);
    g_auto (Sample) sample = {0};
    g_autoptr (GError) error = NULL;

    if (tuner == NULL)
      return;
    sample_init (&sample, tuner);
    sample.x[0] = NAN;
    g_assert_null (hf_tuner_fit (tuner, &sample.data, &settings, NULL, NULL,
                                 NULL, &error));
    g_assert_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_FINITE);
    g_assert_cmpint (strstr (error->message, "f16") != NULL, ==,
                     p == HF_PRECISION_F16);
  }
}

int
main (int argc, char **argv)
{
  init_tests (&argc, &argv);
  g_test_add_func ("/tuning/tuner/the-loss-falls", test_learns);
  g_test_add_func ("/tuning/tuner/a-pull-keeps-near", test_pull);
  g_test_add_func ("/tuning/tuner/one-label-of-each-class", test_one_label);
  g_test_add_func ("/tuning/tuner/fits-take-turns", test_turns);
  g_test_add_func ("/tuning/tuner/a-run-goes-on-where-it-stopped",
                   test_goes_on);
  g_test_add_func ("/tuning/tuner/a-part-is-as-if-opened-alone", test_part);
  g_test_add_func ("/tuning/tuner/can-be-cancelled", test_cancel);
  g_test_add_func ("/tuning/tuner/nearest-word-is-the-written-one",
                   test_nearest);
  g_test_add_func ("/tuning/tuner/classes-of-the-same-words", test_same_words);
  g_test_add_func ("/tuning/tuner/long-and-empty-prompts", test_long);
  g_test_add_func ("/tuning/tuner/numbers-that-are-not-finite-are-told",
                   test_not_finite);
  return g_test_run ();
}
