/* ui/gallery/selection.h: which pictures of a list are selected, by picture and
 * not by place: what is still there after a filter or an order has changed
 * stays selected, and nothing else is. Main thread only. */
#pragma once

#include "ui/workspace/picture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A GtkSelectionModel. */
#define HF_TYPE_SELECTION (hf_selection_get_type ())
G_DECLARE_FINAL_TYPE (HfSelection, hf_selection, HF, SELECTION, GObject)

/* Over @model (of HfPicture; may be NULL), which is referenced. */
HfSelection *hf_selection_new (GListModel *model) G_GNUC_WARN_UNUSED_RESULT;

/* The selected ones in the order of the list (element-type HfPicture, which it
 * holds; caller unrefs). */
GPtrArray *
hf_selection_dup_pictures (HfSelection *self) G_GNUC_WARN_UNUSED_RESULT;

guint hf_selection_count (HfSelection *self);

/* Selects these (element-type HfPicture), as far as the list has them, and no
 * others. */
void hf_selection_set_pictures (HfSelection *self, GPtrArray *pictures);

/* The list it is over. Borrowed. */
GListModel *hf_selection_get_model (HfSelection *self);

/* The place of @picture; FALSE if the list does not have it. */
gboolean hf_selection_find (HfSelection *self, HfPicture *picture,
                            guint *place);

G_END_DECLS
