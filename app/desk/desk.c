/* desk.c: see the header. How a desk begins and ends, and how rows and texts
 * come onto it; what is made of them is in compute.c and suggest.c. */
#include "app/desk/desk-private.h"

#include "app/jobs/cache.h"
#include "app/models/store.h"
#include "app/study/study.h"

#include <math.h>
#include <string.h>

/* Rows are copied from everywhere, so many of them at a time. */
#define RELAX_EVERY 1024

static gboolean
open_extractor (HfDesk *self, const char *device, HfDeviceLog log,
                gpointer log_data, GError **error)
{
  const HfProjectSettings *settings = self->settings;
  HfExtractorOptions options = {.device = device,
                                .precision = settings->precision,
                                .framing = settings->framing,
                                .n_views = settings->n_views,
                                .blocks = settings->blocks,
                                .background = settings->background,
                                .log = log,
                                .log_data = log_data};

  if (options.blocks == HF_BLOCKS_AUTO)
    options.blocks = HF_BLOCKS_BOTH;
  if (options.blocks != HF_BLOCK_CLASSIC) {
    self->model_path = hf_store_dup_path (settings->model_name, error);
    if (self->model_path == NULL)
      return FALSE;
    options.model_path = self->model_path;
  }
  self->extractor = hf_extractor_open (&options, self->store, NULL, error);
  if (self->extractor == NULL)
    return FALSE;
  self->logit_scale = hf_extractor_get_logit_scale (self->extractor);
  return TRUE;
}

/* Takes the sentence for the desk; whoever opened it hears of it as well. */
typedef struct {
  HfDesk *desk;
  HfDeviceLog log;
  gpointer log_data;
} CacheLog;

static void
log_cache (const char *sentence, gpointer data)
{
  const CacheLog *self = data;

  g_free (self->desk->no_cache);
  self->desk->no_cache = g_strdup (sentence);
  if (self->log != NULL)
    self->log (sentence, self->log_data);
}

HfDesk *
hf_desk_open (HfProjectSettings *settings, const char *device,
              const char *cache_path, HfDeviceLog log, gpointer log_data,
              GError **error)
{
  g_autoptr (HfDesk) self = g_new0 (HfDesk, 1);
  g_autofree char *folder =
      cache_path != NULL ? g_path_get_dirname (cache_path) : NULL;
  CacheLog cache_log = {self, log, log_data};

  g_mutex_init (&self->work);
  g_mutex_init (&self->lock);
  self->settings = hf_project_settings_ref (settings);
  self->device = g_strdup (device);
  self->precision = settings->precision;
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->store = hf_cache_open (cache_path, log_cache, &cache_log);
  if (!open_extractor (self, device, log, log_data, error))
    return NULL;
  self->shelf =
      hf_shelf_new (hf_extractor_get_n_tiles (self->extractor),
                    hf_extractor_get_clip_dim (self->extractor),
                    hf_extractor_get_classic_dim (self->extractor), folder);
  return g_steal_pointer (&self);
}

void
hf_desk_free (HfDesk *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->extractor, hf_extractor_free);
  g_clear_pointer (&self->store, hf_feature_store_close);
  g_clear_pointer (&self->shelf, hf_shelf_free);
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->texts, g_hash_table_unref);
  g_mutex_clear (&self->work);
  g_mutex_clear (&self->lock);
  g_free (self->no_cache);
  g_free (self->model_path);
  g_free (self->device);
  g_free (self);
}

void
hf_desk_set_settings (HfDesk *self, HfProjectSettings *settings)
{
  HfProjectSettings *old;

  g_return_if_fail (
      g_str_equal (self->settings->features_key, settings->features_key));
  g_mutex_lock (&self->lock);
  old = self->settings;
  self->settings = hf_project_settings_ref (settings);
  g_mutex_unlock (&self->lock);
  hf_project_settings_unref (old);
}

