/* ui/evaluate/confusion-cell.h: a cell of the confusion: how many pictures, up
 * to three of them, and what such a mistake is called. It is a button that
 * opens them on the Label page. Main thread only. */
#pragma once

#include "ui/evaluate/findings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From so many classes on a cell has room for its count alone. */
#define HF_CONFUSION_MANY 7
/* Pictures in a cell, at most. */
#define HF_CONFUSION_THUMBS 3

/* For the pictures labelled @r and called @c. */
GtkWidget *hf_confusion_cell_new (const HfFindings *findings, int r,
                                  int c) G_GNUC_WARN_UNUSED_RESULT;
void hf_confusion_cell_show (GtkWidget *cell, const HfFindings *findings, int r,
                             int c);

/* Words and pictures come and go with the room for them. */
void hf_confusion_cell_fit (GtkWidget *cell, gboolean narrow, guint n_thumbs);

/* The label "escape" or "overkill"; NULL where there is none. Borrowed. */
GtkWidget *hf_confusion_cell_get_fault (GtkWidget *cell);

G_END_DECLS
