/* template-row.c: see the header. */
#include "ui/prompts/template-row.h"

#include "app/charts/wording.h"
#include "ui/application.h"
#include "ui/prompts/effect-bar.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* Of a long text as much is seen: more than half of a page that has two
 * columns, so that it has one then, and less than the least wide one. */
#define SEEN_CHARS 38

struct _HfTemplateRow {
  GtkListBoxRow parent_instance;

  GtkWidget *handle, *effect;
  GtkBox *middle;
  GtkCheckButton *check;
  /* Text that is edited has one line. Where that is too narrow to read, it is
   * shown whole until somebody wants to edit it. */
  GtkStack *stack;
  GtkText *text;
  GtkWidget *whole;
  GtkLabel *whole_label;
  GtkLabel *count, *number, *problem;
  HfEffectBar *bar;

  char *stored; /* what the project has */
  char *sent;   /* what was committed last, or NULL */
  gboolean narrow;
  gboolean showing; /* what changes now is not the user's doing */
};

enum { EDITED, COMMITTED, TOGGLED, REMOVED, MOVED, DROPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfTemplateRow, hf_template_row, GTK_TYPE_LIST_BOX_ROW)

/* The text. */

PangoAttrList *
hf_template_dup_attributes (GtkWidget *widget, const char *text)
{
  PangoAttrList *list = pango_attr_list_new ();
  GdkRGBA accent = {0, 0, 0, 1};
  const char *open = text;

  gtk_style_context_lookup_color (gtk_widget_get_style_context (widget),
                                  "accent_color", &accent);
  while ((open = strchr (open, '{')) != NULL) {
    const char *close = strchr (open, '}');
    PangoAttribute *attributes[2];

    if (close == NULL)
      break;
    attributes[0] = pango_attr_foreground_new ((guint16) (accent.red * 65535),
                                               (guint16) (accent.green * 65535),
                                               (guint16) (accent.blue * 65535));
    attributes[1] = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
    for (guint i = 0; i < G_N_ELEMENTS (attributes); i++) {
      attributes[i]->start_index = (guint) (open - text);
      attributes[i]->end_index = (guint) (close + 1 - text);
      pango_attr_list_insert (list, attributes[i]);
    }
    open = close;
  }
  return list;
}

static void
colour_places (HfTemplateRow *self)
{
  g_autoptr (PangoAttrList) attributes = hf_template_dup_attributes (
      GTK_WIDGET (self), hf_template_row_get_text (self));

  gtk_text_set_attributes (self->text, attributes);
  gtk_label_set_attributes (self->whole_label, attributes);
}

static void
show_whole (HfTemplateRow *self, gboolean whole)
{
  gtk_stack_set_visible_child (self->stack,
                               whole ? self->whole : GTK_WIDGET (self->text));
}

static void
claim_room (HfTemplateRow *self)
{
  glong n = g_utf8_strlen (hf_template_row_get_text (self), -1);

  gtk_editable_set_width_chars (GTK_EDITABLE (self->text),
                                self->narrow ? -1 : (int) MIN (n, SEEN_CHARS));
}

static void
edit_cb (HfTemplateRow *self)
{
  show_whole (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->text));
}

static void
changed_cb (HfTemplateRow *self)
{
  gtk_label_set_text (self->whole_label, hf_template_row_get_text (self));
  claim_room (self);
  colour_places (self);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->text),
                               hf_template_row_get_text (self));
  if (self->showing)
    return;
  g_clear_pointer (&self->sent, g_free);
  g_signal_emit (self, signals[EDITED], 0);
}

static void
set_text (HfTemplateRow *self, const char *text)
{
  self->showing = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->text), text);
  self->showing = FALSE;
}

/* Enter and the keyboard going on may both say the same. An empty text takes
 * the edit back: removing has a button of its own. */
static void
commit_cb (HfTemplateRow *self)
{
  const char *text = hf_template_row_get_text (self);

  if (*text == '\0')
    set_text (self, self->stored);
  else if (!g_str_equal (text, self->stored) &&
           g_strcmp0 (text, self->sent) != 0) {
    g_free (self->sent);
    self->sent = g_strdup (text);
    g_signal_emit (self, signals[COMMITTED], 0, self->sent);
  }
}

/* The keyboard goes on. */
static void
left_cb (HfTemplateRow *self)
{
  commit_cb (self);
  show_whole (self, self->narrow);
}

