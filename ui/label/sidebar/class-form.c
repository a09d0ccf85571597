/* class-form.c: see the header. */
#include "ui/label/sidebar/class-form.h"

#include "ui/application.h"
#include "ui/label/swatch.h"
#include "ui/label/sidebar/class-edits.h"

#include <glib/gi18n.h>

struct _HfClassForm {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkEditable *name, *key;
  GtkLabel *fault;
  GtkToggleButton *good, *defect, *other;
  GtkFlowBox *colours;
  GtkButton *apply;

  HfWorkspace *workspace;
  gint64 class_id;
  char *old_colour;    /* one that is not among those to choose from */
  gboolean own_colour; /* chosen by hand, so that the kind leaves it alone */
  gboolean tried;      /* an empty name is no fault before somebody tried it */
  gboolean filling;
};

enum { ENDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfClassForm, hf_class_form, GTK_TYPE_WIDGET)

static HfClassKind
get_kind (HfClassForm *self)
{
  if (gtk_toggle_button_get_active (self->good))
    return HF_CLASS_GOOD;
  return gtk_toggle_button_get_active (self->defect) ? HF_CLASS_DEFECT
                                                     : HF_CLASS_OTHER;
}

static void
set_kind (HfClassForm *self, HfClassKind kind)
{
  GtkToggleButton *button = kind == HF_CLASS_GOOD     ? self->good
                            : kind == HF_CLASS_DEFECT ? self->defect
                                                      : self->other;

  gtk_toggle_button_set_active (button, TRUE);
}

static const char *
get_colour (HfClassForm *self)
{
  g_autoptr (GList) selected =
      gtk_flow_box_get_selected_children (self->colours);

  return selected != NULL
             ? hf_class_get_colour (
                   (guint) gtk_flow_box_child_get_index (selected->data))
             : self->old_colour;
}

static void
set_colour (HfClassForm *self, const char *colour)
{
  gtk_flow_box_unselect_all (self->colours);
  for (guint i = 0; hf_class_get_colour (i) != NULL; i++)
    if (g_ascii_strcasecmp (hf_class_get_colour (i), colour) == 0)
      gtk_flow_box_select_child (
          self->colours,
          gtk_flow_box_get_child_at_index (self->colours, (int) i));
}

/* Valid until something is typed. */
static HfClassWish
make_wish (HfClassForm *self, char **name)
{
  *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  return (HfClassWish){.id = self->class_id,
                       .name = *name,
                       .kind = get_kind (self),
                       .colour = get_colour (self),
                       .key = gtk_editable_get_text (self->key)};
}

static void
show_fault (HfClassForm *self, const char *fault)
{
  gtk_label_set_text (self->fault, fault != NULL ? fault : "");
  gtk_widget_set_visible (GTK_WIDGET (self->fault), fault != NULL);
}

static gboolean
check (HfClassForm *self)
{
  g_autofree char *name = NULL;
  HfClassWish wish = make_wish (self, &name);
  g_autofree char *fault = hf_class_wish_dup_fault (&wish, self->workspace);
  gboolean blank = *name == '\0' && !self->tried;

  show_fault (self, blank ? NULL : fault);
  gtk_widget_set_sensitive (GTK_WIDGET (self->apply),
                            fault == NULL || !self->tried);
  return fault == NULL;
}

static void
check_cb (HfClassForm *self)
{
  if (!self->filling)
    check (self);
}

static void
kind_cb (HfClassForm *self, GtkToggleButton *button)
{
  if (self->filling || !gtk_toggle_button_get_active (button))
    return;
  if (self->class_id == 0 && !self->own_colour)
    set_colour (self,
                hf_class_propose_colour (self->workspace, get_kind (self)));
}

static void
colour_cb (HfClassForm *self)
{
  self->own_colour = TRUE;
}

static void
granted_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  HfClassForm *self = data;

  gtk_widget_set_sensitive (self->box, TRUE);
  if (error != NULL)
    show_fault (self, error->message);
  else
    g_signal_emit (self, signals[ENDED], 0);
}

static void
apply_cb (HfClassForm *self)
{
  g_autofree char *name = NULL;
  HfClassWish wish;

  self->tried = TRUE;
  if (!check (self))
    return;
  wish = make_wish (self, &name);
  gtk_widget_set_sensitive (self->box, FALSE);
  hf_class_wish_grant (&wish, self->workspace, granted_cb, g_object_ref (self),
                       g_object_unref);
}

