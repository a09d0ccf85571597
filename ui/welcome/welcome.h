/* ui/welcome/welcome.h: what a window shows without a project: how to begin,
 * and what was opened last. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_WELCOME (hf_welcome_get_type ())
G_DECLARE_FINAL_TYPE (HfWelcome, hf_welcome, HF, WELCOME, GtkWidget)

G_END_DECLS
