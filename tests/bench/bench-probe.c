/* bench-probe.c: how long an engineer waits after one more label.
 *
 *   bench-probe [--threads N] [ROWS.safetensors]
 *   bench-probe --score N
 *
 * Without a file it makes rows for itself (512 numbers, 5 classes, with text
 * rows) and measures, for 200 and 2,000 labels and each probe, training on all
 * of them beside 5-fold cross-validation, strengths chosen in every training;
 * for the default probe also with 147 classic numbers a row and blocks to
 * choose; then that and the scoring of 10,000 rows, which is what follows a key
 * in the window; then the default probe's scoring of 100,000 rows in memory, on
 * one core.
 * One line of JSON each: "ms" is the fastest of the runs, "ms_median" the
 * middle one, "cpu_ms" what the fastest run cost all cores together, which
 * other programs disturb less; targets are for two cores. Ends with status 1 if
 * one is missed. --score is the last of these alone, over N rows, on all cores.
 *
 * With a file ("x" f32[n][dim] of unit rows, "label" i32[n]) it reads names of
 * probes, or "score", from standard input, does that once for each line, and
 * answers with a line of JSON: bench-sklearn.py drives it. */
#include "evaluate/evaluation.h"
#include "evaluate/predictions.h"
#include "image/classic/classic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/rng.h"
#include "tensor/safetensors.h"

#define DIM 512
#define CLASSIC_DIM HF_CLASSIC_DIM
#define N_CLASSES 5
#define N_SCORED 100000
/* 12 GiB of rows: more is a slip of the hand. */
#define MOST_SCORED 6000000
#define N_BROWSED 10000

typedef struct {
  float *clip;    /* [n][DIM] */
  float *classic; /* [n][CLASSIC_DIM], or NULL */
  float *text;    /* [n_classes][DIM], or NULL */
  int *label;     /* [n] */
  int *group;     /* [n] */
  HfClassKind *kinds;
  HfDataset data;
  int n_threads;
} Set;

static void
set_clear (Set *self)
{
  g_free (self->clip);
  g_free (self->classic);
  g_free (self->text);
  g_free (self->label);
  g_free (self->group);
  g_free (self->kinds);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Set, set_clear)

/* Groups, kinds and the dataset of clip, text and label. */
static void
set_finish (Set *self, gsize n, gsize dim, int n_classes)
{
  self->group = g_new (int, n);
  for (gsize i = 0; i < n; i++)
    self->group[i] = (int) i;
  self->kinds = g_new (HfClassKind, n_classes);
  for (int c = 0; c < n_classes; c++)
    self->kinds[c] = HF_CLASS_OTHER;
  self->data = (HfDataset){.n_rows = n,
                           .n_classes = n_classes,
                           .n_tiles = 1,
                           .clip_dim = dim,
                           .clip = self->clip,
                           .classic_dim = self->classic ? CLASSIC_DIM : 0,
                           .classic = self->classic,
                           .label = self->label,
                           .group = self->group,
                           .kinds = self->kinds,
                           .text = self->text,
                           .logit_scale = 100};
}

/* Nearly normal: the sum of uniform numbers. */
static double
draw (HfRng *rng)
{
  double sum = -3;

  for (int i = 0; i < 6; i++)
    sum += hf_rng_next_double (rng);
  return sum * sqrt (2);
}

/* A unit row about @mean[DIM]. */
static void
draw_row (HfRng *rng, const double *mean, double spread, float *out)
{
  double row[DIM], square = 0;

  for (int j = 0; j < DIM; j++) {
    row[j] = mean[j] + spread * draw (rng);
    square += row[j] * row[j];
  }
  for (int j = 0; j < DIM; j++)
    out[j] = (float) (row[j] / sqrt (square));
}

/* Numbers that tell the classes apart a little. */
static void
add_classic (Set *self, gsize n, HfRng *rng)
{
  self->classic = g_new (float, n *CLASSIC_DIM);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < CLASSIC_DIM; j++)
      self->classic[i * CLASSIC_DIM + j] =
          (float) (draw (rng) +
                   0.2 * sin ((double) (self->label[i] * 7) + (double) j));
}

/* Rows that share most of their direction, as rows of CLIP do, in classes that
 * overlap a little. */
static void
set_make (Set *self, gsize n, gboolean with_classic)
{
  g_autofree double *mean = g_new (double, N_CLASSES *DIM);
  HfRng rng;

  hf_rng_init (&rng, 8);
  for (int j = 0; j < DIM; j++) {
    double common = draw (&rng);

    for (int c = 0; c < N_CLASSES; c++)
      mean[c * DIM + j] = common + 0.12 * draw (&rng);
  }
  self->clip = g_new (float, n *DIM);
  self->text = g_new (float, N_CLASSES *DIM);
  self->label = g_new (int, n);
  for (int c = 0; c < N_CLASSES; c++)
    draw_row (&rng, mean + c * DIM, 2, self->text + c * DIM);
  for (gsize i = 0; i < n; i++) {
    self->label[i] = (int) (i % N_CLASSES);
    draw_row (&rng, mean + self->label[i] * DIM, 0.8, self->clip + i * DIM);
  }
  if (with_classic)
    add_classic (self, n, &rng);
  set_finish (self, n, DIM, N_CLASSES);
}

