/* gallery.c: see the header. The toolkit keeps tiles for thirty rows around the
 * visible ones; their number follows max-columns, which is therefore set to
 * what fits. Which tiles are in sight is looked at after each layout. */
#include "ui/gallery/gallery.h"

#include "ui/gallery/selection.h"
#include "ui/gallery/sight.h"

#include <adwaita.h>

#define RESOURCE "/io/github/handful_app/Handful/gallery/gallery.ui"
#define DEFAULT_TILE_PX 150
#define TILE_STEP_PX 16
/* Between two tiles, and at the edges: see style.css. */
#define SPACING_PX 12

struct _HfGallery {
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkGridView *grid;

  GListModel *classes;
  HfSelection *selection;
  HfSight *sight; /* all tiles, and which of them are seen */
  int tile_px;
  gboolean shows_why;
  guint columns_id; /* idle that sets the number of columns, or 0 */
};

enum { PROP_TILE_SIZE = 1, PROP_SHOWS_WHY, N_PROPS };
enum { SELECTION_CHANGED, FOCUS_CHANGED, ACTIVATED, SEEN, N_SIGNALS };

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfGallery, hf_gallery, GTK_TYPE_WIDGET)

static void
items_changed_cb (HfGallery *self)
{
  hf_sight_look (self->sight);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
selection_changed_cb (HfGallery *self)
{
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
refresh_tiles (HfGallery *self)
{
  GPtrArray *tiles = hf_sight_get_tiles (self->sight);

  for (guint i = 0; i < tiles->len; i++)
    hf_tile_refresh (tiles->pdata[i]);
}

/* Classes may be made and renamed at any time. */
static void
classes_changed_cb (HfGallery *self, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (self->classes, i);

    g_signal_handlers_disconnect_by_func (item, refresh_tiles, self);
    g_signal_connect_object (item, "notify::name", G_CALLBACK (refresh_tiles),
                             self, G_CONNECT_SWAPPED);
    g_signal_connect_object (item, "notify::colour", G_CALLBACK (refresh_tiles),
                             self, G_CONNECT_SWAPPED);
    g_signal_connect_object (item, "notify::key", G_CALLBACK (refresh_tiles),
                             self, G_CONNECT_SWAPPED);
  }
  refresh_tiles (self);
}

static void
unwatch_classes (HfGallery *self)
{
  if (self->classes == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->classes, self);
  for (guint i = 0; i < g_list_model_get_n_items (self->classes); i++) {
    g_autoptr (GObject) item = g_list_model_get_item (self->classes, i);

    g_signal_handlers_disconnect_by_func (item, refresh_tiles, self);
  }
}

static void
setup_cb (GtkListItemFactory *factory, GtkListItem *item, HfGallery *self)
{
  GtkWidget *tile = hf_tile_new ();

  hf_tile_set_side (HF_TILE (tile), self->tile_px);
  hf_tile_set_shows_why (HF_TILE (tile), self->shows_why);
  gtk_list_item_set_child (item, tile);
  hf_sight_add (self->sight, HF_TILE (tile));
}

static void
bind_cb (GtkListItemFactory *factory, GtkListItem *item, HfGallery *self)
{
  HfTile *tile = HF_TILE (gtk_list_item_get_child (item));

  hf_tile_set_classes (tile, self->classes);
  hf_tile_set_picture (tile, gtk_list_item_get_item (item));
  hf_sight_look (self->sight);
}

static void
unbind_cb (GtkListItemFactory *factory, GtkListItem *item, HfGallery *self)
{
  hf_tile_set_picture (HF_TILE (gtk_list_item_get_child (item)), NULL);
}

static void
activate_cb (GtkGridView *grid, guint position, HfGallery *self)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (picture != NULL)
    g_signal_emit (self, signals[ACTIVATED], 0, picture);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy,
           HfGallery *self)
{
  GdkModifierType state = gtk_event_controller_get_current_event_state (
      GTK_EVENT_CONTROLLER (controller));

  if ((state & GDK_CONTROL_MASK) == 0)
    return GDK_EVENT_PROPAGATE;
  hf_gallery_set_tile_size (self, self->tile_px - (int) (dy * TILE_STEP_PX));
  return GDK_EVENT_STOP;
}

static gboolean
set_columns_cb (gpointer data)
{
  HfGallery *self = data;
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int n = (width - SPACING_PX) / (self->tile_px + SPACING_PX);

  self->columns_id = 0;
  gtk_grid_view_set_max_columns (self->grid, (guint) MAX (n, 1));
  hf_sight_look (self->sight);
  return G_SOURCE_REMOVE;
}

/* Not at once: a size is not asked for while one is given. */
static void
update_columns (HfGallery *self)
{
  if (self->columns_id == 0)
    self->columns_id =
        g_idle_add_full (G_PRIORITY_HIGH_IDLE, set_columns_cb, self, NULL);
}

static void
width_changed_cb (HfGallery *self)
{
  update_columns (self);
  hf_sight_look (self->sight);
}

static void
scrolled_cb (HfGallery *self)
{
  hf_sight_look (self->sight);
}

