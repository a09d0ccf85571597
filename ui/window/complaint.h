/* ui/window/complaint.h: how a window says what went wrong: a toast with the
 * sentence, and behind its button the whole of it, to be copied. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The toast's button activates win.details with @title and @text. */
void hf_complaint_toast (AdwToastOverlay *toasts, const char *title,
                         const char *text);

/* A dialog with @text that can be selected and copied. */
void hf_complaint_show (GtkWindow *parent, const char *title, const char *text);

G_END_DECLS
