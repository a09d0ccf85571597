/* recent-row.c: see the header. */
#include "ui/welcome/recent-row.h"

#include "ui/application.h"
#include "ui/welcome/thumb.h"
#include "ui/widgets/context-menu.h"

#include <glib/gi18n.h>

struct _HfRecentRow {
  GtkListBoxRow parent_instance;

  GtkWidget *box, *figures, *arrow, *relink, *remove;
  HfThumb *thumb;
  GtkLabel *name, *folder, *escapes, *labels;
  GMenuModel *menu;

  HfRecentItem *item;
};

G_DEFINE_FINAL_TYPE (HfRecentRow, hf_recent_row, GTK_TYPE_LIST_BOX_ROW)

static const char *
get_path (HfRecentRow *self)
{
  return hf_recent_item_get (self->item)->path;
}

static void
relink_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "win.relink", "^ay",
                              get_path (HF_RECENT_ROW (widget)));
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfApplication *application = HF_APPLICATION (g_application_get_default ());

  hf_recents_forget (hf_application_get_recents (application),
                     get_path (HF_RECENT_ROW (widget)));
}

static void
open_window_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action (widget, "app.open-window", "^ay",
                              get_path (HF_RECENT_ROW (widget)));
}

static void
show_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *folder =
      g_path_get_dirname (get_path (HF_RECENT_ROW (widget)));
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  gtk_show_uri (GTK_WINDOW (gtk_widget_get_root (widget)), uri,
                GDK_CURRENT_TIME);
}

static GMenuModel *
dup_menu (GtkWidget *widget, gboolean by_keyboard, GdkRectangle *at,
          gpointer data)
{
  return g_object_ref (HF_RECENT_ROW (widget)->menu);
}

static void
hf_recent_row_dispose (GObject *object)
{
  HfRecentRow *self = HF_RECENT_ROW (object);

  g_clear_object (&self->item);
  G_OBJECT_CLASS (hf_recent_row_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "recent.relink", NULL, relink_action);
  gtk_widget_class_install_action (class, "recent.remove", NULL, remove_action);
  gtk_widget_class_install_action (class, "recent.show", NULL, show_action);
  gtk_widget_class_install_action (class, "recent.open-window", NULL,
                                   open_window_action);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Delete, 0,
                                       "recent.remove", NULL);
}

static void
hf_recent_row_class_init (HfRecentRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_recent_row_dispose;
  g_type_ensure (HF_TYPE_THUMB);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/welcome/recent-row.ui");
#define BIND(child) \
  gtk_widget_class_bind_template_child (widget_class, HfRecentRow, child)
  BIND (box);
  BIND (figures);
  BIND (arrow);
  BIND (relink);
  BIND (remove);
  BIND (thumb);
  BIND (name);
  BIND (folder);
  BIND (escapes);
  BIND (labels);
  BIND (menu);
#undef BIND
  install_actions (widget_class);
}

static void
hf_recent_row_init (HfRecentRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_context_menu_add (GTK_WIDGET (self), dup_menu, NULL);
}

static char *
dup_escapes (const HfRecent *recent)
{
  if (recent->n_defects < 0)
    return g_strdup ("");
  if (recent->n_defects == 0)
    return g_strdup (_("too few labels"));
  /* Translators: bad parts that were called good, of all bad parts */
  return g_strdup_printf (_ ("%'u of %'u escapes"), (guint) recent->n_escapes,
                             (guint) recent->n_defects);
}

static void
show (HfRecentRow *self)
{
  const HfRecent *recent = hf_recent_item_get (self->item);
  const gboolean is_found = recent->is_found;
  g_autofree char *name = hf_recent_item_dup_name (self->item);
  g_autofree char *folder = hf_recent_item_dup_folder (self->item);
  /* Translators: %s is a folder */
  g_autofree char *missing = g_strdup_printf (_("%s  ·  not found"), folder);
  g_autofree char *escapes = dup_escapes (recent);
  g_autofree char *labels =
      g_strdup_printf (ngettext ("%'u label", "%'u labels", recent->n_labels),
                       (guint) recent->n_labels);

  gtk_label_set_label (self->name, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_label_set_label (self->folder, is_found ? folder : missing);
  gtk_label_set_label (self->escapes, escapes);
  gtk_label_set_label (self->labels, labels);
  hf_thumb_set_path (self->thumb, is_found ? recent->picture : NULL);
  gtk_widget_set_visible (self->figures, is_found);
  gtk_widget_set_visible (self->arrow, is_found);
  gtk_widget_set_visible (self->relink, !is_found);
  gtk_widget_set_visible (self->remove, !is_found);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), folder);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), is_found);
}

GtkWidget *
hf_recent_row_new (HfRecentItem *item)
{
  HfRecentRow *self = g_object_new (HF_TYPE_RECENT_ROW, NULL);

  self->item = g_object_ref (item);
  show (self);
  return GTK_WIDGET (self);
}

HfRecentItem *
hf_recent_row_get_item (HfRecentRow *self)
{
  return self->item;
}
