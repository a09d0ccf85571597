/* prompt-fit.c: see the header. */
#include "probe/train/prompt-fit.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "probe/probe.h"
#include "probe/train/contest.h"
#include "probe/train/text-scores.h"

/* The first of each stands where there is no choice. */
static const double pulls[] = {0.01, 0, 0.05};
static const int stops[] = {40, 10, 20};
/* With the pull that is best by then. */
static const int late_stops[] = {80, 160};

#define DEFAULT_VECTORS 4

/* Rows for the tuner: the mean of each picture's tiles, of unit length. */
typedef struct {
  float *x;       /* [n][dim] */
  int *label;     /* [n] */
  double *weight; /* [n] */
  HfTuningData data;
} Rows;

static void
rows_clear (Rows *self)
{
  g_free (self->x);
  g_free (self->label);
  g_free (self->weight);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

static void
write_unit_row (const HfDataset *data, gsize row, float *out)
{
  const gsize dim = data->clip_dim;
  const float *tiles = data->clip + row * data->n_tiles * dim;
  double square = 0;

  for (gsize j = 0; j < dim; j++) {
    double sum = 0;

    for (gsize t = 0; t < data->n_tiles; t++)
      sum += tiles[t * dim + j];
    out[j] = (float) sum;
    square += sum * sum;
  }
  for (gsize j = 0; j < dim && square > 0; j++)
    out[j] /= (float) sqrt (square);
}

/* The training rows outside fold @without; -1: all. */
static void
rows_init (Rows *self, const HfTraining *training, const int *fold, int without)
{
  const HfDataset *data = training->data;
  gsize n = 0;

  self->x = g_new (float, training->n * data->clip_dim);
  self->label = g_new (int, training->n);
  self->weight = g_new (double, training->n);
  for (gsize i = 0; i < training->n; i++) {
    if (without >= 0 && fold[i] == without)
      continue;
    write_unit_row (data, training->row[i], self->x + n * data->clip_dim);
    self->label[n] = training->label[i];
    self->weight[n++] = training->weight[i];
  }
  self->data = (HfTuningData){.n = n,
                              .dim = data->clip_dim,
                              .n_classes = data->n_classes,
                              .x = self->x,
                              .label = self->label,
                              .weight = self->weight,
                              .written = data->text,
                              .logit_scale = data->logit_scale};
}

/* What a spec leaves to be tried. */
typedef struct {
  const double *pulls;
  const int *stops;
  guint n_pulls, n_stops, n_late;
  int longest, last; /* of the stops; of the late ones too */
} Grid;

/* Borrows what @spec says. */
static void
grid_init (Grid *self, const HfProbeSpec *spec, gboolean can_choose)
{
  gboolean any_stop = spec->n_steps == 0;

  *self = (Grid){.pulls = isnan (spec->text_pull) ? pulls : &spec->text_pull,
                 .stops = any_stop ? stops : &spec->n_steps,
                 .n_pulls = 1,
                 .n_stops = 1};
  if (can_choose && isnan (spec->text_pull))
    self->n_pulls = G_N_ELEMENTS (pulls);
  if (can_choose && any_stop) {
    self->n_stops = G_N_ELEMENTS (stops);
    self->n_late = G_N_ELEMENTS (late_stops);
  }
  for (guint s = 0; s < self->n_stops; s++)
    self->longest = MAX (self->longest, self->stops[s]);
  self->last = self->n_late > 0 ? late_stops[self->n_late - 1] : self->longest;
}

/* Steps of all runs: those that are over, and of those all that there may be.
 */
typedef struct {
  HfProgress *progress;
  gint64 done, total;
} Pace;

static gint64
grid_count_steps (const Grid *self, int n_held)
{
  return n_held * ((gint64) self->n_pulls * self->longest + self->last -
                   self->longest) +
         self->last;
}

/* One fit without one fold, as far as it has gone. */
typedef struct {
  int fold;
  int n_taken;
  Rows rows;
  HfTunerRun *run;
} FoldRun;

static void
fold_run_free (gpointer data)
{
  FoldRun *self = data;

  hf_tuner_run_free (self->run);
  rows_clear (&self->rows);
  g_free (self);
}

/* What a run says of the rows that it has not seen, at each number of steps
 * that may be chosen. */
typedef struct {
  const HfContest *contest;
  const int *stops;
  guint n_stops;
  const FoldRun *run;
  double *score; /* [n_stops][n][n_classes] */
  const Pace *pace;
} Listener;

static void
score_picture (const HfDataset *data, gsize row, const float *text, double *out)
{
  const gsize dim = data->clip_dim, k = (gsize) data->n_classes;
  const float *x = data->clip + row * data->n_tiles * dim;
  g_autofree double *tiles = g_new (double, data->n_tiles *k);

  for (gsize t = 0; t < data->n_tiles; t++, x += dim)
    for (gsize c = 0; c < k; c++) {
      double sum = 0;

      for (gsize j = 0; j < dim; j++)
        sum += (double) x[j] * text[c * dim + j];
      tiles[t * k + c] = data->logit_scale * sum;
    }
  hf_calibration_join_tiles (tiles, 1, data->n_tiles, data->kinds,
                             data->n_classes, out);
}

static void
score_fold (int step, const float *text, gpointer data)
{
  const Listener *self = data;
  const HfTraining *training = self->contest->training;
  gsize k = (gsize) training->data->n_classes;

  hf_progress_report (self->pace->progress,
                      self->pace->done + step - self->run->n_taken,
                      self->pace->total);
  for (guint s = 0; s < self->n_stops; s++)
    for (gsize i = 0; self->stops[s] == step && i < training->n; i++)
      if (self->contest->fold[i] == self->run->fold &&
          self->contest->is_held[i])
        score_picture (training->data, training->row[i], text,
                       self->score + (s * training->n + i) * k);
}

static gboolean
fold_is_held (const HfContest *contest, int fold)
{
  for (gsize i = 0; i < contest->training->n; i++)
    if (contest->fold[i] == fold && contest->is_held[i])
      return TRUE;
  return FALSE;
}

static int
count_held_folds (const HfContest *contest)
{
  int n = 0;

  for (int f = 0; f < contest->n_folds; f++)
    n += fold_is_held (contest, f) ? 1 : 0;
  return n;
}

/* A run without each fold that is held out, not begun. */
static GPtrArray *
new_runs (const HfContest *contest, const HfProbeSpec *spec, double pull,
          GError **error)
{
  const HfTraining *training = contest->training;
  const HfTuningSettings settings = {spec->n_vectors, spec->per_class, 0,
                                     spec->seed};
  g_autoptr (GPtrArray) runs = g_ptr_array_new_with_free_func (fold_run_free);

  for (int f = 0; f < contest->n_folds; f++) {
    FoldRun *run;

    if (!fold_is_held (contest, f))
      continue;
    run = g_new0 (FoldRun, 1);
    g_ptr_array_add (runs, run);
    run->fold = f;
    rows_init (&run->rows, training, contest->fold, f);
    run->rows.data.pull = pull;
    run->run = hf_tuner_run_new (training->data->tuner, &run->rows.data,
                                 &settings, error);
    if (run->run == NULL)
      return NULL;
  }
  return g_steal_pointer (&runs);
}

/* Goes on with @runs to the longest of @stops[@n_stops] and offers each. */
static gboolean
offer_stops (HfContest *contest, const HfProbeSpec *spec, GPtrArray *runs,
             const int *stops_tried, guint n_stops, Pace *pace, GError **error)
{
  const HfTraining *training = contest->training;
  gsize size = training->n * (gsize) training->data->n_classes;
  g_autofree double *score = g_new0 (double, n_stops *size);
  Listener listener = {contest, stops_tried, n_stops, NULL, score, pace};
  HfProbeSpec setting = *spec;
  int longest = 0;

  for (guint s = 0; s < n_stops; s++)
    longest = MAX (longest, stops_tried[s]);
  for (guint r = 0; r < runs->len; r++) {
    FoldRun *run = runs->pdata[r];

    listener.run = run;
    if (!hf_tuner_run_to (run->run, longest, score_fold, &listener,
                          pace->progress, error))
      return FALSE;
    pace->done += longest - run->n_taken;
    run->n_taken = longest;
  }
  for (guint s = 0; s < n_stops; s++) {
    setting.n_steps = stops_tried[s];
    hf_contest_offer (contest, &setting, score + s * size);
  }
  return TRUE;
}

static gboolean
choose (HfContest *contest, const HfProbeSpec *spec, const Grid *grid,
        Pace *pace, GError **error)
{
  g_autoptr (GPtrArray) best = NULL;
  HfProbeSpec setting = *spec;

  for (guint p = 0; p < grid->n_pulls; p++) {
    g_autoptr (GPtrArray) runs =
        new_runs (contest, spec, grid->pulls[p], error);

    setting.text_pull = grid->pulls[p];
    if (runs == NULL || !offer_stops (contest, &setting, runs, grid->stops,
                                      grid->n_stops, pace, error))
      return FALSE;
    if (best != NULL && contest->best.text_pull != setting.text_pull)
      continue;
    g_clear_pointer (&best, g_ptr_array_unref);
    best = g_steal_pointer (&runs);
  }
  setting.text_pull = contest->best.text_pull;
  return grid->n_late == 0 || offer_stops (contest, &setting, best, late_stops,
                                           grid->n_late, pace, error);
}

/* The final fit, whose rows of the classes are wanted. */
typedef struct {
  float *text;
  gsize size; /* of it, in bytes */
  const Pace *pace;
} Final;

static void
copy_rows (int step, const float *text, gpointer data)
{
  const Final *self = data;

  memcpy (self->text, text, self->size);
  hf_progress_report (self->pace->progress, self->pace->done + step,
                      self->pace->total);
}

/* The final fit: learned words, and the rows of the classes, to @text. */
static HfWords *
learn (const HfTraining *training, const HfProbeSpec *spec, float *text,
       const Pace *pace, GError **error)
{
  HfTuner *tuner = training->data->tuner;
  HfTuningSettings settings = {spec->n_vectors, spec->per_class, spec->n_steps,
                               spec->seed};
  gsize n_classes = (gsize) training->data->n_classes;
  gsize n_sets = spec->per_class ? n_classes : 1;
  gsize n = n_sets * (gsize) spec->n_vectors;
  gsize width = (gsize) hf_tuner_get_width (tuner);
  g_auto (Rows) rows = {0};
  Final final = {text, n_classes * training->data->clip_dim * sizeof *text,
                 pace};
  char **nearest;
  float *vectors;

  rows_init (&rows, training, NULL, -1);
  rows.data.pull = spec->text_pull;
  vectors = hf_tuner_fit (tuner, &rows.data, &settings, copy_rows, &final,
                          pace->progress, error);
  if (vectors == NULL)
    return NULL;
  nearest = g_new0 (char *, n + 1);
  for (gsize v = 0; v < n; v++)
    nearest[v] = hf_tuner_dup_nearest (tuner, vectors + v * width);
  return hf_words_new_take (n_sets, (gsize) spec->n_vectors, width, vectors,
                            nearest);
}

static gboolean
check_tuner (const HfDataset *data, GError **error)
{
  if (hf_text_is_there (data) && data->tuner != NULL)
    return TRUE;
  g_set_error (
      error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_TEXT,
      _("Prompt tuning needs a model with its text tower, prompts of "
                 "the classes and the CLIP rows of the pictures. Give them, or "
                 "use another probe."));
  return FALSE;
}

gint64
hf_prompt_count_steps (const HfTraining *training, const HfProbeSpec *spec)
{
  g_auto (HfContest) contest = {0};
  Grid grid;

  hf_contest_init (&contest, training, spec->seed);
  grid_init (&grid, spec, contest.can_choose);
  return grid_count_steps (&grid, count_held_folds (&contest));
}

HfFit *
hf_prompt_fit (const HfTraining *training, const HfProbeSpec *spec,
               HfProgress *progress, GError **error)
{
  const HfDataset *data = training->data;
  gsize k = (gsize) data->n_classes;
  g_auto (HfContest) contest = {0};
  g_autoptr (HfJoint) joint = NULL;
  g_autoptr (HfWords) words = NULL;
  g_autofree double *x = NULL, *weights = NULL;
  g_autofree float *text = NULL;
  HfProbeSpec setting = *spec;
  HfDataset learned = *data;
  Pace pace = {.progress = progress};
  Grid grid;
  HfFit *fit;

  if (!check_tuner (data, error))
    return NULL;
  setting.kind = HF_PROBE_PROMPT;
  setting.blocks = HF_BLOCK_CLIP;
  if (setting.n_vectors == 0)
    setting.n_vectors = DEFAULT_VECTORS;
  hf_contest_init (&contest, training, spec->seed);
  grid_init (&grid, &setting, contest.can_choose);
  pace.total = grid_count_steps (&grid, count_held_folds (&contest));
  if (!choose (&contest, &setting, &grid, &pace, error))
    return NULL;
  pace.done = pace.total - contest.best.n_steps;
  text = g_new (float, k * data->clip_dim);
  words = learn (training, &contest.best, text, &pace, error);
  if (words == NULL)
    return NULL;
  joint = hf_joint_new (data, training->row, training->n, HF_BLOCK_CLIP);
  x = hf_joint_dup_rows (joint, data, training->row, training->n);
  weights = g_new0 (double, k *(joint->dim + 1));
  learned.text = text;
  hf_text_add_weights (&learned, joint, FALSE, weights);
  fit = hf_contest_make_fit (&contest, g_steal_pointer (&joint), x,
                             hf_scorer_new (HF_SCORER_CLASSES, weights,
                                            data->n_classes, data->clip_dim),
                             progress, error);
  if (fit != NULL)
    fit->words = g_steal_pointer (&words);
  return fit;
}
