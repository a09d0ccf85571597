/* extractor.c: see the header.
 *
 *   paths -> those whose hash is remembered, in big reads -> rows
 *         -> the rest: read, hashed, looked up, decoded and described on all
 *            cores (picture.c), a bounded number ahead
 *            -> batches on the device (batch.c) -> rows
 *            -> the cache, many at a time (writes.c)
 *
 * Device, model and vocabulary are opened with the first row that is missing.
 */
#include "features/extractor-private.h"

#include "base/ahead.h"
#include "image/classic/classic.h"
#include "image/views.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Part of the keys: another way from pixels or text to a row is another
 * version. */
#define CLIP_VERSION "1"
#define LOOK_VERSION "1"
#define TEXT_VERSION "1"

enum {
  N_LOOKED_UP = 512,     /* pictures that are looked up at a time */
  MOST_AHEAD = 16,       /* decoded pictures that wait, */
  AHEAD_BYTES = 64 << 20 /* and their memory, but for two of them */
};

struct _HfExtractor {
  char *model_path, *device;
  HfPrecision precision;
  HfDeviceLog log;
  gpointer log_data;
  HfProgress *progress;

  HfModelFacts facts; /* zero without a model */
  HfRecipe recipe;
  char *text_key;
  gboolean with_texts;
  HfSession *images, *texts; /* NULL until there is work for them; may be one */
};

static void
set_block_key (HfExtractor *self, HfRowKind kind, char *key, gsize row_bytes)
{
  self->recipe.keys[kind] = key;
  self->recipe.row_bytes[kind] = row_bytes;
}

static void
set_model_keys (HfExtractor *self, const char *framing, HfBlocks blocks)
{
  const HfModelFacts *facts = &self->facts;
  g_autofree char *model =
      g_strdup_printf ("%s %s %s", facts->identity, facts->config_tag,
                       hf_precision_get_name (self->precision));

  self->text_key = g_strdup_printf ("text " TEXT_VERSION " %s", model);
  if (!(blocks & HF_BLOCK_CLIP))
    return;
  self->recipe.image_px = facts->image_px;
  self->recipe.clip_dim = (gsize) facts->clip_dim;
  set_block_key (self, HF_ROW_CLIP,
                 g_strdup_printf ("clip " CLIP_VERSION " %s %s views %d", model,
                                  framing, self->recipe.n_views),
                 (gsize) self->recipe.n_tiles * self->recipe.clip_dim *
                     sizeof (float));
}

static gboolean
set_classic_key (HfExtractor *self, const char *framing, const char *background,
                 GError **error)
{
  HfRecipe *recipe = &self->recipe;
  g_autofree char *sha256 = NULL;

  recipe->classic_dim = HF_CLASSIC_DIM;
  if (background != NULL) {
    recipe->background = hf_recipe_load_background (&recipe->framing,
                                                    background, &sha256, error);
    if (recipe->background == NULL)
      return FALSE;
    recipe->classic_dim *= 2;
  }
  set_block_key (self, HF_ROW_CLASSIC,
                 g_strdup_printf ("classic %d %s views %d background %s",
                                  HF_CLASSIC_VERSION, framing, recipe->n_views,
                                  sha256 != NULL ? sha256 : "none"),
                 (gsize) recipe->n_tiles * recipe->classic_dim *
                     sizeof (float));
  return TRUE;
}

