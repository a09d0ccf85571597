/* model/shards.h: models that lie in several files, as transformers and
 * open_clip write large ones: an index, WEIGHTS.index.json, says which tensor
 * is in which of the files beside it, WEIGHTS-00001-of-00002 and so on. The
 * index stands for the model wherever one path is wanted. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the name of an index goes on behind that of the weights. */
#define HF_SHARDS_ENDING ".index.json"

/* Whether @path has the name of an index. */
gboolean hf_shards_is_index (const char *path);

/* Whether @path has the name of one of several parts. */
gboolean hf_shards_is_part (const char *path);

/* The index that should lie beside the part @path; caller frees. */
char *hf_shards_dup_index (const char *path) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  char *path;
  GPtrArray *tensors; /* names that the index says are in it */
} HfShard;

/* The parts, all beside @path, that the index with this @text names, by name;
 * (element-type HfShard). HF_MODEL_ERROR_FORMAT, a whole sentence, if it is
 * none. */
GPtrArray *hf_shards_parse (const char *path, const char *text,
                            gsize size_bytes,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Those of the file @path, all of them there: HF_MODEL_ERROR_FORMAT where one
 * is missing. */
GPtrArray *hf_shards_read (const char *path,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
