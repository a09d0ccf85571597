/* bench-sets.c: every probe with every kind of features on labelled sets, by
 * given draws of labels.
 *
 *     bench-sets MODEL IMAGES DRAWS [scales|tuning]
 *
 * IMAGES holds SET/CLASS/GROUP__N.jpg. A line of DRAWS is "SET SHOTS SEED
 * TRAIN TEST", the last two lists of numbers of pictures, in the byte order of
 * their paths within the set (probe-floor.py makes it). Prints a line of JSON
 * for each draw, probe and features: balanced accuracy on TEST of a probe
 * trained on TRAIN. The features are made once a set, on one thread a draw is
 * trained after the other, on all cores at once.
 *
 * With `tuning` the probes are prompt tuning and what it is held against. With
 * `scales` it measures instead what it costs that a discriminant's
 * held-out scores keep the centre and the scales of the blocks, which were made
 * of all rows of TRAIN: the same scores with both made again for each left-out
 * group. For both ways: how many of @n held-out rows are named right, their
 * mean loss at the temperature that fits them, and that temperature; at lambda
 * 0.3, without texts. */
#include "app/study/study.h"
#include "base/json.h"
#include "probe/calibration.h"
#include "probe/joint.h"
#include "probe/solve/hold-out.h"

#include <string.h>

#define LAMBDA 0.3

typedef struct {
  HfProbeKind kind;
  HfBlocks blocks;
  int n_vectors;      /* prompt */
  gboolean per_class; /* prompt */
} Candidate;

static const Candidate candidates[] = {
    {HF_PROBE_ZERO_SHOT, HF_BLOCK_CLIP}, {HF_PROBE_GDA, HF_BLOCKS_AUTO},
    {HF_PROBE_GDA, HF_BLOCK_CLIP},       {HF_PROBE_GDA, HF_BLOCK_CLASSIC},
    {HF_PROBE_GDA, HF_BLOCKS_BOTH},      {HF_PROBE_LINEAR, HF_BLOCKS_AUTO},
    {HF_PROBE_LINEAR, HF_BLOCK_CLIP},    {HF_PROBE_LINEAR, HF_BLOCK_CLASSIC},
    {HF_PROBE_LINEAR, HF_BLOCKS_BOTH},   {HF_PROBE_SVM, HF_BLOCKS_AUTO},
    {HF_PROBE_SVM, HF_BLOCK_CLIP},       {HF_PROBE_SVM, HF_BLOCK_CLASSIC},
    {HF_PROBE_SVM, HF_BLOCKS_BOTH},      {HF_PROBE_AUTO, HF_BLOCKS_AUTO},
};

/* What prompt tuning is held against. */
static const Candidate tuned[] = {
    {HF_PROBE_ZERO_SHOT, HF_BLOCK_CLIP},
    {HF_PROBE_GDA, HF_BLOCKS_AUTO},
    {HF_PROBE_GDA, HF_BLOCK_CLIP},
    {HF_PROBE_LINEAR, HF_BLOCK_CLIP},
    {HF_PROBE_PROMPT, HF_BLOCK_CLIP, 4},
    {HF_PROBE_PROMPT, HF_BLOCK_CLIP, 16},
    {HF_PROBE_PROMPT, HF_BLOCK_CLIP, 4, TRUE},
};

typedef enum { MODE_PROBES, MODE_SCALES, MODE_TUNING } Mode;

typedef struct {
  char **words; /* SET SHOTS SEED TRAIN TEST */
} Draw;

typedef struct {
  const HfDataset *data;
  Mode mode;
  GMutex output;
} Set;

static gsize *
read_numbers (const char *text, gsize below, gsize *n)
{
  g_auto (GStrv) words = g_strsplit (text, ",", -1);
  gsize *numbers = g_new (gsize, g_strv_length (words) + 1);

  *n = g_strv_length (words);
  for (gsize i = 0; i < *n; i++) {
    guint64 value;

    if (!g_ascii_string_to_unsigned (words[i], 10, 0, below - 1, &value, NULL))
      g_error ("\"%s\" is no number of a picture.", words[i]);
    numbers[i] = (gsize) value;
  }
  return numbers;
}

static double
measure_balanced (const HfDataset *data, const HfProbe *probe,
                  const gsize *test, gsize n_test)
{
  g_autofree double *p = g_new (double, (gsize) data->n_classes);
  g_autofree int *right = g_new0 (int, (gsize) data->n_classes);
  g_autofree int *all = g_new0 (int, (gsize) data->n_classes);
  double sum = 0;
  int n_seen = 0;

  for (gsize i = 0; i < n_test; i++) {
    gsize r = test[i];

    hf_probe_predict (probe, data->clip + r * data->clip_dim,
                      data->classic + r * data->classic_dim, 1, p, NULL);
    all[data->label[r]]++;
    right[data->label[r]] +=
        hf_verdict_find_class (p, data->n_classes) == data->label[r];
  }
  for (int c = 0; c < data->n_classes; c++)
    if (all[c] > 0) {
      sum += (double) right[c] / all[c];
      n_seen++;
    }
  return sum / n_seen;
}