static void
seen_cb (GPtrArray *pictures, gpointer data)
{
  g_signal_emit (data, signals[SEEN], 0, pictures);
}

static void
hf_gallery_set_property (GObject *object, guint id, const GValue *value,
                         GParamSpec *pspec)
{
  switch (id) {
  case PROP_TILE_SIZE:
    hf_gallery_set_tile_size (HF_GALLERY (object), g_value_get_int (value));
    break;
  case PROP_SHOWS_WHY:
    hf_gallery_set_shows_why (HF_GALLERY (object), g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_gallery_get_property (GObject *object, guint id, GValue *value,
                         GParamSpec *pspec)
{
  switch (id) {
  case PROP_TILE_SIZE:
    g_value_set_int (value, HF_GALLERY (object)->tile_px);
    break;
  case PROP_SHOWS_WHY:
    g_value_set_boolean (value, HF_GALLERY (object)->shows_why);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* The window's focus, for a list does not tell of its own. */
static void
window_focus_cb (HfGallery *self)
{
  GtkWidget *focus =
      gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));

  if (focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->grid)))
    g_signal_emit (self, signals[FOCUS_CHANGED], 0);
}

static void
hf_gallery_root (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (hf_gallery_parent_class)->root (widget);
  g_signal_connect_object (gtk_widget_get_root (widget), "notify::focus-widget",
                           G_CALLBACK (window_focus_cb), widget,
                           G_CONNECT_SWAPPED);
}

static void
hf_gallery_unroot (GtkWidget *widget)
{
  g_signal_handlers_disconnect_by_func (gtk_widget_get_root (widget),
                                        window_focus_cb, widget);
  GTK_WIDGET_CLASS (hf_gallery_parent_class)->unroot (widget);
}

static void
drop_model (HfGallery *self)
{
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->grid != NULL)
    gtk_grid_view_set_model (self->grid, NULL);
  g_clear_object (&self->selection);
}

static void
hf_gallery_dispose (GObject *object)
{
  HfGallery *self = HF_GALLERY (object);

  g_clear_handle_id (&self->columns_id, g_source_remove);
  drop_model (self);
  unwatch_classes (self);
  g_clear_object (&self->classes);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->sight, hf_sight_free);
  G_OBJECT_CLASS (hf_gallery_parent_class)->dispose (object);
}

