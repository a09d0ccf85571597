/* features/store.h: the feature cache, an SQLite database (WAL) that any number
 * of processes and threads share. What is in it can be computed again, so a
 * damaged one is replaced, and a row whose checksum or size is wrong is none.
 *
 * Keys are the SHA-256 of the picture's file and a string that says all that
 * decides a row's numbers: model identity, framing, views, precision, block,
 * version of the code. */
#pragma once

#include "base/progress.h"
#include "features/file-stamp.h"

G_BEGIN_DECLS

#define HF_FEATURE_STORE_ERROR (hf_feature_store_error_quark ())

typedef enum {
  HF_FEATURE_STORE_ERROR_OPEN, /* no folder, no right to write, no disk left */
} HfFeatureStoreError;

GQuark hf_feature_store_error_quark (void);

typedef struct _HfFeatureStore HfFeatureStore;

/* Opens or makes @path, and its folder. Over @max_bytes the rows used longest
 * ago go. A disk that is full or read-only, with a cache on it, is no error:
 * then nothing new is remembered. */
HfFeatureStore *
hf_feature_store_open (const char *path, guint64 max_bytes,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_feature_store_close (HfFeatureStore *self);

/* Reads rows of @n pictures: @found[i] is set to GBytes (caller unrefs) or
 * NULL. @sha256[i] may be NULL, and with @n 0 so may both arrays. */
void hf_feature_store_get (HfFeatureStore *self, const char *key,
                           const char *const *sha256, gsize n, GBytes **found);

/* Remembers @n rows of @row_bytes each, in one transaction. */
void hf_feature_store_put (HfFeatureStore *self, const char *key,
                           const char *const *sha256, gsize n, const void *rows,
                           gsize row_bytes);

/* Why what was put lately is not remembered (caller frees), as on a full or
 * read-only disk; NULL if it is. */
char *
hf_feature_store_dup_fault (HfFeatureStore *self) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 (hex, caller frees) of the regular file @path: remembered for its
 * path, size, times of change (ns), inode and device, else computed. A file
 * that changes while it is read, or changed within the last two seconds, is not
 * remembered. GFileError; G_FILE_ERROR_INVAL if it is larger than 512 MiB. */
char *hf_feature_store_dup_sha256 (HfFeatureStore *self, const char *path,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The two halves of hf_feature_store_dup_sha256, for those who read the file
 * anyway. The first is NULL if the file's state is not known. The second is to
 * be given the state before the file was read. */
char *hf_feature_store_dup_known_sha256 (HfFeatureStore *self, const char *path)
    G_GNUC_WARN_UNUSED_RESULT;
void hf_feature_store_remember_sha256 (HfFeatureStore *self, const char *path,
                                       const HfFileStamp *before,
                                       const char *sha256);

/* Short texts by name: what is known of a model file. NULL if nothing is. */
char *hf_feature_store_dup_note (HfFeatureStore *self,
                                 const char *name) G_GNUC_WARN_UNUSED_RESULT;
void hf_feature_store_set_note (HfFeatureStore *self, const char *name,
                                const char *value);

/* From now on at most @max_bytes of rows, at once: those used longest ago go.
 * With 0 all of them go, and the disk gets its room back unless another program
 * is reading. */
void hf_feature_store_set_limit (HfFeatureStore *self, guint64 max_bytes);

/* Bytes of rows in the store. */
guint64 hf_feature_store_get_size (HfFeatureStore *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFeatureStore, hf_feature_store_close)
G_END_DECLS