static gboolean
key_cb (HfTemplateRow *self, guint key, guint code, GdkModifierType state)
{
  if (key != GDK_KEY_Escape ||
      g_str_equal (hf_template_row_get_text (self), self->stored))
    return GDK_EVENT_PROPAGATE;
  gtk_editable_set_text (GTK_EDITABLE (self->text), self->stored);
  return GDK_EVENT_STOP;
}

static void
toggled_cb (HfTemplateRow *self)
{
  if (!self->showing)
    g_signal_emit (self, signals[TOGGLED], 0,
                   gtk_check_button_get_active (self->check));
}

static void
remove_cb (HfTemplateRow *self)
{
  g_signal_emit (self, signals[REMOVED], 0);
}

/* Its place. */

static gboolean
move_cb (GtkWidget *widget, GVariant *by, gpointer unused)
{
  g_signal_emit (widget, signals[MOVED], 0, g_variant_get_int32 (by));
  return TRUE;
}

static GdkContentProvider *
prepare_cb (GtkDragSource *source, double x, double y, HfTemplateRow *self)
{
  return gdk_content_provider_new_typed (HF_TYPE_TEMPLATE_ROW, self);
}

static void
drag_begin_cb (GtkDragSource *source, GdkDrag *drag, HfTemplateRow *self)
{
  GdkPaintable *paintable = gtk_widget_paintable_new (GTK_WIDGET (self));

  gtk_drag_source_set_icon (source, paintable, 0, 0);
  g_object_unref (paintable);
}

static gboolean
drop_cb (GtkDropTarget *target, const GValue *value, double x, double y,
         HfTemplateRow *self)
{
  HfTemplateRow *other = g_value_get_object (value);

  if (other == self || gtk_widget_get_parent (GTK_WIDGET (other)) !=
                           gtk_widget_get_parent (GTK_WIDGET (self)))
    return FALSE;
  g_signal_emit (self, signals[DROPPED], 0, other);
  return TRUE;
}

static void
accept_drags (HfTemplateRow *self)
{
  GtkDragSource *source = gtk_drag_source_new ();
  GtkDropTarget *target =
      gtk_drop_target_new (HF_TYPE_TEMPLATE_ROW, GDK_ACTION_MOVE);

  gtk_drag_source_set_actions (source, GDK_ACTION_MOVE);
  g_signal_connect (source, "prepare", G_CALLBACK (prepare_cb), self);
  g_signal_connect (source, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  gtk_widget_add_controller (self->handle, GTK_EVENT_CONTROLLER (source));
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* The object. */

static void
hf_template_row_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (hf_template_row_parent_class)->css_changed (widget, change);
  if (HF_TEMPLATE_ROW (widget)->text != NULL)
    colour_places (HF_TEMPLATE_ROW (widget));
}

static void
hf_template_row_finalize (GObject *object)
{
  HfTemplateRow *self = HF_TEMPLATE_ROW (object);

  g_free (self->stored);
  g_free (self->sent);
  G_OBJECT_CLASS (hf_template_row_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, guint n, GType type)
{
  return g_signal_new (name, HF_TYPE_TEMPLATE_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                       NULL, NULL, G_TYPE_NONE, n, type);
}

static void
bind_children (GtkWidgetClass *class)
{
#define BIND(child) \
  gtk_widget_class_bind_template_child (class, HfTemplateRow, child)
  BIND (handle);
  BIND (effect);
  BIND (middle);
  BIND (check);
  BIND (stack);
  BIND (text);
  BIND (whole);
  BIND (whole_label);
  BIND (count);
  BIND (number);
  BIND (problem);
  BIND (bar);
#undef BIND
}

static void
hf_template_row_class_init (HfTemplateRowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->finalize = hf_template_row_finalize;
  widget_class->css_changed = hf_template_row_css_changed;
  signals[EDITED] = new_signal ("edited", 0, G_TYPE_NONE);
  signals[COMMITTED] = new_signal ("committed", 1, G_TYPE_STRING);
  signals[TOGGLED] = new_signal ("toggled", 1, G_TYPE_BOOLEAN);
  signals[REMOVED] = new_signal ("removed", 0, G_TYPE_NONE);
  signals[MOVED] = new_signal ("moved", 1, G_TYPE_INT);
  signals[DROPPED] = new_signal ("dropped", 1, HF_TYPE_TEMPLATE_ROW);
  g_type_ensure (HF_TYPE_EFFECT_BAR);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Up, GDK_ALT_MASK, move_cb,
                                "i", -1);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_ALT_MASK,
                                move_cb, "i", 1);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/prompts/template-row.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, commit_cb);
  gtk_widget_class_bind_template_callback (widget_class, edit_cb);
  gtk_widget_class_bind_template_callback (widget_class, toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
hf_template_row_init (HfTemplateRow *self)
{
  GtkEventController *focus = gtk_event_controller_focus_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->stored = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text), focus);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->text), keys);
  accept_drags (self);
}

