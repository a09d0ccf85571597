/* bench-live.c: what lies between a key and new numbers, but for the window.
 *
 *   bench-live FOLDER
 *
 * FOLDER holds pictures (make-pictures.py makes 10,000 in a minute), of which a
 * new project takes 200 labels. Rows of 512 and 147 made-up numbers are held in
 * memory for all of them, as a window holds them. Then, nine times: one more
 * label is set, the samples are read from the project, the labelled rows are
 * put together and looked through for copies, the default probe is trained
 * beside five folds with zero-shot, and all pictures are judged. Then the same
 * while the learning curve of the labels before is being counted in half of the
 * cores, as a window does; the label cancels it. One line of JSON, times in
 * milliseconds of the fastest run: "ms" in all (aim 200), then its parts;
 * "amid_curve_ms" and "worst_amid_curve_ms" are the fastest and the slowest of
 * those that interrupt a curve. Ends with status 1 if the aim is missed. */
#include "app/project/labels.h"
#include "app/project/project.h"
#include "app/project/sources.h"
#include "app/study/rows.h"
#include "evaluate/predictions.h"
#include "features/extractor.h"
#include "image/classic/classic.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "evaluate/evaluation.h"
#include "evaluate/learning.h"

enum { DIM = 512, N_LABELS = 200, N_CLASSES = 5, N_RUNS = 9 };
#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)
#define AIM_MS 200.0

/* The rows of all pictures, by image id. */
typedef struct {
  gsize n;
  float *clip;    /* [n][DIM] */
  float *classic; /* [n][HF_CLASSIC_DIM] */
  guint8 *looks;  /* [n][LOOK_BYTES] */
  float *text;    /* [N_CLASSES][DIM] */
} Memory;

typedef struct {
  double all, label, samples, rows, probe, judge;
} Took;

static double
get_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

static void
draw_unit (HfRng *rng, int label, float *out)
{
  double square = 0;

  for (int j = 0; j < DIM; j++) {
    out[j] =
        (float) (hf_rng_next_double (rng) - 0.3 + 0.1 * sin (label * 7.0 + j));
    square += (double) out[j] * out[j];
  }
  for (int j = 0; j < DIM; j++)
    out[j] /= (float) sqrt (square);
}

static void
memory_init (Memory *self, gsize n)
{
  HfRng rng;

  hf_rng_init (&rng, 1);
  self->n = n;
  self->clip = g_new (float, n *DIM);
  self->classic = g_new (float, n *HF_CLASSIC_DIM);
  self->looks = g_malloc (n * LOOK_BYTES);
  self->text = g_new (float, N_CLASSES *DIM);
  for (int c = 0; c < N_CLASSES; c++)
    draw_unit (&rng, c, self->text + c * DIM);
  for (gsize i = 0; i < n; i++) {
    draw_unit (&rng, (int) (i % N_CLASSES), self->clip + i * DIM);
    for (gsize j = 0; j < HF_CLASSIC_DIM; j++)
      self->classic[i * HF_CLASSIC_DIM + j] = (float) hf_rng_next_double (&rng);
    for (gsize j = 0; j < LOOK_BYTES; j++)
      self->looks[i * LOOK_BYTES + j] = (guint8) hf_rng_next_below (&rng, 256);
  }
}

