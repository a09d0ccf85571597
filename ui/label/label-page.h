/* ui/label/label-page.h: the page on which pictures are looked at and labelled:
 * sidebar, pictures, what the labels are worth so far.
 *
 * Properties: "workspace" (HfWorkspace or NULL); "show-sidebar" and "show-pane"
 * (the panes at the left and right are open; when narrow they slide over),
 * "narrow" (read only: the sidebar is folded), "tile-size" (int),
 * "order" (string, hf_picture_order_get_name), "filter" (string, as
 * hf_label_page_show, and not notified), "step-on" (after a label the next
 * picture is selected), "viewer-open". Main thread only.
 *
 * Actions, all label.*: set (x: class), clear, confirm, next-suggestion,
 * viewer, leave, filter, zoom-in, zoom-out, edges, add-class, order (s). */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_LABEL_PAGE (hf_label_page_get_type ())
G_DECLARE_FINAL_TYPE (HfLabelPage, hf_label_page, HF, LABEL_PAGE, GtkWidget)

GtkWidget *hf_label_page_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Shows the pictures that @what names: a view ("wrong"), "class:ID",
 * "source:ID", or "missed:ID:ID" for pictures labelled the first class and
 * called the second when held out. Anything else shows all. */
void hf_label_page_show (HfLabelPage *self, const char *what);

/* Goes to the first of the pictures @ids[@n] and selects them, among those that
 * have a label; what has none is passed over. */
void hf_label_page_show_labelled (HfLabelPage *self, const gint64 *ids,
                                  gsize n);

G_END_DECLS
