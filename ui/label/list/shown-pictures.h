/* ui/label/list/shown-pictures.h: the pictures that a query finds, as a
 * GListModel of HfPicture, and how many each view has.
 *
 * A picture that changes is looked at alone, and comes or goes as one change of
 * the list; nothing is filtered or sorted again for it. The order stands still
 * while pictures are labelled: a key is read when a picture comes in and when
 * the query is set, but suggestions are ordered anew with new numbers, and what
 * had no prediction finds its place once it has one.
 *
 * Changes are gathered and shown together before the next frame. Main thread
 * only. Signals: "counts-changed" (some view has more or fewer pictures),
 * "query-changed". */
#pragma once

#include "ui/label/list/picture-query.h"

G_BEGIN_DECLS

#define HF_TYPE_SHOWN_PICTURES (hf_shown_pictures_get_type ())
G_DECLARE_FINAL_TYPE (HfShownPictures, hf_shown_pictures, HF, SHOWN_PICTURES,
                      GObject)

HfShownPictures *hf_shown_pictures_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* @pictures: of HfPicture, each once; or NULL. */
void hf_shown_pictures_set_model (HfShownPictures *self, GListModel *pictures);

/* Copied. Sorts anew even if nothing is another now. */
void hf_shown_pictures_set_query (HfShownPictures *self,
                                  const HfPictureQuery *query);
/* Borrowed, until the next is set. */
const HfPictureQuery *hf_shown_pictures_get_query (HfShownPictures *self);

/* Shows at once what was gathered. */
void hf_shown_pictures_flush (HfShownPictures *self);

guint hf_shown_pictures_get_count (HfShownPictures *self, HfPictureView view);

/* Where @picture is, or G_MAXUINT. */
guint hf_shown_pictures_find (HfShownPictures *self, HfPicture *picture);

G_END_DECLS
