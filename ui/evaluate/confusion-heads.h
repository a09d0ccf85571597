/* ui/evaluate/confusion-heads.h: what stands around a confusion matrix: a badge
 * with its class's name at each row and column. Main thread only. */
#pragma once

#include "ui/evaluate/findings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *hf_row_head_new (const HfFindings *findings,
                            int c) G_GNUC_WARN_UNUSED_RESULT;

/* Its badge alone where the name has no room, or shall not be shown. */
GtkWidget *hf_column_head_new (const HfFindings *findings,
                               int c) G_GNUC_WARN_UNUSED_RESULT;
/* px that a head of hf_column_head_new needs with its name, shown or not. */
int hf_column_head_get_width (GtkWidget *head);
void hf_column_head_set_named (GtkWidget *head, gboolean named);

/* For so many columns that no name can lie. */
GtkWidget *hf_upright_head_new (const HfFindings *findings,
                                int c) G_GNUC_WARN_UNUSED_RESULT;

/* What rows and columns are, as far as there is room. */
GtkWidget *hf_corner_head_new (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
