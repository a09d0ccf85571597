/* compute.c: numbers of one state of the labels:
 *
 *   samples + shelf -> rows that count -> folds, and the probe of all rows
 *                                      -> a prediction for every picture
 *
 * the same way, by the same code, as the command line goes from a study. */
#include "app/desk/desk-private.h"

#include "app/study/counting.h"
#include "app/study/warnings.h"
#include "evaluate/predictions.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Labelled pictures with a row, in the order of the samples. */
typedef struct {
  gsize *places, *samples; /* [n] */
  gsize n;
} Labelled;

static void
labelled_clear (Labelled *self)
{
  g_free (self->places);
  g_free (self->samples);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Labelled, labelled_clear)

static void
find_labelled (HfDesk *self, const HfSamples *samples, Labelled *labelled)
{
  labelled->places = g_new (gsize, samples->samples->len + 1);
  labelled->samples = g_new (gsize, samples->samples->len + 1);
  for (guint i = 0; i < samples->samples->len; i++) {
    const HfSample *sample = samples->samples->pdata[i];
    gssize place;

    if (sample->label < 0 || sample->sealed)
      continue;
    place = hf_shelf_find (self->shelf, sample->image_id);
    if (place < 0)
      continue;
    labelled->places[labelled->n] = (gsize) place;
    labelled->samples[labelled->n++] = i;
  }
}

/* Text rows of @classes, or NULL without an error where there are none. */
static float *
dup_class_texts (HfDesk *self, const HfProjectSettings *settings,
                 const GPtrArray *classes, GError **error)
{
  g_autofree char *const **prompts = g_new0 (char *const *, classes->len + 1);

  if (hf_shelf_get_clip_dim (self->shelf) == 0)
    return NULL;
  for (guint c = 0; c < classes->len; c++) {
    const HfSampleClass *class = classes->pdata[c];

    prompts[c] = hf_project_settings_get_prompts (settings, class->name);
    /* A class that is newer than the settings: they are on their way. */
    if (prompts[c] == NULL)
      return NULL;
  }
  return hf_desk_dup_texts (self, prompts, classes->len, error);
}

