/* ui/label/class-badge.h: the colour of a class with its key in it, as high as
 * a line of text. Property "item" (HfClassItem or NULL), which it follows; or
 * "colour" alone, for a swatch. Main thread only. */
#pragma once

#include "ui/workspace/class-item.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CLASS_BADGE (hf_class_badge_get_type ())
G_DECLARE_FINAL_TYPE (HfClassBadge, hf_class_badge, HF, CLASS_BADGE, GtkWidget)

GtkWidget *hf_class_badge_new (void) G_GNUC_WARN_UNUSED_RESULT;

void hf_class_badge_set_item (HfClassBadge *self, HfClassItem *item);
/* "#rrggbb" */
void hf_class_badge_set_colour (HfClassBadge *self, const char *colour);

G_END_DECLS