HfProjectSettings *
hf_desk_dup_settings (HfDesk *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return hf_project_settings_ref (self->settings);
}

/* Pictures on their way to the shelf. */
typedef struct {
  HfDesk *desk;
  const gint64 *image_ids; /* of those that have no row yet */
  HfDeskPictureFunc func;
  gpointer data;
} Embedding;

static gboolean
take_row (gsize index, const HfFeatureRow *row, const GError *refused,
          gpointer data, GError **error)
{
  Embedding *self = data;

  if (row != NULL &&
      !hf_shelf_add (self->desk->shelf, self->image_ids[index], row, error))
    return FALSE;
  if (self->func != NULL)
    self->func (self->image_ids[index], refused, self->data);
  return TRUE;
}

gboolean
hf_desk_embed (HfDesk *self, const gint64 *image_ids, const char *const *paths,
               gsize n, HfDeskPictureFunc func, gpointer data,
               HfProgress *progress, GError **error)
{
  g_autofree gint64 *ids = g_new (gint64, n + 1);
  g_autofree const char **files = g_new (const char *, n + 1);
  Embedding embedding = {
      .desk = self, .image_ids = ids, .func = func, .data = data};
  gsize n_new = 0;
  gboolean ok;

  for (gsize i = 0; i < n; i++) {
    if (hf_shelf_find (self->shelf, image_ids[i]) >= 0) {
      if (func != NULL)
        func (image_ids[i], NULL, data);
      continue;
    }
    ids[n_new] = image_ids[i];
    files[n_new++] = paths[i];
  }
  g_mutex_lock (&self->work);
  ok = hf_extractor_run (self->extractor, files, n_new, take_row, &embedding,
                         progress, error);
  g_mutex_unlock (&self->work);
  return ok;
}

void
hf_desk_forget (HfDesk *self, const gint64 *image_ids, gsize n)
{
  for (gsize i = 0; i < n; i++)
    hf_shelf_forget (self->shelf, image_ids[i]);
}

static gboolean
encode (HfDesk *self, char *const *const *prompts, gsize n, float *out,
        GError **error)
{
  g_autofree float *rows = NULL;

  g_mutex_lock (&self->work);
  rows = hf_study_encode_prompts (self->extractor, prompts, n, NULL, error);
  g_mutex_unlock (&self->work);
  if (rows == NULL)
    return FALSE;
  memcpy (out, rows, n * hf_shelf_get_clip_dim (self->shelf) * sizeof (float));
  return TRUE;
}

/* Copies what is known into @out, and returns whether it is. */
static gboolean
look_up_text (HfDesk *self, const char *key, float *out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  const float *known = g_hash_table_lookup (self->texts, key);

  if (known == NULL)
    return FALSE;
  memcpy (out, known, hf_shelf_get_clip_dim (self->shelf) * sizeof (float));
  return TRUE;
}

/* The live preview makes a text with every letter: they are let go together. */
static void
remember_text (HfDesk *self, const char *key, const float *row)
{
  enum { MOST_TEXTS = 4096 };
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (g_hash_table_size (self->texts) >= MOST_TEXTS)
    g_hash_table_remove_all (self->texts);
  g_hash_table_insert (
      self->texts, g_strdup (key),
      g_memdup2 (row, hf_shelf_get_clip_dim (self->shelf) * sizeof (float)));
}

float *
hf_desk_dup_texts (HfDesk *self, char *const *const *prompts, gsize n_classes,
                   GError **error)
{
  gsize dim = hf_shelf_get_clip_dim (self->shelf);
  g_autofree float *rows = g_new0 (float, n_classes *dim + 1);

  for (gsize c = 0; c < n_classes; c++) {
    g_autofree char *key = g_strjoinv ("\n", (char **) prompts[c]);

    if (look_up_text (self, key, rows + c * dim))
      continue;
    if (!encode (self, &prompts[c], 1, rows + c * dim, error))
      return NULL;
    remember_text (self, key, rows + c * dim);
  }
  return g_steal_pointer (&rows);
}

