/* tuner.c: see the header. */
#include "tuning/tuner.h"

#include "clip/tokenizer.h"
#include "tuning/context.h"
#include "tuning/text-tape.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Adam, as Kingma and Ba have it, but for the rate, which is a share of the
 * root mean square of the prompts' token rows: models differ in their size. */
#define RATE 0.3
#define DECAY_1 0.9
#define DECAY_2 0.999
#define EPSILON 1e-8

struct _HfTuner {
  gint ref_count;
  HfTuner *whole; /* whose all below is but for the classes, or NULL */
  HfDevice *device;
  HfModelFile *model;
  HfOps *ops;
  HfTextTape *tape;
  HfTokenizer *tokenizer;
  int n_classes;
  int **ids;    /* [n_classes][n_ids] */
  gsize *n_ids; /* [n_classes] */
  GMutex lock;  /* a step holds the tape, which keeps its pass */
};

HfTuner *
hf_tuner_ref (HfTuner *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
hf_tuner_unref (HfTuner *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  if (self->whole != NULL) {
    hf_tuner_unref (self->whole);
    g_free (self->ids);
    g_free (self->n_ids);
    g_free (self);
    return;
  }
  hf_text_tape_free (self->tape);
  hf_tokenizer_free (self->tokenizer);
  g_clear_pointer (&self->ops, hf_ops_free);
  g_clear_pointer (&self->device, hf_device_close);
  hf_model_file_free (self->model);
  for (int c = 0; c < self->n_classes; c++)
    g_free (self->ids[c]);
  g_free (self->ids);
  g_free (self->n_ids);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* The prompts as tokens, each up to its first end token: what is behind that is
 * not read. */
static gboolean
encode_prompts (HfTuner *self, const char *const *prompts, GError **error)
{
  const int vocab_size = hf_model_file_get_config (self->model)->vocab_size;

  self->tokenizer = hf_tokenizer_new (error);
  if (self->tokenizer == NULL)
    return FALSE;
  if (vocab_size <= HF_TOKEN_END) {
    g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
                 _("The model knows %d tokens, but texts are made of %d: it "
                   "was made for another vocabulary."),
                    vocab_size, HF_TOKEN_END + 1);
    return FALSE;
  }
  for (int c = 0; c < self->n_classes; c++) {
    gsize n = 0;

    self->ids[c] =
        hf_tokenizer_encode (self->tokenizer, prompts[c], &self->n_ids[c]);
    while (self->ids[c][n] != HF_TOKEN_END)
      n++;
    self->n_ids[c] = n + 1;
  }
  return TRUE;
}

static gboolean
open_tape (HfTuner *self, HfPrecision precision, HfProgress *progress,
           GError **error)
{
  const HfClipConfig *config = hf_model_file_get_config (self->model);
  HfWeights weights = {NULL, self->model};
  int n_rows = 0;

  for (int c = 0; c < self->n_classes; c++)
    n_rows += MIN ((int) self->n_ids[c] + HF_TUNER_MAX_VECTORS,
                   config->context_length);
  if (!hf_model_file_check_whole (self->model, error))
    return FALSE;
  weights.ops = self->ops = hf_ops_new (self->device, precision, error);
  if (self->ops == NULL)
    return FALSE;
  self->tape = hf_text_tape_new (&weights, config, n_rows, progress, error);
  return self->tape != NULL;
}

HfTuner *
hf_tuner_open (const HfTunerOptions *options, const char *const *prompts,
               int n_classes, HfProgress *progress, GError **error)
{
  g_autoptr (HfTuner) self = g_new0 (HfTuner, 1);

  g_return_val_if_fail (n_classes > 1, NULL);

  self->ref_count = 1;
  g_mutex_init (&self->lock);
  self->n_classes = n_classes;
  self->ids = g_new0 (int *, n_classes);
  self->n_ids = g_new0 (gsize, n_classes);
  self->model = hf_model_file_open (options->model_path, error);
  if (self->model == NULL || !encode_prompts (self, prompts, error))
    return NULL;
  self->device =
      hf_device_open (options->device, options->log, options->log_data, error);
  if (self->device == NULL ||
      !open_tape (self, options->precision, progress, error))
    return NULL;
  return g_steal_pointer (&self);
}

HfTuner *
hf_tuner_new_part (HfTuner *whole, const int *classes, int n_classes)
{
  HfTuner *self;

  g_return_val_if_fail (n_classes > 1 && whole->whole == NULL, NULL);

  self = g_new0 (HfTuner, 1);
  self->ref_count = 1;
  self->whole = hf_tuner_ref (whole);
  self->device = whole->device;
  self->model = whole->model;
  self->ops = whole->ops;
  self->tape = whole->tape;
  self->tokenizer = whole->tokenizer;
  self->n_classes = n_classes;
  self->ids = g_new (int *, n_classes);
  self->n_ids = g_new (gsize, n_classes);
  for (int c = 0; c < n_classes; c++) {
    self->ids[c] = whole->ids[classes[c]];
    self->n_ids[c] = whole->n_ids[classes[c]];
  }
  return self;
}

int
hf_tuner_get_width (const HfTuner *self)
{
  return hf_text_tape_get_width (self->tape);
}

gsize
hf_tuner_get_dim (const HfTuner *self)
{
  return (gsize) hf_model_file_get_config (self->model)->embed_dim;
}

struct _HfTunerRun {
  HfTuner *tuner;
  HfContext *context;
  const HfTuningData *data;
  float *vectors; /* [n_numbers] */
  double rate;
  double *slope;             /* [n_numbers] */
  double *mean, *square;     /* [n_numbers]: of the slopes so far, for Adam */
  float *rows, *d_rows;      /* [context->n_rows][width] */
  float *raw, *unit, *d_raw; /* [n_classes][dim] */
  int n_taken;               /* steps */
  int n_told;                /* numbers of steps that were told of */
};

static double
find_root_mean_square (const float *x, gsize n)
{
  double sum = 0;

  for (gsize j = 0; j < n; j++)
    sum += (double) x[j] * x[j];
  return sqrt (sum / (double) n);
}

HfTunerRun *
hf_tuner_run_new (HfTuner *tuner, const HfTuningData *data,
                  const HfTuningSettings *settings, GError **error)
{
  const HfClipConfig *config = hf_model_file_get_config (tuner->model);
  gsize n, n_rows, n_out = (gsize) tuner->n_classes * data->dim;
  HfTunerRun *self;

  g_return_val_if_fail (data->n > 0 && data->n_classes == tuner->n_classes,
                        NULL);
  g_return_val_if_fail (data->dim == hf_tuner_get_dim (tuner), NULL);
  g_return_val_if_fail (settings->n_vectors > 0 &&
                            settings->n_vectors <= HF_TUNER_MAX_VECTORS,
                        NULL);

  if (!hf_model_file_check_whole (tuner->model, error))
    return NULL;
  /* Beside the vectors a start token, one of the class and an end token. */
  if (settings->n_vectors + 3 > config->context_length) {
    g_set_error (
        error, HF_MODEL_ERROR, HF_MODEL_ERROR_UNSUPPORTED,
        _("The model reads texts of %d tokens, which have no room for "
                   "%d learned words: learn fewer."),
           config->context_length, settings->n_vectors);
    return NULL;
  }
  self = g_new0 (HfTunerRun, 1);
  self->tuner = hf_tuner_ref (tuner);
  self->data = data;
  self->context =
      hf_context_new (tuner->tape, (const int *const *) tuner->ids,
                      tuner->n_ids, tuner->n_classes, config->context_length,
                      settings->n_vectors, settings->per_class, settings->seed);
  n = hf_context_get_n_numbers (self->context);
  n_rows = (gsize) self->context->n_rows * (gsize) self->context->width;
  self->rate = RATE * find_root_mean_square (self->context->rows, n_rows);
  self->vectors = g_memdup2 (self->context->vectors, n * sizeof (float));
  self->slope = g_new0 (double, n);
  self->mean = g_new0 (double, n);
  self->square = g_new0 (double, n);
  self->rows = g_memdup2 (self->context->rows, n_rows * sizeof (float));
  self->d_rows = g_new0 (float, n_rows);
  self->raw = g_new0 (float, n_out);
  self->unit = g_new0 (float, n_out);
  self->d_raw = g_new0 (float, n_out);
  return self;
}

void
hf_tuner_run_free (HfTunerRun *self)
{
  if (self == NULL)
    return;
  hf_tuner_unref (self->tuner);
  hf_context_free (self->context);
  g_free (self->vectors);
  g_free (self->slope);
  g_free (self->mean);
  g_free (self->square);
  g_free (self->rows);
  g_free (self->d_rows);
  g_free (self->raw);
  g_free (self->unit);
  g_free (self->d_raw);
  g_free (self);
}

/* Prompts [@first, @first + @n) forward, and with @is_back back. */
static gboolean
run_pass (HfTunerRun *self, int first, int n, gsize row, gboolean is_back,
          GError **error)
{
  const HfContext *context = self->context;
  gsize at = row * (gsize) context->width;
  gsize out = (gsize) first * self->data->dim;

  if (!is_back)
    return hf_text_tape_forward (self->tuner->tape, self->rows + at,
                                 context->lengths + first, n, context->n_shared,
                                 self->raw + out, error);
  return hf_text_tape_backward (self->tuner->tape, self->d_raw + out,
                                self->d_rows + at, error);
}

/* All prompts forward, in as many passes as they need; *@n_passes says how
 * many. The last pass is still on the tape. */
static gboolean
run_forward (HfTunerRun *self, int *n_passes, GError **error)
{
  const HfContext *context = self->context;
  gsize row = 0;

  *n_passes = 0;
  for (int first = 0, n; first < context->n_classes; first += n, ++*n_passes) {
    n = hf_text_tape_fit (self->tuner->tape, context->lengths + first,
                          context->n_classes - first, context->n_shared);
    if (!run_pass (self, first, n, row, FALSE, error))
      return FALSE;
    for (int c = first; c < first + n; c++)
      row += (gsize) context->lengths[c];
  }
  return TRUE;
}

/* The way back; where several passes were needed, each is run forward again, so
 * that no more is kept than one. */
static gboolean
run_back (HfTunerRun *self, int n_passes, GError **error)
{
  const HfContext *context = self->context;
  gsize row = 0;

  for (int first = 0, n; first < context->n_classes; first += n) {
    n = hf_text_tape_fit (self->tuner->tape, context->lengths + first,
                          context->n_classes - first, context->n_shared);
    if ((n_passes > 1 && !run_pass (self, first, n, row, FALSE, error)) ||
        !run_pass (self, first, n, row, TRUE, error))
      return FALSE;
    for (int c = first; c < first + n; c++)
      row += (gsize) context->lengths[c];
  }
  hf_context_gather (context, self->d_rows, self->slope);
  return TRUE;
}

static void
move_vectors (HfTunerRun *self, int step)
{
  gsize n = hf_context_get_n_numbers (self->context);
  double first = 1 - pow (DECAY_1, step + 1);
  double second = 1 - pow (DECAY_2, step + 1);

  for (gsize j = 0; j < n; j++) {
    double d = self->slope[j];

    self->mean[j] = DECAY_1 * self->mean[j] + (1 - DECAY_1) * d;
    self->square[j] = DECAY_2 * self->square[j] + (1 - DECAY_2) * d * d;
    self->vectors[j] -= (float) (self->rate * (self->mean[j] / first) /
                                 (sqrt (self->square[j] / second) + EPSILON));
  }
  hf_context_put (self->context, self->vectors, self->rows);
}

/* Where the vectors are, and with @moves one step on. */
static gboolean
take_step (HfTunerRun *self, gboolean moves, GError **error)
{
  HfTuner *owner =
      self->tuner->whole != NULL ? self->tuner->whole : self->tuner;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&owner->lock);
  int n_passes;
  double loss;

  if (!run_forward (self, &n_passes, error))
    return FALSE;
  loss = hf_tuning_loss (self->data, self->raw, self->unit, self->d_raw);
  if (!isfinite (loss)) {
    g_set_error (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NOT_FINITE,
                 _("The model gives no finite numbers for a prompt: its "
                   "weights are damaged%s."),
                    hf_ops_get_range_hint (self->tuner->ops));
    return FALSE;
  }
  return !moves || run_back (self, n_passes, error);
}