/* The keys of everything that is wanted. */
static gboolean
write_recipe (HfExtractor *self, const HfExtractorOptions *options,
              HfFeatureStore *store, GError **error)
{
  HfRecipe *recipe = &self->recipe;
  g_autofree char *framing = hf_framing_dup_name (&options->framing);
  gboolean is_tiled = options->framing.kind == HF_FRAMING_TILES;

  recipe->store = options->fresh ? NULL : store;
  recipe->framing = options->framing;
  recipe->n_tiles = hf_framing_get_n_tiles (&options->framing);
  recipe->n_views = options->n_views;
  if (self->model_path != NULL)
    set_model_keys (self, framing, options->blocks);
  if ((options->blocks & HF_BLOCK_CLASSIC) &&
      !set_classic_key (self, framing, options->background, error))
    return FALSE;
  if (options->no_look)
    return TRUE;
  /* All tiles have the look of the whole picture. */
  set_block_key (self, HF_ROW_LOOK,
                 g_strdup_printf ("look " LOOK_VERSION " %s",
                                  is_tiled ? "whole" : framing),
                 HF_LOOK_PX * HF_LOOK_PX);
  return TRUE;
}

HfExtractor *
hf_extractor_open (const HfExtractorOptions *options, HfFeatureStore *store,
                   HfProgress *progress, GError **error)
{
  g_autoptr (HfExtractor) self = g_new0 (HfExtractor, 1);

  g_return_val_if_fail (hf_views_is_valid (options->n_views), NULL);

  self->model_path = g_strdup (options->model_path);
  self->device = g_strdup (options->device);
  self->precision = options->precision;
  self->with_texts = options->with_texts;
  self->log = options->log;
  self->log_data = options->log_data;
  self->progress = progress;
  if (self->model_path != NULL &&
      !hf_model_facts_read (self->model_path, store, progress, &self->facts,
                            error))
    return NULL;
  if (!write_recipe (self, options, store, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_extractor_free (HfExtractor *self)
{
  if (self == NULL)
    return;
  if (self->images != self->texts)
    hf_session_free (self->images);
  hf_session_free (self->texts);
  for (int k = 0; k < HF_N_ROWS; k++)
    g_free (self->recipe.keys[k]);
  g_free (self->recipe.background);
  g_free (self->text_key);
  hf_model_facts_clear (&self->facts);
  g_free (self->model_path);
  g_free (self->device);
  g_free (self);
}

/* The model at work; its file must still be the one that was looked at. */
static HfSession *
open_session (HfExtractor *self, HfClipTowers towers, GError **error)
{
  HfSessionOptions options = {.model_path = self->model_path,
                              .device = self->device,
                              .precision = self->precision,
                              .towers = towers,
                              .log = self->log,
                              .log_data = self->log_data};
  g_autoptr (HfSession) session =
      hf_session_open (&options, self->progress, error);
  g_autofree char *tag = NULL;

  if (session == NULL)
    return NULL;
  tag = hf_model_facts_dup_tag (
      hf_model_file_get_config (hf_session_get_model (session)));
  if (g_str_equal (tag, self->facts.config_tag))
    return g_steal_pointer (&session);
  g_set_error (error, HF_MODEL_ERROR, HF_MODEL_ERROR_MISMATCH,
               _("The model %s changed while it was in use; start again."),
                  self->model_path);
  return NULL;
}

/* A job on its way. */
typedef struct {
  HfExtractor *self;
  const char *const *paths;
  gsize n, n_done;
  GArray *missing; /* gsize indices of pictures not found in the cache */
  HfFeatureFunc func;
  gpointer data;
  HfProgress *progress;
  HfWrites writes;
  GPtrArray *batch; /* HfPictureRows *, waiting for the device */
} Job;

static const void *
peek (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_get_data (bytes, NULL) : NULL;
}

/* Hands a picture's rows, or why it is refused, to the caller. */
static gboolean
hand_out (Job *job, gsize index, const char *sha256, GBytes *const *rows,
          gboolean cached, const GError *refused, GError **error)
{
  HfFeatureRow row = {.sha256 = sha256,
                      .clip = peek (rows[HF_ROW_CLIP]),
                      .classic = peek (rows[HF_ROW_CLASSIC]),
                      .look = peek (rows[HF_ROW_LOOK]),
                      .cached = cached};

  if (!job->func (index, refused == NULL ? &row : NULL, refused, job->data,
                  error))
    return FALSE;
  job->n_done++;
  hf_progress_report (job->progress, (gint64) job->n_done, (gint64) job->n);
  return TRUE;
}

static void
clear_rows (GBytes *(*rows)[HF_N_ROWS], gsize n)
{
  for (gsize i = 0; i < n; i++)
    for (int k = 0; k < HF_N_ROWS; k++)
      g_clear_pointer (&rows[i][k], g_bytes_unref);
}

/* Pictures @from on, @n of them, from the cache; the others become missing. */
static gboolean
hand_out_cached (Job *job, gsize from, gsize n, GError **error)
{
  const HfRecipe *recipe = &job->self->recipe;
  g_autoptr (GPtrArray) sha256 = g_ptr_array_new_with_free_func (g_free);
  GBytes *rows[N_LOOKED_UP][HF_N_ROWS];
  gboolean ok = TRUE;

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (sha256, recipe->store == NULL
                                 ? NULL
                                 : hf_feature_store_dup_known_sha256 (
                                       recipe->store, job->paths[from + i]));
  hf_recipe_look_up (recipe, (const char *const *) sha256->pdata, n, rows);
  for (gsize i = 0; ok && i < n; i++) {
    gsize index = from + i;

    if (hf_recipe_is_complete (recipe, rows[i]))
      ok = hand_out (job, index, sha256->pdata[i], rows[i], TRUE, NULL, error);
    else
      g_array_append_val (job->missing, index);
  }
  clear_rows (rows, n);
  return ok;
}

static gboolean
run_cached (Job *job, GError **error)
{
  for (gsize from = 0; from < job->n; from += N_LOOKED_UP)
    if (!hf_progress_check (job->progress, error) ||
        !hand_out_cached (job, from, MIN (job->n - from, N_LOOKED_UP), error))
      return FALSE;
  return TRUE;
}

static gpointer
prepare (gsize i, gpointer data)
{
  const Job *job = data;
  gsize index = g_array_index (job->missing, gsize, i);

  return hf_picture_rows_new (&job->self->recipe, job->paths[index], index);
}

static void
free_picture (gpointer picture)
{
  hf_picture_rows_free (picture);
}

static gboolean
finish (Job *job, const HfPictureRows *picture, GError **error)
{
  gboolean cached = TRUE;

  for (int k = 0; k < HF_N_ROWS; k++)
    cached = cached && !picture->fresh[k];
  if (picture->refused == NULL)
    hf_writes_add (&job->writes, &job->self->recipe, picture);
  return hand_out (job, picture->index, picture->sha256, picture->rows, cached,
                   picture->refused, error);
}

/* Squares that the device should get at a time. */
static gsize
get_batch_squares (const Job *job)
{
  enum { USUAL_BATCH = 8 };
  gsize each =
      (gsize) job->self->recipe.n_tiles * (gsize) job->self->recipe.n_views;

  return MAX (USUAL_BATCH / each, 1);
}

static gboolean
flush_batch (Job *job, GError **error)
{
  HfExtractor *self = job->self;

  if (job->batch->len == 0)
    return TRUE;
  if (self->images == NULL)
    self->images = open_session (self, HF_CLIP_IMAGES, error);
  if (self->images == NULL ||
      !hf_batch_encode (&self->recipe, self->images,
                        (HfPictureRows *const *) job->batch->pdata,
                        job->batch->len, error))
    return FALSE;
  for (guint i = 0; i < job->batch->len; i++)
    if (!finish (job, job->batch->pdata[i], error))
      return FALSE;
  g_ptr_array_set_size (job->batch, 0);
  return TRUE;
}

static gboolean
take_picture (Job *job, HfAhead *ahead, GError **error)
{
  g_autoptr (HfPictureRows) picture = hf_ahead_take (ahead);

  if (picture->refused != NULL || picture->squares == NULL)
    return finish (job, picture, error);
  g_ptr_array_add (job->batch, g_steal_pointer (&picture));
  return job->batch->len < get_batch_squares (job) || flush_batch (job, error);
}

static gboolean
run_missing (Job *job, GError **error)
{
  const HfRecipe *recipe = &job->self->recipe;
  gsize bytes = (gsize) recipe->n_tiles * (gsize) recipe->image_px *
                (gsize) recipe->image_px * 3;
  gsize n_ahead = CLAMP (AHEAD_BYTES / (bytes + 1), 2, MOST_AHEAD);
  g_autoptr (HfAhead) ahead =
      hf_ahead_new (job->missing->len, n_ahead, 0, prepare, job, free_picture);

  for (gsize i = 0; i < job->missing->len; i++)
    if (!hf_progress_check (job->progress, error) ||
        !take_picture (job, ahead, error))
      return FALSE;
  return flush_batch (job, error);
}

gboolean
hf_extractor_run (HfExtractor *self, const char *const *paths, gsize n,
                  HfFeatureFunc func, gpointer data, HfProgress *progress,
                  GError **error)
{
  Job job = {.self = self,
             .paths = paths,
             .n = n,
             .missing = g_array_new (FALSE, FALSE, sizeof (gsize)),
             .func = func,
             .data = data,
             .progress = progress,
             .batch = g_ptr_array_new_with_free_func (free_picture)};
  gboolean ok;

  hf_writes_init (&job.writes);
  ok = run_cached (&job, error) && run_missing (&job, error);
  /* Also after a failure or a cancel: what was computed stays. */
  if (self->recipe.store != NULL)
    hf_writes_flush (&job.writes, &self->recipe);
  hf_writes_clear (&job.writes);
  g_array_unref (job.missing);
  g_ptr_array_unref (job.batch);
  return ok;
}

/* Texts that are not in the cache. */
typedef struct {
  GPtrArray *ids;    /* int * */
  GArray *n_ids;     /* gsize */
  GArray *indices;   /* gsize */
  GPtrArray *sha256; /* const char * */
  float *rows;       /* [n][clip_dim + 1]: the row, and whether it was cut */
} Texts;

static void
texts_clear (Texts *self)
{
  g_ptr_array_unref (self->ids);
  g_array_unref (self->n_ids);
  g_array_unref (self->indices);
  g_ptr_array_unref (self->sha256);
  g_free (self->rows);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Texts, texts_clear)

static gboolean
open_texts (HfExtractor *self, GError **error)
{
  gboolean both = self->with_texts && self->images == NULL;

  if (self->texts != NULL)
    return TRUE;
  self->texts = open_session (
      self, both ? HF_CLIP_TEXTS | HF_CLIP_IMAGES : HF_CLIP_TEXTS, error);
  if (both)
    self->images = self->texts;
  return self->texts != NULL;
}

/* Tokens of the texts that are missing, and which of them were cut. */
static gboolean
tokenize (HfExtractor *self, Texts *texts, const char *const *all,
          GError **error)
{
  const HfTokenizer *tokenizer;
  gsize width = (gsize) self->facts.clip_dim + 1;
  int context_length;

  if (!open_texts (self, error))
    return FALSE;
  tokenizer = hf_session_get_tokenizer (self->texts, error);
  if (tokenizer == NULL)
    return FALSE;
  context_length = hf_model_file_get_config (hf_session_get_model (self->texts))
                       ->context_length;
  for (guint i = 0; i < texts->indices->len; i++) {
    gsize n_ids = 0;
    int *ids = hf_tokenizer_encode (
        tokenizer, all[g_array_index (texts->indices, gsize, i)], &n_ids);

    texts->rows[i * width + width - 1] =
        hf_tokens_cut (ids, &n_ids, (gsize) context_length) ? 1 : 0;
    g_ptr_array_add (texts->ids, ids);
    g_array_append_val (texts->n_ids, n_ids);
  }
  return TRUE;
}

static gboolean
compute_texts (HfExtractor *self, Texts *texts, const char *const *all,
               GError **error)
{
  gsize n = texts->indices->len, dim = (gsize) self->facts.clip_dim;
  g_autofree float *rows = g_new (float, n *dim);

  texts->rows = g_new0 (float, n *(dim + 1));
  if (!tokenize (self, texts, all, error) ||
      !hf_session_encode_texts (
          self->texts, (const int *const *) texts->ids->pdata,
          (const gsize *) (gpointer) texts->n_ids->data, n, rows, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    memcpy (texts->rows + i * (dim + 1), rows + i * dim, dim * sizeof (float));
  if (self->recipe.store != NULL)
    hf_feature_store_put (self->recipe.store, self->text_key,
                          (const char *const *) texts->sha256->pdata, n,
                          texts->rows, (dim + 1) * sizeof (float));
  return TRUE;
}

/* Takes over row @i, float[clip_dim + 1]. */
static void
take_text (const HfExtractor *self, const float *row, gsize i, float *out,
           gsize *n_cut)
{
  gsize dim = (gsize) self->facts.clip_dim;

  memcpy (out + i * dim, row, dim * sizeof (float));
  *n_cut += row[dim] > 0;
}

gboolean
hf_extractor_encode_texts (HfExtractor *self, const char *const *texts, gsize n,
                           float *out, gsize *n_cut, GError **error)
{
  gsize width = (gsize) self->facts.clip_dim + 1, n_long = 0;
  g_autoptr (GPtrArray) sha256 = g_ptr_array_new_with_free_func (g_free);
  g_autofree GBytes **found = g_new0 (GBytes *, n);
  g_auto (Texts) missing = {
      .ids = g_ptr_array_new_with_free_func (g_free),
      .n_ids = g_array_new (FALSE, FALSE, sizeof (gsize)),
      .indices = g_array_new (FALSE, FALSE, sizeof (gsize)),
      .sha256 = g_ptr_array_new (),
  };

  g_return_val_if_fail (self->model_path != NULL, FALSE);

  for (gsize i = 0; i < n; i++)
    g_ptr_array_add (sha256, g_compute_checksum_for_string (G_CHECKSUM_SHA256,
                                                            texts[i], -1));
  if (self->recipe.store != NULL)
    hf_feature_store_get (self->recipe.store, self->text_key,
                          (const char *const *) sha256->pdata, n, found);
  for (gsize i = 0; i < n; i++) {
    if (found[i] != NULL &&
        g_bytes_get_size (found[i]) == width * sizeof (float)) {
      take_text (self, g_bytes_get_data (found[i], NULL), i, out, &n_long);
    } else {
      g_array_append_val (missing.indices, i);
      g_ptr_array_add (missing.sha256, sha256->pdata[i]);
    }
    g_clear_pointer (&found[i], g_bytes_unref);
  }
  if (missing.indices->len > 0 && !compute_texts (self, &missing, texts, error))
    return FALSE;
  for (guint i = 0; i < missing.indices->len; i++)
    take_text (self, missing.rows + i * width,
               g_array_index (missing.indices, gsize, i), out, &n_long);
  if (n_cut != NULL)
    *n_cut = n_long;
  return TRUE;
}

gsize
hf_extractor_get_clip_dim (const HfExtractor *self)
{
  return self->recipe.clip_dim;
}

gsize
hf_extractor_get_classic_dim (const HfExtractor *self)
{
  return self->recipe.classic_dim;
}

gsize
hf_extractor_get_n_tiles (const HfExtractor *self)
{
  return (gsize) self->recipe.n_tiles;
}

gsize
hf_extractor_get_context_length (const HfExtractor *self)
{
  return (gsize) self->facts.context_length;
}

double
hf_extractor_get_logit_scale (const HfExtractor *self)
{
  return self->facts.logit_scale;
}

const char *
hf_extractor_get_identity (const HfExtractor *self)
{
  return self->facts.identity;
}

gboolean
hf_extractor_has_worked (const HfExtractor *self)
{
  return self->images != NULL || self->texts != NULL;
}
