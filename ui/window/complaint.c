/* complaint.c: see the header. */
#include "ui/window/complaint.h"

#include <glib/gi18n.h>

/* A sentence with a path in it takes its time to be read. */
#define TOAST_SECONDS 12

void
hf_complaint_toast (AdwToastOverlay *toasts, const char *title,
                    const char *text)
{
  g_autofree char *line = *title != '\0'
      /* Translators: what did not happen, and why */
      ? g_strdup_printf (_("%s: %s"), title, text)
      : g_strdup (text);
  g_autofree char *markup = g_markup_escape_text (line, -1);
  AdwToast *toast = adw_toast_new (markup);

  adw_toast_set_timeout (toast, TOAST_SECONDS);
  adw_toast_set_button_label (toast, _("_Details"));
  adw_toast_set_action_name (toast, "win.details");
  adw_toast_set_action_target (toast, "(ss)", title, text);
  adw_toast_overlay_add_toast (toasts, toast);
}

static void
response_cb (GtkWidget *dialog, const char *response, GtkLabel *label)
{
  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (dialog),
                            gtk_label_get_label (label));
}

void
hf_complaint_show (GtkWindow *parent, const char *title, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (
      parent, *title != '\0' ? title : _("What Happened"), NULL);
  GtkWidget *label = gtk_label_new (text);

  /* Selectable, unlike the dialog's own body. */
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "copy",
                                    _("_Copy"), "close", _("C_lose"), NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog),
                                           "close");
  g_signal_connect (dialog, "response", G_CALLBACK (response_cb), label);
  gtk_window_present (GTK_WINDOW (dialog));
}
