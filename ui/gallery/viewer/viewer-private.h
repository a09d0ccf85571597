/* ui/gallery/viewer/viewer-private.h: the viewer, for the files of this folder.
 *
 *   viewer.c          the widget, the picture and its place in the list
 *   viewer-loading.c  the picture from its file
 *   viewer-framing.c  what of it a model sees
 *   viewer-actions.c  what the user does */
#pragma once

#include "ui/gallery/viewer/canvas.h"
#include "ui/gallery/viewer/film-strip.h"
#include "ui/gallery/viewer/viewer.h"

#include <adwaita.h>

G_BEGIN_DECLS

struct _HfViewer {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *title, *subtitle, *zoom;
  GtkSpinner *spinner;
  GtkStack *stack;
  HfCanvas *canvas;
  AdwStatusPage *unreadable;
  HfFilmStrip *strip;

  GListModel *model;
  HfPicture *picture;
  guint place;       /* of the picture in the list, or where it was */
  int width, height; /* of the picture, 0 until it is known */
  gint64 size_bytes; /* of its file, or -1 */
  GCancellable *loading, *previewing;
  gboolean is_busy; /* a thread decodes, for us or for nobody */
  guint patience_id;

  HfWorkspace *workspace;
  HfFraming framing;
  gboolean has_framing, shows_framing, shows_edges;
};

/* viewer.c */
/* The name, the folder and the size, as far as it is known. */
void hf_viewer_update_texts (HfViewer *self);

/* viewer-loading.c */
/* Shows the picture, which is not NULL, as soon as it is decoded. */
void hf_viewer_load (HfViewer *self);
void hf_viewer_stop_loading (HfViewer *self);

/* viewer-framing.c */
void hf_viewer_update_framing (HfViewer *self);

/* viewer-actions.c */
void hf_viewer_install_actions (GtkWidgetClass *class);

G_END_DECLS
