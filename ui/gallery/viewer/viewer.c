/* viewer.c: see the header.
 *
 * One picture is decoded at a time: while an older one is at work, cancelled or
 * not, the newest waits, and those between are never decoded.
 *
 *   idle --set_picture--> loading --loaded_cb--> idle
 *                           |  set_picture: cancel, remember
 *                           +--loaded_cb (cancelled)--> loading the newest
 */
#include "ui/gallery/viewer/viewer.h"

#include "app/study/project-settings.h"
#include "base/path.h"
#include "ui/gallery/thumb-slot.h"
#include "ui/gallery/viewer/canvas.h"
#include "ui/gallery/viewer/film-strip.h"
#include "ui/gallery/words.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define RESOURCE "/io/github/handful_app/Handful/gallery/viewer/viewer.ui"
#define ZOOM_STEP 1.25
/* Side of the thumbnail that stands for a picture: as the grid asks for. */
#define PREVIEW_PX 160
/* Decoding that is done sooner needs no spinner. */
#define PATIENCE_MS 250

struct _HfViewer {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *title, *subtitle, *zoom;
  GtkSpinner *spinner;
  GtkStack *stack;
  HfCanvas *canvas;
  AdwStatusPage *unreadable;
  HfFilmStrip *strip;

  GListModel *model;
  HfPicture *picture;
  guint place;       /* of the picture in the list, or where it was */
  int width, height; /* of the picture, 0 until it is known */
  gint64 size_bytes; /* of its file, or -1 */
  GCancellable *loading, *previewing;
  gboolean is_busy; /* a thread decodes, for us or for nobody */
  guint patience_id;

  HfWorkspace *workspace;
  HfFraming framing;
  gboolean has_framing, shows_framing, shows_edges;
};

enum { PROP_SHOWS_FRAMING = 1, PROP_SHOWS_EDGES, N_PROPS };
enum { PICTURE_CHANGED, LEFT, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

static void start_loading (HfViewer *self);

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

static void
update_texts (HfViewer *self)
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
update_framing (HfViewer *self)
{
  hf_canvas_set_framing (self->canvas, self->has_framing && self->shows_framing
                                           ? &self->framing
                                           : NULL);
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
show_reason (HfViewer *self, const char *reason)
{
  adw_status_page_set_description (self->unreadable, reason);
  gtk_stack_set_visible_child_name (self->stack, "unreadable");
}

static gboolean
patience_cb (gpointer data)
{
  HfViewer *self = data;

  self->patience_id = 0;
  gtk_spinner_start (self->spinner);
  return G_SOURCE_REMOVE;
}

static void
end_waiting (HfViewer *self)
{
  g_clear_handle_id (&self->patience_id, g_source_remove);
  if (self->spinner != NULL)
    gtk_spinner_stop (self->spinner);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfViewer *self = HF_VIEWER (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfLevels) levels = hf_levels_load_finish (result, &error);

  self->is_busy = FALSE;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    /* Another one is wanted by now, or none. */
    if (self->loading != NULL)
      start_loading (self);
    return;
  }
  g_clear_object (&self->loading);
  end_waiting (self);
  if (levels == NULL) {
    const HfPictureInfo *info = hf_picture_get_info (self->picture);

    show_reason (self, info->gone ? info->reason : error->message);
    return;
  }
  self->width = levels->width;
  self->height = levels->height;
  update_texts (self);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  hf_canvas_set_levels (self->canvas, levels);
}

/* One at a time: its end is what the next one waits for. */
static void
start_loading (HfViewer *self)
{
  if (self->is_busy)
    return;
  self->is_busy = TRUE;
  hf_levels_load_async (self, hf_picture_get_info (self->picture)->path,
                        self->loading, loaded_cb, NULL);
}

static void
stop_loading (HfViewer *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  if (self->previewing != NULL)
    g_cancellable_cancel (self->previewing);
  g_clear_object (&self->loading);
  g_clear_object (&self->previewing);
  end_waiting (self);
}

static void
take_preview (HfViewer *self, HfThumb *thumb)
{
  self->size_bytes = thumb->size_bytes;
  if (thumb->width > 0 && thumb->height > 0) {
    self->width = thumb->width;
    self->height = thumb->height;
  }
  update_texts (self);
  if (!hf_canvas_has_levels (self->canvas))
    hf_canvas_set_preview (self->canvas, thumb->texture, thumb->width,
                           thumb->height);
}

static void
previewed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfThumb) thumb = hf_thumbnailer_load_finish (result, &error);
  HfViewer *self = data;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->previewing);
  /* Whatever is wrong, decoding in full will say it. */
  if (thumb != NULL)
    take_preview (self, thumb);
}

