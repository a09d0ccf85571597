/* ui/workspace/picture-list-private.h: the GListModel of all pictures: an array
 * that is replaced as a whole, told of as one change. */
#pragma once

#include "ui/workspace/picture.h"

G_BEGIN_DECLS

#define HF_TYPE_PICTURE_LIST (hf_picture_list_get_type ())
G_DECLARE_FINAL_TYPE (HfPictureList, hf_picture_list, HF, PICTURE_LIST, GObject)

HfPictureList *hf_picture_list_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* (element-type HfPicture), taken; not changed by anybody from then on. */
void hf_picture_list_take (HfPictureList *self, GPtrArray *pictures);
/* Borrowed. */
GPtrArray *hf_picture_list_get (HfPictureList *self);

G_END_DECLS
