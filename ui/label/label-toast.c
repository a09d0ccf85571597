/* label-toast.c: what is said of what was just done, with a way back. Only the
 * last thing done has one: an older Undo would take back something else. */
#include "ui/label/label-page-private.h"

#include <glib/gi18n.h>

static void
show (HfLabelPage *self, AdwToast *toast)
{
  GtkWidget *overlay =
      gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);

  if (overlay != NULL)
    adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
  else
    g_object_unref (g_object_ref_sink (toast));
}

void
hf_label_page_tell (HfLabelPage *self, const char *text)
{
  show (self, adw_toast_new (text));
}

void
hf_label_page_withdraw_undo (HfLabelPage *self)
{
  if (self->toast != NULL)
    adw_toast_dismiss (self->toast);
  g_clear_weak_pointer (&self->toast);
}

void
hf_label_page_offer_undo (HfLabelPage *self, AdwToast *toast)
{
  hf_label_page_withdraw_undo (self);
  g_set_weak_pointer (&self->toast, toast);
  adw_toast_set_button_label (toast, _ ("_Undo"));
  show (self, toast);
}

static char *
dup_labelled_text (HfLabelPage *self, guint n, gint64 class_id)
{
  HfClassItem *item = hf_workspace_find_class (self->workspace, class_id);

  if (self->confirming)
    return g_strdup_printf (
        ngettext ("Confirmed %u picture", "Confirmed %u pictures", n), n);
  if (item == NULL)
    return g_strdup_printf (
        ngettext ("Took %u label away", "Took %u labels away", n), n);
  /* Translators: 3 pictures got the label "rusty". */
  return g_strdup_printf (
      ngettext ("Labelled %u picture %s", "Labelled %u pictures %s", n), n,
      hf_class_item_get_name (item));
}

void
hf_label_page_labelled_cb (HfLabelPage *self, guint n_changed, gint64 class_id)
{
  g_autofree char *text = dup_labelled_text (self, n_changed, class_id);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast;

  hf_label_page_withdraw_undo (self);
  if (n_changed < 2)
    return;
  toast = adw_toast_new (markup);
  adw_toast_set_action_name (toast, "win.undo");
  hf_label_page_offer_undo (self, toast);
}

/* A step can be done again when it, or one before it, was undone. */
void
hf_label_page_undone_cb (HfLabelPage *self)
{
  gboolean can_redo;

  g_object_get (self->workspace, "can-redo", &can_redo, NULL);
  if (can_redo)
    hf_label_page_withdraw_undo (self);
}