static void
run_candidate (Set *set, const Draw *draw, const Candidate *candidate,
               const gsize *train, gsize n_train, const gsize *test,
               gsize n_test)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProbe) probe = NULL;
  gint64 start = g_get_monotonic_time ();
  double seconds;

  spec.kind = candidate->kind;
  spec.blocks = candidate->blocks;
  spec.n_vectors = candidate->n_vectors;
  spec.per_class = candidate->per_class;
  probe = hf_probe_train (set->data, train, n_train, &spec, NULL, &error);
  if (probe == NULL)
    g_error ("%s: %s", draw->words[0], error->message);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_mutex_lock (&set->output);
  g_print ("{\"set\":\"%s\",\"shots\":%s,\"seed\":%s,\"probe\":\"%s%s%s\","
           "\"features\":\"%s\",\"chosen\":\"%s\",\"balanced\":%.6f,"
           "\"seconds\":%.4f}\n",
           draw->words[0], draw->words[1], draw->words[2],
           hf_probe_kind_get_name (candidate->kind),
           candidate->n_vectors > 4 ? " 16 words" : "",
           candidate->per_class ? " per class" : "",
           hf_blocks_get_name (candidate->blocks),
           hf_blocks_get_name (hf_probe_get_spec (probe)->blocks),
           measure_balanced (set->data, probe, test, n_test), seconds);
  g_mutex_unlock (&set->output);
}

/* Scores of row @row by a discriminant of @rest[@n_rest], all made of these. */
static void
score_anew (const HfDataset *data, HfBlocks blocks, const gsize *rest,
            gsize n_rest, gsize row, double *score)
{
  g_autoptr (HfJoint) joint = hf_joint_new (data, rest, n_rest, blocks);
  g_autofree double *x = hf_joint_dup_rows (joint, data, rest, n_rest);
  g_autofree double *z = hf_joint_dup_rows (joint, data, &row, 1);
  g_autofree int *label = g_new (int, n_rest);
  g_autofree double *solved =
      g_new (double, (gsize) data->n_classes * joint->dim);
  g_autoptr (HfScatter) scatter = NULL;
  gboolean is_flat;
  double ridge;

  for (gsize i = 0; i < n_rest; i++)
    label[i] = data->label[rest[i]];
  scatter = hf_scatter_new (x, label, n_rest, joint->dim, data->n_classes);
  is_flat = hf_scatter_find_ridge (scatter->trace, n_rest, joint->dim, LAMBDA,
                                   &ridge);
  hf_scatter_solve_means (scatter, ridge, is_flat, solved);
  for (gsize c = 0; c < (gsize) data->n_classes; c++) {
    const double *w = solved + c * joint->dim;

    score[c] = 0;
    for (gsize j = 0; j < joint->dim; j++)
      score[c] += (double) joint->dim * w[j] *
                  (z[j] - scatter->mean[c * joint->dim + j] / 2);
  }
}

/* Prints what held-out scores are worth. */
static void
print_held (const char *name, const HfHeldScores *held)
{
  double spread =
      hf_calibration_find_spread (held->score, held->n, held->n_classes);
  g_autofree double *loss = g_new (double, held->n);
  HfCalibration calibration;
  double sum = 0;
  gsize n_right = 0;

  hf_calibration_judge (held, loss);
  hf_calibration_fit (held, NULL, spread, 1, &calibration);
  for (gsize i = 0; i < held->n; i++) {
    sum += loss[i];
    n_right += hf_verdict_find_class (held->score + i * (gsize) held->n_classes,
                                      held->n_classes) == held->label[i];
  }
  g_print (",\"%s\":{\"right\":%" G_GSIZE_FORMAT
           ",\"loss\":%.6f,\"temperature\":%.6g}",
           name, n_right, sum / (double) held->n, calibration.temperature);
}