static void
cancel_cb (HfClassForm *self)
{
  g_signal_emit (self, signals[ENDED], 0);
}

static gboolean
escape_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  cancel_cb (HF_CLASS_FORM (widget));
  return TRUE;
}

static void
hf_class_form_dispose (GObject *object)
{
  HfClassForm *self = HF_CLASS_FORM (object);

  g_clear_object (&self->workspace);
  gtk_widget_dispose_template (GTK_WIDGET (self), HF_TYPE_CLASS_FORM);
  G_OBJECT_CLASS (hf_class_form_parent_class)->dispose (object);
}

static void
hf_class_form_finalize (GObject *object)
{
  g_free (HF_CLASS_FORM (object)->old_colour);
  G_OBJECT_CLASS (hf_class_form_parent_class)->finalize (object);
}

static void
hf_class_form_class_init (HfClassFormClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->dispose = hf_class_form_dispose;
  object_class->finalize = hf_class_form_finalize;
  signals[ENDED] = g_signal_new ("ended", HF_TYPE_CLASS_FORM, G_SIGNAL_RUN_LAST,
                                 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/sidebar/class-form.ui");
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, box);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, name);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, key);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, fault);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, good);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, defect);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, other);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, colours);
  gtk_widget_class_bind_template_child (widget_class, HfClassForm, apply);
  gtk_widget_class_bind_template_callback (widget_class, check_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb,
                                NULL);
}

static void
add_swatches (HfClassForm *self)
{
  for (guint i = 0; hf_class_get_colour (i) != NULL; i++) {
    GtkWidget *swatch = hf_swatch_new (hf_class_get_colour (i));
    GtkWidget *child = gtk_flow_box_child_new ();

    gtk_widget_set_halign (swatch, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text (child, hf_class_get_colour_name (i));
    gtk_accessible_update_property (GTK_ACCESSIBLE (child),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    hf_class_get_colour_name (i), -1);
    gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), swatch);
    gtk_flow_box_append (self->colours, child);
  }
}

static void
hf_class_form_init (HfClassForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_swatches (self);
  g_signal_connect_swapped (self->colours, "child-activated",
                            G_CALLBACK (colour_cb), self);
}

/* A project's first class is the good one, the others are what to look for. */
static HfClassKind
propose_kind (HfWorkspace *workspace)
{
  GListModel *classes = hf_workspace_get_classes (workspace);

  for (guint i = 0; i < g_list_model_get_n_items (classes); i++) {
    g_autoptr (HfClassItem) item = g_list_model_get_item (classes, i);

    if (hf_class_item_get_kind (item) == HF_CLASS_GOOD)
      return HF_CLASS_DEFECT;
  }
  return HF_CLASS_GOOD;
}

static void
fill (HfClassForm *self, HfClassItem *item)
{
  HfClassKind kind = item != NULL ? hf_class_item_get_kind (item)
                                  : propose_kind (self->workspace);
  g_autofree char *key = item != NULL ? g_strdup (hf_class_item_get_key (item))
                                      : hf_class_propose_key (self->workspace);

  g_free (self->old_colour);
  self->old_colour =
      g_strdup (item != NULL ? hf_class_item_get_colour (item)
                             : hf_class_propose_colour (self->workspace, kind));
  gtk_editable_set_text (self->name,
                         item != NULL ? hf_class_item_get_name (item) : "");
  gtk_editable_set_text (self->key, key != NULL ? key : "");
  set_kind (self, kind);
  set_colour (self, self->old_colour);
  gtk_button_set_label (self->apply, item != NULL ? _ ("Apply") : _ ("Add"));
}

void
hf_class_form_begin (HfClassForm *self, HfWorkspace *workspace,
                     HfClassItem *item, const char *part)
{
  GtkWidget *focus = GTK_WIDGET (self->name);

  g_set_object (&self->workspace, workspace);
  self->class_id = item != NULL ? hf_class_item_get_id (item) : 0;
  self->own_colour = self->tried = FALSE;
  self->filling = TRUE;
  fill (self, item);
  self->filling = FALSE;
  check (self);
  if (g_strcmp0 (part, "key") == 0)
    focus = GTK_WIDGET (self->key);
  else if (g_strcmp0 (part, "colour") == 0)
    focus = GTK_WIDGET (self->colours);
  gtk_widget_grab_focus (focus);
}