static void
set_load (Set *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTensorFile) file = hf_safetensors_load (path, &error);
  const HfTensor *x, *label;
  int n_classes = 0;
  gsize n;

  if (file == NULL)
    g_error ("%s", error->message);
  x = hf_tensor_file_get (file, "x");
  label = hf_tensor_file_get (file, "label");
  g_assert (x && label && x->n_dims == 2 && label->dtype == HF_DTYPE_I32);
  n = (gsize) x->shape[0];
  g_assert (hf_tensor_get_n_elements (label) == x->shape[0]);
  self->clip = g_new (float, n *(gsize) x->shape[1]);
  hf_tensor_read (x, self->clip);
  self->label = g_new (int, n);
  memcpy (self->label, label->data, n * sizeof *self->label);
  for (gsize i = 0; i < n; i++)
    n_classes = MAX (n_classes, self->label[i] + 1);
  set_finish (self, n, (gsize) x->shape[1], n_classes);
}

/* What one run took, in milliseconds. */
typedef struct {
  double wall, cpu;
  double accuracy; /* 0: none */
} Took;

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static double
get_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

static HfProbe *
train (const Set *set, const HfProbeSpec *spec)
{
  g_autoptr (GError) error = NULL;
  HfProbe *probe = hf_probe_train (&set->data, NULL, 0, spec, NULL, &error);

  if (probe == NULL)
    g_error ("%s", error->message);
  return probe;
}

/* What follows one more label. */
static Took
retrain (const Set *set, HfProbeKind kind, HfEvaluation **out)
{
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  HfEvaluationOptions options = {
      .n_folds = 5, .n_threads = set->n_threads, .with_final = TRUE};
  g_autoptr (GError) error = NULL;
  g_autoptr (HfEvaluation) evaluation = NULL;
  double start = get_ms (), cpu = get_cpu_ms ();
  const HfProbeEvaluation *result;
  Took took = {0};

  spec.kind = kind;
  evaluation =
      hf_evaluation_new (&set->data, &spec, NULL, 1, &options, NULL, &error);
  if (evaluation == NULL)
    g_error ("%s", error->message);
  took.wall = get_ms () - start;
  took.cpu = get_cpu_ms () - cpu;
  result = g_ptr_array_index (evaluation->probes, 0);
  took.accuracy = result->accuracy.rate;
  if (out != NULL)
    *out = g_steal_pointer (&evaluation);
  return took;
}

/* The default probe over all rows of @set, in memory. */
static Took
score (const Set *set, const HfProbe *probe)
{
  gsize n = set->data.n_rows;
  g_autofree double *out = g_new (double, n *(gsize) set->data.n_classes);
  g_autofree double *distances = g_new (double, n);
  double start = get_ms (), cpu = get_cpu_ms ();

  hf_predictions_make (probe, set->clip, NULL, n, set->n_threads, NULL, out,
                       distances, NULL);
  return (Took){.wall = get_ms () - start, .cpu = get_cpu_ms () - cpu};
}

static int
compare_times (const void *a, const void *b)
{
  double x = ((const Took *) a)->wall, y = ((const Took *) b)->wall;

  return (x > y) - (x < y);
}

/* A number as JSON has it, in any locale. */
static void
print_number (const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf (", \"%s\": %s", name,
          g_ascii_formatd (text, sizeof text, "%.4g", value));
}

/* Prints a line of what @runs[n] took; TRUE if in time. @target_ms 0: none. */
static gboolean
print_runs (const char *what, const char *probe, gsize n_rows, Took *runs,
            gsize n, double target_ms)
{
  qsort (runs, n, sizeof *runs, compare_times);
  printf ("{\"what\": \"%s\", \"probe\": \"%s\"", what, probe);
  print_number ("rows", (double) n_rows);
  print_number ("ms", runs[0].wall);
  print_number ("ms_median", runs[n / 2].wall);
  print_number ("cpu_ms", runs[0].cpu);
  if (runs[0].accuracy > 0)
    print_number ("accuracy", runs[0].accuracy);
  if (target_ms > 0)
    print_number ("target_ms", target_ms);
  puts ("}");
  fflush (stdout);
  return target_ms == 0 || runs[0].wall < target_ms;
}

