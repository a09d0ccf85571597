/* ui/label/label-page-private.h: the page, for the files of this folder.
 *
 *   label-page.c     the widget and its properties
 *   label-room.c     how it is laid out in the room there is
 *   label-content.c  what is shown when
 *   label-actions.c  what the user does
 *   label-classes.c  how classes go
 *   label-toast.c    what is said of it, and the way back */
#pragma once

#include "ui/gallery/gallery.h"
#include "ui/gallery/viewer/viewer.h"
#include "ui/label/label-page.h"
#include "ui/label/list/shown-pictures.h"
#include "ui/label/pane/live-pane.h"
#include "ui/label/pane/live-strip.h"
#include "ui/label/pane/picture-pane.h"
#include "ui/label/selection-bar.h"
#include "ui/label/sidebar/sidebar.h"

#include <adwaita.h>

G_BEGIN_DECLS

struct _HfLabelPage {
  GtkWidget parent_instance;

  AdwFlap *outer, *inner;
  HfSidebar *sidebar;
  GtkWidget *toolbar, *wide_tools, *narrow_tools, *centre;
  GtkEditable *search;
  GtkMenuButton *order_button;
  GtkLabel *summary;
  GtkWidget *copy_list;
  GtkStack *content;
  HfGallery *gallery;
  HfViewer *viewer;
  AdwStatusPage *empty;
  GtkWidget *empty_button;
  HfSelectionBar *bar;
  GtkStack *pane;
  HfLivePane *live_pane;
  HfPicturePane *picture_pane;
  HfLiveStrip *live_strip;
  GtkAdjustment *zoom;

  GSettings *settings;
  HfWorkspace *workspace;
  HfShownPictures *pictures;
  AdwToast *toast;     /* that offers to undo what was done last, or NULL */
  gboolean confirming; /* the next labels on disk are confirmed ones */
  gboolean narrow;
  gboolean step_on;
  gboolean viewer_open;
  guint focus_id; /* before the pictures get the focus, or 0 */
};

/* label-page.c */
/* Gives them the keyboard's focus, soon. */
void hf_label_page_focus_pictures (HfLabelPage *self);
void hf_label_page_set_viewer_open (HfLabelPage *self, gboolean open);
/* Selects the picture at @position alone and gives it the focus. */
void hf_label_page_select (HfLabelPage *self, guint position);

/* label-room.c: panes fold and tools become icons as the page gets narrow. */
/* Before the page is shown again: folds for the room that it will have. */
void hf_label_page_expect_room (HfLabelPage *self);
void hf_label_page_measure (GtkWidget *widget, GtkOrientation orientation,
                            int for_size, int *minimum, int *natural,
                            int *minimum_baseline, int *natural_baseline);
void hf_label_page_size_allocate (GtkWidget *widget, int width, int height,
                                  int baseline);

/* label-content.c */
/* Pictures, or why there are none. */
void hf_label_page_show_content (HfLabelPage *self);
/* The newest numbers, or that newer ones are on the way. */
void hf_label_page_show_numbers (HfLabelPage *self);
void hf_label_page_show_learning (HfLabelPage *self);
void hf_label_page_show_refreshing (HfLabelPage *self);
void hf_label_page_query_changed_cb (HfLabelPage *self);
/* What is said of the picture in the viewer. */
void hf_label_page_show_picture (HfLabelPage *self);

/* label-actions.c */
void hf_label_page_install_actions (GtkWidgetClass *widget_class);
/* After the selection, the workspace or its classes have changed. */
void hf_label_page_update_actions (HfLabelPage *self);

/* label-toast.c */
void hf_label_page_tell (HfLabelPage *self, const char *text);
/* Labels are on disk: says so, and offers to undo them, if they are several. */
void hf_label_page_labelled_cb (HfLabelPage *self, guint n_changed,
                                gint64 class_id);
/* What can be done again has changed. */
void hf_label_page_undone_cb (HfLabelPage *self);
/* Shows @toast, which is taken and has an action for its button, instead of the
 * last such one. */
void hf_label_page_offer_undo (HfLabelPage *self, AdwToast *toast);
void hf_label_page_withdraw_undo (HfLabelPage *self);

/* label-classes.c */
void hf_label_page_install_class_actions (GtkWidgetClass *widget_class);

G_END_DECLS
