/* page-edits.c: what the user does on the Prompts page, on its way to the
 * disk, and how it can be taken back. */
#include "ui/prompts/prompts-page-private.h"

#include "clip/prompts.h"

#include <glib/gi18n.h>

typedef struct {
  HfPromptsPage *page; /* touched in the main thread only */
  HfPromptEdit *edit;
} Doing;

static void
doing_free (gpointer data)
{
  Doing *self = data;

  g_object_unref (self->page);
  hf_prompt_edit_free (self->edit);
  g_free (self);
}

static gboolean
apply (HfProject *project, gpointer data, GError **error)
{
  return hf_prompt_edit_apply (((Doing *) data)->edit, project, error);
}

static void
undo_cb (AdwToast *toast, gpointer data)
{
  const Doing *removed = data;
  HfPromptEdit *edit =
      hf_prompt_edit_new (HF_PROMPT_EDIT_RESTORE, removed->edit->text);

  edit->enabled = removed->edit->enabled;
  edit->position = removed->edit->position;
  hf_prompts_page_edit (removed->page, edit);
}

static void
free_closure (gpointer data, GClosure *closure)
{
  doing_free (data);
}

static void
offer_undo (HfPromptsPage *self, const HfPromptEdit *edit)
{
  GtkWidget *overlay =
      gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *text =
      /* Translators: the text of a template. */
      g_strdup_printf (_("Removed “%s”"), edit->text);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  AdwToast *toast;
  Doing *removed;

  if (overlay == NULL)
    return;
  removed = g_new0 (Doing, 1);
  removed->page = g_object_ref (self);
  removed->edit = hf_prompt_edit_new (edit->kind, edit->text);
  removed->edit->enabled = edit->enabled;
  removed->edit->position = edit->position;
  toast = adw_toast_new (markup);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), removed,
                         free_closure, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

/* A template that cannot be used, or is there already, says so itself, where it
 * stands. */
static void
show_error (HfPromptsPage *self, const HfPromptEdit *edit, const GError *error)
{
  if (edit->kind == HF_PROMPT_EDIT_ADD)
    hf_template_list_answer (self->templates, error->message);
  else if (edit->kind != HF_PROMPT_EDIT_TEXT ||
           (error->domain != HF_PROMPT_ERROR &&
            !g_error_matches (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME)))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.complain", "(ss)",
                                _("Not changed"), error->message);
}

static void
done_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Doing *doing = data;
  HfPromptsPage *self = doing->page;

  if (workspace != self->workspace)
    return;
  self->n_edits--;
  if (error != NULL)
    show_error (self, doing->edit, error);
  else if (doing->edit->kind == HF_PROMPT_EDIT_ADD)
    hf_template_list_answer (self->templates, NULL);
  else if (doing->edit->kind == HF_PROMPT_EDIT_REMOVE)
    offer_undo (self, doing->edit);
  /* What could not be added may only have wanted these values. */
  else if (doing->edit->kind == HF_PROMPT_EDIT_VALUES &&
           hf_template_list_has_problem (self->templates))
    hf_template_list_add (self->templates);
  hf_prompts_page_read_again (self);
}

void
hf_prompts_page_edit (HfPromptsPage *self, HfPromptEdit *edit)
{
  Doing *doing;

  if (self->workspace == NULL) {
    hf_prompt_edit_free (edit);
    return;
  }
  doing = g_new0 (Doing, 1);
  doing->page = g_object_ref (self);
  doing->edit = edit;
  self->n_edits++;
  hf_workspace_edit (self->workspace, _("Not changed"), apply, done_cb, doing,
                                         doing_free);
}
