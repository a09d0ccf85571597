/* model/container.h: a file of tensors of any format, told by its content. */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

typedef struct {
  HfTensorFile *tensors; /* under the names the file has; owned */
  GBytes *bytes;         /* the mapped file, owned */
  const char *format;    /* in words */
  gboolean is_script;    /* TorchScript: OpenAI's own files */
  int fd;                /* of the file, owned; only where there are @bytes */
} HfContainer;

/* Fills @self (clear with hf_container_clear). Messages are whole sentences
 * that name the file: HF_MODEL_ERROR_FORMAT, _UNSAFE or _UNSUPPORTED,
 * HfTensorError, GFileError. */
gboolean hf_container_open (const char *path, HfContainer *self,
                            GError **error);
void hf_container_clear (HfContainer *self);

/* Whether the file is still as long as it was mapped: behind its end there is
 * nothing to read. */
gboolean hf_container_is_whole (const HfContainer *self);

/* Makes a sentence that names @path out of the clause in @fact, which it
 * takes; a GFileError, which is a sentence, stays as it is. */
void hf_container_explain (const char *path, GError *fact, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfContainer, hf_container_clear)
G_END_DECLS