static void
memory_clear (Memory *self)
{
  g_free (self->clip);
  g_free (self->classic);
  g_free (self->looks);
  g_free (self->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Memory, memory_clear)

static void
set_label (HfProject *project, gint64 image)
{
  g_autofree char *name =
      g_strdup_printf ("class %d", (int) (image % N_CLASSES));
  g_autoptr (GError) error = NULL;
  gboolean is_new;
  gsize n;

  if (!hf_project_set_class (project, &image, 1, name, HF_LABEL_BY_HAND,
                             HF_SHOWN_BROWSE, &is_new, &n, &error))
    g_error ("%s", error->message);
}

static void
add_row (HfRows *rows, gsize to, const Memory *memory, const HfSample *sample)
{
  gsize from = (gsize) (sample->image_id - 1);

  memcpy (rows->clip + to * DIM, memory->clip + from * DIM,
          DIM * sizeof (float));
  memcpy (rows->classic + to * HF_CLASSIC_DIM,
          memory->classic + from * HF_CLASSIC_DIM,
          HF_CLASSIC_DIM * sizeof (float));
  memcpy (rows->looks + to * LOOK_BYTES, memory->looks + from * LOOK_BYTES,
          LOOK_BYTES);
  rows->sha256[to] = g_strdup_printf ("%" G_GSIZE_FORMAT, from);
  rows->label[to] = sample->label;
}

/* The labelled rows, ready to be trained on. */
static HfRows *
make_rows (const Memory *memory, const HfSamples *samples)
{
  gsize n = 0;
  HfRows *rows;

  for (guint i = 0; i < samples->samples->len; i++)
    n += ((HfSample *) samples->samples->pdata[i])->label >= 0;
  rows = hf_rows_new (n, 1, DIM, HF_CLASSIC_DIM, NULL);
  n = 0;
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];

    if (sample->label >= 0)
      add_row (rows, n++, memory, sample);
  }
  for (guint c = 0; c < samples->classes->len; c++) {
    HfSampleClass *class =
        g_memdup2 (samples->classes->pdata[c], sizeof (HfSampleClass));

    class->name = g_strdup (class->name);
    g_ptr_array_add (rows->classes, class);
  }
  rows->text = g_memdup2 (memory->text, N_CLASSES * DIM * sizeof (float));
  rows->logit_scale = 100;
  hf_rows_find_near_copies (rows, NULL, NULL);
  hf_rows_finish (rows);
  return rows;
}

static HfEvaluation *
evaluate (const HfRows *rows)
{
  const HfEvaluationOptions how = {.n_folds = 5, .with_final = TRUE};
  HfProbeSpec specs[2] = {HF_PROBE_SPEC_INIT, HF_PROBE_SPEC_INIT};
  g_autoptr (GError) error = NULL;
  HfEvaluation *evaluation;

  specs[1].kind = HF_PROBE_ZERO_SHOT;
  evaluation =
      hf_evaluation_new (&rows->data, specs, NULL, 2, &how, NULL, &error);
  if (evaluation == NULL)
    g_error ("%s", error->message);
  return evaluation;
}

/* One more label, and all that follows. */
static Took
run (HfProject *project, const Memory *memory, gint64 image)
{
  g_autofree double *p = g_new (double, memory->n *N_CLASSES);
  g_autofree double *distances = g_new (double, memory->n);
  g_autoptr (HfSamples) samples = NULL;
  g_autoptr (HfRows) rows = NULL;
  g_autoptr (HfEvaluation) evaluation = NULL;
  const HfProbeEvaluation *first;
  double start = get_ms (), at = start;
  Took took;

  set_label (project, image);
  took.label = get_ms () - at, at = get_ms ();
  samples = hf_project_dup_samples (project, NULL);
  took.samples = get_ms () - at, at = get_ms ();
  rows = make_rows (memory, samples);
  took.rows = get_ms () - at, at = get_ms ();
  evaluation = evaluate (rows);
  took.probe = get_ms () - at, at = get_ms ();
  first = evaluation->probes->pdata[0];
  hf_predictions_make (first->final, memory->clip, memory->classic, memory->n,
                       0, NULL, p, distances, NULL);
  took.judge = get_ms () - at;
  took.all = get_ms () - start;
  return took;
}

/* A curve that is being counted when the label comes. */
typedef struct {
  HfRows *rows;
  HfEvaluation *evaluation;
  HfProgress *progress;
  GThread *thread;
} Curve;

