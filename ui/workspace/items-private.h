/* ui/workspace/items-private.h: what only the workspace does to the things it
 * lists. */
#pragma once

#include "app/project/classes.h"
#include "ui/workspace/class-item.h"
#include "ui/workspace/picture.h"
#include "ui/workspace/source-item.h"

G_BEGIN_DECLS

HfClassItem *hf_class_item_new (const HfProjectClass *class);
/* Whether its name or kind is another now. */
gboolean hf_class_item_update (HfClassItem *self, const HfProjectClass *class);
void hf_class_item_set_n_labels (HfClassItem *self, guint n_labels);
/* As it is in the project, any bytes. */
const char *hf_class_item_get_raw_name (HfClassItem *self);

HfSourceItem *hf_source_item_new (gint64 id);
/* As it is looked at. */
void hf_source_item_set_manner (HfSourceItem *self, gboolean deaf,
                                guint n_links);
/* Whether anything is another now. */
gboolean hf_source_item_update (HfSourceItem *self, const char *folder,
                                gboolean found);

/* Any thread, before anybody else has it. */
HfPicture *hf_picture_new (gint64 id);

/* To be changed; hf_picture_changed tells of it. @path, @group and @name must
 * outlive the picture or be replaced in time. */
HfPictureInfo *hf_picture_edit (HfPicture *self);
void hf_picture_changed (HfPicture *self);

/* Both are copied; NULL: none. */
void hf_picture_set_reason (HfPicture *self, const char *reason);
void hf_picture_set_why (HfPicture *self, const char *why);

G_END_DECLS
