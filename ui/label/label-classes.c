/* label-classes.c: classes that go, with a toast that brings them back. */
#include "ui/label/label-page-private.h"

#include "ui/label/sidebar/class-edits.h"

#include <glib/gi18n.h>

typedef struct {
  HfLabelPage *page;
  const char *title; /* of an error */
  char *text;
  gint64 class_id;
  guint n_labels;
} Going;

static void
going_clear (gpointer data)
{
  Going *self = data;

  g_object_unref (self->page);
  g_free (self->text);
}

static void
going_unref (gpointer data)
{
  g_rc_box_release_full (data, going_clear);
}

static void
closure_free (gpointer data, GClosure *closure)
{
  going_unref (data);
}

/* Takes @text. */
static Going *
going_new (HfLabelPage *page, HfClassItem *item, const char *title, char *text)
{
  Going *self = g_rc_box_new0 (Going);

  *self = (Going){.page = g_object_ref (page),
                  .title = title,
                  .text = text,
                  .class_id = hf_class_item_get_id (item),
                  .n_labels = hf_class_item_get_n_labels (item)};
  return self;
}

/* Whoever looks at its pictures would look at nothing. */
static void
leave_class (HfLabelPage *page, gint64 class_id)
{
  if (hf_shown_pictures_get_query (page->pictures)->class_id == class_id)
    hf_label_page_show (page, "all");
}

static void
restore_cb (AdwToast *toast, gpointer data)
{
  const Going *going = data;

  hf_class_restore (going->page->workspace, going->class_id);
}

/* Without labels the class left no step that could be undone. */
static void
gone_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Going *self = data;
  g_autofree char *markup = g_markup_escape_text (self->text, -1);
  AdwToast *toast;

  if (workspace != self->page->workspace)
    return;
  if (error != NULL) {
    gtk_widget_activate_action (GTK_WIDGET (self->page), "win.complain", "(ss)",
                                self->title, error->message);
    return;
  }
  leave_class (self->page, self->class_id);
  toast = adw_toast_new (markup);
  if (self->n_labels > 0)
    adw_toast_set_action_name (toast, "win.undo");
  else
    g_signal_connect_data (toast, "button-clicked", G_CALLBACK (restore_cb),
                           g_rc_box_acquire (self), closure_free, 0);
  hf_label_page_offer_undo (self->page, toast);
}

static void
merge_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  HfClassItem *from, *into;
  gint64 from_id, into_id;

  g_variant_get (parameter, "(xx)", &from_id, &into_id);
  from = hf_workspace_find_class (self->workspace, from_id);
  into = hf_workspace_find_class (self->workspace, into_id);
  if (from == NULL || into == NULL)
    return;
  hf_class_merge (
      self->workspace, from_id, into_id, gone_cb,
      going_new (self, from,
                 _ ("The classes were not merged"),
                    /* Translators: two classes, the second of which stays. */
                    g_strdup_printf (_ ("Merged “%s” into “%s”"),
                                        hf_class_item_get_name (from),
                                        hf_class_item_get_name (into))),
                 going_unref);
}

/* Translators: %s is a class. */
static char *
dup_removed_text (HfClassItem *item)
{
  guint n = hf_class_item_get_n_labels (item);
  const char *name = hf_class_item_get_name (item);

  return n > 0
             ? g_strdup_printf (ngettext ("Removed “%s” and its %u label",
                                          "Removed “%s” and its %u labels", n),
                                name, n)
             : g_strdup_printf (_ ("Removed “%s”"), name);
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  gint64 id = g_variant_get_int64 (parameter);
  HfClassItem *item = hf_workspace_find_class (self->workspace, id);

  if (item != NULL)
    hf_class_remove (
        self->workspace, id, gone_cb,
        going_new (self, item,
                   _ ("The class was not removed"), dup_removed_text (item)),
                   going_unref);
}

void
hf_label_page_install_class_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "label.merge-class", "(xx)",
                                   merge_action);
  gtk_widget_class_install_action (widget_class, "label.remove-class", "x",
                                   remove_action);
}
