/* selection-bar.c: see the header. */
#include "ui/label/selection-bar.h"

#include "ui/application.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>

#define MAX_SQUEEZED 9 /* classes whose names are shortened to show all */

struct _HfSelectionBar {
  GtkWidget parent_instance;

  GtkBox *box, *classes;
  GtkLabel *count;
  GtkWidget *scroller, *add_class, *hints;
  GtkScrollable *viewport;

  HfWorkspace *workspace;
  guint n_selected;
  gboolean narrow;
};

enum { PROP_NARROW = 1, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfSelectionBar, hf_selection_bar, GTK_TYPE_WIDGET)

static void
show_count (HfSelectionBar *self)
{
  g_autofree char *text = self->n_selected == 0
      ? g_strdup (_ ("None selected"))
      : g_strdup_printf (
            ngettext ("%u selected", "%u selected", self->n_selected),
            self->n_selected);

  gtk_label_set_text (self->count, text);
  gtk_widget_set_sensitive (GTK_WIDGET (self->classes), self->n_selected > 0);
}

static gboolean
to_tooltip (GBinding *binding, const GValue *from, GValue *to, gpointer item)
{
  const char *key = hf_class_item_get_key (item);

  g_value_take_string (
      to, key != NULL
      /* Translators: a class and the key that sets it. */
      ? g_strdup_printf (_ ("Label “%s” (key %s)"), g_value_get_string (from),
                            key)
      : g_strdup_printf (_ ("Label “%s”"), g_value_get_string (from)));
  return TRUE;
}

/* When narrow the key stands above the name, which has the whole width then. */
static void
lay_out (GtkWidget *button, gboolean narrow)
{
  GtkWidget *box = gtk_button_get_child (GTK_BUTTON (button));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (box),
                                  narrow ? GTK_ORIENTATION_VERTICAL
                                         : GTK_ORIENTATION_HORIZONTAL);
  gtk_box_set_spacing (GTK_BOX (box), narrow ? 2 : 6);
}

static GtkWidget *
new_class_button (HfClassItem *item)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *badge = hf_badge_new ();
  GtkWidget *name = gtk_label_new (NULL);

  hf_badge_set_item (HF_BADGE (badge), item);
  gtk_widget_set_halign (badge, GTK_ALIGN_CENTER);
  gtk_label_set_ellipsize (GTK_LABEL (name), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (name), 16);
  gtk_label_set_width_chars (GTK_LABEL (name), 3);
  g_object_bind_property (item, "name", name, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property_full (item, "name", button, "tooltip-text",
                               G_BINDING_SYNC_CREATE, to_tooltip, NULL, item,
                               NULL);
  gtk_box_append (GTK_BOX (box), badge);
  gtk_box_append (GTK_BOX (box), name);
  gtk_widget_set_halign (box, GTK_ALIGN_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, name,
                                  NULL, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "label.set");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "x",
                                    hf_class_item_get_id (item));
  /* A click leaves the keys with the pictures. */
  gtk_widget_set_focus_on_click (button, FALSE);
  gtk_widget_add_css_class (button, "class-button");
  return button;
}

static void
show_classes (HfSelectionBar *self)
{
  GListModel *classes = self->workspace != NULL
                            ? hf_workspace_get_classes (self->workspace)
                            : NULL;
  guint n = classes != NULL ? g_list_model_get_n_items (classes) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->classes))) !=
         NULL)
    gtk_box_remove (self->classes, child);
  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);
    GtkWidget *button = new_class_button (item);

    lay_out (button, self->narrow);
    gtk_box_append (self->classes, button);
  }
  /* Where not all fit anyway, names are rather read than seen together. */
  gtk_scrollable_set_hscroll_policy (self->viewport, n > MAX_SQUEEZED
                                                         ? GTK_SCROLL_NATURAL
                                                         : GTK_SCROLL_MINIMUM);
  gtk_widget_set_visible (self->add_class, n == 0);
  gtk_widget_set_visible (self->scroller, n > 0);
}

