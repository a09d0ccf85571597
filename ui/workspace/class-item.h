/* ui/workspace/class-item.h: one class of the open project. Properties (read
 * only, notified): id (int64), name, kind (int, HfClassKind), colour
 * ("#rrggbb"), key (one character or NULL), n-labels (uint). Main thread
 * only; changed through the workspace. */
#pragma once

#include "probe/dataset.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_TYPE_CLASS_ITEM (hf_class_item_get_type ())
G_DECLARE_FINAL_TYPE (HfClassItem, hf_class_item, HF, CLASS_ITEM, GObject)

gint64 hf_class_item_get_id (HfClassItem *self);
/* As it may be shown: hf_class_dup_shown_name. */
const char *hf_class_item_get_name (HfClassItem *self);
HfClassKind hf_class_item_get_kind (HfClassItem *self);
const char *hf_class_item_get_colour (HfClassItem *self);
const char *hf_class_item_get_key (HfClassItem *self);
guint hf_class_item_get_n_labels (HfClassItem *self);

/* The name of a class, which is any bytes, as one line of text that is seen
 * (caller frees): line breaks and other control characters have signs of their
 * own, and a name of blanks stands in quotes. */
char *hf_class_dup_shown_name (const char *raw) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
