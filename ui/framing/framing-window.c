/* framing-window.c: see the header. Controls and picture both write the draft;
 * show_draft shows it in both; loading the picture and its squares follows. */
#include "ui/framing/framing-window.h"

#include "ui/application.h"
#include "ui/framing/cost.h"
#include "ui/framing/seen.h"
#include "ui/framing/setup.h"
#include "ui/widgets/focus-keeper.h"
#include "ui/widgets/radio-row.h"
#include "ui/window/complaint.h"

#include <glib/gi18n.h>
#include <math.h>

#define NARROW_PX 720
#define SIDE_PX 380
#define SQUARES_PX 312
#define ONE_SQUARE_PX 224
#define GAP_PX 6

struct _HfFramingWindow {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkBox *body;
  GtkStack *picture, *seen_stack;
  AdwStatusPage *none;
  HfFramingCanvas *canvas;
  GtkCheckButton *crop, *whole, *region, *tiles;
  GtkWidget *region_group, *tiles_group, *clear_background, *side;
  GtkAdjustment *x, *y, *width, *height, *columns, *rows;
  GtkSwitch *fit_whole;
  AdwComboRow *views;
  AdwActionRow *background;
  GtkGrid *squares;
  GtkLabel *reason, *cost;

  HfWorkspace *workspace;
  HfSetup *stored, *draft; /* NULL until read */
  HfSetup *before;         /* what Undo brings back, or NULL */
  guint at;                /* place of the picture */
  GCancellable *loading;   /* the picture, or NULL */
  GCancellable *looking;   /* its squares, or NULL */
  gboolean look_again;     /* the draft is another one since */
  GPtrArray *seen;
  GtkFileChooserNative *chooser;
  gboolean is_showing; /* controls change by the program */
  guint narrow_idle;
};

G_DEFINE_FINAL_TYPE (HfFramingWindow, hf_framing_window, ADW_TYPE_WINDOW)

enum { PROP_WORKSPACE = 1, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

static const int view_counts[] = {1, 4, 8};

/* --- Squares ----------------------------------------------------------- */

static void look (HfFramingWindow *self);

static void
clear_squares (HfFramingWindow *self)
{
  GtkWidget *child;

  g_clear_pointer (&self->seen, g_ptr_array_unref);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->squares))))
    gtk_grid_remove (self->squares, child);
}

static void
show_reason (HfFramingWindow *self, const char *text)
{
  clear_squares (self);
  gtk_label_set_text (self->reason, text);
  gtk_stack_set_visible_child_name (self->seen_stack, "reason");
}

/* Tiles lie as they do in the picture; views in rows of four. */
static void
show_squares (HfFramingWindow *self)
{
  const int n = (int) self->seen->len;
  const gboolean is_tiled = hf_framing_get_n_tiles (&self->draft->framing) > 1;
  const int across = is_tiled ? self->draft->framing.n_columns : MIN (n, 4);
  const int side =
      n == 1 ? ONE_SQUARE_PX : (SQUARES_PX - (across - 1) * GAP_PX) / across;

  for (int i = 0; i < n; i++) {
    GtkWidget *square = gtk_picture_new_for_paintable (self->seen->pdata[i]);
    g_autofree char *text = g_strdup_printf (
        /* Translators: one of the squares that a model is given. */
        _("Square %d of %d"), i + 1, n);

    gtk_picture_set_alternative_text (GTK_PICTURE (square), text);
    gtk_widget_set_size_request (square, MIN (side, ONE_SQUARE_PX),
                                 MIN (side, ONE_SQUARE_PX));
    gtk_grid_attach (self->squares, square, i % across, i / across, 1, 1);
  }
  gtk_stack_set_visible_child_name (self->seen_stack, "squares");
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) seen = hf_seen_load_finish (result, &error);

  g_clear_object (&self->looking);
  if (self->draft == NULL)
    return;
  if (self->look_again) {
    look (self);
    return;
  }
  if (seen == NULL) {
    show_reason (self, error->message);
    return;
  }
  clear_squares (self);
  self->seen = g_steal_pointer (&seen);
  show_squares (self);
}

/* NULL if there is none; caller unrefs. */
static HfPicture *
dup_picture (HfFramingWindow *self)
{
  if (self->workspace == NULL)
    return NULL;
  return g_list_model_get_item (hf_workspace_get_pictures (self->workspace),
                                self->at);
}