gboolean
hf_tuner_run_to (HfTunerRun *self, int n_steps, HfTuningStep func,
                 gpointer func_data, HfProgress *progress, GError **error)
{
  for (;;) {
    gboolean moves = self->n_taken < n_steps;

    if (!hf_progress_check (progress, error) || !take_step (self, moves, error))
      return FALSE;
    /* A run that goes on begins with the step that it ended with. */
    if (self->n_told == self->n_taken) {
      self->n_told++;
      if (func != NULL)
        func (self->n_taken, self->unit, func_data);
    }
    if (!moves)
      return TRUE;
    move_vectors (self, self->n_taken++);
  }
}

float *
hf_tuner_fit (HfTuner *self, const HfTuningData *data,
              const HfTuningSettings *settings, HfTuningStep func,
              gpointer func_data, HfProgress *progress, GError **error)
{
  g_autoptr (HfTunerRun) run = hf_tuner_run_new (self, data, settings, error);

  if (run == NULL || !hf_tuner_run_to (run, settings->n_steps, func, func_data,
                                       progress, error))
    return NULL;
  return g_steal_pointer (&run->vectors);
}

char *
hf_tuner_dup_nearest (const HfTuner *self, const float *vector)
{
  const int n = hf_model_file_get_config (self->model)->vocab_size;
  const int width = hf_tuner_get_width (self);
  g_autofree float *row = g_new (float, width);
  double least = HUGE_VAL;
  int best = 0;

  if (!hf_model_file_check_whole (self->model, NULL))
    return g_strdup ("");
  for (int id = 0; id < n; id++) {
    double square = 0;

    hf_text_tape_read_token (self->tape, id, row);
    for (int d = 0; d < width; d++)
      square += ((double) vector[d] - row[d]) * ((double) vector[d] - row[d]);
    if (square < least) {
      least = square;
      best = id;
    }
  }
  return hf_tokenizer_dup_token (self->tokenizer, best);
}