static void
install_signals (GObjectClass *class)
{
  const GType type = G_OBJECT_CLASS_TYPE (class);

  signals[SELECTION_CHANGED] =
      g_signal_new ("selection-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[FOCUS_CHANGED] =
      g_signal_new ("focus-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[ACTIVATED] =
      g_signal_new ("activated", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, HF_TYPE_PICTURE);
  signals[SEEN] = g_signal_new ("seen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
}

/* Tab enters at the picture that had the focus last and leaves from any: the
 * grid of this version of GTK would stop at every one of them. */
static gboolean
hf_gallery_focus (GtkWidget *widget, GtkDirectionType direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) &&
      gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;
  return GTK_WIDGET_CLASS (hf_gallery_parent_class)->focus (widget, direction);
}

static void
hf_gallery_class_init (HfGalleryClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = hf_gallery_set_property;
  object_class->get_property = hf_gallery_get_property;
  object_class->dispose = hf_gallery_dispose;
  widget_class->focus = hf_gallery_focus;
  widget_class->root = hf_gallery_root;
  widget_class->unroot = hf_gallery_unroot;
  props[PROP_TILE_SIZE] =
      g_param_spec_int ("tile-size", NULL, NULL, HF_TILE_MIN_PX, HF_TILE_MAX_PX,
                        DEFAULT_TILE_PX, flags);
  props[PROP_SHOWS_WHY] =
      g_param_spec_boolean ("shows-why", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  install_signals (object_class);
  gtk_widget_class_set_template_from_resource (widget_class, RESOURCE);
  gtk_widget_class_bind_template_child (widget_class, HfGallery, scroller);
  gtk_widget_class_bind_template_child (widget_class, HfGallery, grid);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, scroll_cb);
}

static void
hf_gallery_init (HfGallery *self)
{
  GtkAdjustment *across, *down;

  self->tile_px = DEFAULT_TILE_PX;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->sight = hf_sight_new (self->scroller, seen_cb, self);
  across = gtk_scrolled_window_get_hadjustment (
      GTK_SCROLLED_WINDOW (self->scroller));
  down = gtk_scrolled_window_get_vadjustment (
      GTK_SCROLLED_WINDOW (self->scroller));
  g_signal_connect_object (across, "notify::page-size",
                           G_CALLBACK (width_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "notify::page-size",
                           G_CALLBACK (width_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (down, "value-changed", G_CALLBACK (scrolled_cb),
                           self, G_CONNECT_SWAPPED);
}

GtkWidget *
hf_gallery_new (void)
{
  return g_object_new (HF_TYPE_GALLERY, NULL);
}

void
hf_gallery_set_model (HfGallery *self, GListModel *model)
{
  if (model == hf_gallery_get_model (self))
    return;
  drop_model (self);
  if (model != NULL) {
    self->selection = hf_selection_new (model);
    gtk_grid_view_set_model (self->grid, GTK_SELECTION_MODEL (self->selection));
    g_signal_connect_swapped (self->selection, "items-changed",
                              G_CALLBACK (items_changed_cb), self);
    g_signal_connect_swapped (self->selection, "selection-changed",
                              G_CALLBACK (selection_changed_cb), self);
  }
  items_changed_cb (self);
}

GListModel *
hf_gallery_get_model (HfGallery *self)
{
  return self->selection != NULL ? hf_selection_get_model (self->selection)
                                 : NULL;
}

void
hf_gallery_set_classes (HfGallery *self, GListModel *classes)
{
  GPtrArray *tiles = hf_sight_get_tiles (self->sight);

  if (classes == self->classes)
    return;
  unwatch_classes (self);
  g_set_object (&self->classes, classes);
  for (guint i = 0; i < tiles->len; i++)
    hf_tile_set_classes (tiles->pdata[i], classes);
  if (classes == NULL)
    return;
  g_signal_connect_swapped (classes, "items-changed",
                            G_CALLBACK (classes_changed_cb), self);
  classes_changed_cb (self, 0, 0, g_list_model_get_n_items (classes));
}

void
hf_gallery_set_tile_size (HfGallery *self, int side_px)
{
  GPtrArray *tiles = hf_sight_get_tiles (self->sight);

  side_px = CLAMP (side_px, HF_TILE_MIN_PX, HF_TILE_MAX_PX);
  if (side_px == self->tile_px)
    return;
  self->tile_px = side_px;
  for (guint i = 0; i < tiles->len; i++)
    hf_tile_set_side (tiles->pdata[i], side_px);
  update_columns (self);
  hf_sight_look (self->sight);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TILE_SIZE]);
}

int
hf_gallery_get_tile_size (HfGallery *self)
{
  return self->tile_px;
}

void
hf_gallery_set_shows_why (HfGallery *self, gboolean shows_why)
{
  GPtrArray *tiles = hf_sight_get_tiles (self->sight);

  if (shows_why == self->shows_why)
    return;
  self->shows_why = shows_why;
  for (guint i = 0; i < tiles->len; i++)
    hf_tile_set_shows_why (tiles->pdata[i], shows_why);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOWS_WHY]);
}

GPtrArray *
hf_gallery_dup_selection (HfGallery *self)
{
  HfPicture *focused = hf_gallery_get_focused (self);
  GPtrArray *pictures;

  if (self->selection == NULL)
    return g_ptr_array_new_with_free_func (g_object_unref);
  pictures = hf_selection_dup_pictures (self->selection);
  if (pictures->len == 0 && focused != NULL)
    g_ptr_array_add (pictures, g_object_ref (focused));
  return pictures;
}

guint
hf_gallery_count_selected (HfGallery *self)
{
  return self->selection != NULL ? hf_selection_count (self->selection) : 0;
}

void
hf_gallery_select (HfGallery *self, GPtrArray *pictures)
{
  if (self->selection != NULL)
    hf_selection_set_pictures (self->selection, pictures);
}

HfPicture *
hf_gallery_get_focused (HfGallery *self)
{
  GtkWidget *cell = gtk_widget_get_focus_child (GTK_WIDGET (self->grid));
  GtkWidget *tile = cell != NULL ? gtk_widget_get_first_child (cell) : NULL;

  return tile != NULL && HF_IS_TILE (tile)
             ? hf_tile_get_picture (HF_TILE (tile))
             : NULL;
}

/* The cell of @picture, if it is among those that exist. */
static GtkWidget *
find_cell (HfGallery *self, HfPicture *picture)
{
  GPtrArray *tiles = hf_sight_get_tiles (self->sight);

  for (guint i = 0; i < tiles->len; i++)
    if (hf_tile_get_picture (tiles->pdata[i]) == picture)
      return gtk_widget_get_parent (tiles->pdata[i]);
  return NULL;
}

static gboolean
go_to_place (HfGallery *self, guint place)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (self->selection), place);
  GtkWidget *cell;

  if (picture == NULL)
    return FALSE;
  gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item",
                              "u", place);
  /* Selected as by a press, so that Shift extends from here. */
  gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.select-item",
                              "(ubb)", place, FALSE, FALSE);
  cell = find_cell (self, picture);
  if (cell != NULL)
    gtk_widget_grab_focus (cell);
  return TRUE;
}

gboolean
hf_gallery_go_to (HfGallery *self, HfPicture *picture)
{
  guint place;

  return self->selection != NULL &&
         hf_selection_find (self->selection, picture, &place) &&
         go_to_place (self, place);
}

void
hf_gallery_scroll_to (HfGallery *self, HfPicture *picture)
{
  guint place;

  if (self->selection != NULL &&
      hf_selection_find (self->selection, picture, &place))
    gtk_widget_activate_action (GTK_WIDGET (self->grid), "list.scroll-to-item",
                                "u", place);
}

guint
hf_gallery_count_tiles (HfGallery *self)
{
  return hf_sight_get_tiles (self->sight)->len;
}

guint
hf_gallery_count_waiting (HfGallery *self)
{
  return hf_sight_count_waiting (self->sight);
}
