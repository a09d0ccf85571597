/* label-page.c: see the header. */
#include "ui/label/label-page-private.h"

#include "ui/application.h"
#include "ui/label/label-keys.h"
#include "ui/label/menu/picture-menu.h"
#include "ui/settings.h"

#include <glib/gi18n.h>

enum {
  PROP_WORKSPACE = 1,
  PROP_SHOW_SIDEBAR,
  PROP_SHOW_PANE,
  PROP_NARROW,
  PROP_TILE_SIZE,
  PROP_ORDER,
  PROP_FILTER,
  PROP_STEP_ON,
  PROP_VIEWER_OPEN,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfLabelPage, hf_label_page, GTK_TYPE_WIDGET)

static void
notify (HfLabelPage *self, int prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_words (HfLabelPage *self, const char *text)
{
  HfPictureQuery query = *hf_shown_pictures_get_query (self->pictures);
  g_autofree char *words = hf_picture_query_fold (text);

  if (g_strcmp0 (words, query.words) == 0)
    return;
  query.words = words;
  hf_shown_pictures_set_query (self->pictures, &query);
}

static void
search_cb (HfLabelPage *self)
{
  set_words (self, gtk_editable_get_text (self->search));
}

static void
stop_search_cb (HfLabelPage *self)
{
  gtk_editable_set_text (self->search, "");
  hf_label_page_focus_pictures (self);
}

/* From the words to the first picture that has them. */
static void
search_activate_cb (HfLabelPage *self)
{
  set_words (self, gtk_editable_get_text (self->search));
  if (g_list_model_get_n_items (G_LIST_MODEL (self->pictures)) > 0)
    hf_label_page_select (self, 0);
}

static void
activated_cb (HfLabelPage *self, HfPicture *picture)
{
  hf_label_page_set_viewer_open (self, TRUE);
}

/* The selection goes with the viewer, so that keys label what is seen. */
static void
viewed_cb (HfLabelPage *self)
{
  g_autoptr (GPtrArray) seen = g_ptr_array_new ();
  HfPicture *picture = hf_viewer_get_picture (self->viewer);

  if (picture != NULL) {
    g_ptr_array_add (seen, picture);
    hf_gallery_select (self->gallery, seen);
    hf_gallery_scroll_to (self->gallery, picture);
  }
  hf_label_page_show_picture (self);
}

static void
viewer_left_cb (HfLabelPage *self)
{
  hf_label_page_set_viewer_open (self, FALSE);
}

/* The focused picture alone is not a selection. */
static void
selected_cb (HfLabelPage *self)
{
  g_autoptr (GPtrArray) selected =
      hf_gallery_count_selected (self->gallery) > 0
          ? hf_gallery_dup_selection (self->gallery)
          : g_ptr_array_new ();

  hf_label_page_update_actions (self);
  if (self->workspace != NULL)
    hf_workspace_set_selection (self->workspace, selected);
}

static void
seen_cb (HfLabelPage *self, GPtrArray *pictures)
{
  if (self->workspace != NULL)
    hf_workspace_want (self->workspace, pictures);
}

static void
folded_cb (HfLabelPage *self)
{
  gboolean narrow = adw_flap_get_folded (self->outer);

  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  notify (self, PROP_NARROW);
}

void
hf_label_page_select (HfLabelPage *self, guint position)
{
  g_autoptr (HfPicture) picture =
      g_list_model_get_item (G_LIST_MODEL (self->pictures), position);

  if (picture == NULL)
    return;
  if (!self->viewer_open) {
    hf_gallery_go_to (self->gallery, picture);
    return;
  }
  hf_viewer_set_picture (self->viewer, picture);
  viewed_cb (self);
}

/* Of several that are selected the one that the keyboard or the pointer chose
 * last. */
static HfPicture *
choose_viewed (HfLabelPage *self, GPtrArray *selected)
{
  HfPicture *focused = hf_gallery_get_focused (self->gallery);

  return g_ptr_array_find (selected, focused, NULL) ? focused
                                                    : selected->pdata[0];
}

void
hf_label_page_set_viewer_open (HfLabelPage *self, gboolean open)
{
  g_autoptr (GPtrArray) selected = hf_gallery_dup_selection (self->gallery);

  if (self->viewer_open == open)
    return;
  if (open && selected->len == 0) {
    /* The button that asked for it goes back. */
    notify (self, PROP_VIEWER_OPEN);
    return;
  }
  self->viewer_open = open;
  hf_viewer_set_picture (self->viewer,
                         open ? choose_viewed (self, selected) : NULL);
  gtk_widget_set_visible (self->toolbar, !open);
  hf_label_page_show_content (self);
  viewed_cb (self);
  hf_label_page_update_actions (self);
  if (open)
    hf_label_page_focus_pictures (self);
  else if (selected->len > 0)
    hf_gallery_go_to (self->gallery, selected->pdata[0]);
  notify (self, PROP_VIEWER_OPEN);
}

static void
set_order (HfLabelPage *self, const char *name)
{
  HfPictureQuery query = *hf_shown_pictures_get_query (self->pictures);

  query.order = hf_picture_order_parse (name);
  hf_shown_pictures_set_query (self->pictures, &query);
  notify (self, PROP_ORDER);
}

/* Groups may be others now. */
static void
settings_changed_cb (HfLabelPage *self)
{
  const HfPictureQuery query = *hf_shown_pictures_get_query (self->pictures);

  if (query.order == HF_ORDER_GROUP)
    hf_shown_pictures_set_query (self->pictures, &query);
}

static void
set_workspace (HfLabelPage *self, HfWorkspace *workspace)
{
  HfPictureQuery query = {.view = HF_VIEW_ALL};

  if (self->workspace == workspace)
    return;
  if (self->workspace != NULL)
    g_signal_handlers_disconnect_by_data (self->workspace, self);
  hf_label_page_withdraw_undo (self);
  hf_label_page_set_viewer_open (self, FALSE);
  g_set_object (&self->workspace, workspace);
  hf_viewer_set_workspace (self->viewer, workspace);
  query.order = hf_shown_pictures_get_query (self->pictures)->order;
  gtk_editable_set_text (self->search, "");
  hf_shown_pictures_set_query (self->pictures, &query);
  hf_shown_pictures_set_model (
      self->pictures,
      workspace != NULL ? hf_workspace_get_pictures (workspace) : NULL);
  hf_gallery_set_classes (
      self->gallery,
      workspace != NULL ? hf_workspace_get_classes (workspace) : NULL);
  hf_sidebar_set_workspace (self->sidebar, workspace);
  hf_selection_bar_set_workspace (self->bar, workspace);
  if (workspace != NULL) {
    g_signal_connect_swapped (workspace, "labelled",
                              G_CALLBACK (hf_label_page_labelled_cb), self);
    g_signal_connect_swapped (workspace, "notify::can-redo",
                              G_CALLBACK (hf_label_page_undone_cb), self);
    g_signal_connect_swapped (workspace, "settings-changed",
                              G_CALLBACK (settings_changed_cb), self);
    g_signal_connect_swapped (workspace, "notify::numbers",
                              G_CALLBACK (hf_label_page_show_numbers), self);
    g_signal_connect_swapped (workspace, "lasting",
                              G_CALLBACK (hf_label_page_show_numbers), self);
    g_signal_connect_swapped (workspace, "notify::learning",
                              G_CALLBACK (hf_label_page_show_learning), self);
    g_signal_connect_swapped (workspace, "notify::refreshing",
                              G_CALLBACK (hf_label_page_show_refreshing), self);
    g_signal_connect_swapped (workspace, "notify::scanning",
                              G_CALLBACK (hf_label_page_show_content), self);
  }
  hf_label_page_show_content (self);
  hf_label_page_show_numbers (self);
  hf_label_page_show_refreshing (self);
  hf_label_page_update_actions (self);
  notify (self, PROP_WORKSPACE);
}

static void
hf_label_page_set_property (GObject *object, guint id, const GValue *value,
                            GParamSpec *pspec)
{
  HfLabelPage *self = HF_LABEL_PAGE (object);

  switch (id) {
  case PROP_WORKSPACE:
    set_workspace (self, g_value_get_object (value));
    break;
  case PROP_SHOW_SIDEBAR:
    adw_flap_set_reveal_flap (self->outer, g_value_get_boolean (value));
    break;
  case PROP_SHOW_PANE:
    adw_flap_set_reveal_flap (self->inner, g_value_get_boolean (value));
    break;
  case PROP_TILE_SIZE:
    gtk_adjustment_set_value (self->zoom, g_value_get_int (value));
    break;
  case PROP_ORDER:
    set_order (self, g_value_get_string (value));
    break;
  case PROP_FILTER:
    hf_label_page_show (self, g_value_get_string (value));
    break;
  case PROP_STEP_ON:
    self->step_on = g_value_get_boolean (value);
    notify (self, PROP_STEP_ON);
    break;
  case PROP_VIEWER_OPEN:
    hf_label_page_set_viewer_open (self, g_value_get_boolean (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* As hf_label_page_show (caller frees). */
static char *
dup_filter (HfLabelPage *self)
{
  const HfPictureQuery *query = hf_shown_pictures_get_query (self->pictures);

  if (query->missed_id != 0)
    return g_strdup_printf ("missed:%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT,
                            query->class_id, query->missed_id);
  if (query->class_id != 0)
    return g_strdup_printf ("class:%" G_GINT64_FORMAT, query->class_id);
  if (query->source_id != 0)
    return g_strdup_printf ("source:%" G_GINT64_FORMAT, query->source_id);
  return g_strdup (hf_picture_view_get_name (query->view));
}

static void
hf_label_page_get_property (GObject *object, guint id, GValue *value,
                            GParamSpec *pspec)
{
  HfLabelPage *self = HF_LABEL_PAGE (object);

  switch (id) {
  case PROP_WORKSPACE:
    g_value_set_object (value, self->workspace);
    break;
  case PROP_SHOW_SIDEBAR:
    g_value_set_boolean (value, adw_flap_get_reveal_flap (self->outer));
    break;
  case PROP_SHOW_PANE:
    g_value_set_boolean (value, adw_flap_get_reveal_flap (self->inner));
    break;
  case PROP_NARROW:
    g_value_set_boolean (value, self->narrow);
    break;
  case PROP_TILE_SIZE:
    g_value_set_int (value, (int) gtk_adjustment_get_value (self->zoom));
    break;
  case PROP_ORDER:
    g_value_set_string (
        value, hf_picture_order_get_name (
                   hf_shown_pictures_get_query (self->pictures)->order));
    break;
  case PROP_FILTER:
    g_value_take_string (value, dup_filter (self));
    break;
  case PROP_STEP_ON:
    g_value_set_boolean (value, self->step_on);
    break;
  case PROP_VIEWER_OPEN:
    g_value_set_boolean (value, self->viewer_open);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* Keys are for the pictures, not for the entry above them. */
static gboolean
focus_cb (gpointer data)
{
  HfLabelPage *self = data;
  GtkWidget *widget = self->viewer_open ? GTK_WIDGET (self->viewer)
                                        : GTK_WIDGET (self->gallery);

  self->focus_id = 0;
  if (gtk_widget_get_mapped (widget) && !gtk_widget_grab_focus (widget))
    gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
  return G_SOURCE_REMOVE;
}

void
hf_label_page_focus_pictures (HfLabelPage *self)
{
  if (self->focus_id == 0)
    self->focus_id = g_idle_add (focus_cb, self);
}

static void
hf_label_page_map (GtkWidget *widget)
{
  hf_label_page_expect_room (HF_LABEL_PAGE (widget));
  GTK_WIDGET_CLASS (hf_label_page_parent_class)->map (widget);
  hf_label_page_focus_pictures (HF_LABEL_PAGE (widget));
}

static void
hf_label_page_dispose (GObject *object)
{
  HfLabelPage *self = HF_LABEL_PAGE (object);

  if (self->sidebar != NULL)
    set_workspace (self, NULL);
  g_clear_handle_id (&self->focus_id, g_source_remove);
  if (self->pictures != NULL)
    g_signal_handlers_disconnect_by_data (self->pictures, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), HF_TYPE_LABEL_PAGE);
  g_clear_object (&self->pictures);
  if (self->settings != NULL)
    g_signal_handlers_disconnect_by_data (self->settings, self);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (hf_label_page_parent_class)->dispose (object);
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  props[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE, flags);
  props[PROP_SHOW_SIDEBAR] =
      g_param_spec_boolean ("show-sidebar", NULL, NULL, TRUE, flags);
  props[PROP_SHOW_PANE] =
      g_param_spec_boolean ("show-pane", NULL, NULL, TRUE, flags);
  props[PROP_NARROW] = g_param_spec_boolean (
      "narrow", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_TILE_SIZE] = g_param_spec_int (
      "tile-size", NULL, NULL, HF_TILE_MIN_PX, HF_TILE_MAX_PX, 152, flags);
  props[PROP_ORDER] = g_param_spec_string ("order", NULL, NULL, "name", flags);
  props[PROP_FILTER] = g_param_spec_string ("filter", NULL, NULL, "all", flags);
  props[PROP_STEP_ON] =
      g_param_spec_boolean ("step-on", NULL, NULL, TRUE, flags);
  props[PROP_VIEWER_OPEN] =
      g_param_spec_boolean ("viewer-open", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/label/label-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, outer);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, inner);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, sidebar);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, wide_tools);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage,
                                        narrow_tools);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, centre);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, search);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage,
                                        order_button);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, summary);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, copy_list);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, content);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, gallery);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, viewer);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, empty);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage,
                                        empty_button);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, bar);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, zoom);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, pane);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, live_pane);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage, live_strip);
  gtk_widget_class_bind_template_child (widget_class, HfLabelPage,
                                        picture_pane);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, seen_cb);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, viewed_cb);
  gtk_widget_class_bind_template_callback (widget_class, viewer_left_cb);
  gtk_widget_class_bind_template_callback (widget_class,
                                           hf_label_page_update_actions);
}

