/* prompt-readings.c: see the header. */
#include "ui/prompts/prompt-readings.h"

#include "app/prompts/reader.h"
#include "ui/owned-task.h"

#include <glib/gi18n.h>
#include <string.h>

struct _HfPromptSpectacles {
  GMutex lock; /* one thread reads at a time */
  char *path;
  HfPromptReader *reader; /* of the model @path; NULL: it cannot be read */
};

HfPromptSpectacles *
hf_prompt_spectacles_new (void)
{
  HfPromptSpectacles *self = g_atomic_rc_box_new0 (HfPromptSpectacles);

  g_mutex_init (&self->lock);
  return self;
}

HfPromptSpectacles *
hf_prompt_spectacles_ref (HfPromptSpectacles *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_spectacles (gpointer data)
{
  HfPromptSpectacles *self = data;

  g_clear_pointer (&self->reader, hf_prompt_reader_free);
  g_free (self->path);
  g_mutex_clear (&self->lock);
}

void
hf_prompt_spectacles_unref (HfPromptSpectacles *self)
{
  g_atomic_rc_box_release_full (self, clear_spectacles);
}

void
hf_prompt_readings_free (HfPromptReadings *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->unknown);
  g_ptr_array_unref (self->lines);
  g_free (self);
}

typedef struct {
  HfPromptSpectacles *spectacles;
  char *model_path;
  char **prompts;
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  hf_prompt_spectacles_unref (self->spectacles);
  g_free (self->model_path);
  g_strfreev (self->prompts);
  g_free (self);
}

static const HfPromptReader *
look_through (HfPromptSpectacles *self, const char *path)
{
  if (path == NULL)
    return NULL;
  if (g_strcmp0 (self->path, path) != 0) {
    g_clear_pointer (&self->reader, hf_prompt_reader_free);
    g_free (self->path);
    self->path = g_strdup (path);
    self->reader = hf_prompt_reader_new (path, NULL);
  }
  return self->reader;
}

/* Markup of @prompt, which the model reads up to @cut_at only. */
static char *
dup_line (const char *prompt, gsize cut_at)
{
  g_autofree char *valid = g_utf8_make_valid (prompt, -1);
  g_autofree char *head = NULL;
  g_autofree char *tail = NULL;

  if (cut_at >= strlen (prompt) || !g_str_equal (valid, prompt))
    return g_markup_escape_text (valid, -1);
  head = g_markup_escape_text (prompt, (gssize) cut_at);
  tail = g_markup_escape_text (prompt + cut_at, -1);
  /* Translators: a long prompt; from the sign on the model reads nothing. */
  return g_strdup_printf (_("%s ✂ <s>%s</s>"), head, tail);
}

static void
add_unknown (GPtrArray *unknown, const char *prompt, const HfPromptWord *word)
{
  g_autofree char *text = g_strndup (prompt + word->start, word->size_bytes);

  if (word->kind != HF_PROMPT_WORD_KNOWN &&
      !g_ptr_array_find_with_equal_func (unknown, text, g_str_equal, NULL))
    g_ptr_array_add (unknown, g_steal_pointer (&text));
}

static void
read_prompt (HfPromptReadings *self, const HfPromptReader *reader,
             const char *prompt)
{
  g_autoptr (HfPromptReading) reading = NULL;
  gsize cut_at = strlen (prompt);

  if (reader != NULL) {
    reading = hf_prompt_reader_read (reader, prompt);
    self->longest = MAX (self->longest, reading->n_tokens);
    self->n_long += reading->n_tokens > self->limit;
    cut_at = reading->cut_at;
    for (guint i = 0; i < reading->words->len; i++)
      add_unknown (self->unknown, prompt,
                   &g_array_index (reading->words, HfPromptWord, i));
  }
  self->n_prompts++;
  if (self->lines->len < HF_PROMPT_READINGS_MAX)
    g_ptr_array_add (self->lines, dup_line (prompt, cut_at));
}

static void
read_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  const Work *work = data;
  g_autoptr (HfPromptReadings) readings = g_new0 (HfPromptReadings, 1);
  g_autoptr (GMutexLocker) locker =
      g_mutex_locker_new (&work->spectacles->lock);
  const HfPromptReader *reader =
      look_through (work->spectacles, work->model_path);

  readings->unknown = g_ptr_array_new_with_free_func (g_free);
  readings->lines = g_ptr_array_new_with_free_func (g_free);
  if (reader != NULL)
    readings->limit = hf_prompt_reader_get_length (reader);
  for (char **prompt = work->prompts;
       *prompt != NULL && !g_cancellable_is_cancelled (cancellable); prompt++)
    read_prompt (readings, reader, *prompt);
  g_task_return_pointer (task, g_steal_pointer (&readings),
                         (GDestroyNotify) hf_prompt_readings_free);
}

void
hf_prompt_readings_new_async (HfPromptSpectacles *spectacles, gpointer source,
                              const char *model_path, char **prompts,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task =
      hf_owned_task_new (source, cancellable, callback, data);
  Work *work = g_new0 (Work, 1);

  work->spectacles = hf_prompt_spectacles_ref (spectacles);
  work->model_path = g_strdup (model_path);
  work->prompts = prompts;
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, read_thread);
}

HfPromptReadings *
hf_prompt_readings_new_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
