/* bench-unseen.c: what learned words do to a class that they never saw.
 *
 *     bench-unseen MODEL IMAGES DRAWS STEPS PULL
 *
 * IMAGES and DRAWS as for bench-sets; sets of two classes are left out. In each
 * draw one class, by turns, gives no labels: shared words are learned from the
 * others, then put in front of every class name. Prints a line of JSON for each
 * draw: on its test pictures, among all classes, the recall of the unseen class
 * and the mean recall of the others, by the written and by the learned words.
 */
#include "app/prompts/prompt-set.h"
#include "app/study/study.h"
#include "clip/tokenizer.h"
#include "tuning/context.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_VECTORS 4

/* A set of pictures, and a tower for all of its classes. */
typedef struct {
  HfStudy *study;
  const HfDataset *data;
  char **prompts; /* [n_classes] */
  HfDevice *device;
  HfModelFile *model;
  HfOps *ops;
  HfTextTape *tape;
} Set;

static void
fail_on (const GError *error)
{
  if (error != NULL)
    g_error ("%s", error->message);
}

static void
open_set (Set *set, const char *model, const HfSamples *samples)
{
  HfStudyOptions options = {.features = {.model_path = model,
                                         .precision = HF_PRECISION_F16,
                                         .framing = HF_FRAMING_INIT,
                                         .blocks = HF_BLOCK_CLIP,
                                         .n_views = 1}};
  HfWeights weights;
  g_autoptr (GError) error = NULL;

  set->study = hf_study_new (samples, &options, NULL, &error);
  fail_on (error);
  set->data = hf_study_get_dataset (set->study);
  set->prompts = g_new0 (char *, set->data->n_classes + 1);
  for (int c = 0; c < set->data->n_classes; c++) {
    const HfSampleClass *class =
        hf_study_get_rows (set->study)->classes->pdata[c];
    const char *const names[] = {class->name, NULL};
    g_autoptr (HfPromptSet) prompts =
        hf_prompt_set_new_from_texts (names, NULL);
    g_auto (GStrv) texts = hf_prompt_set_dup_class (prompts, 0, NULL);

    set->prompts[c] = g_strdup (texts[0]);
  }
  set->device = hf_device_open (NULL, NULL, NULL, &error);
  fail_on (error);
  set->model = hf_model_file_open (model, &error);
  fail_on (error);
  weights.model = set->model;
  weights.ops = set->ops = hf_ops_new (set->device, HF_PRECISION_F16, &error);
  fail_on (error);
  set->tape = hf_text_tape_new (&weights, hf_model_file_get_config (set->model),
                                1000, NULL, &error);
  fail_on (error);
}

static void
close_set (Set *set)
{
  hf_text_tape_free (set->tape);
  g_clear_pointer (&set->ops, hf_ops_free);
  hf_model_file_free (set->model);
  g_clear_pointer (&set->device, hf_device_close);
  g_strfreev (set->prompts);
  hf_study_free (set->study);
}

/* Rows of all classes with these words, float[n_classes][clip_dim]; not of unit
 * length. */
static float *
encode (const Set *set, const float *vectors)
{
  int n = set->data->n_classes;
  g_autoptr (HfTokenizer) tokenizer = hf_tokenizer_new (NULL);
  g_autofree int **ids = g_new (int *, n);
  g_autofree gsize *n_ids = g_new (gsize, n);
  g_autoptr (HfContext) context = NULL;
  g_autoptr (GError) error = NULL;
  float *out = g_new (float, (gsize) n * set->data->clip_dim);

  for (int c = 0; c < n; c++)
    ids[c] = hf_tokenizer_encode (tokenizer, set->prompts[c], &n_ids[c]);
  context = hf_context_new (set->tape, (const int *const *) ids, n_ids, n, 77,
                            N_VECTORS, FALSE, 0);
  hf_context_put (context, vectors, context->rows);
  hf_text_tape_forward (set->tape, context->rows, context->lengths, n,
                        context->n_shared, out, &error);
  fail_on (error);
  for (int c = 0; c < n; c++)
    g_free (ids[c]);
  return out;
}