static void
hf_label_page_class_init (HfLabelPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = hf_label_page_set_property;
  object_class->get_property = hf_label_page_get_property;
  object_class->dispose = hf_label_page_dispose;
  widget_class->map = hf_label_page_map;
  widget_class->measure = hf_label_page_measure;
  widget_class->size_allocate = hf_label_page_size_allocate;
  install_properties (object_class);
  g_type_ensure (HF_TYPE_GALLERY);
  g_type_ensure (HF_TYPE_VIEWER);
  g_type_ensure (HF_TYPE_LIVE_PANE);
  g_type_ensure (HF_TYPE_LIVE_STRIP);
  g_type_ensure (HF_TYPE_PICTURE_PANE);
  g_type_ensure (HF_TYPE_SIDEBAR);
  g_type_ensure (HF_TYPE_SELECTION_BAR);
  bind_template (widget_class);
  hf_label_page_install_actions (widget_class);
  hf_label_page_install_class_actions (widget_class);
}

static void
notify_pane (HfLabelPage *self)
{
  notify (self, PROP_SHOW_PANE);
}

static void
notify_sidebar (HfLabelPage *self)
{
  notify (self, PROP_SHOW_SIDEBAR);
}

static void
notify_tile_size (HfLabelPage *self)
{
  notify (self, PROP_TILE_SIZE);
}

