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
/* Tried with the pull that is best by then: most of the steps that a choice
 * costs are here. */
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

/* What runs without one fold said of its rows, at each number of steps that may
 * be chosen. */
typedef struct {
  const HfContest *contest;
  const int *stops;
  guint n_stops;
  int fold;
  double *score; /* [n_stops][n][n_classes] */
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

  for (guint s = 0; s < self->n_stops; s++)
    for (gsize i = 0; self->stops[s] == step && i < training->n; i++)
      if (self->contest->fold[i] == self->fold && self->contest->is_held[i])
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

/* Offers each number of steps, @stops_tried[@n_stops], at one pull. */
static gboolean
offer_pull (HfContest *contest, const HfProbeSpec *spec, double pull,
            const int *stops_tried, guint n_stops, HfProgress *progress,
            GError **error)
{
  const HfTraining *training = contest->training;
  gsize size = training->n * (gsize) training->data->n_classes;
  Listener listener = {contest, stops_tried, n_stops, 0, NULL};
  g_autofree double *score = g_new0 (double, listener.n_stops *size);
  HfTuningSettings settings = {spec->n_vectors, spec->per_class, 0, spec->seed};
  HfProbeSpec setting = *spec;

  listener.score = score;
  for (guint s = 0; s < listener.n_stops; s++)
    settings.n_steps = MAX (settings.n_steps, listener.stops[s]);
  for (int f = 0; f < contest->n_folds; f++) {
    g_auto (Rows) rows = {0};
    g_autofree float *vectors = NULL;

    if (!fold_is_held (contest, f))
      continue;
    listener.fold = f;
    rows_init (&rows, training, contest->fold, f);
    rows.data.pull = pull;
    vectors = hf_tuner_fit (training->data->tuner, &rows.data, &settings,
                            score_fold, &listener, progress, error);
    if (vectors == NULL)
      return FALSE;
  }
  setting.text_pull = pull;
  for (guint s = 0; s < listener.n_stops; s++) {
    setting.n_steps = listener.stops[s];
    hf_contest_offer (contest, &setting, score + s * size);
  }
  return TRUE;
}

static gboolean
choose (HfContest *contest, const HfProbeSpec *spec, HfProgress *progress,
        GError **error)
{
  gboolean any_pull = isnan (spec->text_pull) && contest->can_choose;
  gboolean any_stop = spec->n_steps == 0 && contest->can_choose;
  const double pull = isnan (spec->text_pull) ? pulls[0] : spec->text_pull;
  const int stop = spec->n_steps == 0 ? stops[0] : spec->n_steps;
  guint n_pulls = any_pull ? G_N_ELEMENTS (pulls) : 1;
  guint n_stops = any_stop ? G_N_ELEMENTS (stops) : 1;

  for (guint p = 0; p < n_pulls; p++)
    if (!offer_pull (contest, spec, any_pull ? pulls[p] : pull,
                     any_stop ? stops : &stop, n_stops, progress, error))
      return FALSE;
  return !any_stop ||
         offer_pull (contest, spec, contest->best.text_pull, late_stops,
                     G_N_ELEMENTS (late_stops), progress, error);
}

static void
copy_rows (int step, const float *text, gpointer data)
{
  const HfTuningData *rows = ((gpointer *) data)[0];

  memcpy (((gpointer *) data)[1], text,
          (gsize) rows->n_classes * rows->dim * sizeof *text);
}

/* The final fit: learned words, and the rows of the classes, to @text. */
static HfWords *
learn (const HfTraining *training, const HfProbeSpec *spec, float *text,
       HfProgress *progress, GError **error)
{
  HfTuner *tuner = training->data->tuner;
  HfTuningSettings settings = {spec->n_vectors, spec->per_class, spec->n_steps,
                               spec->seed};
  gsize n_sets = spec->per_class ? (gsize) training->data->n_classes : 1;
  gsize n = n_sets * (gsize) spec->n_vectors;
  gsize width = (gsize) hf_tuner_get_width (tuner);
  g_auto (Rows) rows = {0};
  gpointer copy[2] = {&rows.data, text};
  char **nearest;
  float *vectors;

  rows_init (&rows, training, NULL, -1);
  rows.data.pull = spec->text_pull;
  vectors = hf_tuner_fit (tuner, &rows.data, &settings, copy_rows, copy,
                          progress, error);
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
  HfFit *fit;

  if (!check_tuner (data, error))
    return NULL;
  setting.kind = HF_PROBE_PROMPT;
  setting.blocks = HF_BLOCK_CLIP;
  if (setting.n_vectors == 0)
    setting.n_vectors = DEFAULT_VECTORS;
  hf_contest_init (&contest, training, spec->seed);
  if (!choose (&contest, &setting, progress, error))
    return NULL;
  text = g_new (float, k * data->clip_dim);
  words = learn (training, &contest.best, text, progress, error);
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
