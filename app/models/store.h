/* app/models/store.h: the models that are installed.
 *
 * I1  Each model is a folder in the store: the weights, in one file or several
 *     (model/shards.h), configuration, and handful.json with what is known
 *     about it.
 * I2  A folder whose name does not begin with a dot is whole and was read as a
 *     CLIP model before it got its name.
 * I3  Downloads that are not complete are files `.NAME.part`; folders that are
 *     filled or deleted are scratch folders (base/scratch.h); neither is ever
 *     listed.
 * The starter model belongs to Handful's own data and is read-only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define HF_STORE_ERROR (hf_store_error_quark ())

typedef enum {
  HF_STORE_ERROR_NOT_FOUND, /* no model of that name */
  HF_STORE_ERROR_EXISTS,    /* the name is taken */
  HF_STORE_ERROR_NAME,      /* not usable as a name */
  HF_STORE_ERROR_BUILT_IN,  /* the starter cannot be changed */
} HfStoreError;

GQuark hf_store_error_quark (void);

#define HF_STORE_STARTER "starter"

/* How the names of the store's scratch folders begin. */
#define HF_STORE_SCRATCH ".new-"

/* What is known about an installed model; strings may be NULL. */
typedef struct {
  char *name;
  char *folder;
  gboolean built_in;
  guint64 size_bytes;        /* of its files */
  char *source;              /* where it came from: a path or an address */
  char *sha256;              /* of the weights as they came */
  char *identity;            /* hf_model_file_dup_identity */
  char *verified_as;         /* name in the catalogue, if its numbers agreed */
  char *verified_how;        /* "checksum and 3 published values ..." */
  char *not_verified;        /* a sentence, if its numbers did not agree */
  double largest_difference; /* to the published numbers */
} HfStoredModel;

void hf_stored_model_free (HfStoredModel *model);

/* (element-type HfStoredModel), the starter first, then by name. Folders that
 * cannot be read are left out. Never fails. */
GPtrArray *hf_store_list (void) G_GNUC_WARN_UNUSED_RESULT;

/* NULL with HF_STORE_ERROR_NOT_FOUND. */
HfStoredModel *hf_store_find (const char *name,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What `--model` means (caller frees): an installed model's folder, else the
 * path @name itself if it exists. "./x" and "/x" are always paths. NULL with
 * HF_STORE_ERROR_NOT_FOUND and how to get it. */
char *hf_store_dup_path (const char *name,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Deletes an installed model; who has it open keeps it to the end.
 * HF_STORE_ERROR_NOT_FOUND, _BUILT_IN, or a GFileError. */
gboolean hf_store_remove (const char *name, GError **error);

/* A usable name: 1 to 100 letters of A-Z a-z 0-9 . _ + -, the first no dot.
 * HF_STORE_ERROR_NAME. */
gboolean hf_store_check_name (const char *name, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfStoredModel, hf_stored_model_free)
G_END_DECLS