static void
run_scales (Set *set, const Draw *draw, HfBlocks blocks, const gsize *train,
            gsize n)
{
  const HfDataset *data = set->data;
  const double lambda = LAMBDA;
  gsize k = (gsize) data->n_classes, n_held = 0;
  g_autoptr (HfJoint) joint = hf_joint_new (data, train, n, blocks);
  g_autofree double *x = hf_joint_dup_rows (joint, data, train, n);
  g_autofree int *label = g_new (int, n), *group = g_new (int, n);
  g_autofree double *kept = g_new (double, n *k), *anew = g_new (double, n *k);
  g_autofree double *weight = g_new (double, n);
  g_autofree gsize *rest = g_new (gsize, n);
  g_autoptr (HfScatter) scatter = NULL;
  g_autoptr (HfHoldOut) held = NULL;
  HfHeldScores scores = {kept, label, weight, 0, data->n_classes};

  for (gsize i = 0; i < n; i++) {
    label[i] = data->label[train[i]];
    group[i] = data->group[train[i]];
    weight[i] = 1;
  }
  scatter = hf_scatter_new (x, label, n, joint->dim, data->n_classes);
  held =
      hf_hold_out_new (scatter, group, NULL, 1, &lambda, 1, FALSE, NULL, NULL);
  for (gsize i = 0; i < n; i++) {
    gsize n_rest = 0;

    if (!held->is_scored[i])
      continue;
    for (gsize j = 0; j < n; j++)
      if (group[j] != group[i])
        rest[n_rest++] = train[j];
    memcpy (kept + n_held * k, held->score + i * k, k * sizeof *kept);
    score_anew (data, blocks, rest, n_rest, train[i], anew + n_held * k);
    label[n_held++] = data->label[train[i]];
  }
  if (n_held < 2)
    return;
  scores.n = n_held;
  g_mutex_lock (&set->output);
  g_print ("{\"set\":\"%s\",\"shots\":%s,\"seed\":%s,\"features\":\"%s\","
           "\"n\":%" G_GSIZE_FORMAT,
           draw->words[0], draw->words[1], draw->words[2],
           hf_blocks_get_name (blocks), n_held);
  print_held ("kept", &scores);
  scores.score = anew;
  print_held ("anew", &scores);
  g_print ("}\n");
  g_mutex_unlock (&set->output);
}

static void
run_draw (gpointer data, gpointer user_data)
{
  Draw *draw = data;
  Set *set = user_data;
  gsize n_train, n_test;
  g_autofree gsize *train =
      read_numbers (draw->words[3], set->data->n_rows, &n_train);
  g_autofree gsize *test =
      read_numbers (draw->words[4], set->data->n_rows, &n_test);
  const Candidate *tried = set->mode == MODE_TUNING ? tuned : candidates;
  guint n_candidates = set->mode == MODE_TUNING ? G_N_ELEMENTS (tuned)
                                                : G_N_ELEMENTS (candidates);

  if (set->mode == MODE_SCALES) {
    for (int b = HF_BLOCK_CLIP; b <= HF_BLOCKS_BOTH; b++)
      run_scales (set, draw, (HfBlocks) b, train, n_train);
    return;
  }
  for (guint i = 0; i < n_candidates; i++)
    run_candidate (set, draw, &tried[i], train, n_train, test, n_test);
}

static void
run_set (const char *model, const char *images, const char *name,
         GPtrArray *draws, Mode mode)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (images, name, NULL);
  g_autoptr (HfSamples) samples =
      hf_samples_load (folder, "^(.*)__", NULL, &error);
  HfStudyOptions options = {.features = {.model_path = model,
                                         .precision = HF_PRECISION_F16,
                                         .framing = HF_FRAMING_INIT,
                                         .n_views = 1},
                            .tunes = mode == MODE_TUNING};
  g_autoptr (HfStudy) study = NULL;
  Set set = {.mode = mode};
  GThreadPool *pool;

  if (samples != NULL)
    study = hf_study_new (samples, &options, NULL, &error);
  if (study == NULL)
    g_error ("%s", error->message);
  if (hf_study_get_dataset (study)->n_rows != samples->samples->len)
    g_error ("%s: pictures are missing or twice there.", name);
  set.data = hf_study_get_dataset (study);
  g_mutex_init (&set.output);
  pool = g_thread_pool_new (run_draw, &set, (int) g_get_num_processors (), TRUE,
                            NULL);
  for (guint i = 0; i < draws->len; i++) {
    Draw *draw = draws->pdata[i];

    if (g_str_equal (draw->words[0], name))
      g_thread_pool_push (pool, draw, NULL);
  }
  g_thread_pool_free (pool, FALSE, TRUE);
  g_mutex_clear (&set.output);
}

static void
draw_free (gpointer data)
{
  Draw *self = data;

  g_strfreev (self->words);
  g_free (self);
}

static Mode
read_mode (int argc, char **argv)
{
  if (argc == 4)
    return MODE_PROBES;
  if (argc == 5 && g_str_equal (argv[4], "scales"))
    return MODE_SCALES;
  if (argc == 5 && g_str_equal (argv[4], "tuning"))
    return MODE_TUNING;
  g_error ("Usage: bench-sets MODEL IMAGES DRAWS [scales|tuning]");
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) draws = g_ptr_array_new_with_free_func (draw_free);
  g_autoptr (GHashTable) done =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  const Mode mode = read_mode (argc, argv);

  hf_device_prepare_environment (0);
  if (!g_file_get_contents (argv[3], &text, NULL, &error))
    g_error ("%s", error->message);
  lines = g_strsplit (g_strchomp (text), "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    Draw *draw = g_new0 (Draw, 1);

    draw->words = g_strsplit (*line, " ", 5);
    if (g_strv_length (draw->words) != 5)
      g_error ("\"%s\" is no draw.", *line);
    g_ptr_array_add (draws, draw);
  }
  for (guint i = 0; i < draws->len; i++) {
    const char *name = ((Draw *) draws->pdata[i])->words[0];

    if (g_hash_table_add (done, g_strdup (name)))
      run_set (argv[1], argv[2], name, draws, mode);
  }
  return 0;
}
