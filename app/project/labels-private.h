/* app/project/labels-private.h: the one way into the label log. */
#pragma once

#include "app/project/labels.h"
#include "app/project/project-private.h"

G_BEGIN_DECLS

/* One step that is being appended, within a transaction. */
typedef struct {
  HfProject *project;
  sqlite3_stmt *now, *why, *before, *insert;
  gint64 next_id, batch, time_us;
  gint64 undoes;
  HfLabelBy by;
  gsize n, n_kept; /* entries, and those that change nothing */
} HfLabelStep;

gboolean hf_label_step_init (HfLabelStep *self, HfProject *project,
                             HfLabelBy by, gint64 undoes, GError **error);
void hf_label_step_clear (HfLabelStep *self);

/* Sets a label unless it is so already; by the rules of
 * hf_project_set_labels. */
gboolean hf_label_step_set (HfLabelStep *self, gint64 image_id, gint64 class_id,
                            HfShown shown, GError **error);

/* Appends an entry as it is. */
gboolean hf_label_step_append (HfLabelStep *self, gint64 image_id,
                               gint64 class_id, HfShown shown, GError **error);

/* Ends the step: a class that was merged away is back when it is used. */
gboolean hf_label_step_finish (HfLabelStep *self, GError **error);

/* The class of a picture now, 0 without one. FALSE on errors. */
gboolean hf_label_step_get_class (HfLabelStep *self, gint64 image_id,
                                  gint64 *class_id, GError **error);

/* The label of a picture before entry @id, none as a cleared one. */
gboolean hf_label_step_get_before (HfLabelStep *self, gint64 image_id,
                                   gint64 id, gint64 *class_id, HfShown *shown,
                                   GError **error);

/* What the sum of an entry is made of. */
gint64 hf_label_sum (gint64 id, gint64 time_us, gint64 batch, gint64 image_id,
                     gint64 class_id, const char *by, const char *shown,
                     gint64 undoes);

/* -1 for a name that is none. */
int hf_label_by_find (const char *name);
int hf_shown_find (const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfLabelStep, hf_label_step_clear)
G_END_DECLS