static gpointer
learn_thread (gpointer data)
{
  Curve *self = data;
  const HfEvaluationOptions how = {
      .n_threads = (int) MAX (g_get_num_processors () / 2, 1)};
  const HfProbeSpec spec = HF_PROBE_SPEC_INIT;
  g_autoptr (GArray) points = hf_learning_find (
      self->evaluation, &self->rows->data, &spec, &how, self->progress, NULL);

  return NULL;
}

static void
curve_start (Curve *self, HfProject *project, const Memory *memory)
{
  g_autoptr (HfSamples) samples = hf_project_dup_samples (project, NULL);

  self->rows = make_rows (memory, samples);
  self->evaluation = evaluate (self->rows);
  self->progress = hf_progress_new (NULL, NULL);
  self->thread = g_thread_new ("learn", learn_thread, self);
}

static void
curve_end (Curve *self)
{
  g_thread_join (self->thread);
  hf_progress_free (self->progress);
  hf_evaluation_free (self->evaluation);
  hf_rows_free (self->rows);
}

/* The fastest and the slowest of labels that come a while, another one each
 * time, after a curve was begun. */
static void
interrupt_curves (HfProject *project, const Memory *memory, double *best,
                  double *worst)
{
  *best = INFINITY;
  *worst = 0;
  for (int i = 1; i <= N_RUNS; i++) {
    Curve curve;
    Took took;

    curve_start (&curve, project, memory);
    g_usleep (100000 + 7000 * (gulong) i);
    hf_progress_cancel (curve.progress);
    took = run (project, memory, N_LABELS + N_RUNS + i);
    curve_end (&curve);
    *best = MIN (*best, took.all);
    *worst = MAX (*worst, took.all);
  }
}

static HfProject *
make_project (const char *path, const char *folder, gsize *n)
{
  g_autoptr (GError) error = NULL;
  HfProject *project = hf_project_create (path, &error);
  g_auto (HfScan) scan = {0};
  g_autoptr (HfSamples) samples = NULL;

  if (project == NULL ||
      !hf_project_add_source (project, folder, NULL, NULL, &scan, NULL, &error))
    g_error ("%s", error->message);
  if (scan.n_added < N_LABELS + 2 * N_RUNS)
    g_error ("%s holds %" G_GSIZE_FORMAT " pictures, and it takes %d", folder,
             scan.n_added, N_LABELS + 2 * N_RUNS);
  for (int i = 1; i <= N_LABELS; i++)
    set_label (project, i);
  samples = hf_project_dup_samples (project, NULL);
  *n = samples->samples->len;
  return project;
}

static void
print_number (const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  printf (", \"%s\": %s", name,
          g_ascii_formatd (text, sizeof text, "%.3g", value));
}

int
main (int argc, char **argv)
{
  g_autofree char *scratch = g_dir_make_tmp ("handful-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (scratch, "live.handful", NULL);
  g_auto (Memory) memory = {0};
  HfProject *project;
  Took best = {.all = INFINITY};
  double amid_best, amid_worst;
  gsize n;

  if (argc != 2)
    g_error ("Usage: bench-live FOLDER");
  project = make_project (path, argv[1], &n);
  memory_init (&memory, n);
  for (int i = 1; i <= N_RUNS; i++) {
    Took took = run (project, &memory, N_LABELS + i);

    best = took.all < best.all ? took : best;
  }
  interrupt_curves (project, &memory, &amid_best, &amid_worst);
  printf ("{\"what\": \"one more label\"");
  print_number ("pictures", (double) n);
  print_number ("ms", best.all);
  print_number ("label_ms", best.label);
  print_number ("samples_ms", best.samples);
  print_number ("rows_ms", best.rows);
  print_number ("probe_ms", best.probe);
  print_number ("judge_ms", best.judge);
  print_number ("amid_curve_ms", amid_best);
  print_number ("worst_amid_curve_ms", amid_worst);
  print_number ("aim_ms", AIM_MS);
  puts ("}");
  hf_project_close (project);
  g_unlink (path);
  g_rmdir (scratch);
  return best.all < AIM_MS && amid_best < AIM_MS ? 0 : 1;
}