/* One at a time: while a region is pulled, the newest is what counts. */
static void
look (HfFramingWindow *self)
{
  g_autoptr (HfPicture) picture = dup_picture (self);

  self->look_again = self->looking != NULL;
  if (self->look_again || picture == NULL || self->draft == NULL)
    return;
  if (self->draft->side_px == 0) {
    g_autofree char *text = g_strdup_printf (
        /* Translators: %s is the name of a model. */
        _("The model %s is not installed, so what it would see is not known."),
           self->draft->model_name);

    show_reason (self, text);
    return;
  }
  self->looking = g_cancellable_new ();
  hf_seen_load_async (self, hf_picture_get_info (picture)->path,
                      &self->draft->framing, self->draft->n_views,
                      self->draft->side_px, self->looking, looked_cb, NULL);
}

/* --- The picture ------------------------------------------------------- */

static void load (HfFramingWindow *self);

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfLevels) levels = hf_levels_load_finish (result, &error);

  g_clear_object (&self->loading);
  if (self->workspace == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    load (self);
    return;
  }
  hf_framing_canvas_set_levels (self->canvas, levels);
  if (levels == NULL)
    adw_status_page_set_description (self->none, error->message);
  gtk_stack_set_visible_child_name (self->picture,
                                    levels != NULL ? "canvas" : "none");
}

/* One at a time: another one ends the one before, and begins after it. */
static void
load (HfFramingWindow *self)
{
  g_autoptr (HfPicture) picture = dup_picture (self);

  if (self->loading != NULL) {
    g_cancellable_cancel (self->loading);
    return;
  }
  if (picture == NULL)
    return;
  self->loading = g_cancellable_new ();
  hf_levels_load_async (self, hf_picture_get_info (picture)->path,
                        self->loading, loaded_cb, NULL);
}

static void
show_place (HfFramingWindow *self, HfPicture *picture)
{
  const guint n =
      g_list_model_get_n_items (hf_workspace_get_pictures (self->workspace));

  adw_window_title_set_subtitle (
      self->title, picture != NULL ? hf_picture_get_info (picture)->name : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.previous",
                                 self->at > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.next",
                                 self->at + 1 < n);
}

static void
show_picture (HfFramingWindow *self)
{
  g_autoptr (HfPicture) picture = dup_picture (self);

  show_place (self, picture);
  if (picture == NULL) {
    g_cancellable_cancel (self->loading);
    hf_framing_canvas_set_levels (self->canvas, NULL);
    adw_status_page_set_description (self->none,
                                     _("This project has no pictures yet."));
    gtk_stack_set_visible_child_name (self->picture, "none");
    show_reason (self, _("With the first picture this shows what the model "
                         "is given of it."));
    return;
  }
  load (self);
  look (self);
}

static void
step_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (g_str_equal (name, "framing.next"))
    self->at++;
  else if (self->at > 0)
    self->at--;
  show_picture (self);
}

/* --- The draft --------------------------------------------------------- */

static void
show_region (HfFramingWindow *self)
{
  const HfFraming *f = &self->draft->framing;

  gtk_adjustment_set_value (self->x, f->x * 100);
  gtk_adjustment_set_value (self->y, f->y * 100);
  gtk_adjustment_set_value (self->width, f->width * 100);
  gtk_adjustment_set_value (self->height, f->height * 100);
}

static void
show_background (HfFramingWindow *self)
{
  const char *path = self->draft->background;
  g_autofree char *name =
      path != NULL ? g_filename_display_basename (path) : NULL;

  adw_action_row_set_subtitle (
      self->background,
      name != NULL ? name : _("None: the picture alone is looked at"));
  gtk_widget_set_visible (self->clear_background, path != NULL);
}

static void
show_cost (HfFramingWindow *self)
{
  const guint n =
      g_list_model_get_n_items (hf_workspace_get_pictures (self->workspace));
  const gboolean is_other = !hf_setup_equal (self->draft, self->stored);
  g_autofree char *text = is_other ? hf_cost_dup_text (self->draft, n) : NULL;

  gtk_label_set_text (self->cost, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->cost), text != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.apply", is_other);
}

