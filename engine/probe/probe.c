/* probe.c: training and prediction; see the header. */
#include "probe/given.h"
#include "probe/probe-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "probe/blas.h"
#include "probe/train/auto.h"
#include "probe/train/gda.h"
#include "probe/train/linear-fit.h"
#include "probe/train/prompt-fit.h"
#include "probe/train/svm-fit.h"
#include "probe/train/text-scores.h"
#include "probe/train/training.h"

/* Rows that are joined and scored at a time: their numbers stay in the cache.
 */
#define BLOCK_ROWS 256

G_DEFINE_QUARK (hf - probe - error - quark, hf_probe_error)

HfProbe *
hf_probe_ref (HfProbe *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
hf_probe_unref (HfProbe *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->kinds);
  hf_joint_free (self->joint);
  hf_scorer_free (self->scorer);
  hf_novelty_free (self->novelty);
  hf_words_free (self->words);
  g_free (self->text);
  g_free (self->reason);
  g_free (self);
}

static gboolean
are_finite (const float *x, gsize n)
{
  /* 0 times a number is 0 unless it is not finite. */
  float sum = 0;

  for (gsize i = 0; i < n; i++)
    sum += x[i] * 0.0f;
  return sum == 0;
}

/* What is asked for must be in the data. */
static gboolean
check_blocks (const HfTraining *training, const HfProbeSpec *spec,
              GError **error)
{
  HfBlocks blocks[3];

  if (spec->kind == HF_PROBE_ZERO_SHOT ||
      hf_training_list_blocks (training, spec->blocks, blocks) > 0)
    return TRUE;
  g_set_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_NO_BLOCK,
               _("The probe is to use the features %s, but the pictures have "
                 "no such rows. Choose other features."),
                  hf_blocks_get_name (spec->blocks));
  return FALSE;
}

