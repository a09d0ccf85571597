/* app/project/project.h: NAME.handful, one SQLite database that several
 * programs may have open at once. This is the door; labels.h, sources.h and
 * the rest of the folder are the rooms behind it.
 *
 * A label that a call reported as set is on disk. One thread at a time per
 * HfProject; open it again in another thread. */
#pragma once

#include "app/study/samples.h"
#include "base/progress.h"

G_BEGIN_DECLS

#define HF_PROJECT_ERROR (hf_project_error_quark ())

typedef enum {
  HF_PROJECT_ERROR_FORMAT,    /* no project */
  HF_PROJECT_ERROR_VERSION,   /* of a newer program */
  HF_PROJECT_ERROR_DAMAGED,   /* `project recover` can help */
  HF_PROJECT_ERROR_STORE,     /* the disk is full or gone */
  HF_PROJECT_ERROR_READ_ONLY, /* it, or its folder, cannot be written */
  HF_PROJECT_ERROR_BUSY,      /* another program holds it for too long */
  HF_PROJECT_ERROR_NAME,      /* a class, image or source that is not there, or
                                 there already */
  HF_PROJECT_ERROR_EMPTY,     /* nothing to undo, no labels */
} HfProjectError;

GQuark hf_project_error_quark (void);

typedef struct _HfProject HfProject;

/* Makes @path, which must not exist yet, nor a journal of an earlier one. */
HfProject *hf_project_create (const char *path,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same with what it is to hold from the first: until @fill is through there
 * is nothing at @path, so nobody finds half of it. */
typedef gboolean (*HfProjectFill) (HfProject *self, gpointer data,
                                   GError **error);
HfProject *hf_project_create_filled (const char *path, HfProjectFill fill,
                                     gpointer data,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

HfProject *hf_project_open (const char *path,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_project_close (HfProject *self);

const char *hf_project_get_path (const HfProject *self);

/* Whether labels can be stored; else HF_PROJECT_ERROR_READ_ONLY with a sentence
 * for whoever opened it. Where the file could only be read, and can be written
 * by now, it is opened anew. */
gboolean hf_project_check_writable (HfProject *self, GError **error);

/* Whether another connection has written since the last call: cheap enough to
 * be asked several times a second. FALSE only on errors. */
gboolean hf_project_has_changed (HfProject *self, gboolean *changed,
                                 GError **error);

/* All pictures with their labels, groups and kinds, as training wants them. */
HfSamples *hf_project_dup_samples (HfProject *self,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 (hex, caller frees) over the label log: what a bundle names. */
char *hf_project_dup_log_sha256 (HfProject *self,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A setting as text (caller frees), or NULL where none was made. Keys:
 * "model", "precision", "framing", "views", "blocks", "background", "groups",
 * "probe", "seed", "thresholds". */
char *hf_project_dup_setting (HfProject *self,
                              const char *key) G_GNUC_WARN_UNUSED_RESULT;

/* NULL as @value takes it away. "groups" gives every picture its group anew.
 * HF_PROJECT_ERROR_NAME for a key that is none, else what the reader of the
 * value says. */
gboolean hf_project_set_setting (HfProject *self, const char *key,
                                 const char *value, GError **error);

/* The keys in byte order; NULL behind the last. */
const char *hf_project_get_setting_key (guint i);

/* All prompts of class @class_name: every template with the class's name and
 * its placeholders' values (NULL-terminated, caller frees). */
char **hf_project_dup_prompts (HfProject *self, const char *class_name,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfProject, hf_project_close)
G_END_DECLS
