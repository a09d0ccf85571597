/* study.c: see the header. Pictures pass through `Reader`, which has a slot for
 * each: the labelled ones first, each part in the order of the samples,
 * whatever order the cache brings them in. */
#include "app/study/study.h"

#include "app/jobs/pictures.h"
#include "app/jobs/cache.h"
#include "app/prompts/prompt-set.h"
#include "app/study/counting.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define LOOK_BYTES ((gsize) HF_LOOK_PX * HF_LOOK_PX)

struct _HfStudy {
  const HfSamples *samples;
  HfFeatureStore *store;
  HfExtractor *extractor;
  GPtrArray *refusals; /* HfRefusal */
  HfRows *rows;
  gsize *row_sample; /* [rows->n] index among the samples */
  GArray *copies;    /* HfStudyCopy */
  gsize n_near;
  HfRows *all; /* scope ALL: the slots that could be read */
  gsize *all_sample;
  HfCopySketch *all_sketches;
  HfStudyPictures pictures;
};

/* Slot i is picture paths[i], sample sample[i]. */
typedef struct {
  HfStudy *study;
  gsize n, n_labelled;
  gsize *sample;
  const char **paths;
  gboolean *was_read;
  HfRows *slots;          /* labelled pictures alone have a look */
  HfCopySketch *sketches; /* scope ALL, else NULL */
} Reader;

