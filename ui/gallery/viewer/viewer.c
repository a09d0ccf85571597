/* viewer.c: see the header; the picture and its place in the list. */
#include "ui/gallery/viewer/viewer-private.h"

#include "base/path.h"
#include "ui/gallery/thumbnailer.h"
#include "ui/gallery/words.h"

#include <glib/gi18n.h>

#define RESOURCE "/io/github/handful_app/Handful/gallery/viewer/viewer.ui"

enum { PROP_SHOWS_FRAMING = 1, PROP_SHOWS_EDGES, N_PROPS };
enum { PICTURE_CHANGED, LEFT, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfViewer, hf_viewer, GTK_TYPE_WIDGET)

static guint
count_pictures (HfViewer *self)
{
  return self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
}

static gboolean
is_at (HfViewer *self, guint place)
{
  g_autoptr (HfPicture) picture =
      self->model != NULL ? g_list_model_get_item (self->model, place) : NULL;

  return picture != NULL && picture == self->picture;
}

/* Finds the picture's place again; one that has gone keeps its old one. */
static void
find_place (HfViewer *self)
{
  guint n = count_pictures (self);

  if (self->picture == NULL || is_at (self, self->place))
    return;
  for (guint i = 0; i < n; i++)
    if (is_at (self, i)) {
      self->place = i;
      return;
    }
}

static void
update_actions (HfViewer *self)
{
  guint n = count_pictures (self);
  gboolean is_listed = is_at (self, self->place);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "viewer.previous",
                                 self->place > 0 && n > 0);
  gtk_widget_action_set_enabled (widget, "viewer.next",
                                 self->place + (is_listed ? 1 : 0) < n);
}

void
hf_viewer_update_texts (HfViewer *self)
{
  g_autofree char *folder = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *size = NULL;
  g_autofree char *subtitle = NULL;
  const HfPictureInfo *info;

  if (self->picture == NULL)
    return;
  info = hf_picture_get_info (self->picture);
  folder = g_path_get_dirname (info->path);
  shown = hf_path_dup_shown (folder);
  size = hf_words_dup_size (self->width, self->height, self->size_bytes);
  subtitle = *size != '\0' ? g_strdup_printf ("%s · %s", shown, size)
                           : g_strdup (shown);
  gtk_label_set_text (self->title, info->name);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), subtitle);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->canvas),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, info->name,
                                  -1);
}

static void
view_changed_cb (HfViewer *self)
{
  double scale = hf_canvas_get_scale (self->canvas);
  /* Translators: how large a picture is shown, as 150 %. */
  g_autofree char *text =
      g_strdup_printf (_("%d %%"), (int) (scale * 100 + 0.5));

  gtk_label_set_text (self->zoom, text);
}

static void
items_changed_cb (HfViewer *self)
{
  find_place (self);
  hf_film_strip_show (self->strip, self->place);
  update_actions (self);
}

static void
picked_cb (HfFilmStrip *strip, guint place, HfViewer *self)
{
  g_autoptr (HfPicture) picture = g_list_model_get_item (self->model, place);

  if (picture == NULL || picture == self->picture)
    return;
  self->place = place;
  hf_viewer_set_picture (self, picture);
  g_signal_emit (self, signals[PICTURE_CHANGED], 0);
}