static void
bind_settings (HfLabelPage *self)
{
  const char *const keys[] = {"tile-size", "order", "step-on"};
  const char *const goals[] = {"changed::goal-escapes",
                               "changed::goal-overkill"};

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    g_settings_bind (self->settings, keys[i], self, keys[i],
                     G_SETTINGS_BIND_DEFAULT);
  for (gsize i = 0; i < G_N_ELEMENTS (goals); i++)
    g_signal_connect_swapped (self->settings, goals[i],
                              G_CALLBACK (hf_label_page_show_numbers), self);
}

static void
hf_label_page_init (HfLabelPage *self)
{
  self->step_on = TRUE;
  self->settings = hf_settings_new ();
  self->pictures = hf_shown_pictures_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_gallery_set_model (self->gallery, G_LIST_MODEL (self->pictures));
  hf_viewer_set_model (self->viewer, G_LIST_MODEL (self->pictures));
  hf_sidebar_set_pictures (self->sidebar, self->pictures);
  hf_label_keys_attach (GTK_WIDGET (self), GTK_WIDGET (self->content));
  hf_picture_menu_add (GTK_WIDGET (self), self->gallery, self->viewer);
  g_signal_connect_swapped (self->pictures, "query-changed",
                            G_CALLBACK (hf_label_page_query_changed_cb), self);
  g_signal_connect_swapped (self->pictures, "items-changed",
                            G_CALLBACK (hf_label_page_show_content), self);
  g_signal_connect_swapped (self->inner, "notify::reveal-flap",
                            G_CALLBACK (notify_pane), self);
  g_signal_connect_swapped (self->outer, "notify::reveal-flap",
                            G_CALLBACK (notify_sidebar), self);
  g_signal_connect_swapped (self->zoom, "value-changed",
                            G_CALLBACK (notify_tile_size), self);
  hf_label_page_query_changed_cb (self);
  hf_label_page_show_numbers (self);
  hf_label_page_update_actions (self);
  bind_settings (self);
}

