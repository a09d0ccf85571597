/* ui/widgets/badge.h: a class in its colour: a rounded square with its key
 * where a picture is labelled, a hollow ring where it is only predicted. Never
 * alone: the name of the class stands beside it.
 *
 * Properties: "item" (HfClassItem, followed, or NULL: grey and empty), "hollow"
 * (gboolean), "pixel-size" (18; grows with the size of text). Main thread
 * only. */
#pragma once

#include "ui/workspace/class-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_BADGE_PIXEL_SIZE 18

#define HF_TYPE_BADGE (hf_badge_get_type ())
G_DECLARE_FINAL_TYPE (HfBadge, hf_badge, HF, BADGE, GtkWidget)

GtkWidget *hf_badge_new (void);

void hf_badge_set_item (HfBadge *self, HfClassItem *item);
void hf_badge_set_hollow (HfBadge *self, gboolean hollow);

/* Draws what a badge of @item (NULL: unknown) shows into the square at (@x, @y)
 * with sides of @side, in the style of @widget: for widgets that draw all of
 * themselves. */
void hf_badge_snapshot_at (GtkWidget *widget, GtkSnapshot *snapshot,
                           HfClassItem *item, gboolean hollow, float x, float y,
                           float side);

/* @pixels at 96 dpi are that many where @widget's text is larger. */
int hf_badge_scale (GtkWidget *widget, int pixels);

G_END_DECLS