static gboolean
check_classes (const HfTraining *training, const HfProbeSpec *spec,
               GError **error)
{
  g_autofree gsize *count = g_new0 (gsize, training->data->n_classes);

  if (training->data->n_classes < 2) {
    g_set_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_ONE_CLASS,
                 _("A probe tells classes apart, and there is only one. Add a "
                   "second class."));
    return FALSE;
  }
  for (gsize i = 0; i < training->n; i++)
    count[training->label[i]]++;
  for (int c = 0; c < training->data->n_classes; c++)
    if (count[c] == 0 && spec->kind != HF_PROBE_ZERO_SHOT) {
      g_set_error (error, HF_PROBE_ERROR, HF_PROBE_ERROR_EMPTY_CLASS,
                   _("Class number %d has no labelled picture to learn from. "
                     "Label at least one."),
                      c + 1);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_rows (const HfTraining *training, GError **error)
{
  const HfDataset *data = training->data;
  gsize clip = data->n_tiles * data->clip_dim;
  gsize classic = data->n_tiles * data->classic_dim;

  for (gsize i = 0; i < training->n; i++)
    if (!are_finite (data->clip + training->row[i] * clip, clip) ||
        !are_finite (data->classic + training->row[i] * classic, classic)) {
      g_set_error (
          error, HF_PROBE_ERROR, HF_PROBE_ERROR_NOT_FINITE,
          _("The features of picture number %zu hold numbers that are not "
            "finite. Compute them again."),
             training->row[i] + 1);
      return FALSE;
    }
  return TRUE;
}

static HfFit *
fit_kind (const HfTraining *training, const HfProbeSpec *spec,
          HfProgress *progress, GError **error)
{
  switch (spec->kind) {
  case HF_PROBE_ZERO_SHOT:
    return hf_zero_shot_fit (training, spec, error);
  case HF_PROBE_LINEAR:
    return hf_linear_probe_fit (training, spec, progress, error);
  case HF_PROBE_SVM:
    return hf_svm_probe_fit (training, spec, progress, error);
  case HF_PROBE_GDA:
    return hf_gda_fit (training, spec, progress, error);
  case HF_PROBE_PROMPT:
    return hf_prompt_fit (training, spec, progress, error);
  case HF_PROBE_AUTO:
    break;
  }
  g_assert_not_reached ();
}

static gint64
count_steps (const HfTraining *training, const HfProbeSpec *spec)
{
  if (!hf_probe_may_tune (training->data, spec))
    return 1;
  /* If auto takes prompt, it is trained once more. */
  return (spec->kind == HF_PROBE_AUTO ? hf_auto_count_steps (training, spec)
                                      : 0) +
         hf_prompt_count_steps (training, spec);
}

/* The kind that the held-out labels speak for, and why. */
static HfFit *
fit_best (const HfTraining *training, const HfProbeSpec *spec,
          HfProgress *progress, GError **error)
{
  HfProbeSpec best = *spec;
  g_autofree char *why = NULL, *how = NULL;
  gint64 n_choosing = hf_auto_count_steps (training, spec);
  gint64 n_total = count_steps (training, spec);
  g_autoptr (HfProgress) choosing =
      hf_progress_new_stretch (progress, 0, n_choosing, n_total);
  g_autoptr (HfProgress) fitting = hf_progress_new_stretch (
      progress, n_choosing, n_total - n_choosing, n_total);
  HfFit *fit;

  if (!hf_auto_choose (training, spec, choosing, &best.kind, &why, error))
    return NULL;
  fit = fit_kind (training, &best, fitting, error);
  if (fit == NULL || why == NULL)
    return fit;
  how = g_steal_pointer (&fit->reason);
  fit->reason = g_strdup_printf ("%s; %s", why, how);
  return fit;
}

/* Strengths that are nothing to the kind are NAN. */
static void
clear_strengths (HfProbeSpec *spec)
{
  if (spec->kind != HF_PROBE_GDA)
    spec->lambda = spec->alpha = NAN;
  if (spec->kind != HF_PROBE_LINEAR && spec->kind != HF_PROBE_PROMPT)
    spec->text_pull = NAN;
  if (spec->kind != HF_PROBE_PROMPT) {
    spec->n_vectors = spec->n_steps = 0;
    spec->per_class = FALSE;
  }
  if (spec->kind != HF_PROBE_LINEAR && spec->kind != HF_PROBE_SVM)
    spec->c = NAN;
  if (spec->kind != HF_PROBE_SVM)
    spec->kernel = HF_KERNEL_AUTO;
  if (spec->kernel != HF_KERNEL_RBF)
    spec->gamma = NAN;
}

static void
calibrate (HfProbe *self, const HfTraining *training, const HfFit *fit)
{
  g_auto (HfHeld) held = {0};
  double spread;

  hf_held_init (&held, training, fit->held, fit->is_held);
  spread =
      hf_calibration_find_spread (held.score, held.scores.n, self->n_classes);
  self->n_calibration = held.scores.n;
  hf_calibration_fit (&held.scores, self->n_tiles > 1 ? self->kinds : NULL,
                      spread > 0 ? spread : fit->spread, fit->prior,
                      &self->calibration);
}

static HfProbe *
make_probe (const HfTraining *training, HfFit *fit)
{
  const HfDataset *data = training->data;
  HfProbe *self = g_new0 (HfProbe, 1);

  self->ref_count = 1;
  self->spec = fit->spec;
  clear_strengths (&self->spec);
  self->n_classes = data->n_classes;
  self->n_tiles = data->n_tiles;
  self->kinds =
      g_memdup2 (data->kinds, (gsize) data->n_classes * sizeof *data->kinds);
  if (hf_text_is_there (data)) {
    self->text_dim = data->clip_dim;
    self->text =
        g_memdup2 (data->text, (gsize) data->n_classes * data->clip_dim *
                                   sizeof *data->text);
    self->logit_scale = data->logit_scale;
  }
  calibrate (self, training, fit);
  self->joint = g_steal_pointer (&fit->joint);
  self->scorer = g_steal_pointer (&fit->scorer);
  self->novelty = g_steal_pointer (&fit->novelty);
  self->words = g_steal_pointer (&fit->words);
  self->reason = g_steal_pointer (&fit->reason);
  return self;
}

gboolean
hf_probe_may_tune (const HfDataset *data, const HfProbeSpec *spec)
{
  return spec->kind == HF_PROBE_PROMPT ||
         (spec->kind == HF_PROBE_AUTO && spec->blocks != HF_BLOCK_CLASSIC &&
          data->tuner != NULL);
}

gint64
hf_probe_count_steps (const HfDataset *data, const gsize *rows, gsize n_rows,
                      const HfProbeSpec *spec)
{
  g_autoptr (HfTraining) training = NULL;

  if (!hf_probe_may_tune (data, spec))
    return 1;
  training = hf_training_new (data, rows, n_rows, spec->unbalanced);
  return count_steps (training, spec);
}

HfProbe *
hf_probe_train (const HfDataset *data, const gsize *rows, gsize n_rows,
                const HfProbeSpec *spec, HfProgress *progress, GError **error)
{
  g_autoptr (HfTraining) training = NULL;
  g_autoptr (HfFit) fit = NULL;
  HfProbe *self;

  g_return_val_if_fail (data->n_tiles > 0, NULL);
  hf_blas_use_one_thread ();
  training = hf_training_new (data, rows, n_rows, spec->unbalanced);
  if (!check_classes (training, spec, error) ||
      !check_blocks (training, spec, error) || !check_rows (training, error))
    return NULL;
  fit = spec->kind == HF_PROBE_AUTO
            ? fit_best (training, spec, progress, error)
            : fit_kind (training, spec, progress, error);
  if (fit == NULL)
    return NULL;
  self = make_probe (training, fit);
  self->has_given_pull =
      !isnan (spec->text_pull) && !isnan (self->spec.text_pull);
  return self;
}

/* Scores, double[n][n_classes], of at most BLOCK_ROWS joined rows. */
static void
average_rows (const float *z, gsize n, gsize n_tiles, gsize dim, float *out)
{
  for (gsize i = 0; i < n; i++, out += dim)
    for (gsize j = 0; j < dim; j++) {
      double sum = 0;

      for (gsize t = 0; t < n_tiles; t++)
        sum += z[(i * n_tiles + t) * dim + j];
      out[j] = (float) (sum / (double) n_tiles);
    }
}

/* Room for a block of pictures. */
typedef struct {
  float *joined;  /* [n][n_tiles][dim] */
  float *average; /* [n][dim], only with tiles */
  double *score;  /* [n][n_tiles][n_classes] */
} Room;

static void
room_clear (Room *self)
{
  g_free (self->joined);
  g_free (self->average);
  g_free (self->score);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Room, room_clear)

static void
score_block (const HfProbe *self, const float *clip, const float *classic,
             gsize first, gsize n, Room *room)
{
  gsize n_rows = n * self->n_tiles, from = first * self->n_tiles;

  hf_joint_transform (
      self->joint, clip ? clip + from * self->joint->clip_dim : NULL,
      classic ? classic + from * self->joint->classic_dim : NULL, n_rows,
      room->joined);
  hf_scorer_score (self->scorer, room->joined, n_rows, room->score);
}

/* Pictures in a block, so that its tiles are about BLOCK_ROWS. */
static gsize
init_room (const HfProbe *self, Room *room)
{
  gsize n = MAX (BLOCK_ROWS / self->n_tiles, 1);

  room->joined = g_new (float, n * self->n_tiles * self->joint->dim);
  room->average = g_new (float, n * self->joint->dim);
  room->score = g_new (double, n * self->n_tiles * (gsize) self->n_classes);
  return n;
}

static void
measure_block (const HfProbe *self, const Room *room, gsize n, double *distance)
{
  if (self->novelty == NULL) {
    memset (distance, 0, n * sizeof *distance);
  } else if (self->n_tiles == 1) {
    hf_novelty_measure (self->novelty, room->joined, n, distance);
  } else {
    average_rows (room->joined, n, self->n_tiles, self->joint->dim,
                  room->average);
    hf_novelty_measure (self->novelty, room->average, n, distance);
  }
}

void
hf_probe_predict (const HfProbe *self, const float *clip, const float *classic,
                  gsize n, double *probabilities, double *distances)
{
  g_auto (Room) room = {0};
  gsize step = init_room (self, &room), k = (gsize) self->n_classes;
  const HfClassKind *kinds = self->n_tiles > 1 ? self->kinds : NULL;

  hf_blas_use_one_thread ();
  for (gsize first = 0; first < n; first += step) {
    gsize m = MIN (step, n - first);
    double *to = probabilities + first * k;

    score_block (self, clip, classic, first, m, &room);
    if (self->n_tiles == 1)
      memcpy (to, room.score, m * k * sizeof *to);
    else
      hf_calibration_join_tiles (room.score, m, self->n_tiles, self->kinds,
                                 self->n_classes, to);
    hf_calibration_apply (&self->calibration, kinds, m, self->n_classes, to);
    if (distances)
      measure_block (self, &room, m, distances + first);
  }
}

void
hf_probe_predict_tiles (const HfProbe *self, const float *clip,
                        const float *classic, gsize n, double *probabilities)
{
  g_auto (Room) room = {0};
  gsize step = init_room (self, &room);
  gsize k = self->n_tiles * (gsize) self->n_classes;
  const HfClassKind *kinds = self->n_tiles > 1 ? self->kinds : NULL;

  hf_blas_use_one_thread ();
  for (gsize first = 0; first < n; first += step) {
    gsize m = MIN (step, n - first);

    score_block (self, clip, classic, first, m, &room);
    memcpy (probabilities + first * k, room.score,
            m * k * sizeof *probabilities);
  }
  hf_calibration_apply (&self->calibration, kinds, n * self->n_tiles,
                        self->n_classes, probabilities);
}

const HfProbeSpec *
hf_probe_get_spec (const HfProbe *self)
{
  return &self->spec;
}

int
hf_probe_get_n_classes (const HfProbe *self)
{
  return self->n_classes;
}

gsize
hf_probe_get_n_tiles (const HfProbe *self)
{
  return self->n_tiles;
}

gsize
hf_probe_get_clip_dim (const HfProbe *self)
{
  return self->joint->clip_dim;
}

gsize
hf_probe_get_classic_dim (const HfProbe *self)
{
  return self->joint->classic_dim;
}

double
hf_probe_get_temperature (const HfProbe *self)
{
  return self->calibration.temperature;
}

gsize
hf_probe_get_n_calibration (const HfProbe *self)
{
  return self->n_calibration;
}

double
hf_probe_get_unknown_limit (const HfProbe *self, double *false_alarms)
{
  if (false_alarms)
    *false_alarms = self->novelty ? self->novelty->false_alarms : 1;
  return self->novelty ? self->novelty->limit : INFINITY;
}

const float *
hf_probe_get_text (const HfProbe *self, gsize *dim, double *logit_scale)
{
  *dim = self->text_dim;
  *logit_scale = self->logit_scale;
  return self->text;
}

const HfWords *
hf_probe_get_words (const HfProbe *self)
{
  return self->words;
}

gboolean
hf_probe_has_given_pull (const HfProbe *self)
{
  return self->has_given_pull;
}

const char *
hf_probe_get_reason (const HfProbe *self)
{
  return self->reason;
}