/* The rows that count, with text; no row is no error. */
static gboolean
make_rows (HfDesk *self, HfNumbers *numbers, const HfProjectSettings *settings,
           HfProgress *progress, GError **error)
{
  const HfSamples *samples = numbers->samples;
  g_auto (Labelled) labelled = {0};
  g_autoptr (HfRows) given = NULL;
  g_autoptr (HfCounted) counted = NULL;
  g_autoptr (GError) local = NULL;
  gint64 *image_ids;

  find_labelled (self, samples, &labelled);
  given = hf_desk_dup_rows (self, labelled.places, labelled.n, TRUE, error);
  if (given == NULL)
    return FALSE;
  for (gsize i = 0; i < given->n; i++) {
    const HfSample *sample = samples->samples->pdata[labelled.samples[i]];

    given->label[i] = sample->label;
    given->group_name[i] = g_strdup (sample->group);
    given->audited[i] = sample->audited;
  }
  counted = hf_counted_new (given, samples->classes, progress, error);
  if (counted == NULL)
    return FALSE;
  if (counted->rows->n == 0)
    return TRUE;
  counted->rows->logit_scale = self->logit_scale;
  counted->rows->text =
      dup_class_texts (self, settings, counted->rows->classes, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  hf_rows_finish (counted->rows);
  image_ids = g_new (gint64, counted->rows->n);
  for (gsize i = 0; i < counted->rows->n; i++) {
    gsize sample = labelled.samples[counted->given[i]];

    image_ids[i] = ((HfSample *) samples->samples->pdata[sample])->image_id;
  }
  hf_numbers_take_rows (numbers, g_steal_pointer (&counted->rows), image_ids);
  return TRUE;
}

static gboolean
is_cancelled (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A reason, where there is none yet; FALSE with @error set if the work was
 * cancelled. */
static gboolean
explain (HfNumbers *numbers, GError *local, GError **error)
{
  if (is_cancelled (local)) {
    g_propagate_error (error, local);
    return FALSE;
  }
  if (numbers->reason == NULL)
    numbers->reason = g_utf8_make_valid (local->message, -1);
  g_error_free (local);
  return TRUE;
}

/* Folds and the probe of all rows; without folds the probe by itself. */
static gboolean
evaluate (HfNumbers *numbers, HfProgress *progress, GError **error)
{
  const HfRows *rows = numbers->rows;
  HfProbeSpec specs[2] = {numbers->spec, numbers->spec};
  gboolean beside =
      rows->text != NULL && numbers->spec.kind != HF_PROBE_ZERO_SHOT;
  const HfEvaluationOptions how = {.seed = numbers->spec.seed,
                                   .audited = rows->audited,
                                   .thresholds = &numbers->thresholds,
                                   .with_final = TRUE};
  GError *local = NULL;

  specs[1].kind = HF_PROBE_ZERO_SHOT;
  numbers->evaluation = hf_evaluation_new (
      &rows->data, specs, NULL, beside ? 2 : 1, &how, progress, &local);
  if (numbers->evaluation != NULL) {
    numbers->probe = hf_probe_ref (hf_numbers_get_probe (numbers)->final);
    return TRUE;
  }
  if (!explain (numbers, local, error))
    return FALSE;
  if (rows->data.n_classes < 2)
    return TRUE;
  local = NULL;
  numbers->probe = hf_probe_train (&rows->data, NULL, rows->n, &numbers->spec,
                                   progress, &local);
  return numbers->probe != NULL || explain (numbers, local, error);
}

/* Everything that one judgement needs. */
typedef struct {
  int n_classes;
  const gint64 *class_ids;  /* [n_classes] */
  const HfClassKind *kinds; /* [n_classes] */
  double unknown_limit;
  const HfThresholds *thresholds;
} Judge;

static HfPrediction
judge (const Judge *self, gint64 image_id, const double *probabilities,
       double distance)
{
  int c = hf_verdict_find_class (probabilities, self->n_classes);

  return (HfPrediction){.image_id = image_id,
                        .class_id = self->class_ids[c],
                        .probability = probabilities[c],
                        .verdict = hf_verdict_decide (
                            probabilities, self->kinds, self->n_classes,
                            distance, self->unknown_limit, self->thresholds)};
}

static int
compare_predictions (gconstpointer a, gconstpointer b)
{
  const HfPrediction *left = a, *right = b;

  return (left->image_id > right->image_id) -
         (left->image_id < right->image_id);
}

/* What is sealed is not looked at. */
static GHashTable *
dup_sealed (const HfSamples *samples)
{
  GHashTable *sealed = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < samples->samples->len; i++) {
    HfSample *sample = samples->samples->pdata[i];

    if (sample->sealed)
      g_hash_table_add (sealed, &sample->image_id);
  }
  return sealed;
}

static void
take_predictions (HfNumbers *numbers, GArray *predictions)
{
  g_array_sort (predictions, compare_predictions);
  numbers->n_predictions = predictions->len;
  numbers->predictions =
      (HfPrediction *) (void *) g_array_free (predictions, FALSE);
}

static gboolean
predict (HfDesk *self, HfNumbers *numbers, HfProgress *progress, GError **error)
{
  const Judge how = {.n_classes = numbers->rows->data.n_classes,
                     .class_ids = numbers->class_ids,
                     .kinds = numbers->rows->kinds,
                     .thresholds = &numbers->thresholds,
                     .unknown_limit =
                         hf_probe_get_unknown_limit (numbers->probe, NULL)};
  gsize n_all = hf_shelf_get_n (self->shelf), n;
  g_autoptr (GHashTable) sealed = dup_sealed (numbers->samples);
  g_autoptr (GArray) predictions =
      g_array_sized_new (FALSE, FALSE, sizeof (HfPrediction), (guint) n_all);

  for (gsize place = 0; place < n_all; place += n) {
    const float *clip, *classic;
    g_autofree double *p = NULL;
    g_autofree double *distances = NULL;

    n = n_all - place;
    clip = hf_shelf_get_clip (self->shelf, place, &n);
    classic = hf_shelf_get_classic (self->shelf, place, &n);
    p = g_new (double, n *(gsize) how.n_classes);
    distances = g_new (double, n);
    if (!hf_predictions_make (numbers->probe, clip, classic, n, 0, progress, p,
                              distances, error))
      return FALSE;
    for (gsize i = 0; i < n; i++) {
      gint64 id = hf_shelf_get_id (self->shelf, place + i);
      const HfPrediction one =
          judge (&how, id, p + i * (gsize) how.n_classes, distances[i]);

      if (id != 0 && !g_hash_table_contains (sealed, &id))
        g_array_append_val (predictions, one);
    }
    hf_shelf_relax (self->shelf, place, n);
  }
  take_predictions (numbers, g_steal_pointer (&predictions));
  return TRUE;
}

/* Rows of @n pictures from @place on. */
static void
match_block (HfDesk *self, const Judge *how, const float *texts,
             GHashTable *sealed, gsize place, gsize n, GArray *predictions)
{
  g_autofree double *p = g_new (double, how->n_classes);

  for (gsize i = place; i < place + n; i++) {
    gint64 id = hf_shelf_get_id (self->shelf, i);
    HfPrediction one;

    if (id == 0 || g_hash_table_contains (sealed, &id))
      continue;
    hf_desk_match_texts (self, i, texts, (gsize) how->n_classes, p);
    one = judge (how, id, p, 0);
    g_array_append_val (predictions, one);
  }
}

static void
match_all (HfDesk *self, HfNumbers *numbers, const Judge *how,
           const float *texts)
{
  gsize n_all = hf_shelf_get_n (self->shelf), n;
  g_autoptr (GHashTable) sealed = dup_sealed (numbers->samples);
  GArray *predictions =
      g_array_sized_new (FALSE, FALSE, sizeof (HfPrediction), (guint) n_all);

  for (gsize place = 0; place < n_all; place += n) {
    n = n_all - place;
    (void) hf_shelf_get_clip (self->shelf, place, &n);
    match_block (self, how, texts, sealed, place, n, predictions);
    hf_shelf_relax (self->shelf, place, n);
  }
  take_predictions (numbers, predictions);
}

/* Before there is a probe: by the names of all classes. */
static gboolean
predict_by_texts (HfDesk *self, HfNumbers *numbers,
                  const HfProjectSettings *settings, GError **error)
{
  const GPtrArray *classes = numbers->samples->classes;
  g_autoptr (GError) local = NULL;
  g_autofree float *texts = NULL;
  g_autofree gint64 *class_ids = g_new (gint64, classes->len + 1);
  g_autofree HfClassKind *kinds = g_new (HfClassKind, classes->len + 1);
  const Judge how = {.n_classes = (int) classes->len,
                     .class_ids = class_ids,
                     .kinds = kinds,
                     .thresholds = &numbers->thresholds,
                     .unknown_limit = INFINITY};

  if (classes->len < 2 || hf_shelf_get_n (self->shelf) == 0)
    return TRUE;
  texts = dup_class_texts (self, settings, classes, &local);
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  for (guint c = 0; c < classes->len; c++) {
    const HfSampleClass *class = classes->pdata[c];

    class_ids[c] = class->id;
    kinds[c] = class->kind;
  }
  if (texts != NULL)
    match_all (self, numbers, &how, texts);
  return TRUE;
}

/* Numbers after every label must not wait for prompts to be tuned. */
static void
take_spec (HfNumbers *numbers, const HfProbeSpec *spec)
{
  numbers->spec = *spec;
  if (spec->kind != HF_PROBE_PROMPT)
    return;
  numbers->spec.kind = HF_PROBE_GDA;
  numbers->tunes = TRUE;
  g_ptr_array_add (
      numbers->warnings,
      g_strdup (_("Tuning prompts takes too long to follow every label: these "
                  "numbers are of gda. Bundle and report are made with "
                  "prompt.")));
}

HfNumbers *
hf_desk_compute (HfDesk *self, HfSamples *samples, guint64 serial,
                 HfProgress *progress, GError **error)
{
  gint64 begun_us = g_get_monotonic_time ();
  g_autoptr (HfProjectSettings) settings = hf_desk_dup_settings (self);
  g_autoptr (HfNumbers) numbers = hf_numbers_new (serial, samples);

  take_spec (numbers, &settings->spec);
  numbers->thresholds = settings->thresholds;
  if (!make_rows (self, numbers, settings, progress, error))
    return NULL;
  if (numbers->rows != NULL) {
    hf_rows_add_warnings (numbers->rows, HF_WARN_BESIDE_LOTS,
                          numbers->warnings);
    if (!evaluate (numbers, progress, error))
      return NULL;
  }
  hf_numbers_find_missing (numbers);
  if (numbers->probe != NULL
          ? !predict (self, numbers, progress, error)
          : !predict_by_texts (self, numbers, settings, error))
    return NULL;
  hf_numbers_find_misses (numbers);
  numbers->seconds =
      (double) (g_get_monotonic_time () - begun_us) / G_USEC_PER_SEC;
  return g_steal_pointer (&numbers);
}

static gboolean
wants_tuner (const HfProbeSpec *specs, gsize n_specs)
{
  for (gsize i = 0; i < n_specs; i++)
    if (specs[i].kind == HF_PROBE_PROMPT)
      return TRUE;
  return FALSE;
}

HfEvaluation *
hf_desk_evaluate (HfDesk *self, const HfNumbers *numbers,
                  const HfProbeSpec *specs, const char *const *names,
                  gsize n_specs, HfProgress *progress, GError **error)
{
  const HfRows *rows = numbers->rows;
  g_autoptr (HfTuner) tuner = NULL;
  HfDataset data;
  HfEvaluationOptions how = {.seed = numbers->spec.seed, .with_learning = TRUE};

  if (rows == NULL) {
    g_set_error (error, HF_EVALUATE_ERROR, HF_EVALUATE_ERROR_TOO_FEW, "%s",
                 numbers->reason != NULL ? numbers->reason
                                         : _("No picture has a label."));
    return NULL;
  }
  data = rows->data;
  if (wants_tuner (specs, n_specs)) {
    tuner = hf_desk_open_tuner (self, rows, progress, error);
    if (tuner == NULL)
      return NULL;
    data.tuner = tuner;
    /* What was learned from all labels is shown beside the rates. */
    how.with_final = TRUE;
  }
  how.audited = rows->audited;
  how.thresholds = &numbers->thresholds;
  how.with_leak = hf_rows_have_groups (rows);
  return hf_evaluation_new (&data, specs, names, n_specs, &how, progress,
                            error);
}

/* A row that all pictures have, of the model or else classic, unit. */
static float *
dup_unit (HfDesk *self, const float *clip, const float *classic, gsize n,
          gsize *dim)
{
  HfShelf *shelf = self->shelf;

  *dim = clip != NULL ? hf_shelf_get_clip_dim (shelf)
                      : hf_shelf_get_classic_dim (shelf);
  return hf_rows_dup_unit (clip != NULL ? clip : classic, n,
                           hf_shelf_get_n_tiles (shelf), *dim);
}

gsize
hf_desk_find_neighbours (HfDesk *self, const HfNumbers *numbers,
                         gint64 image_id, gint64 *ids, double *cosines, gsize n)
{
  gssize place = hf_shelf_find (self->shelf, image_id);
  const HfRows *rows = numbers->rows;
  g_autofree float *own = NULL;
  g_autofree float *others = NULL;
  gsize one = 1, dim, found = 0;

  if (place < 0 || rows == NULL)
    return 0;
  own = dup_unit (self, hf_shelf_get_clip (self->shelf, (gsize) place, &one),
                  hf_shelf_get_classic (self->shelf, (gsize) place, &one), 1,
                  &dim);
  others = dup_unit (self, rows->clip, rows->classic, rows->n, &dim);
  for (gsize i = 0; i < rows->n; i++) {
    double cosine = 0;
    gsize at;

    if (numbers->image_ids[i] == image_id)
      continue;
    for (gsize j = 0; j < dim; j++)
      cosine += (double) own[j] * others[i * dim + j];
    for (at = found; at > 0 && cosines[at - 1] < cosine; at--)
      if (at < n) {
        ids[at] = ids[at - 1];
        cosines[at] = cosines[at - 1];
      }
    if (at >= n)
      continue;
    ids[at] = numbers->image_ids[i];
    cosines[at] = cosine;
    found = MIN (found + 1, n);
  }
  return found;
}

gboolean
hf_desk_judge (HfDesk *self, const HfNumbers *numbers, gint64 image_id,
               double *out)
{
  gssize place = hf_shelf_find (self->shelf, image_id);
  gsize one = 1;

  if (place < 0 || numbers->probe == NULL)
    return FALSE;
  hf_probe_predict (
      numbers->probe, hf_shelf_get_clip (self->shelf, (gsize) place, &one),
      hf_shelf_get_classic (self->shelf, (gsize) place, &one), 1, out, NULL);
  return TRUE;
}