static void
reader_clear (Reader *self)
{
  g_free (self->sample);
  g_free (self->paths);
  g_free (self->was_read);
  g_free (self->sketches);
  g_clear_pointer (&self->slots, hf_rows_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

/* 0: labelled, comes first; 1: comes then; -1: not at all. */
static int
get_turn (const HfSample *sample, HfStudyScope scope)
{
  if (sample->sealed != (scope == HF_STUDY_SEALED))
    return -1;
  if (sample->label >= 0)
    return 0;
  return scope == HF_STUDY_ALL ? 1 : -1;
}

static void
choose_samples (Reader *self, const HfSamples *samples, HfStudyScope scope)
{
  self->sample = g_new0 (gsize, samples->samples->len + 1);
  self->paths = g_new0 (const char *, samples->samples->len + 1);
  self->was_read = g_new0 (gboolean, samples->samples->len + 1);
  for (int turn = 0; turn <= 1; turn++)
    for (guint i = 0; i < samples->samples->len; i++) {
      const HfSample *sample = samples->samples->pdata[i];

      if (get_turn (sample, scope) != turn)
        continue;
      self->sample[self->n] = i;
      self->paths[self->n++] = sample->path;
      self->n_labelled += turn == 0;
    }
}

static gboolean
read_cb (gsize index, const HfFeatureRow *row, const GError *refused,
         gpointer data, GError **error)
{
  Reader *self = data;
  HfRows *slots = self->slots;
  gsize clip = slots->n_tiles * slots->clip_dim;
  gsize classic = slots->n_tiles * slots->classic_dim;

  if (row == NULL) {
    hf_refusals_add (self->study->refusals, self->paths[index],
                     refused->message);
    return TRUE;
  }
  if (slots->clip != NULL)
    memcpy (slots->clip + index * clip, row->clip, clip * sizeof (float));
  if (slots->classic != NULL)
    memcpy (slots->classic + index * classic, row->classic,
            classic * sizeof (float));
  if (index < self->n_labelled)
    memcpy (slots->looks + index * LOOK_BYTES, row->look, LOOK_BYTES);
  if (self->sketches != NULL)
    hf_copy_sketch_init (&self->sketches[index], row->look);
  slots->sha256[index] = g_strdup (row->sha256);
  self->was_read[index] = TRUE;
  return TRUE;
}

static gboolean
read_pictures (Reader *self, HfProgress *progress, GError **error)
{
  HfExtractor *extractor = self->study->extractor;

  self->slots = hf_rows_new_partly_seen (
      self->n, self->n_labelled, hf_extractor_get_n_tiles (extractor),
      hf_extractor_get_clip_dim (extractor),
      hf_extractor_get_classic_dim (extractor), error);
  return self->slots != NULL &&
         hf_extractor_run (extractor, self->paths, self->n, read_cb, self,
                           progress, error);
}

static const HfSample *
get_slot_sample (const Reader *self, gsize slot)
{
  return self->study->samples->samples->pdata[self->sample[slot]];
}

/* Slots that were read and have a label; they are in the order of the samples
 * (caller frees). */
static gsize *
dup_labelled_slots (const Reader *self, gsize *n)
{
  gsize *slots = g_new0 (gsize, self->n + 1);

  *n = 0;
  for (gsize k = 0; k < self->n; k++)
    if (self->was_read[k] && get_slot_sample (self, k)->label >= 0)
      slots[(*n)++] = k;
  return slots;
}

/* Rows of @slots[@n], in that order, without labels. */
static HfRows *
take_rows (const Reader *self, const gsize *slots, gsize n, gsize **sample,
           GError **error)
{
  const HfRows *from = self->slots;
  HfRows *rows =
      hf_rows_new (n, from->n_tiles, from->clip_dim, from->classic_dim, error);

  if (rows == NULL)
    return NULL;
  *sample = g_new0 (gsize, n + 1);
  for (gsize i = 0; i < n; i++) {
    hf_rows_copy (rows, i, from, slots[i]);
    (*sample)[i] = self->sample[slots[i]];
  }
  return rows;
}

/* Lists what does not count. */
static void
list_copies (const Reader *self, const gsize *slots, const HfCounted *counted)
{
  HfStudy *study = self->study;

  study->n_near = counted->n_near;
  for (guint i = 0; i < counted->copies->len; i++) {
    const HfCountedCopy *from =
        &g_array_index (counted->copies, HfCountedCopy, i);
    const HfStudyCopy copy = {.sample =
                                  get_slot_sample (self, slots[from->row]),
                              .twin = get_slot_sample (self, slots[from->twin]),
                              .conflict = from->conflict};

    g_array_append_val (study->copies, copy);
  }
}

static gboolean
make_rows (HfStudy *self, Reader *reader, HfProgress *progress, GError **error)
{
  gsize n;
  g_autofree gsize *slots = dup_labelled_slots (reader, &n);
  g_autofree gsize *sample = NULL;
  g_autoptr (HfRows) given = take_rows (reader, slots, n, &sample, error);
  g_autoptr (HfCounted) counted = NULL;

  if (given == NULL)
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    const HfSample *from = get_slot_sample (reader, slots[i]);

    given->label[i] = from->label;
    given->group_name[i] = g_strdup (from->group);
    given->audited[i] = from->audited;
  }
  counted = hf_counted_new (given, self->samples->classes, progress, error);
  if (counted == NULL)
    return FALSE;
  list_copies (reader, slots, counted);
  self->rows = g_steal_pointer (&counted->rows);
  self->row_sample = g_new0 (gsize, self->rows->n + 1);
  for (gsize i = 0; i < self->rows->n; i++)
    self->row_sample[i] = sample[counted->given[i]];
  return TRUE;
}

/* Takes over the slots, which may be most of the memory, and closes the gaps
 * that refused pictures left. */
static void
keep_pictures (HfStudy *self, Reader *reader)
{
  HfRows *all = g_steal_pointer (&reader->slots);
  gsize clip = all->n_tiles * all->clip_dim;
  gsize classic = all->n_tiles * all->classic_dim;
  gsize n = 0;

  for (gsize k = 0; k < reader->n; k++) {
    if (!reader->was_read[k])
      continue;
    if (all->clip != NULL)
      memmove (all->clip + n * clip, all->clip + k * clip,
               clip * sizeof (float));
    if (all->classic != NULL)
      memmove (all->classic + n * classic, all->classic + k * classic,
               classic * sizeof (float));
    reader->sketches[n] = reader->sketches[k];
    reader->sample[n++] = reader->sample[k];
  }
  self->all = all;
  self->all_sample = g_steal_pointer (&reader->sample);
  self->all_sketches = g_steal_pointer (&reader->sketches);
  self->pictures = (HfStudyPictures){.n = n,
                                     .sample = self->all_sample,
                                     .clip = all->clip,
                                     .classic = all->classic,
                                     .sketches = self->all_sketches};
}

float *
hf_study_encode_prompts (HfExtractor *extractor, char *const *const *prompts,
                         gsize n_classes, gsize *n_cut, GError **error)
{
  gsize dim = hf_extractor_get_clip_dim (extractor);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree float *texts = NULL;
  g_autofree float *rows = g_new0 (float, n_classes *dim);
  gsize at = 0;

  for (gsize c = 0; c < n_classes; c++)
    for (char *const *prompt = prompts[c]; *prompt != NULL; prompt++)
      g_ptr_array_add (all, *prompt);
  texts = g_new0 (float, all->len *dim);
  if (!hf_extractor_encode_texts (extractor, (const char *const *) all->pdata,
                                  all->len, texts, n_cut, error))
    return NULL;
  for (gsize c = 0; c < n_classes; c++) {
    gsize n = g_strv_length ((char **) prompts[c]);
    g_autofree float *unit = hf_rows_dup_unit (texts + at * dim, 1, n, dim);

    memcpy (rows + c * dim, unit, dim * sizeof (float));
    at += n;
  }
  return g_steal_pointer (&rows);
}

/* The prompts of class @c of the samples (caller frees). */
static char **
dup_prompts (const HfStudy *self, const HfStudyOptions *options, guint c)
{
  const HfSampleClass *class = self->samples->classes->pdata[c];
  const char *const names[] = {class->name, NULL};
  g_autoptr (HfPromptSet) set = NULL;

  if (options->prompts != NULL)
    return g_strdupv ((char **) options->prompts[c]);
  set = hf_prompt_set_new_from_texts (names, NULL);
  return hf_prompt_set_dup_class (set, 0, NULL);
}

/* A tuner for the first prompt of each class. */
static gboolean
open_tuner (HfStudy *self, const HfStudyOptions *options, GPtrArray *prompts,
            HfProgress *progress, GError **error)
{
  const HfExtractorOptions *features = &options->features;
  HfTunerOptions tuner = {features->model_path, features->device,
                          features->precision, features->log,
                          features->log_data};
  g_autofree const char **first = g_new (const char *, prompts->len);

  for (guint c = 0; c < prompts->len; c++)
    first[c] = ((char **) prompts->pdata[c])[0];
  self->rows->tuner =
      hf_tuner_open (&tuner, first, (int) prompts->len, progress, error);
  return self->rows->tuner != NULL;
}

static gboolean
encode_classes (HfStudy *self, const HfStudyOptions *options,
                HfProgress *progress, GError **error)
{
  const GPtrArray *classes = self->samples->classes;
  HfRows *rows = self->rows;
  g_autoptr (GPtrArray) prompts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  gsize n_cut = 0;

  /* The classes of the rows are some of the samples', in the same order. */
  for (guint c = 0; c < classes->len && prompts->len < rows->classes->len;
       c++) {
    const HfSampleClass *class = classes->pdata[c];
    const HfSampleClass *wanted = rows->classes->pdata[prompts->len];

    if (g_str_equal (class->name, wanted->name))
      g_ptr_array_add (prompts, dup_prompts (self, options, c));
  }
  rows->text = hf_study_encode_prompts (self->extractor,
                                        (char *const *const *) prompts->pdata,
                                        prompts->len, &n_cut, error);
  if (rows->text == NULL)
    return FALSE;
  if (n_cut > 0 && options->features.log != NULL) {
    g_autofree char *sentence = g_strdup_printf (
        g_dngettext (
            GETTEXT_PACKAGE,
            "%zu of the prompts is longer than the model reads and was "
            "cut.",
            "%zu of the prompts are longer than the model reads and "
            "were cut.",
            n_cut),
        n_cut);

    options->features.log (sentence, options->features.log_data);
  }
  /* With one class there is nothing to learn, and training says so. */
  return !options->tunes || prompts->len < 2 ||
         open_tuner (self, options, prompts, progress, error);
}

static gboolean
open_extractor (HfStudy *self, const HfStudyOptions *options,
                HfProgress *progress, GError **error)
{
  HfExtractorOptions features = options->features;

  if (features.blocks == HF_BLOCKS_AUTO)
    features.blocks = HF_BLOCKS_BOTH;
  if (features.blocks == HF_BLOCK_CLASSIC)
    features.model_path = NULL;
  self->store =
      hf_cache_open (options->cache_path, features.log, features.log_data);
  self->extractor = hf_extractor_open (&features, self->store, progress, error);
  return self->extractor != NULL;
}

static gboolean
check_samples (const Reader *reader, HfStudyScope scope, GError **error)
{
  if (reader->n > 0 || scope == HF_STUDY_ALL)
    return TRUE;
  g_set_error_literal (
      error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_EMPTY,
      scope == HF_STUDY_SEALED
      ? _("The acceptance set holds no labelled picture.")
      : _("No picture has a label. Label a few of each class first."));
  return FALSE;
}

HfStudy *
hf_study_new (const HfSamples *samples, const HfStudyOptions *options,
              HfProgress *progress, GError **error)
{
  g_autoptr (HfStudy) self = g_new0 (HfStudy, 1);
  g_auto (Reader) reader = {.study = self};

  self->samples = samples;
  self->refusals = hf_refusals_new ();
  self->copies = g_array_new (FALSE, FALSE, sizeof (HfStudyCopy));
  for (guint i = 0; i < samples->refusals->len; i++) {
    const HfRefusal *refusal = samples->refusals->pdata[i];

    hf_refusals_add (self->refusals, refusal->path, refusal->reason);
  }
  choose_samples (&reader, samples, options->scope);
  if (options->scope == HF_STUDY_ALL)
    reader.sketches = g_new (HfCopySketch, reader.n + 1);
  if (!check_samples (&reader, options->scope, error) ||
      !open_extractor (self, options, progress, error) ||
      !read_pictures (&reader, progress, error) ||
      !make_rows (self, &reader, progress, error))
    return NULL;
  if (self->rows->n > 0 && self->rows->clip != NULL) {
    self->rows->logit_scale = hf_extractor_get_logit_scale (self->extractor);
    if (!encode_classes (self, options, progress, error))
      return NULL;
  }
  hf_rows_finish (self->rows);
  if (options->scope == HF_STUDY_ALL)
    keep_pictures (self, &reader);
  return g_steal_pointer (&self);
}

void
hf_study_free (HfStudy *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->rows, hf_rows_free);
  g_clear_pointer (&self->all, hf_rows_free);
  g_clear_pointer (&self->extractor, hf_extractor_free);
  g_clear_pointer (&self->store, hf_feature_store_close);
  g_free (self->row_sample);
  g_free (self->all_sample);
  g_free (self->all_sketches);
  g_ptr_array_unref (self->refusals);
  g_array_unref (self->copies);
  g_free (self);
}

const HfRows *
hf_study_get_rows (const HfStudy *self)
{
  return self->rows;
}

const HfDataset *
hf_study_get_dataset (const HfStudy *self)
{
  return &self->rows->data;
}

const HfSample *
hf_study_get_sample (const HfStudy *self, gsize row)
{
  g_return_val_if_fail (row < self->rows->n, NULL);
  return self->samples->samples->pdata[self->row_sample[row]];
}

gsize
hf_study_get_n_near (const HfStudy *self)
{
  return self->n_near;
}

const GArray *
hf_study_get_copies (const HfStudy *self)
{
  return self->copies;
}

const HfStudyPictures *
hf_study_get_pictures (const HfStudy *self)
{
  return &self->pictures;
}

const GPtrArray *
hf_study_get_refusals (const HfStudy *self)
{
  return self->refusals;
}

HfExtractor *
hf_study_get_extractor (const HfStudy *self)
{
  return self->extractor;
}