static void
show_draft (HfFramingWindow *self)
{
  const HfFramingKind kind = self->draft->framing.kind;
  GtkCheckButton *buttons[] = {self->crop, self->whole, self->region,
                               self->tiles};

  self->is_showing = TRUE;
  gtk_check_button_set_active (buttons[kind], TRUE);
  gtk_widget_set_visible (self->region_group, kind == HF_FRAMING_REGION);
  gtk_widget_set_visible (self->tiles_group, kind == HF_FRAMING_TILES);
  if (kind == HF_FRAMING_REGION) {
    show_region (self);
    gtk_switch_set_active (self->fit_whole,
                           self->draft->framing.fit == HF_FRAMING_WHOLE);
  } else if (kind == HF_FRAMING_TILES) {
    gtk_adjustment_set_value (self->columns, self->draft->framing.n_columns);
    gtk_adjustment_set_value (self->rows, self->draft->framing.n_rows);
  }
  for (guint i = 0; i < G_N_ELEMENTS (view_counts); i++)
    if (view_counts[i] == self->draft->n_views)
      adw_combo_row_set_selected (self->views, i);
  show_background (self);
  hf_framing_canvas_set_framing (self->canvas, &self->draft->framing);
  show_cost (self);
  self->is_showing = FALSE;
  look (self);
}

static double
round_share (double share)
{
  return round (share * 1000) / 1000;
}

/* A tenth of a percent is what the fields show. */
static void
set_region (HfFraming *framing, double x, double y, double width, double height)
{
  framing->x = CLAMP (round_share (x), 0, 0.98);
  framing->y = CLAMP (round_share (y), 0, 0.98);
  framing->width = CLAMP (round_share (width), 0.02, 1 - framing->x);
  framing->height = CLAMP (round_share (height), 0.02, 1 - framing->y);
}

/* Changing to a region begins with the middle of the picture. */
static HfFraming
read_framing (HfFramingWindow *self)
{
  const HfFraming *old = &self->draft->framing;
  HfFraming framing = HF_FRAMING_INIT;

  if (gtk_check_button_get_active (self->whole)) {
    framing.kind = framing.fit = HF_FRAMING_WHOLE;
  } else if (gtk_check_button_get_active (self->tiles)) {
    framing.kind = HF_FRAMING_TILES;
    framing.fit = HF_FRAMING_WHOLE;
    framing.n_columns = (int) gtk_adjustment_get_value (self->columns);
    framing.n_rows = (int) gtk_adjustment_get_value (self->rows);
  } else if (gtk_check_button_get_active (self->region)) {
    framing.kind = HF_FRAMING_REGION;
    framing.fit = gtk_switch_get_active (self->fit_whole) ? HF_FRAMING_WHOLE
                                                          : HF_FRAMING_CROP;
    if (old->kind == HF_FRAMING_REGION)
      set_region (&framing, old->x, old->y, old->width, old->height);
    else
      set_region (&framing, 0.25, 0.25, 0.5, 0.5);
  }
  return framing;
}

/* Of four radio buttons the old one goes out before the new one comes on. */
static gboolean
is_between (HfFramingWindow *self)
{
  return !gtk_check_button_get_active (self->crop) &&
         !gtk_check_button_get_active (self->whole) &&
         !gtk_check_button_get_active (self->region) &&
         !gtk_check_button_get_active (self->tiles);
}

static void
changed_cb (HfFramingWindow *self)
{
  const guint views = adw_combo_row_get_selected (self->views);

  if (self->is_showing || self->draft == NULL || is_between (self))
    return;
  self->draft->framing = read_framing (self);
  if (views < G_N_ELEMENTS (view_counts))
    self->draft->n_views = view_counts[views];
  show_draft (self);
}

static void
numbers_cb (HfFramingWindow *self)
{
  if (self->is_showing || self->draft == NULL)
    return;
  set_region (&self->draft->framing, gtk_adjustment_get_value (self->x) / 100,
              gtk_adjustment_get_value (self->y) / 100,
              gtk_adjustment_get_value (self->width) / 100,
              gtk_adjustment_get_value (self->height) / 100);
  show_draft (self);
}

static void
region_cb (HfFramingWindow *self)
{
  const HfFraming *drawn = hf_framing_canvas_get_framing (self->canvas);

  if (self->draft == NULL)
    return;
  set_region (&self->draft->framing, drawn->x, drawn->y, drawn->width,
              drawn->height);
  show_draft (self);
}

/* --- The background ---------------------------------------------------- */

static void
chosen_cb (HfFramingWindow *self, int response, GtkNativeDialog *chooser)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_clear_object (&self->chooser);
  if (file == NULL || self->draft == NULL)
    return;
  g_free (self->draft->background);
  self->draft->background = g_file_get_path (file);
  show_draft (self);
}

