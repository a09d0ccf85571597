/* framing-window.c: see the header. The draft is the form's; what is changed in
 * it, and on the picture, goes through draft_changed. */
#include "ui/framing/framing-window.h"

#include "ui/application.h"
#include "ui/framing/cost.h"
#include "ui/framing/framing-form.h"
#include "ui/widgets/focus-keeper.h"
#include "ui/window/complaint.h"

#include <glib/gi18n.h>

#define NARROW_PX 720
#define SIDE_PX 380

struct _HfFramingWindow {
  AdwWindow parent_instance;

  AdwToastOverlay *toasts;
  AdwWindowTitle *title;
  GtkBox *body;
  GtkStack *picture;
  AdwStatusPage *none;
  HfFramingCanvas *canvas;
  GtkWidget *side;
  HfFramingForm *form;
  GtkLabel *cost;

  HfWorkspace *workspace;
  HfSetup *stored;       /* NULL until read, as the form's is */
  HfSetup *sent;         /* on its way into the project, or NULL */
  HfSetup *before;       /* what Undo brings back, or NULL */
  guint at;              /* place of the picture */
  GCancellable *loading; /* the picture, or NULL */
  guint narrow_idle;
};

G_DEFINE_FINAL_TYPE (HfFramingWindow, hf_framing_window, ADW_TYPE_WINDOW)

enum { PROP_WORKSPACE = 1, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

/* --- The picture ------------------------------------------------------- */

/* NULL if there is none; caller unrefs. */
static HfPicture *
dup_picture (HfFramingWindow *self)
{
  if (self->workspace == NULL)
    return NULL;
  return g_list_model_get_item (hf_workspace_get_pictures (self->workspace),
                                self->at);
}

static void
look (HfFramingWindow *self)
{
  const HfSetup *draft = hf_framing_form_get_setup (self->form);
  g_autoptr (HfPicture) picture = dup_picture (self);

  if (picture != NULL && draft != NULL)
    hf_seen_view_look (hf_framing_form_get_seen_view (self->form),
                       hf_picture_get_info (picture)->path, draft);
}

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
    hf_seen_view_say (hf_framing_form_get_seen_view (self->form),
                      _("With the first picture this shows what the model "
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
show_cost (HfFramingWindow *self)
{
  const guint n =
      g_list_model_get_n_items (hf_workspace_get_pictures (self->workspace));
  const HfSetup *draft = hf_framing_form_get_setup (self->form);
  const gboolean is_other = !hf_setup_equal (draft, self->stored);
  g_autofree char *text = is_other ? hf_cost_dup_text (draft, n) : NULL;

  gtk_label_set_text (self->cost, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->cost), text != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.apply",
                                 is_other && self->sent == NULL);
}

static void
draft_changed (HfFramingWindow *self)
{
  hf_framing_canvas_set_framing (
      self->canvas, &hf_framing_form_get_setup (self->form)->framing);
  show_cost (self);
  look (self);
}

static void
region_cb (HfFramingWindow *self)
{
  hf_framing_form_set_region (self->form,
                              hf_framing_canvas_get_framing (self->canvas));
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
refused (HfFramingWindow *self, const GError *error)
{
  hf_complaint_toast (self->toasts, _("Framing was not changed"),
                                       error->message);
}

static void
send (HfFramingWindow *self, HfSetupFunc done)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.apply", FALSE);
  hf_setup_write (self->workspace, self->sent, G_OBJECT (self), done);
}

/* TRUE: the project holds what was sent. The draft may be another one since. */
static gboolean
settle (HfFramingWindow *self, const GError *error)
{
  g_autoptr (HfSetup) sent = g_steal_pointer (&self->sent);

  if (sent == NULL)
    return FALSE;
  if (error != NULL) {
    refused (self, error);
  } else {
    hf_setup_free (self->stored);
    self->stored = g_steal_pointer (&sent);
  }
  show_cost (self);
  return error == NULL;
}

static void
applied_cb (gpointer owner, HfSetup *setup, const GError *error)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (owner);
  g_autoptr (HfSetup) before = setup;

  if (!settle (self, error))
    return;
  hf_setup_free (self->before);
  self->before = g_steal_pointer (&before);
  offer_undo (self);
}

static void
apply_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);
  const HfSetup *draft = hf_framing_form_get_setup (self->form);

  if (draft == NULL || self->sent != NULL || self->workspace == NULL)
    return;
  self->sent = hf_setup_copy (draft);
  send (self, applied_cb);
}

static void
undone_cb (gpointer owner, HfSetup *setup, const GError *error)
{
  hf_setup_free (setup);
  settle (HF_FRAMING_WINDOW (owner), error);
}

static void
undo_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfFramingWindow *self = HF_FRAMING_WINDOW (widget);

  if (self->before == NULL || self->sent != NULL || self->workspace == NULL)
    return;
  self->sent = g_steal_pointer (&self->before);
  hf_framing_form_set_setup (self->form, self->sent);
  draft_changed (self);
  send (self, undone_cb);
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
  hf_framing_form_set_setup (self->form, setup);
  self->stored = setup;
  draft_changed (self);
  show_picture (self);
}

static void
forget (HfFramingWindow *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_pointer (&self->stored, hf_setup_free);
  g_clear_pointer (&self->sent, hf_setup_free);
  g_clear_pointer (&self->before, hf_setup_free);
  if (self->form == NULL) /* disposed of before */
    return;
  hf_framing_form_set_setup (self->form, NULL);
  hf_seen_view_stop (hf_framing_form_get_seen_view (self->form));
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
  G_OBJECT_CLASS (hf_framing_window_parent_class)->dispose (object);
}

static void
hf_framing_window_finalize (GObject *object)
{
  g_clear_object (&HF_FRAMING_WINDOW (object)->loading);
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
  BIND (side);
  BIND (form);
  BIND (cost);
  gtk_widget_class_bind_template_callback (widget_class, draft_changed);
  gtk_widget_class_bind_template_callback (widget_class, region_cb);
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
  g_type_ensure (HF_TYPE_FRAMING_FORM);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "framing.apply", FALSE);
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
  return hf_seen_view_get_seen (hf_framing_form_get_seen_view (self->form));
}
