/* ui/prompts/prompt-readings.h: prompts as the model of the project reads them:
 * how long they are, where they are cut, which words it does not know. Made in
 * a thread; the model's vocabulary is read once and kept. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct {
  guint n_prompts, n_long; /* of these, cut by the model */
  gsize longest, limit;    /* tokens; 0: no model reads them */
  GPtrArray *unknown;      /* char *, words, each once */
  GPtrArray *lines;        /* char *, each prompt as markup, marked where it is
                              cut; no more than HF_PROMPT_READINGS_MAX */
} HfPromptReadings;

#define HF_PROMPT_READINGS_MAX 500

void hf_prompt_readings_free (HfPromptReadings *self);

/* What keeps the vocabulary. */
typedef struct _HfPromptSpectacles HfPromptSpectacles;

HfPromptSpectacles *hf_prompt_spectacles_new (void) G_GNUC_WARN_UNUSED_RESULT;
HfPromptSpectacles *hf_prompt_spectacles_ref (HfPromptSpectacles *self);
void hf_prompt_spectacles_unref (HfPromptSpectacles *self);

/* Takes @prompts (NULL-terminated). @model_path may be NULL: then only their
 * number is known. A model that cannot be read is as none. @source as in
 * GTask. G_IO_ERROR_CANCELLED. */
void hf_prompt_readings_new_async (HfPromptSpectacles *spectacles,
                                   gpointer source, const char *model_path,
                                   char **prompts, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer data);
HfPromptReadings *
hf_prompt_readings_new_finish (GAsyncResult *result,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPromptReadings, hf_prompt_readings_free)
G_END_DECLS
