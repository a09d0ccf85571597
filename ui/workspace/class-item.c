/* class-item.c: see the header. */
#include "ui/workspace/items-private.h"

#include <string.h>

#define LINE_BREAK 0x21b5 /* an arrow down and to the left */
#define CONTROL 0xfffd    /* as for bytes that are no text */

struct _HfClassItem {
  GObject parent_instance;
  gint64 id;
  char *raw; /* the name as it is in the project, any bytes */
  char *name, *colour, *key;
  HfClassKind kind;
  guint n_labels;
};

enum {
  PROP_ID = 1,
  PROP_NAME,
  PROP_KIND,
  PROP_COLOUR,
  PROP_KEY,
  PROP_N_LABELS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfClassItem, hf_class_item, G_TYPE_OBJECT)

static void
hf_class_item_get_property (GObject *object, guint id, GValue *value,
                            GParamSpec *pspec)
{
  HfClassItem *self = HF_CLASS_ITEM (object);

  switch (id) {
  case PROP_ID:
    g_value_set_int64 (value, self->id);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_KIND:
    g_value_set_int (value, (int) self->kind);
    break;
  case PROP_COLOUR:
    g_value_set_string (value, self->colour);
    break;
  case PROP_KEY:
    g_value_set_string (value, self->key);
    break;
  case PROP_N_LABELS:
    g_value_set_uint (value, self->n_labels);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_class_item_finalize (GObject *object)
{
  HfClassItem *self = HF_CLASS_ITEM (object);

  g_free (self->raw);
  g_free (self->name);
  g_free (self->colour);
  g_free (self->key);
  G_OBJECT_CLASS (hf_class_item_parent_class)->finalize (object);
}

static void
hf_class_item_class_init (HfClassItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = hf_class_item_get_property;
  object_class->finalize = hf_class_item_finalize;
  props[PROP_ID] =
      g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_KIND] =
      g_param_spec_int ("kind", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_COLOUR] = g_param_spec_string ("colour", NULL, NULL, NULL, flags);
  props[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  props[PROP_N_LABELS] =
      g_param_spec_uint ("n-labels", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_class_item_init (HfClassItem *self)
{
}

static void
set_text (HfClassItem *self, char **field, const char *text, int prop)
{
  if (g_strcmp0 (*field, text) == 0)
    return;
  g_free (*field);
  *field = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

char *
hf_class_dup_shown_name (const char *raw)
{
  g_autofree char *valid = g_utf8_make_valid (raw, -1);
  GString *shown = g_string_new (NULL);
  gboolean blank = TRUE;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    blank = blank && g_unichar_isspace (c);
    if (c == '\n')
      c = LINE_BREAK;
    else if (g_unichar_iscntrl (c))
      c = CONTROL;
    g_string_append_unichar (shown, c);
  }
  if (blank)
    g_string_prepend_unichar (g_string_append_unichar (shown, '"'), '"');
  return g_string_free (shown, FALSE);
}

HfClassItem *
hf_class_item_new (const HfProjectClass *class)
{
  HfClassItem *self = g_object_new (HF_TYPE_CLASS_ITEM, NULL);

  self->id = class->id;
  hf_class_item_update (self, class);
  return self;
}

gboolean
hf_class_item_update (HfClassItem *self, const HfProjectClass *class)
{
  g_autofree char *name = hf_class_dup_shown_name (class->name);
  gboolean changed =
      g_strcmp0 (self->raw, class->name) != 0 || self->kind != class->kind;

  g_free (self->raw);
  self->raw = g_strdup (class->name);
  set_text (self, &self->name, name, PROP_NAME);
  set_text (self, &self->colour, class->colour, PROP_COLOUR);
  set_text (self, &self->key, class->key, PROP_KEY);
  if (self->kind != class->kind) {
    self->kind = class->kind;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_KIND]);
  }
  return changed;
}

void
hf_class_item_set_n_labels (HfClassItem *self, guint n_labels)
{
  if (self->n_labels == n_labels)
    return;
  self->n_labels = n_labels;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_LABELS]);
}

gint64
hf_class_item_get_id (HfClassItem *self)
{
  return self->id;
}

const char *
hf_class_item_get_name (HfClassItem *self)
{
  return self->name;
}

const char *
hf_class_item_get_raw_name (HfClassItem *self)
{
  return self->raw;
}

HfClassKind
hf_class_item_get_kind (HfClassItem *self)
{
  return self->kind;
}

const char *
hf_class_item_get_colour (HfClassItem *self)
{
  return self->colour;
}

const char *
hf_class_item_get_key (HfClassItem *self)
{
  return self->key;
}

guint
hf_class_item_get_n_labels (HfClassItem *self)
{
  return self->n_labels;
}