static void
start_preview (HfViewer *self, const char *path)
{
  HfThumbnailer *thumbnailer = hf_thumbnailer_get (GTK_WIDGET (self));
  int side = PREVIEW_PX * gtk_widget_get_scale_factor (GTK_WIDGET (self));
  g_autoptr (HfThumb) ready =
      hf_thumbnailer_dup_ready (thumbnailer, path, side);

  if (ready != NULL) {
    take_preview (self, ready);
    return;
  }
  self->previewing = g_cancellable_new ();
  hf_thumbnailer_load_async (thumbnailer, path, side, self->previewing,
                             previewed_cb, self);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_viewer_step (HF_VIEWER (widget), 1);
}

static void
previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_viewer_step (HF_VIEWER (widget), -1);
}

static void
zoom_in_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_zoom (HF_VIEWER (widget)->canvas, ZOOM_STEP);
}

static void
zoom_out_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_zoom (HF_VIEWER (widget)->canvas, 1 / ZOOM_STEP);
}

static void
fit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  hf_canvas_fit (HF_VIEWER (widget)->canvas);
}

static void
look_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  int across, down;

  g_variant_get (parameter, "(ii)", &across, &down);
  hf_canvas_look (HF_VIEWER (widget)->canvas, across, down);
}

static void
leave_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_signal_emit (widget, signals[LEFT], 0);
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
  update_framing (self);
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

  stop_loading (self);
  hf_viewer_set_workspace (self, NULL);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_clear_object (&self->model);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_viewer_parent_class)->dispose (object);
}

/* Arrows alone go to other pictures; with Ctrl they move in an enlarged one. */
static void
install_looking (GtkWidgetClass *class)
{
  static const struct {
    guint key, keypad;
    int across, down;
  } arrows[] = {{GDK_KEY_Left, GDK_KEY_KP_Left, -1, 0},
                {GDK_KEY_Right, GDK_KEY_KP_Right, 1, 0},
                {GDK_KEY_Up, GDK_KEY_KP_Up, 0, -1},
                {GDK_KEY_Down, GDK_KEY_KP_Down, 0, 1}};

  gtk_widget_class_install_action (class, "viewer.look", "(ii)", look_action);
  for (gsize i = 0; i < G_N_ELEMENTS (arrows); i++) {
    gtk_widget_class_add_binding_action (class, arrows[i].key, GDK_CONTROL_MASK,
                                         "viewer.look", "(ii)",
                                         arrows[i].across, arrows[i].down);
    gtk_widget_class_add_binding_action (
        class, arrows[i].keypad, GDK_CONTROL_MASK, "viewer.look", "(ii)",
        arrows[i].across, arrows[i].down);
  }
}

