/* class-row.c: see the header. */
#include "ui/label/sidebar/class-row.h"

#include "app/charts/wording.h"
#include "ui/application.h"
#include "ui/label/sidebar/class-edits.h"
#include "ui/label/sidebar/class-form.h"
#include "ui/widgets/badge.h"
#include "ui/widgets/context-menu.h"

#include <glib/gi18n.h>

struct _HfClassRow {
  GtkListBoxRow parent_instance;

  HfBadge *badge;
  GtkInscription *name;
  GtkLabel *count;
  GtkRevealer *revealer;
  HfClassForm *form;

  HfWorkspace *workspace;
  HfClassItem *item;
};

G_DEFINE_FINAL_TYPE (HfClassRow, hf_class_row, GTK_TYPE_LIST_BOX_ROW)

static void
item_changed_cb (HfClassRow *self)
{
  const char *name = hf_class_item_get_name (self->item);
  g_autofree char *count =
      hf_wording_dup_number (hf_class_item_get_n_labels (self->item));
  g_autofree char *spoken = g_strdup_printf (
      /* Translators: a class and how many pictures have it: "rusty, 20". */
      _ ("%s, %s"), name, count);

  gtk_inscription_set_text (self->name, name);
  gtk_label_set_text (self->count, count);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
ended_cb (HfClassRow *self)
{
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
edit_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HfClassRow *self = HF_CLASS_ROW (widget);

  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  hf_class_form_begin (self->form, self->workspace, self->item,
                       g_variant_get_string (parameter, NULL));
}

static void
kind_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HfClassRow *self = HF_CLASS_ROW (widget);
  const char *key = hf_class_item_get_key (self->item);
  HfClassWish wish = {.id = hf_class_item_get_id (self->item),
                      .name = hf_class_item_get_name (self->item),
                      .colour = hf_class_item_get_colour (self->item),
                      .key = key != NULL ? key : ""};

  if (hf_class_kind_parse (g_variant_get_string (parameter, NULL), &wish.kind,
                           NULL))
    hf_class_wish_grant (&wish, self->workspace, NULL, NULL, NULL);
}

static void
merge_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  HfClassRow *self = HF_CLASS_ROW (widget);

  gtk_widget_activate_action (widget, "label.merge-class", "(xx)",
                              hf_class_item_get_id (self->item),
                              g_variant_get_int64 (parameter));
}

static void
remove_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate_action (
      widget, "label.remove-class", "x",
      hf_class_item_get_id (HF_CLASS_ROW (widget)->item));
}

static void
show_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_activate (widget);
}

static void
append (GMenu *menu, const char *label, const char *action, GVariant *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_append_item (menu, item);
}

/* The kind that the class has is not offered. */
static GMenuModel *
make_kind_menu (HfClassRow *self)
{
  GMenu *menu = g_menu_new ();

  for (int k = HF_CLASS_GOOD; k <= HF_CLASS_OTHER; k++)
    if ((HfClassKind) k != hf_class_item_get_kind (self->item))
      append (menu, hf_class_kind_get_title ((HfClassKind) k), "class.kind",
              g_variant_new_string (hf_class_kind_get_name ((HfClassKind) k)));
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_merge_menu (HfClassRow *self)
{
  GListModel *classes = hf_workspace_get_classes (self->workspace);
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (item != self->item)
      append (menu, hf_class_item_get_name (item), "class.merge",
              g_variant_new_int64 (hf_class_item_get_id (item)));
  }
  return G_MENU_MODEL (menu);
}

static GMenuModel *
make_menu (GtkWidget *widget, gboolean by_keyboard, GdkRectangle *at,
           gpointer data)
{
  HfClassRow *self = HF_CLASS_ROW (widget);
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) view = g_menu_new ();
  g_autoptr (GMenu) edit = g_menu_new ();
  g_autoptr (GMenuModel) kinds = make_kind_menu (self);
  g_autoptr (GMenuModel) others = make_merge_menu (self);

  append (view, _ ("Show Its Pictures"), "class.show", NULL);
  append (edit, _ ("Rename…"), "class.edit", g_variant_new_string ("name"));
  g_menu_append_submenu (edit, _ ("Change Kind To"), kinds);
  append (edit, _ ("Change Key…"), "class.edit", g_variant_new_string ("key"));
  append (edit, _ ("Change Colour…"), "class.edit",
                   g_variant_new_string ("colour"));
  if (g_menu_model_get_n_items (others) > 0)
    g_menu_append_submenu (edit, _ ("Merge Into"), others);
  append (edit, _ ("Remove"), "class.remove", NULL);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (view));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (edit));
  return G_MENU_MODEL (menu);
}

static void
hf_class_row_dispose (GObject *object)
{
  HfClassRow *self = HF_CLASS_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_object (&self->workspace);
  G_OBJECT_CLASS (hf_class_row_parent_class)->dispose (object);
}

static void
hf_class_row_class_init (HfClassRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_class_row_dispose;
  g_type_ensure (HF_TYPE_BADGE);
  g_type_ensure (HF_TYPE_CLASS_FORM);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/sidebar/class-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HfClassRow, badge);
  gtk_widget_class_bind_template_child (widget_class, HfClassRow, name);
  gtk_widget_class_bind_template_child (widget_class, HfClassRow, count);
  gtk_widget_class_bind_template_child (widget_class, HfClassRow, revealer);
  gtk_widget_class_bind_template_child (widget_class, HfClassRow, form);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_install_action (widget_class, "class.edit", "s",
                                   edit_action);
  gtk_widget_class_install_action (widget_class, "class.kind", "s",
                                   kind_action);
  gtk_widget_class_install_action (widget_class, "class.merge", "x",
                                   merge_action);
  gtk_widget_class_install_action (widget_class, "class.remove", NULL,
                                   remove_action);
  gtk_widget_class_install_action (widget_class, "class.show", NULL,
                                   show_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F2, 0,
                                       "class.edit", "s", "name");
}

static void
hf_class_row_init (HfClassRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_context_menu_add (GTK_WIDGET (self), make_menu, NULL);
}

GtkWidget *
hf_class_row_new (HfWorkspace *workspace, HfClassItem *item)
{
  HfClassRow *self = g_object_new (HF_TYPE_CLASS_ROW, NULL);

  self->workspace = g_object_ref (workspace);
  self->item = g_object_ref (item);
  hf_badge_set_item (self->badge, item);
  g_signal_connect_swapped (item, "notify", G_CALLBACK (item_changed_cb), self);
  item_changed_cb (self);
  return GTK_WIDGET (self);
}

HfClassItem *
hf_class_row_get_item (HfClassRow *self)
{
  return self->item;
}