static void
set_flag (HfViewer *self, gboolean *flag, gboolean value, int prop)
{
  if (*flag == value)
    return;
  *flag = value;
  hf_viewer_update_framing (self);
  hf_canvas_set_edges (self->canvas, self->shows_edges);
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
hf_viewer_set_property (GObject *object, guint id, const GValue *value,
                        GParamSpec *pspec)
{
  HfViewer *self = HF_VIEWER (object);

  switch (id) {
  case PROP_SHOWS_FRAMING:
    set_flag (self, &self->shows_framing, g_value_get_boolean (value), id);
    break;
  case PROP_SHOWS_EDGES:
    set_flag (self, &self->shows_edges, g_value_get_boolean (value), id);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_viewer_get_property (GObject *object, guint id, GValue *value,
                        GParamSpec *pspec)
{
  HfViewer *self = HF_VIEWER (object);

  switch (id) {
  case PROP_SHOWS_FRAMING:
    g_value_set_boolean (value, self->shows_framing);
    break;
  case PROP_SHOWS_EDGES:
    g_value_set_boolean (value, self->shows_edges);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_viewer_dispose (GObject *object)
{
  HfViewer *self = HF_VIEWER (object);

  hf_viewer_stop_loading (self);
  hf_viewer_set_workspace (self, NULL);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_viewer_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *class)
{
  g_type_ensure (HF_TYPE_CANVAS);
  g_type_ensure (HF_TYPE_FILM_STRIP);
  gtk_widget_class_set_template_from_resource (class, RESOURCE);
  gtk_widget_class_bind_template_child (class, HfViewer, box);
  gtk_widget_class_bind_template_child (class, HfViewer, title);
  gtk_widget_class_bind_template_child (class, HfViewer, subtitle);
  gtk_widget_class_bind_template_child (class, HfViewer, zoom);
  gtk_widget_class_bind_template_child (class, HfViewer, spinner);
  gtk_widget_class_bind_template_child (class, HfViewer, stack);
  gtk_widget_class_bind_template_child (class, HfViewer, canvas);
  gtk_widget_class_bind_template_child (class, HfViewer, unreadable);
  gtk_widget_class_bind_template_child (class, HfViewer, strip);
  gtk_widget_class_bind_template_callback (class, view_changed_cb);
  gtk_widget_class_bind_template_callback (class, picked_cb);
}

static void
hf_viewer_class_init (HfViewerClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = hf_viewer_set_property;
  object_class->get_property = hf_viewer_get_property;
  object_class->dispose = hf_viewer_dispose;
  props[PROP_SHOWS_FRAMING] =
      g_param_spec_boolean ("shows-framing", NULL, NULL, TRUE, flags);
  props[PROP_SHOWS_EDGES] =
      g_param_spec_boolean ("shows-edges", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[PICTURE_CHANGED] =
      g_signal_new ("picture-changed", HF_TYPE_VIEWER, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[LEFT] = g_signal_new ("left", HF_TYPE_VIEWER, G_SIGNAL_RUN_LAST, 0,
                                NULL, NULL, NULL, G_TYPE_NONE, 0);
  bind_template (GTK_WIDGET_CLASS (class));
  hf_viewer_install_actions (GTK_WIDGET_CLASS (class));
}

static void files_changed_cb (HfViewer *self, GHashTable *paths);

static void
hf_viewer_init (HfViewer *self)
{
  self->shows_framing = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (hf_thumbnailer_get (GTK_WIDGET (self)), "changed",
                           G_CALLBACK (files_changed_cb), self,
                           G_CONNECT_SWAPPED);
  update_actions (self);
}

GtkWidget *
hf_viewer_new (void)
{
  return g_object_new (HF_TYPE_VIEWER, NULL);
}

void
hf_viewer_set_model (HfViewer *self, GListModel *model)
{
  if (self->model == model)
    return;
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  hf_film_strip_set_model (self->strip, model);
  if (model != NULL)
    g_signal_connect_swapped (model, "items-changed",
                              G_CALLBACK (items_changed_cb), self);
  items_changed_cb (self);
}

/* From nothing; also where its file is another one now. */
static void
show_picture (HfViewer *self)
{
  hf_viewer_stop_loading (self);
  self->width = self->height = 0;
  self->size_bytes = -1;
  find_place (self);
  hf_film_strip_show (self->strip, self->place);
  update_actions (self);
  hf_canvas_set_preview (self->canvas, NULL, 0, 0);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  if (self->picture == NULL)
    return;
  hf_viewer_update_texts (self);
  hf_viewer_load (self);
}

static void
files_changed_cb (HfViewer *self, GHashTable *paths)
{
  if (self->picture != NULL &&
      g_hash_table_contains (paths, hf_picture_get_info (self->picture)->path))
    show_picture (self);
}

void
hf_viewer_set_picture (HfViewer *self, HfPicture *picture)
{
  if (g_set_object (&self->picture, picture))
    show_picture (self);
}

HfPicture *
hf_viewer_get_picture (HfViewer *self)
{
  return self->picture;
}

gboolean
hf_viewer_step (HfViewer *self, int by)
{
  g_autoptr (HfPicture) picture = NULL;
  gint64 place = (gint64) self->place + by;

  /* One that has gone has left its place to the next. */
  if (by > 0 && !is_at (self, self->place))
    place--;
  if (place < 0 || place >= count_pictures (self))
    return FALSE;
  picture = g_list_model_get_item (self->model, (guint) place);
  self->place = (guint) place;
  hf_viewer_set_picture (self, picture);
  g_signal_emit (self, signals[PICTURE_CHANGED], 0);
  return TRUE;
}

gboolean
hf_viewer_is_on_picture (HfViewer *self, double x, double y)
{
  GtkWidget *there =
      gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return there != NULL &&
         gtk_widget_is_ancestor (there, GTK_WIDGET (self->stack));
}