static void
choose_background_action (GtkWidget *widget, const char *name,
                          GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _("A Picture of the Empty Place"), GTK_WINDOW (self),
         GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_background_action (GtkWidget *widget, const char *name,
                         GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (self->draft == NULL)
    return;
  g_clear_pointer (&self->draft->background, g_free);
  show_draft (self);
}

/* --- Apply ------------------------------------------------------------- */

static void
offer_undo (HfFramingWindow *self)
{
  AdwToast *toast = adw_toast_new (_("Pictures are looked at anew"));

  adw_toast_set_button_label (toast, _("_Undo"));
  adw_toast_set_action_name (toast, "framing.undo");
  adw_toast_set_timeout (toast, 10);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
set_stored (HfFramingWindow *self, HfSetup *setup)
{
  hf_setup_free (self->stored);
  self->stored = setup;
  show_draft (self);
}

static void
refused (HfFramingWindow *self, const GError *error)
{
  hf_complaint_toast (self->toasts, _("Framing was not changed"),
                                       error->message);
}

static void
applied_cb (gpointer owner, HfSetup *setup, const GError *error)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (owner);

  if (self->draft == NULL)
    hf_setup_free (setup);
  else if (error != NULL)
    refused (self, error);
  else {
    hf_setup_free (self->before);
    self->before = setup;
    set_stored (self, hf_setup_copy (self->draft));
    offer_undo (self);
  }
}

static void
apply_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (self->draft == NULL || self->workspace == NULL)
    return;
  gtk_widget_action_set_enabled (widget, "framing.apply", FALSE);
  hf_setup_write (self->workspace, self->draft, G_OBJECT (self), applied_cb);
}

static void
undone_cb (gpointer owner, HfSetup *setup, const GError *error)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (owner);

  hf_setup_free (setup);
  if (self->draft == NULL)
    return;
  if (error != NULL)
    refused (self, error);
  else
    set_stored (self, hf_setup_copy (self->draft));
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (self->before == NULL || self->workspace == NULL)
    return;
  hf_setup_free (self->draft);
  self->draft = g_steal_pointer (&self->before);
  hf_setup_write (self->workspace, self->draft, G_OBJECT (self), undone_cb);
}

/* --- Life -------------------------------------------------------------- */

/* The place of the first picture that is selected, else of the first. */
static guint
find_place (HfWorkspace *workspace)
{
  GListModel *pictures = hf_workspace_get_pictures (workspace);
  GPtrArray *selection = hf_workspace_get_selection (workspace);
  guint n = selection->len > 0 ? g_list_model_get_n_items (pictures) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfPicture) picture = g_list_model_get_item (pictures, i);

    if (picture == selection->pdata[0])
      return i;
  }
  return 0;
}

static void
read_cb (gpointer owner, HfSetup *setup, const GError *error)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (owner);

  if (self->workspace == NULL) {
    hf_setup_free (setup);
    return;
  }
  if (setup == NULL) {
    refused (self, error);
    return;
  }
  self->at = find_place (self->workspace);
  self->draft = hf_setup_copy (setup);
  set_stored (self, setup);
  show_picture (self);
}

static void
forget (HfFramingWindow *self)
{
  g_cancellable_cancel (self->loading);
  g_cancellable_cancel (self->looking);
  self->look_again = FALSE;
  g_clear_pointer (&self->stored, hf_setup_free);
  g_clear_pointer (&self->draft, hf_setup_free);
  g_clear_pointer (&self->before, hf_setup_free);
  g_clear_pointer (&self->seen, g_ptr_array_unref);
}

/* Without a project there is nothing to frame. */
static void
set_workspace (HfFramingWindow *self, HfWorkspace *workspace)
{
  if (self->workspace == workspace)
    return;
  forget (self);
  if (g_set_object (&self->workspace, workspace) && workspace != NULL)
    hf_setup_read (workspace, G_OBJECT (self), read_cb);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static gboolean
turn_cb (gpointer data)
{
  HfFramingWindow *self = data;
  const gboolean is_narrow = gtk_widget_get_width (data) < NARROW_PX;

  self->narrow_idle = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->body),
                                  is_narrow ? GTK_ORIENTATION_VERTICAL
                                            : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (self->side, is_narrow ? -1 : SIDE_PX, -1);
  return G_SOURCE_REMOVE;
}

static void
hf_framing_window_size_allocate (GtkWidget *widget, int width, int height,
                                 int baseline)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);
  const GtkOrientation wanted =
      width < NARROW_PX ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL;

  GTK_WIDGET_CLASS (hf_framing_window_parent_class)
      ->size_allocate (widget, width, height, baseline);
  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->body)) != wanted &&
      self->narrow_idle == 0)
    self->narrow_idle = g_idle_add (turn_cb, self);
}