/* Learns from the rows @train of every class but @unseen. */
static float *
learn (const Set *set, const char *model, int unseen, char **train, int steps,
       double pull)
{
  const HfDataset *data = set->data;
  gsize dim = data->clip_dim, n = g_strv_length (train);
  int n_seen = data->n_classes - 1;
  HfTunerOptions options = {.model_path = model, .precision = HF_PRECISION_F16};
  HfTuningSettings settings = {N_VECTORS, FALSE, steps, 0};
  g_autofree const char **prompts = g_new (const char *, n_seen);
  g_autofree float *x = g_new (float, n *dim), *written = NULL;
  g_autofree int *label = g_new (int, n);
  g_autofree double *weight = g_new (double, n);
  HfTuningData rows = {
      0, dim, n_seen, x, label, weight, NULL, data->logit_scale, pull};
  g_autoptr (HfTuner) tuner = NULL;
  g_autoptr (GError) error = NULL;
  float *vectors;

  rows.written = written = g_new (float, (gsize) n_seen *dim);
  for (int c = 0, s = 0; c < data->n_classes; c++)
    if (c != unseen) {
      memcpy (written + (gsize) s * dim, data->text + (gsize) c * dim,
              dim * sizeof (float));
      prompts[s++] = set->prompts[c];
    }
  for (gsize i = 0; i < n; i++) {
    gsize r = (gsize) atoi (train[i]);

    if (data->label[r] == unseen)
      continue;
    memcpy (x + rows.n * dim, data->clip + r * dim, dim * sizeof (float));
    label[rows.n] = data->label[r] - (data->label[r] > unseen);
    weight[rows.n++] = 1;
  }
  tuner = hf_tuner_open (&options, prompts, n_seen, NULL, &error);
  fail_on (error);
  vectors = hf_tuner_fit (tuner, &rows, &settings, NULL, NULL, NULL, &error);
  fail_on (error);
  return vectors;
}

/* Recall of @unseen to @own, mean recall of the others returned. */
static double
measure (const HfDataset *data, const float *rows, int unseen, char **test,
         double *own)
{
  int k = data->n_classes;
  g_autofree int *right = g_new0 (int, k), *all = g_new0 (int, k);
  double sum = 0;
  int n = 0;

  for (; *test != NULL; test++) {
    gsize r = (gsize) atoi (*test);
    double best = -HUGE_VAL;
    int called = 0;

    for (int c = 0; c < k; c++) {
      double score = 0, square = 0;

      for (gsize j = 0; j < data->clip_dim; j++) {
        float t = rows[(gsize) c * data->clip_dim + j];

        score += (double) t * data->clip[r * data->clip_dim + j];
        square += (double) t * t;
      }
      if (score / sqrt (square) > best) {
        best = score / sqrt (square);
        called = c;
      }
    }
    all[data->label[r]]++;
    right[data->label[r]] += called == data->label[r];
  }
  *own = all[unseen] > 0 ? (double) right[unseen] / all[unseen] : NAN;
  for (int c = 0; c < k; c++)
    if (c != unseen && all[c] > 0) {
      sum += (double) right[c] / all[c];
      n++;
    }
  return sum / n;
}

static void
run_draw (const Set *set, char **words, char **argv)
{
  const HfDataset *data = set->data;
  int unseen = atoi (words[2]) % data->n_classes;
  g_auto (GStrv) train = g_strsplit (words[3], ",", -1);
  g_auto (GStrv) test = g_strsplit (words[4], ",", -1);
  g_autofree float *vectors =
      learn (set, argv[1], unseen, train, atoi (argv[4]),
             g_ascii_strtod (argv[5], NULL));
  g_autofree float *rows = encode (set, vectors);
  double own, others, old_own, old_others;

  others = measure (data, rows, unseen, test, &own);
  old_others = measure (data, data->text, unseen, test, &old_own);
  g_print ("{\"set\":\"%s\",\"shots\":%s,\"seed\":%s,\"unseen\":%.4f,"
           "\"others\":%.4f,\"written_unseen\":%.4f,\"written_others\":%.4f}\n",
           words[0], words[1], words[2], own, others, old_own, old_others);
}

int
main (int argc, char **argv)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (HfSamples) samples = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  Set set = {0};

  if (argc != 6)
    g_error ("Usage: bench-unseen MODEL IMAGES DRAWS STEPS PULL");
  hf_device_prepare_environment (0);
  g_file_get_contents (argv[3], &text, NULL, &error);
  fail_on (error);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_auto (GStrv) words = g_strsplit (*line, " ", 5);

    if (g_strcmp0 (name, words[0]) != 0) {
      g_autofree char *folder = g_build_filename (argv[2], words[0], NULL);

      if (name != NULL)
        close_set (&set);
      g_clear_pointer (&samples, hf_samples_free);
      samples = hf_samples_load (folder, "^(.*)__", NULL, &error);
      fail_on (error);
      open_set (&set, argv[1], samples);
      g_free (name);
      name = g_strdup (words[0]);
    }
    if (set.data->n_classes > 2)
      run_draw (&set, words, argv);
  }
  if (name != NULL)
    close_set (&set);
  return 0;
}
