/* evaluate-settings.c: settings of the project that are changed from the
 * Evaluate page, and how they are taken back. */
#include "ui/evaluate/evaluate-page-private.h"

#include <glib/gi18n.h>

typedef struct {
  HfEvaluatePage *page; /* touched in the main thread only */
  HfWorkspace *workspace;
  char **pairs, **was; /* names and values in turn; "": not set */
  char *done;          /* what a toast says, or NULL */
} Change;

static void
change_free (gpointer data)
{
  Change *self = data;

  g_object_unref (self->page);
  g_object_unref (self->workspace);
  g_strfreev (self->pairs);
  g_strfreev (self->was);
  g_free (self->done);
  g_free (self);
}

static void
free_closure (gpointer data, GClosure *closure)
{
  change_free (data);
}

static gboolean
change_func (HfProject *project, gpointer data, GError **error)
{
  Change *self = data;
  g_autoptr (GStrvBuilder) was = g_strv_builder_new ();

  for (int i = 0; self->pairs[i] != NULL; i += 2) {
    g_autofree char *old = hf_project_dup_setting (project, self->pairs[i]);
    const char *value = self->pairs[i + 1];

    g_strv_builder_add (was, self->pairs[i]);
    g_strv_builder_add (was, old != NULL ? old : "");
    if (!hf_project_set_setting (project, self->pairs[i],
                                 *value != '\0' ? value : NULL, error))
      return FALSE;
  }
  self->was = g_strv_builder_end (was);
  return TRUE;
}

static void
undo_cb (AdwToast *toast, gpointer data)
{
  const Change *change = data;

  if (change->page->workspace == change->workspace)
    hf_evaluate_page_change_settings (change->page,
                                      (const char *const *) change->was, NULL);
}

static Change *
change_new (HfEvaluatePage *page, const char *const *pairs, const char *done)
{
  Change *self = g_new0 (Change, 1);

  self->page = g_object_ref (page);
  self->workspace = g_object_ref (page->workspace);
  self->pairs = g_strdupv ((char **) pairs);
  self->done = g_strdup (done);
  return self;
}

/* The toast keeps what there was, and goes with the next change. */
static void
offer_undo (HfEvaluatePage *self, const Change *change)
{
  GtkWidget *overlay =
      gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autofree char *markup = g_markup_escape_text (change->done, -1);
  AdwToast *toast;
  Change *kept;

  if (overlay == NULL)
    return;
  kept = change_new (self, (const char *const *) change->pairs, NULL);
  kept->was = g_strdupv (change->was);
  toast = adw_toast_new (markup);
  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (undo_cb), kept,
                         free_closure, 0);
  adw_toast_overlay_add_toast (ADW_TOAST_OVERLAY (overlay), toast);
}

static void
changed_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  const Change *change = data;
  HfEvaluatePage *self = change->page;

  if (error != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.complain", "(ss)",
                                _("The Setting Was Not Changed"),
                                   error->message);
  else if (change->done != NULL && self->workspace == workspace)
    offer_undo (self, change);
}

void
hf_evaluate_page_change_settings (HfEvaluatePage *self,
                                  const char *const *pairs, const char *done)
{
  if (self->workspace != NULL)
    hf_workspace_edit (self->workspace, NULL, change_func, changed_cb,
                       change_new (self, pairs, done), change_free);
}