/* Work under way holds this window for a while; it must not then look for the
 * parent that it came from. */
static void
hf_framing_window_unrealize (GtkWidget *widget)
{
  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
  GTK_WIDGET_CLASS (hf_framing_window_parent_class)->unrealize (widget);
}

static void
hf_framing_window_get_property (GObject *object, guint id, GValue *value,
                                GParamSpec *pspec)
{
  g_value_set_object (value, HF_FRAMING_WINDOW (object)->workspace);
}

static void
hf_framing_window_set_property (GObject *object, guint id, const GValue *value,
                                GParamSpec *pspec)
{
  set_workspace (HF_FRAMING_WINDOW (object), g_value_get_object (value));
}

static void
hf_framing_window_dispose (GObject *object)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (object);

  forget (self);
  g_clear_handle_id (&self->narrow_idle, g_source_remove);
  g_clear_object (&self->workspace);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (hf_framing_window_parent_class)->dispose (object);
}

static void
hf_framing_window_finalize (GObject *object)
{
  g_clear_object (&HF_FRAMING_WINDOW (object)->loading);
  g_clear_object (&HF_FRAMING_WINDOW (object)->looking);
  G_OBJECT_CLASS (hf_framing_window_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "framing.previous", NULL,
                                   step_action);
  gtk_widget_class_install_action (class, "framing.next", NULL, step_action);
  gtk_widget_class_install_action (class, "framing.apply", NULL, apply_action);
  gtk_widget_class_install_action (class, "framing.undo", NULL, undo_action);
  gtk_widget_class_install_action (class, "framing.choose-background", NULL,
                                   choose_background_action);
  gtk_widget_class_install_action (class, "framing.clear-background", NULL,
                                   clear_background_action);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Page_Down, 0,
                                       "framing.next", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Page_Up, 0,
                                       "framing.previous", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "framing.apply", NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_Escape, 0, "window.close",
                                       NULL);
  gtk_widget_class_add_binding_action (class, GDK_KEY_w, GDK_CONTROL_MASK,
                                       "window.close", NULL);
}

#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, HfFramingWindow, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (toasts);
  BIND (title);
  BIND (body);
  BIND (picture);
  BIND (none);
  BIND (canvas);
  BIND (crop);
  BIND (whole);
  BIND (region);
  BIND (tiles);
  BIND (region_group);
  BIND (tiles_group);
  BIND (side);
  BIND (x);
  BIND (y);
  BIND (width);
  BIND (height);
  BIND (columns);
  BIND (rows);
  BIND (fit_whole);
  BIND (views);
  BIND (background);
  BIND (clear_background);
  BIND (seen_stack);
  BIND (squares);
  BIND (reason);
  BIND (cost);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, numbers_cb);
}

static void
hf_framing_window_class_init (HfFramingWindowClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_framing_window_get_property;
  object_class->set_property = hf_framing_window_set_property;
  object_class->dispose = hf_framing_window_dispose;
  object_class->finalize = hf_framing_window_finalize;
  widget_class->size_allocate = hf_framing_window_size_allocate;
  widget_class->unrealize = hf_framing_window_unrealize;
  properties[PROP_WORKSPACE] =
      g_param_spec_object ("workspace", NULL, NULL, HF_TYPE_WORKSPACE,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  g_type_ensure (HF_TYPE_FRAMING_CANVAS);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/framing/framing-window.ui");
  bind_children (widget_class);
  install_actions (widget_class);
}

static void
hf_framing_window_init (HfFramingWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_focus_keep (GTK_WINDOW (self));
  hf_radio_row_join (self->crop);
  hf_radio_row_join (self->whole);
  hf_radio_row_join (self->region);
  hf_radio_row_join (self->tiles);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.apply", FALSE);
  g_signal_connect_swapped (self->canvas, "region-changed",
                            G_CALLBACK (region_cb), self);
}

GtkWidget *
hf_framing_window_new (HfWorkspace *workspace)
{
  return g_object_new (HF_TYPE_FRAMING_WINDOW, "workspace", workspace, NULL);
}

HfFramingCanvas *
hf_framing_window_get_canvas (HfFramingWindow *self)
{
  return self->canvas;
}

const GPtrArray *
hf_framing_window_get_seen (HfFramingWindow *self)
{
  return self->looking == NULL ? self->seen : NULL;
}
