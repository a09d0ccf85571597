/* notice.c: see the header. */
#include "ui/window/notice.h"

#include "ui/application.h"

struct _HfNotice {
  GtkWidget parent_instance;

  GtkWidget *revealer, *button;

  char *text, *button_label, *action_name;
};

enum { PROP_TEXT = 1, PROP_BUTTON_LABEL, PROP_ACTION_NAME, N_PROPS };

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfNotice, hf_notice, GTK_TYPE_WIDGET)

static char **
get_field (HfNotice *self, guint id)
{
  switch (id) {
  case PROP_TEXT:
    return &self->text;
  case PROP_BUTTON_LABEL:
    return &self->button_label;
  default:
    return &self->action_name;
  }
}

static void
hf_notice_get_property (GObject *object, guint id, GValue *value,
                        GParamSpec *pspec)
{
  g_value_set_string (value, *get_field (HF_NOTICE (object), id));
}

static void
hf_notice_set_property (GObject *object, guint id, const GValue *value,
                        GParamSpec *pspec)
{
  HfNotice *self = HF_NOTICE (object);
  char **field = get_field (self, id);

  if (g_strcmp0 (*field, g_value_get_string (value)) == 0)
    return;
  g_free (*field);
  *field = g_value_dup_string (value);
  /* While the strip slides away it keeps its words. */
  if (id != PROP_TEXT || self->text != NULL)
    g_object_notify_by_pspec (object, pspec);
  gtk_revealer_set_reveal_child (GTK_REVEALER (self->revealer),
                                 self->text != NULL);
  gtk_widget_set_visible (self->button, self->action_name != NULL);
}

static void
hf_notice_dispose (GObject *object)
{
  HfNotice *self = HF_NOTICE (object);

  g_clear_pointer (&self->revealer, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_notice_parent_class)->dispose (object);
}

static void
hf_notice_finalize (GObject *object)
{
  HfNotice *self = HF_NOTICE (object);

  g_free (self->text);
  g_free (self->button_label);
  g_free (self->action_name);
  G_OBJECT_CLASS (hf_notice_parent_class)->finalize (object);
}

static void
hf_notice_class_init (HfNoticeClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = hf_notice_get_property;
  object_class->set_property = hf_notice_set_property;
  object_class->dispose = hf_notice_dispose;
  object_class->finalize = hf_notice_finalize;
  props[PROP_TEXT] = g_param_spec_string ("text", NULL, NULL, NULL, flags);
  props[PROP_BUTTON_LABEL] =
      g_param_spec_string ("button-label", NULL, NULL, NULL, flags);
  props[PROP_ACTION_NAME] =
      g_param_spec_string ("action-name", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/window/notice.ui");
  gtk_widget_class_bind_template_child (widget_class, HfNotice, revealer);
  gtk_widget_class_bind_template_child (widget_class, HfNotice, button);
}

static void
hf_notice_init (HfNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->button, FALSE);
}

void
hf_notice_set_text (HfNotice *self, const char *text)
{
  g_object_set (self, "text", text, NULL);
}
