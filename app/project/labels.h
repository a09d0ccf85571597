/* app/project/labels.h: the label log of a project. It is only ever appended
 * to; the newest entry of a picture is its label. Undo and redo append, too:
 * they have no limit, go on after a restart, and are the same for all programs
 * that have the project open. A new label empties what could be done again. */
#pragma once

#include "app/project/project.h"

G_BEGIN_DECLS

typedef enum {
  HF_LABEL_BY_HAND,
  HF_LABEL_BY_IMPORT,
  HF_LABEL_BY_SUGGESTION, /* what was suggested was taken */
  HF_LABEL_BY_UNDO,
  HF_LABEL_BY_REDO,
} HfLabelBy;

/* Why the picture was looked at. */
typedef enum {
  HF_SHOWN_BROWSE,
  HF_SHOWN_TYPICAL,
  HF_SHOWN_MARGIN,
  HF_SHOWN_AUDIT,
} HfShown;

/* "hand", "import", "suggestion", "undo", "redo". */
const char *hf_label_by_get_name (HfLabelBy self);
/* "browse", "typical", "margin", "audit". */
const char *hf_shown_get_name (HfShown self);
gboolean hf_shown_parse (const char *name, HfShown *out, GError **error);

typedef struct {
  gint64 image_id;
  gint64 class_id; /* 0: the label is taken away */
} HfLabelChange;

/* Appends @changes as one step, which one undo takes back, and returns when
 * they are on disk. Pictures that have the label already are passed over;
 * *@n_changed (may be NULL) is how many were not. A picture that was suggested
 * and had no label counts as shown for that reason where @shown is BROWSE, and
 * one that was drawn for audit always counts as that. */
gboolean hf_project_set_labels (HfProject *self, const HfLabelChange *changes,
                                gsize n, HfLabelBy by, HfShown shown,
                                gsize *n_changed, GError **error);

/* The same with one class for all, by its name. Where there is none, one of
 * kind OTHER is made in the same step, and *@is_new says so. */
gboolean hf_project_set_class (HfProject *self, const gint64 *image_ids,
                               gsize n, const char *class_name, HfLabelBy by,
                               HfShown shown, gboolean *is_new,
                               gsize *n_changed, GError **error);

/* Takes back the last step, or does again the one last taken back; *@n_changed
 * (may be NULL) pictures got another label. Steps that another program made
 * since the project was opened are not ours to take back, and a picture that
 * somebody gave another label meanwhile keeps it. HF_PROJECT_ERROR_EMPTY. */
gboolean hf_project_undo (HfProject *self, gsize *n_changed, GError **error);
gboolean hf_project_redo (HfProject *self, gsize *n_changed, GError **error);

/* How many steps can be taken back and done again. */
gboolean hf_project_count_steps (HfProject *self, gsize *n_undo, gsize *n_redo,
                                 GError **error);

/* One entry of the log; strings are the callee's during the call only. */
typedef struct {
  gint64 id;
  gint64 time_us;   /* since 1970, UTC */
  gint64 batch;     /* the first entry of the same step */
  gint64 undoes;    /* the step that was undone or redone, or 0 */
  gint64 source_id; /* of the picture */
  gint64 image_id;
  const char *path;       /* of the picture, inside its source */
  const char *class_name; /* NULL: taken away */
  HfLabelBy by;
  HfShown shown;
} HfLabelEntry;

typedef gboolean (*HfLabelFunc) (const HfLabelEntry *entry, gpointer data,
                                 GError **error);

/* The last @n_last entries, all if it is 0, the oldest first. FALSE on errors,
 * or when @func says so. */
gboolean hf_project_read_log (HfProject *self, gsize n_last, HfLabelFunc func,
                              gpointer data, GError **error);

G_END_DECLS
