/* session.c: see the header. */
#include "features/session.h"

#include <glib/gi18n-lib.h>

struct _HfSession {
  char *wanted_device;
  HfPrecision precision;
  HfClipTowers towers;
  HfDeviceLog log;
  gpointer log_data;
  HfProgress *progress;

  HfModelFile *model;
  HfDevice *device;
  HfClip *clip; /* on @device, from @model */
  HfTokenizer *tokenizer;
  GPtrArray *tried; /* char *: ids of the devices that were chosen once */

  /* Each thread owns its error until it is joined. */
  GThread *device_thread, *tokenizer_thread;
  GError *device_error, *tokenizer_error;
};

static gpointer
open_device_thread (gpointer data)
{
  HfSession *self = data;

  self->device = hf_device_open (self->wanted_device, self->log, self->log_data,
                                 &self->device_error);
  return NULL;
}

static gpointer
load_tokenizer_thread (gpointer data)
{
  HfSession *self = data;

  self->tokenizer = hf_tokenizer_new (&self->tokenizer_error);
  return NULL;
}

static void
join (GThread **thread)
{
  GThread *joined = g_steal_pointer (thread);

  if (joined != NULL)
    g_thread_join (joined);
}

HfSession *
hf_session_open (const HfSessionOptions *options, HfProgress *progress,
                 GError **error)
{
  g_autoptr (HfSession) self = g_new0 (HfSession, 1);

  self->wanted_device = g_strdup (options->device);
  self->precision = options->precision;
  self->towers = options->towers;
  self->log = options->log;
  self->log_data = options->log_data;
  self->progress = progress;
  self->tried = g_ptr_array_new_with_free_func (g_free);
  self->device_thread = g_thread_new ("device", open_device_thread, self);
  if (options->towers & HF_CLIP_TEXTS)
    self->tokenizer_thread =
        g_thread_new ("tokenizer", load_tokenizer_thread, self);
  self->model = hf_model_file_open (options->model_path, error);
  if (self->model == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
hf_session_free (HfSession *self)
{
  if (self == NULL)
    return;
  join (&self->device_thread);
  join (&self->tokenizer_thread);
  g_clear_pointer (&self->clip, hf_clip_free);
  g_clear_pointer (&self->device, hf_device_close);
  g_clear_pointer (&self->model, hf_model_file_free);
  g_clear_pointer (&self->tokenizer, hf_tokenizer_free);
  g_clear_error (&self->device_error);
  g_clear_error (&self->tokenizer_error);
  g_ptr_array_unref (self->tried);
  g_free (self->wanted_device);
  g_free (self);
}

HfModelFile *
hf_session_get_model (HfSession *self)
{
  return self->model;
}

HfDevice *
hf_session_get_device (HfSession *self)
{
  return self->device;
}

const HfTokenizer *
hf_session_get_tokenizer (HfSession *self, GError **error)
{
  join (&self->tokenizer_thread);
  if (self->tokenizer == NULL)
    g_propagate_error (error, g_steal_pointer (&self->tokenizer_error));
  return self->tokenizer;
}

static gboolean
was_tried (const HfSession *self, const HfDeviceInfo *info)
{
  return g_ptr_array_find_with_equal_func (self->tried, info->id, g_str_equal,
                                           NULL);
}

/* The id (caller frees) of the fastest usable device that was not tried yet,
 * or NULL. */
static char *
dup_next_device (HfSession *self)
{
  g_autoptr (GPtrArray) devices = hf_device_list (NULL);

  for (guint i = 0; devices != NULL && i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];

    if (info->usable && !was_tried (self, info))
      return g_strdup (info->id);
  }
  return NULL;
}

static void
say_moved (HfSession *self, const char *left, const GError *reason)
{
  g_autofree char *sentence = g_strdup_printf (
      _("%s failed (%s) Going on with %s."), left, reason->message,
         hf_device_get_info (self->device)->name);

  if (self->log != NULL)
    self->log (sentence, self->log_data);
}

/* Leaves the device that failed with @reason for the next one. FALSE if
 * @reason is nothing a device can help, or there is no other: then @reason is
 * what to report. */
static gboolean
move_on (HfSession *self, const GError *reason)
{
  g_autofree char *left = NULL;

  if (!g_error_matches (reason, HF_DEVICE_ERROR, HF_DEVICE_ERROR_MEMORY) &&
      !g_error_matches (reason, HF_DEVICE_ERROR, HF_DEVICE_ERROR_LOST))
    return FALSE;
  left = g_strdup (hf_device_get_info (self->device)->name);
  g_ptr_array_add (self->tried,
                   g_strdup (hf_device_get_info (self->device)->id));
  g_clear_pointer (&self->clip, hf_clip_free);
  g_clear_pointer (&self->device, hf_device_close);
  while (self->device == NULL) {
    char *next = dup_next_device (self);

    if (next == NULL)
      return FALSE;
    g_ptr_array_add (self->tried, next);
    self->device = hf_device_open (next, self->log, self->log_data, NULL);
  }
  say_moved (self, left, reason);
  return TRUE;
}

HfClip *
hf_session_get_clip (HfSession *self, GError **error)
{
  join (&self->device_thread);
  if (self->device_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&self->device_error));
    return NULL;
  }
  while (self->clip == NULL) {
    g_autoptr (GError) local = NULL;

    if (self->device == NULL) {
      g_set_error_literal (error, HF_DEVICE_ERROR, HF_DEVICE_ERROR_NONE_FOUND,
                           _("No device is left to work on."));
      return NULL;
    }
    self->clip = hf_clip_new (self->device, self->model, self->precision,
                              self->towers, self->progress, &local);
    if (self->clip == NULL && !move_on (self, local)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  }
  return self->clip;
}

gboolean
hf_session_encode_images (HfSession *self, const guint8 *pixels, gsize n,
                          float *out, GError **error)
{
  const HfClipConfig *config = hf_model_file_get_config (self->model);
  gsize square = (gsize) config->image_px * (gsize) config->image_px * 3;
  gsize done = 0;

  while (done < n) {
    HfClip *clip = hf_session_get_clip (self, error);
    g_autoptr (GError) local = NULL;
    gsize part;

    if (clip == NULL)
      return FALSE;
    /* A device that came in for another may take smaller batches. */
    part = MIN (n - done, hf_clip_get_batch (clip));
    if (hf_clip_encode_images (clip, pixels + done * square, part,
                               out + done * (gsize) config->embed_dim,
                               &local)) {
      done += part;
    } else if (!move_on (self, local)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
  return TRUE;
}

gboolean
hf_session_encode_texts (HfSession *self, const int *const *ids,
                         const gsize *n_ids, gsize n, float *out,
                         GError **error)
{
  for (;;) {
    HfClip *clip = hf_session_get_clip (self, error);
    g_autoptr (GError) local = NULL;

    if (clip == NULL)
      return FALSE;
    if (hf_clip_encode_texts (clip, ids, n_ids, n, out, &local))
      return TRUE;
    if (!move_on (self, local)) {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  }
}
