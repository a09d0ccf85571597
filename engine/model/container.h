/* model/container.h: a file of tensors of any format, told by its content, or
 * several of them that an index makes one (model/shards.h). */
#pragma once

#include "model/clip-config.h"

G_BEGIN_DECLS

typedef struct {
  HfTensorFile *tensors; /* under the names the files have; owned */
  GArray *files;         /* what is mapped, one at least; owned */
  const char *format;    /* in words; of the first file */
  gboolean is_script;    /* TorchScript: OpenAI's own files */
} HfContainer;

/* Fills @self (clear with hf_container_clear). Messages are whole sentences
 * that name the file: HF_MODEL_ERROR_FORMAT, _UNSAFE or _UNSUPPORTED,
 * HfTensorError, GFileError. */
gboolean hf_container_open (const char *path, HfContainer *self,
                            GError **error);
void hf_container_clear (HfContainer *self);

/* The files that belong together, the one that was opened first; (element-type
 * filename), caller frees. */
GPtrArray *hf_container_dup_paths (const HfContainer *self,
                                   const char *path) G_GNUC_WARN_UNUSED_RESULT;

/* Whether each file is still as long as it was mapped: behind its end there is
 * nothing to read. */
gboolean hf_container_is_whole (const HfContainer *self);

/* Drops the pages from memory that were read so far. */
void hf_container_release_pages (const HfContainer *self);

/* Makes a sentence that names @path out of the clause in @fact, which it
 * takes; a GFileError, which is a sentence, stays as it is. */
void hf_container_explain (const char *path, GError *fact, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfContainer, hf_container_clear)
G_END_DECLS
