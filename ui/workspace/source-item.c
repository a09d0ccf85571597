/* source-item.c: see the header. */
#include "ui/workspace/items-private.h"

#include "base/path.h"

struct _HfSourceItem {
  GObject parent_instance;
  gint64 id;
  char *folder, *name;
  gboolean found, deaf;
  guint n_links;
};

enum {
  PROP_ID = 1,
  PROP_FOLDER,
  PROP_NAME,
  PROP_FOUND,
  PROP_DEAF,
  PROP_N_LINKS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfSourceItem, hf_source_item, G_TYPE_OBJECT)

static void
hf_source_item_get_property (GObject *object, guint id, GValue *value,
                             GParamSpec *pspec)
{
  HfSourceItem *self = HF_SOURCE_ITEM (object);

  switch (id) {
  case PROP_ID:
    g_value_set_int64 (value, self->id);
    break;
  case PROP_FOLDER:
    g_value_set_string (value, self->folder);
    break;
  case PROP_NAME:
    g_value_set_string (value, self->name);
    break;
  case PROP_FOUND:
    g_value_set_boolean (value, self->found);
    break;
  case PROP_DEAF:
    g_value_set_boolean (value, self->deaf);
    break;
  case PROP_N_LINKS:
    g_value_set_uint (value, self->n_links);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_source_item_finalize (GObject *object)
{
  HfSourceItem *self = HF_SOURCE_ITEM (object);

  g_free (self->folder);
  g_free (self->name);
  G_OBJECT_CLASS (hf_source_item_parent_class)->finalize (object);
}

static void
hf_source_item_class_init (HfSourceItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = hf_source_item_get_property;
  object_class->finalize = hf_source_item_finalize;
  props[PROP_ID] =
      g_param_spec_int64 ("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_FOUND] = g_param_spec_boolean ("found", NULL, NULL, FALSE, flags);
  props[PROP_DEAF] = g_param_spec_boolean ("deaf", NULL, NULL, FALSE, flags);
  props[PROP_N_LINKS] =
      g_param_spec_uint ("n-links", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_source_item_init (HfSourceItem *self)
{
}

HfSourceItem *
hf_source_item_new (gint64 id)
{
  HfSourceItem *self = g_object_new (HF_TYPE_SOURCE_ITEM, NULL);

  self->id = id;
  return self;
}

gboolean
hf_source_item_update (HfSourceItem *self, const char *folder, gboolean found)
{
  gboolean changed = FALSE;

  if (g_strcmp0 (self->folder, folder) != 0) {
    g_free (self->folder);
    g_free (self->name);
    self->folder = g_strdup (folder);
    self->name = hf_path_dup_shown (folder);
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOLDER]);
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NAME]);
    changed = TRUE;
  }
  if (self->found != found) {
    self->found = found;
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FOUND]);
    changed = TRUE;
  }
  return changed;
}

void
hf_source_item_set_manner (HfSourceItem *self, gboolean deaf, guint n_links)
{
  gboolean was_deaf = self->deaf;
  guint n_before = self->n_links;

  self->deaf = deaf;
  self->n_links = n_links;
  if (was_deaf != deaf)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DEAF]);
  if (n_before != n_links)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_LINKS]);
}

gint64
hf_source_item_get_id (HfSourceItem *self)
{
  return self->id;
}

const char *
hf_source_item_get_folder (HfSourceItem *self)
{
  return self->folder;
}

const char *
hf_source_item_get_name (HfSourceItem *self)
{
  return self->name;
}

gboolean
hf_source_item_get_found (HfSourceItem *self)
{
  return self->found;
}

gboolean
hf_source_item_get_deaf (HfSourceItem *self)
{
  return self->deaf;
}

guint
hf_source_item_get_n_links (HfSourceItem *self)
{
  return self->n_links;
}
