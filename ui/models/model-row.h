/* ui/models/model-row.h: a row for one model: what it is, and what can be done
 * with it.
 *
 * Signals: "fetch", "use", "remove", "measure": the user asked for it. */
#pragma once

#include "ui/models/model-item.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define HF_TYPE_MODEL_ROW (hf_model_row_get_type ())
G_DECLARE_FINAL_TYPE (HfModelRow, hf_model_row, HF, MODEL_ROW, AdwActionRow)

GtkWidget *hf_model_row_new (HfModelItem *item);

HfModelItem *hf_model_row_get_item (HfModelRow *self);

/* @in_use: the open project's model. @can_use: there is an open project.
 * @is_brief: what its precisions are worth is said elsewhere. */
void hf_model_row_set_use (HfModelRow *self, gboolean in_use, gboolean can_use,
                           gboolean is_brief);

G_END_DECLS