static void
install_actions (GtkWidgetClass *class)
{
  static const struct {
    const char *name;
    GtkWidgetActionActivateFunc func;
    guint keys[3];
  } actions[] = {
      {"viewer.next", next_action, {GDK_KEY_Right, GDK_KEY_KP_Right}},
      {"viewer.previous", previous_action, {GDK_KEY_Left, GDK_KEY_KP_Left}},
      {"viewer.zoom-in",
       zoom_in_action,
       {GDK_KEY_plus, GDK_KEY_equal, GDK_KEY_KP_Add}},
      {"viewer.zoom-out",
       zoom_out_action,
       {GDK_KEY_minus, GDK_KEY_KP_Subtract}},
      {"viewer.fit", fit_action, {0}},
      {"viewer.leave", leave_action, {GDK_KEY_Escape, GDK_KEY_f}},
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++) {
    gtk_widget_class_install_action (class, actions[i].name, NULL,
                                     actions[i].func);
    for (int k = 0; k < 3 && actions[i].keys[k] != 0; k++)
      gtk_widget_class_add_binding_action (class, actions[i].keys[k], 0,
                                           actions[i].name, NULL);
  }
  gtk_widget_class_install_property_action (class, "viewer.edges",
                                            "shows-edges");
  gtk_widget_class_install_property_action (class, "viewer.framing",
                                            "shows-framing");
  gtk_widget_class_add_binding_action (class, GDK_KEY_e, 0, "viewer.edges",
                                       NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_0, GDK_CONTROL_MASK,
                                       "viewer.fit", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_KP_0, GDK_CONTROL_MASK,
                                       "viewer.fit", NULL);
  install_looking (class);
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
  install_actions (GTK_WIDGET_CLASS (class));
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
  const char *path;

  stop_loading (self);
  self->width = self->height = 0;
  self->size_bytes = -1;
  find_place (self);
  hf_film_strip_show (self->strip, self->place);
  update_actions (self);
  hf_canvas_set_preview (self->canvas, NULL, 0, 0);
  gtk_stack_set_visible_child_name (self->stack, "picture");
  if (self->picture == NULL)
    return;
  path = hf_picture_get_info (self->picture)->path;
  update_texts (self);
  start_preview (self, path);
  self->loading = g_cancellable_new ();
  self->patience_id = g_timeout_add (PATIENCE_MS, patience_cb, self);
  start_loading (self);
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

void
hf_viewer_set_framing (HfViewer *self, const HfFraming *framing)
{
  self->has_framing = framing != NULL;
  if (framing != NULL)
    self->framing = *framing;
  update_framing (self);
}

/* Of a reading of the settings; the viewer may go while it is on its way. */
typedef struct {
  GWeakRef viewer;
  HfFraming framing;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_weak_ref_clear (&reading->viewer);
  g_free (reading);
}

/* In the store's thread. */
static gboolean
read_framing (HfProject *project, gpointer data, GError **error)
{
  g_autoptr (HfProjectSettings) settings =
      hf_project_settings_new (project, error);

  if (settings == NULL)
    return FALSE;
  ((Reading *) data)->framing = settings->framing;
  return TRUE;
}

static void
framing_read_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Reading *reading = data;
  g_autoptr (HfViewer) self = g_weak_ref_get (&reading->viewer);

  if (self != NULL && self->workspace == workspace && error == NULL)
    hf_viewer_set_framing (self, &reading->framing);
}

static void
settings_changed_cb (HfViewer *self)
{
  Reading *reading = g_new0 (Reading, 1);

  g_weak_ref_init (&reading->viewer, self);
  hf_workspace_read (self->workspace, read_framing, framing_read_cb, reading,
                     reading_free);
}

void
hf_viewer_set_workspace (HfViewer *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  g_set_object (&self->workspace, workspace);
  if (workspace == NULL)
    return;
  g_signal_connect_swapped (workspace, "settings-changed",
                            G_CALLBACK (settings_changed_cb), self);
  settings_changed_cb (self);
}

gboolean
hf_viewer_is_loading (HfViewer *self)
{
  return self->loading != NULL;
}

gboolean
hf_viewer_is_on_picture (HfViewer *self, double x, double y)
{
  GtkWidget *there =
      gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);

  return there != NULL &&
         gtk_widget_is_ancestor (there, GTK_WIDGET (self->stack));
}