GtkWidget *
hf_label_page_new (void)
{
  return g_object_new (HF_TYPE_LABEL_PAGE, NULL);
}

void
hf_label_page_show (HfLabelPage *self, const char *what)
{
  HfPictureQuery query = {.view = hf_picture_view_parse (what)};
  g_auto (GStrv) parts = g_strsplit (what, ":", 3);
  guint n = g_strv_length (parts);
  gint64 first = n > 1 ? g_ascii_strtoll (parts[1], NULL, 10) : 0;

  query.order = hf_shown_pictures_get_query (self->pictures)->order;
  if (n == 2 && g_str_equal (parts[0], "class"))
    query.class_id = first;
  else if (n == 2 && g_str_equal (parts[0], "source"))
    query.source_id = first;
  else if (n == 3 && g_str_equal (parts[0], "missed")) {
    query.class_id = first;
    query.missed_id = g_ascii_strtoll (parts[2], NULL, 10);
  }
  gtk_editable_set_text (self->search, "");
  hf_label_page_set_viewer_open (self, FALSE);
  hf_shown_pictures_set_query (self->pictures, &query);
}

void
hf_label_page_show_labelled (HfLabelPage *self, const gint64 *ids, gsize n)
{
  g_autoptr (GPtrArray) pictures = g_ptr_array_new ();
  g_autoptr (GPtrArray) shown = NULL;

  for (gsize i = 0; i < n; i++) {
    HfPicture *picture = hf_workspace_find_picture (self->workspace, ids[i]);

    if (picture != NULL)
      g_ptr_array_add (pictures, picture);
  }
  hf_label_page_show (self, "labelled");
  hf_gallery_select (self->gallery, pictures);
  shown = hf_gallery_dup_selection (self->gallery);
  if (shown->len == 0)
    return;
  hf_gallery_go_to (self->gallery, shown->pdata[0]);
  hf_gallery_select (self->gallery, shown);
}