/* Without the hints, which are shown where nothing is cut for them. */
static void
hf_selection_bar_measure (GtkWidget *widget, GtkOrientation orientation,
                          int for_size, int *minimum, int *natural,
                          int *minimum_baseline, int *natural_baseline)
{
  HfSelectionBar *self = HF_SELECTION_BAR (widget);
  int hints = 0;

  gtk_widget_measure (GTK_WIDGET (self->box), orientation, -1, minimum, natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_VERTICAL)
    return;
  if (gtk_widget_get_visible (self->hints))
    gtk_widget_measure (self->hints, orientation, -1, &hints, NULL, NULL, NULL);
  *minimum = MAX (0, *minimum - hints);
}

static void
hf_selection_bar_size_allocate (GtkWidget *widget, int width, int height,
                                int baseline)
{
  HfSelectionBar *self = HF_SELECTION_BAR (widget);
  int needed;

  gtk_widget_set_visible (self->hints, !self->narrow);
  gtk_widget_measure (GTK_WIDGET (self->box), GTK_ORIENTATION_HORIZONTAL, -1,
                      NULL, &needed, NULL, NULL);
  gtk_widget_set_visible (self->hints, !self->narrow && needed <= width);
  gtk_widget_measure (GTK_WIDGET (self->box), GTK_ORIENTATION_HORIZONTAL, -1,
                      &needed, NULL, NULL, NULL);
  gtk_widget_allocate (GTK_WIDGET (self->box), MAX (width, needed), height,
                       baseline, NULL);
}

static void
set_narrow (HfSelectionBar *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  if (narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  for (GtkWidget *button =
           gtk_widget_get_first_child (GTK_WIDGET (self->classes));
       button != NULL; button = gtk_widget_get_next_sibling (button))
    lay_out (button, narrow);
  gtk_widget_set_visible (GTK_WIDGET (self->count), !narrow);
  gtk_box_set_homogeneous (self->classes, narrow);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
}

static void
hf_selection_bar_set_property (GObject *object, guint id, const GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_NARROW)
    set_narrow (HF_SELECTION_BAR (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
hf_selection_bar_get_property (GObject *object, guint id, GValue *value,
                               GParamSpec *pspec)
{
  if (id == PROP_NARROW)
    g_value_set_boolean (value, HF_SELECTION_BAR (object)->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
hf_selection_bar_dispose (GObject *object)
{
  HfSelectionBar *self = HF_SELECTION_BAR (object);

  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (
        hf_workspace_get_classes (self->workspace), self);
  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (self), HF_TYPE_SELECTION_BAR);
  G_OBJECT_CLASS (hf_selection_bar_parent_class)->dispose (object);
}

static void
hf_selection_bar_class_init (HfSelectionBarClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = hf_selection_bar_set_property;
  object_class->get_property = hf_selection_bar_get_property;
  object_class->dispose = hf_selection_bar_dispose;
  widget_class->measure = hf_selection_bar_measure;
  widget_class->size_allocate = hf_selection_bar_size_allocate;
  props[PROP_NARROW] = g_param_spec_boolean (
      "narrow", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/selection-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, box);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, classes);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, count);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, scroller);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, viewport);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar,
                                        add_class);
  gtk_widget_class_bind_template_child (widget_class, HfSelectionBar, hints);
}

static void
hf_selection_bar_init (HfSelectionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  show_count (self);
}

void
hf_selection_bar_set_workspace (HfSelectionBar *self, HfWorkspace *workspace)
{
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (
        hf_workspace_get_classes (self->workspace), self);
  g_set_object (&self->workspace, workspace);
  if (workspace != NULL)
    g_signal_connect_swapped (hf_workspace_get_classes (workspace),
                              "items-changed", G_CALLBACK (show_classes), self);
  show_classes (self);
}

void
hf_selection_bar_set_n_selected (HfSelectionBar *self, guint n)
{
  self->n_selected = n;
  show_count (self);
}
