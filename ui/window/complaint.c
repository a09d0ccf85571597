/* complaint.c: see the header. */
#include "ui/window/complaint.h"

#include <glib/gi18n.h>

/* A sentence with a path in it takes its time to be read. */
#define TOAST_SECONDS 12
#define IDEOGRAPHIC_FULL_STOP 0x3002
/* What the overlay says, or is about to say: what ten keys in a row ask for is
 * said once, and not for two minutes. */
#define SAID "hf-complaint"

/* What a toast's button opens. The overlay outlives its toasts. */
typedef struct {
  GtkWidget *toasts;
  char *title, *text;
} Details;

static void
free_details (gpointer data, GClosure *closure)
{
  Details *self = data;

  g_free (self->title);
  g_free (self->text);
  g_free (self);
}

static void
response_cb (GtkWidget *dialog, const char *response, GtkLabel *label)
{
  if (g_str_equal (response, "copy"))
    gdk_clipboard_set_text (gtk_widget_get_clipboard (dialog),
                            gtk_label_get_label (label));
}

static void
show_details (GtkWindow *parent, const char *title, const char *text)
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

static void
details_cb (AdwToast *toast, gpointer data)
{
  const Details *details = data;
  GtkRoot *root = gtk_widget_get_root (details->toasts);

  show_details (GTK_WINDOW (root), details->title, details->text);
}

/* As much as a toast shows: to the first full stop in any of our languages, or
 * the first line (caller frees). */
static char *
dup_first_sentence (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar next = g_utf8_get_char (g_utf8_next_char (at));

    if (*at == '\n')
      return g_strndup (text, (gsize) (at - text));
    if ((*at == '.' && (next == ' ' || next == '\n')) ||
        g_utf8_get_char (at) == IDEOGRAPHIC_FULL_STOP)
      return g_strndup (text, (gsize) (g_utf8_next_char (at) - text));
  }
  return g_strdup (text);
}

static void
dismissed_cb (AdwToastOverlay *toasts)
{
  g_object_set_data (G_OBJECT (toasts), SAID, NULL);
}

/* Whether it is another complaint than the last that is still to be read. */
static gboolean
is_new (AdwToastOverlay *toasts, const char *title, const char *text)
{
  g_autofree char *all = g_strconcat (title, "\n", text, NULL);

  if (g_strcmp0 (all, g_object_get_data (G_OBJECT (toasts), SAID)) == 0)
    return FALSE;
  g_object_set_data_full (G_OBJECT (toasts), SAID, g_steal_pointer (&all),
                          g_free);
  return TRUE;
}

void
hf_complaint_toast (AdwToastOverlay *toasts, const char *title,
                    const char *message)
{
  /* A sentence may name a file, whose name is any bytes. */
  g_autofree char *text = g_utf8_make_valid (message, -1);
  g_autofree char *line =
      *title != '\0' ? g_strdup (title) : dup_first_sentence (text);
  g_autofree char *markup = g_markup_escape_text (line, -1);
  AdwToast *toast;

  if (!is_new (toasts, title, text))
    return;
  toast = adw_toast_new (markup);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb),
                           toasts, G_CONNECT_SWAPPED);
  adw_toast_set_timeout (toast, TOAST_SECONDS);
  if (!g_str_equal (line, text)) {
    Details *details = g_new0 (Details, 1);

    details->toasts = GTK_WIDGET (toasts);
    details->title = g_strdup (title);
    details->text = g_strdup (text);
    adw_toast_set_button_label (toast, _("_Details"));
    g_signal_connect_data (toast, "button-clicked", G_CALLBACK (details_cb),
                           details, free_details, 0);
  }
  adw_toast_overlay_add_toast (toasts, toast);
}
