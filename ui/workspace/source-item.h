/* ui/workspace/source-item.h: a folder of the open project. Main thread only;
 * properties as the getters, notified. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_TYPE_SOURCE_ITEM (hf_source_item_get_type ())
G_DECLARE_FINAL_TYPE (HfSourceItem, hf_source_item, HF, SOURCE_ITEM, GObject)

gint64 hf_source_item_get_id (HfSourceItem *self);
/* The folder, any bytes; and as it may be shown, "~/Pictures/bearings". */
const char *hf_source_item_get_folder (HfSourceItem *self);
const char *hf_source_item_get_name (HfSourceItem *self);
/* FALSE: the folder is gone. */
gboolean hf_source_item_get_found (HfSourceItem *self);
/* TRUE: the system does not tell of its files, which are looked for now and
 * then. */
gboolean hf_source_item_get_deaf (HfSourceItem *self);
/* Links to folders in it, which are passed over. */
guint hf_source_item_get_n_links (HfSourceItem *self);

G_END_DECLS
