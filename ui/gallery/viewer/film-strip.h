/* ui/gallery/viewer/film-strip.h: the pictures around one of a list, small, in
 * a row; pressing one asks for it. A leaf widget. Main thread only.
 *
 * Signal "picked" (guint): the place of the pressed one. */
#pragma once

#include "ui/workspace/picture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_FILM_STRIP (hf_film_strip_get_type ())
G_DECLARE_FINAL_TYPE (HfFilmStrip, hf_film_strip, HF, FILM_STRIP, GtkWidget)

/* Of HfPicture. */
void hf_film_strip_set_model (HfFilmStrip *self, GListModel *model);
/* Puts the picture at @place in the middle, or as near as the ends let it. */
void hf_film_strip_show (HfFilmStrip *self, guint place);

G_END_DECLS