static void
copy_floats (float *to, gsize row, const float *from, gsize n)
{
  if (to != NULL)
    memcpy (to + row * n, from, n * sizeof (float));
}

HfRows *
hf_desk_dup_rows (HfDesk *self, const gsize *places, gsize n, gboolean seen,
                  GError **error)
{
  HfShelf *shelf = self->shelf;
  HfRows *rows = hf_rows_new_partly_seen (
      n, seen ? n : 0, hf_shelf_get_n_tiles (shelf),
      hf_shelf_get_clip_dim (shelf), hf_shelf_get_classic_dim (shelf), error);

  for (gsize i = 0; rows != NULL && i < n; i++) {
    gsize one = 1;

    copy_floats (rows->clip, i, hf_shelf_get_clip (shelf, places[i], &one),
                 rows->n_tiles * rows->clip_dim);
    copy_floats (rows->classic, i,
                 hf_shelf_get_classic (shelf, places[i], &one),
                 rows->n_tiles * rows->classic_dim);
    if (seen)
      hf_shelf_read_look (shelf, places[i],
                          rows->looks + i * HF_LOOK_PX * HF_LOOK_PX);
    rows->sha256[i] = hf_shelf_dup_sha256 (shelf, places[i]);
    if (i % RELAX_EVERY == RELAX_EVERY - 1 || i == n - 1)
      hf_shelf_relax (shelf, 0, hf_shelf_get_n (shelf));
  }
  return rows;
}

void
hf_desk_match_texts (HfDesk *self, gsize place, const float *texts,
                     gsize n_classes, double *out)
{
  gsize dim = hf_shelf_get_clip_dim (self->shelf), one = 1;
  g_autofree float *unit =
      hf_rows_dup_unit (hf_shelf_get_clip (self->shelf, place, &one), 1,
                        hf_shelf_get_n_tiles (self->shelf), dim);
  double largest = -INFINITY, sum = 0;

  for (gsize c = 0; c < n_classes; c++) {
    out[c] = 0;
    for (gsize j = 0; j < dim; j++)
      out[c] += (double) unit[j] * texts[c * dim + j];
    out[c] *= self->logit_scale;
    largest = MAX (largest, out[c]);
  }
  for (gsize c = 0; c < n_classes; c++)
    sum += out[c] = exp (out[c] - largest);
  for (gsize c = 0; c < n_classes; c++)
    out[c] /= sum;
}

double *
hf_desk_try_prompts (HfDesk *self, char *const *const *prompts, gsize n_classes,
                     const gint64 *image_ids, gsize n, GError **error)
{
  gboolean has_clip = hf_shelf_get_clip_dim (self->shelf) > 0;
  g_autofree float *texts =
      has_clip ? hf_desk_dup_texts (self, prompts, n_classes, error) : NULL;
  double *out;

  if (has_clip && texts == NULL)
    return NULL;
  out = g_new (double, n *n_classes + 1);
  for (gsize i = 0; i < n; i++) {
    gssize place = hf_shelf_find (self->shelf, image_ids[i]);

    for (gsize c = 0; c < n_classes; c++)
      out[i * n_classes + c] = NAN;
    if (place >= 0 && has_clip)
      hf_desk_match_texts (self, (gsize) place, texts, n_classes,
                           out + i * n_classes);
  }
  return out;
}

HfTemplateEffects *
hf_desk_measure_templates (HfDesk *self, const HfNumbers *numbers,
                           const HfPromptSet *set, HfProgress *progress,
                           GError **error)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->work);

  return hf_template_effects_new (numbers->rows, self->extractor, set, progress,
                                  error);
}

char *
hf_desk_dup_cache_fault (HfDesk *self)
{
  return self->store != NULL ? hf_feature_store_dup_fault (self->store)
                             : g_strdup (self->no_cache);
}
