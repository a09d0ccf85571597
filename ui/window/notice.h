/* ui/window/notice.h: a strip below the header bar for a state that lasts, with
 * what can be done about it. Properties: text (NULL hides the strip),
 * button-label, action-name (NULL: no button). */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_NOTICE (hf_notice_get_type ())
G_DECLARE_FINAL_TYPE (HfNotice, hf_notice, HF, NOTICE, GtkWidget)

void hf_notice_set_text (HfNotice *self, const char *text);

G_END_DECLS