static gboolean
measure_probe (HfProbeKind kind, gsize n, gboolean with_classic,
               double target_ms, int n_threads)
{
  g_auto (Set) set = {.n_threads = n_threads};
  gsize n_runs = n > 1000 ? 3 : 9;
  Took runs[9];

  set_make (&set, n, with_classic);
  for (gsize i = 0; i < n_runs; i++)
    runs[i] = retrain (&set, kind, NULL);
  return print_runs (with_classic ? "retrain, blocks chosen" : "retrain",
                     hf_probe_kind_get_name (kind), n, runs, n_runs, target_ms);
}

/* Between a key and the numbers and tiles that follow it, the picture drawn
 * not counted: probe and folds of 200 labels, and what the probe says of 10,000
 * rows that are in memory. */
static gboolean
measure_label (double target_ms, int n_threads)
{
  g_auto (Set) few = {.n_threads = n_threads}, many = {0};
  g_autofree double *out = g_new (double, N_BROWSED *N_CLASSES);
  g_autofree double *distances = g_new (double, N_BROWSED);
  Took runs[9];

  set_make (&few, 200, TRUE);
  set_make (&many, N_BROWSED, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autoptr (HfEvaluation) evaluation = NULL;
    const HfProbeEvaluation *result;
    double start = get_ms (), cpu = get_cpu_ms ();

    runs[i] = retrain (&few, HF_PROBE_GDA, &evaluation);
    result = g_ptr_array_index (evaluation->probes, 0);
    hf_predictions_make (result->final, many.clip, many.classic, N_BROWSED,
                         n_threads, NULL, out, distances, NULL);
    runs[i].wall = get_ms () - start;
    runs[i].cpu = get_cpu_ms () - cpu;
  }
  return print_runs ("one more label", "gda", N_BROWSED, runs,
                     G_N_ELEMENTS (runs), target_ms);
}

static gboolean
measure_scoring (gsize n, int n_threads, double target_ms)
{
  g_auto (Set) few = {0}, many = {0};
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (HfProbe) probe = NULL;
  Took runs[5];

  set_make (&few, 200, FALSE);
  set_make (&many, n, FALSE);
  many.n_threads = n_threads;
  probe = train (&few, &spec);
  for (gsize i = 0; i < G_N_ELEMENTS (runs); i++)
    runs[i] = score (&many, probe);
  return print_runs ("score", "gda", n, runs, G_N_ELEMENTS (runs), target_ms);
}

/* Answers each line of standard input. */
static void
serve (const char *path, int n_threads)
{
  g_auto (Set) set = {.n_threads = n_threads};
  HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (HfProbe) probe = NULL;
  char line[64];

  set_load (&set, path);
  while (fgets (line, sizeof line, stdin)) {
    g_autoptr (GError) error = NULL;
    HfProbeKind kind;
    Took took;

    g_strstrip (line);
    if (strcmp (line, "score") == 0) {
      if (probe == NULL)
        probe = train (&set, &spec);
      took = score (&set, probe);
      print_runs (line, "gda", set.data.n_rows, &took, 1, 0);
    } else {
      if (!hf_probe_kind_parse (line, &kind, &error))
        g_error ("%s", error->message);
      took = retrain (&set, kind, NULL);
      print_runs ("retrain", line, set.data.n_rows, &took, 1, 0);
    }
  }
}

int
main (int argc, char **argv)
{
  static const struct {
    HfProbeKind kind;
    gsize n;
    gboolean with_classic;
    double target_ms;
  } cases[] = {
      {HF_PROBE_GDA, 200, FALSE, 100},  {HF_PROBE_GDA, 2000, FALSE, 1500},
      {HF_PROBE_GDA, 200, TRUE, 100},   {HF_PROBE_GDA, 2000, TRUE, 1500},
      {HF_PROBE_LINEAR, 200, FALSE, 0}, {HF_PROBE_LINEAR, 2000, FALSE, 0},
      {HF_PROBE_SVM, 200, FALSE, 0},    {HF_PROBE_SVM, 2000, FALSE, 0},
  };
  int n_threads = 0;
  gboolean in_time = TRUE;

  if (argc > 2 && strcmp (argv[1], "--score") == 0) {
    guint64 n = g_ascii_strtoull (argv[2], NULL, 10);

    return measure_scoring (CLAMP (n, 1, MOST_SCORED), 0, 0) ? 0 : 1;
  }
  if (argc > 2 && strcmp (argv[1], "--threads") == 0) {
    n_threads = atoi (argv[2]);
    argv += 2;
    argc -= 2;
  }
  if (argc > 1) {
    serve (argv[1], n_threads);
    return 0;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    in_time = measure_probe (cases[i].kind, cases[i].n, cases[i].with_classic,
                             cases[i].target_ms, n_threads) &&
              in_time;
  in_time = measure_label (200, n_threads) && in_time;
  return measure_scoring (N_SCORED, 1, 300) && in_time ? 0 : 1;
}
