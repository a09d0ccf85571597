/* ui/gallery/thumb-slot.h: the thumbnail of one widget: asked for, shown when
 * it comes, given back. Owned by the widget, main thread only. */
#pragma once

#include "ui/gallery/thumbnailer.h"

G_BEGIN_DECLS

typedef struct _HfThumbSlot HfThumbSlot;

/* @widget, which owns the slot, is drawn again when something comes. */
HfThumbSlot *hf_thumb_slot_new (GtkWidget *widget) G_GNUC_WARN_UNUSED_RESULT;
void hf_thumb_slot_free (HfThumbSlot *self);

/* Wants the picture @path (NULL: none) with @side_px logical pixels at the
 * widget's scale. One of another size is shown until it comes. */
void hf_thumb_slot_set (HfThumbSlot *self, const char *path, int side_px);

/* Does not wait any longer; what has come stays. */
void hf_thumb_slot_stop (HfThumbSlot *self);

/* The picture that is wanted, or NULL. Borrowed. */
const char *hf_thumb_slot_get_path (HfThumbSlot *self);
/* NULL until it has come. Borrowed. */
HfThumb *hf_thumb_slot_get (HfThumbSlot *self);
/* Why it will not come, or NULL. Borrowed. */
const char *hf_thumb_slot_get_reason (HfThumbSlot *self);

/* Draws it into @area: the whole of it, centred, or so large that it fills the
 * area. Corners are rounded by @corner. Returns where it lies. */
graphene_rect_t hf_thumb_slot_snapshot (HfThumbSlot *self,
                                        GtkSnapshot *snapshot,
                                        const graphene_rect_t *area,
                                        gboolean cover, float corner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfThumbSlot, hf_thumb_slot_free)
G_END_DECLS
