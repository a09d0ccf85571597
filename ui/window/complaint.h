/* ui/window/complaint.h: how a window says what went wrong: a toast, which is
 * one line, says what did not happen, and behind its button is why and what can
 * be done, to be copied. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows @title, or without one the first sentence of @message. If more is to be
 * said, a button leads to a dialog over the window of @toasts. The same
 * again, while it is still to be read, is not said twice. */
void hf_complaint_toast (AdwToastOverlay *toasts, const char *title,
                         const char *message);

G_END_DECLS
