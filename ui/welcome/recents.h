/* ui/welcome/recents.h: the projects that were opened last, as a list that all
 * windows share. What is read and written goes through a thread; app/project/
 * opening/recent.h has the file. Main thread only. */
#pragma once

#include "app/project/opening/recent.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define HF_TYPE_RECENT_ITEM (hf_recent_item_get_type ())
G_DECLARE_FINAL_TYPE (HfRecentItem, hf_recent_item, HF, RECENT_ITEM, GObject)

/* Borrowed, constant. */
const HfRecent *hf_recent_item_get (HfRecentItem *self);
/* "Bearings", and "~/Pictures/bearings" (callers free); valid UTF-8. */
char *hf_recent_item_dup_name (HfRecentItem *self) G_GNUC_WARN_UNUSED_RESULT;
char *hf_recent_item_dup_folder (HfRecentItem *self) G_GNUC_WARN_UNUSED_RESULT;

#define HF_TYPE_RECENTS (hf_recents_get_type ())
G_DECLARE_FINAL_TYPE (HfRecents, hf_recents, HF, RECENTS, GObject)

HfRecents *hf_recents_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Of HfRecentItem, opened last first. Borrowed. */
GListModel *hf_recents_get_list (HfRecents *self);

/* Reads the file again; whether projects are still there is asked anew. */
void hf_recents_reload (HfRecents *self);
void hf_recents_forget (HfRecents *self, const char *path);

G_END_DECLS