GtkWidget *
hf_template_row_new (void)
{
  return g_object_new (HF_TYPE_TEMPLATE_ROW, NULL);
}

void
hf_template_row_show (HfTemplateRow *self, const char *text, gboolean enabled)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gboolean is_edited =
      !g_str_equal (hf_template_row_get_text (self), self->stored);

  g_clear_pointer (&self->sent, g_free);
  if (!g_str_equal (self->stored, valid)) {
    g_free (self->stored);
    self->stored = g_strdup (valid);
    is_edited = is_edited && gtk_widget_has_focus (GTK_WIDGET (self->text));
  }
  if (!is_edited)
    set_text (self, valid);
  self->showing = TRUE;
  gtk_check_button_set_active (self->check, enabled);
  self->showing = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, valid, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->whole),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, valid, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Template"), -1);
}

const char *
hf_template_row_get_stored (HfTemplateRow *self)
{
  return self->stored;
}

const char *
hf_template_row_get_text (HfTemplateRow *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->text));
}

gboolean
hf_template_row_get_enabled (HfTemplateRow *self)
{
  return gtk_check_button_get_active (self->check);
}

void
hf_template_row_set_count (HfTemplateRow *self, int n_prompts)
{
  g_autofree char *text =
      n_prompts < 0 ? g_strdup ("")
                    : g_strdup_printf (ngettext ("%d prompt", "%d prompts",
                                                 (gulong) n_prompts),
                                       n_prompts);

  gtk_label_set_label (self->count, text);
}

void
hf_template_row_set_problem (HfTemplateRow *self, const char *problem)
{
  gtk_label_set_label (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

static char *
dup_signed (double pictures)
{
  return hf_wording_dup_signed (lround (pictures), TRUE);
}

static char *
dup_words (const HfTemplateEffect *effect)
{
  const HfPairedChange *change = &effect->change;
  g_autofree char *low = NULL;
  g_autofree char *high = NULL;
  g_autofree char *rates = NULL;

  if (change->n == 0)
    return g_strdup (_("It is the only template in use."));
  rates = g_strdup_printf (
      /* Translators: pictures: "Right 55 of 78 with it, 51 without it." */
      _("Right %d of %d with it, %d without it."), (int) effect->with.k,
         (int) effect->with.n, (int) effect->without.k);
  if (!isfinite (change->low) || !isfinite (change->high))
    return g_steal_pointer (&rates);
  low = dup_signed (change->low * (double) change->n);
  high = dup_signed (change->high * (double) change->n);
  /* Translators: a sentence, and the ends of an interval, "-1", "+9". */
  return g_strdup_printf (_("%s Between %s and %s more right answers."), rates,
                             low, high);
}

void
hf_template_row_set_effect (HfTemplateRow *self, const HfTemplateEffect *effect,
                            double reach)
{
  const HfPairedChange *change = effect != NULL ? &effect->change : NULL;
  HfEffectKind kind = hf_effect_kind_get (change);
  g_autofree char *number =
      kind == HF_EFFECT_NONE
          ? g_strdup ("")
          : dup_signed ((double) (change->gained - change->lost));
  g_autofree char *words = effect != NULL ? dup_words (effect) : NULL;

  hf_effect_bar_set (self->bar, change, reach);
  gtk_label_set_label (self->number, number);
  if (kind == HF_EFFECT_UNCLEAR) {
    gtk_widget_remove_css_class (GTK_WIDGET (self->number), "heading");
    gtk_widget_add_css_class (GTK_WIDGET (self->number), "quiet");
  } else {
    gtk_widget_remove_css_class (GTK_WIDGET (self->number), "quiet");
    gtk_widget_add_css_class (GTK_WIDGET (self->number), "heading");
  }
  gtk_widget_set_tooltip_text (self->effect, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->number),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  words != NULL ? words : "", -1);
}

void
hf_template_row_set_narrow (HfTemplateRow *self, gboolean narrow)
{
  self->narrow = narrow;
  claim_room (self);
  if (!gtk_widget_has_focus (GTK_WIDGET (self->text)))
    show_whole (self, narrow);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->middle),
                                  narrow ? GTK_ORIENTATION_VERTICAL
                                         : GTK_ORIENTATION_HORIZONTAL);
}
