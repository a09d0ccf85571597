/* rate-row.c: see the header. */
#include "ui/widgets/rate-row.h"

#include "app/charts/wording.h"
#include "ui/application.h"
#include "ui/widgets/whisker.h"

#include <glib/gi18n.h>

struct _HfRateRow {
  GtkWidget parent_instance;
  GtkWidget *words, *numbers;
  GtkLabel *title, *gloss, *count, *percent, *interval;
  HfWhisker *whisker;
  gboolean compact;
};

enum { PROP_TITLE = 1, PROP_GLOSS, PROP_AXIS, PROP_COMPACT, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfRateRow, hf_rate_row, GTK_TYPE_WIDGET)

static void
set_compact (HfRateRow *self, gboolean compact)
{
  self->compact = compact;
  gtk_widget_set_visible (GTK_WIDGET (self->gloss), !compact);
  gtk_widget_set_visible (GTK_WIDGET (self->interval), !compact);
  gtk_widget_set_hexpand (GTK_WIDGET (self->count), !compact);
  if (compact) {
    gtk_widget_add_css_class (GTK_WIDGET (self), "compact");
    gtk_widget_add_css_class (GTK_WIDGET (self->percent), "quiet");
  }
}

static void
hf_rate_row_set_property (GObject *object, guint id, const GValue *value,
                          GParamSpec *pspec)
{
  HfRateRow *self = HF_RATE_ROW (object);

  switch (id) {
  case PROP_TITLE:
    gtk_label_set_text (self->title, g_value_get_string (value));
    break;
  case PROP_GLOSS:
    gtk_label_set_text (self->gloss, g_value_get_string (value));
    break;
  case PROP_AXIS:
    hf_whisker_set_axis (self->whisker, g_value_get_boolean (value));
    break;
  case PROP_COMPACT:
    set_compact (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_rate_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), HF_TYPE_RATE_ROW);
  G_OBJECT_CLASS (hf_rate_row_parent_class)->dispose (object);
}

static void
hf_rate_row_class_init (HfRateRowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = hf_rate_row_set_property;
  object_class->dispose = hf_rate_row_dispose;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, "", flags);
  props[PROP_GLOSS] = g_param_spec_string ("gloss", NULL, NULL, "", flags);
  props[PROP_AXIS] = g_param_spec_boolean ("axis", NULL, NULL, FALSE, flags);
  props[PROP_COMPACT] =
      g_param_spec_boolean ("compact", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  g_type_ensure (HF_TYPE_WHISKER);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/widgets/rate-row.ui");
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, words);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, numbers);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, title);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, gloss);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, count);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, percent);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, interval);
  gtk_widget_class_bind_template_child (widget_class, HfRateRow, whisker);
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
hf_rate_row_init (HfRateRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* At none of n the bound stands alone, without brackets. */
static char *
dup_interval (const HfRate *rate, const char *percent)
{
  g_autofree char *interval = hf_wording_dup_interval (rate);

  return *percent != '\0' && *interval != '\0'
             ? g_strdup_printf ("(%s)", interval)
             : g_steal_pointer (&interval);
}

void
hf_rate_row_set_rate (HfRateRow *self, const HfRate *rate, double goal,
                      double top)
{
  const HfRate none = {0};
  const HfRate *shown = rate != NULL ? rate : &none;
  g_autofree char *count = hf_wording_dup_count (shown);
  g_autofree char *percent = hf_wording_dup_rate (shown);
  g_autofree char *interval = dup_interval (shown, percent);
  g_autofree char *sentence = hf_wording_dup_sentence (shown);
  g_autofree char *spoken =
      g_strdup_printf ("%s: %s", gtk_label_get_text (self->title), sentence);

  gtk_label_set_text (self->count, shown->n > 0 ? count : "–");
  /* Where there is no room for both, the bound stands for the rate. */
  gtk_label_set_text (self->percent,
                      self->compact && *percent == '\0' ? interval : percent);
  gtk_label_set_text (self->interval, interval);
  hf_whisker_set_rate (self->whisker, rate, goal, top);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
