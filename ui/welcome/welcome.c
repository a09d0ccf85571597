/* welcome.c: see the header. */
#include "ui/welcome/welcome.h"

#include "ui/application.h"
#include "ui/settings.h"
#include "ui/welcome/machine.h"
#include "ui/welcome/recent-row.h"

struct _HfWelcome {
  GtkWidget parent_instance;

  GtkWidget *scroller, *open_button, *recent_box, *machine_button;
  GtkListBox *list;
  GtkLabel *machine;

  HfRecents *recents;
  GSettings *settings;
  GCancellable *describing; /* NULL while the page is not seen */
};

G_DEFINE_FINAL_TYPE (HfWelcome, hf_welcome, GTK_TYPE_WIDGET)

static void
row_activated_cb (HfWelcome *self, GtkListBoxRow *row)
{
  HfRecentItem *item = hf_recent_row_get_item (HF_RECENT_ROW (row));

  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-path", "^ay",
                              hf_recent_item_get (item)->path);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  return hf_recent_row_new (HF_RECENT_ITEM (item));
}

static void
items_changed_cb (HfWelcome *self)
{
  GListModel *list = hf_recents_get_list (self->recents);

  gtk_widget_set_visible (self->recent_box,
                          g_list_model_get_n_items (list) > 0);
}

static void
described_cb (const char *line, gpointer data)
{
  HfWelcome *self = HF_WELCOME (data);

  gtk_label_set_label (self->machine, line);
  gtk_widget_set_visible (self->machine_button, TRUE);
}

static void
hf_welcome_map (GtkWidget *widget)
{
  HfWelcome *self = HF_WELCOME (widget);
  g_autofree char *device = g_settings_get_string (self->settings, "device");

  GTK_WIDGET_CLASS (hf_welcome_parent_class)->map (widget);
  hf_recents_reload (self->recents);
  self->describing = g_cancellable_new ();
  hf_machine_describe (device, self->describing, described_cb, self);
  gtk_widget_grab_focus (self->open_button);
}

static void
hf_welcome_unmap (GtkWidget *widget)
{
  HfWelcome *self = HF_WELCOME (widget);

  g_cancellable_cancel (self->describing);
  g_clear_object (&self->describing);
  GTK_WIDGET_CLASS (hf_welcome_parent_class)->unmap (widget);
}

static void
hf_welcome_dispose (GObject *object)
{
  HfWelcome *self = HF_WELCOME (object);

  g_cancellable_cancel (self->describing);
  g_clear_object (&self->describing);
  g_clear_object (&self->settings);
  g_clear_object (&self->recents);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_welcome_parent_class)->dispose (object);
}

static gboolean
resize_cb (gpointer data)
{
  gtk_widget_queue_resize (data);
  return G_SOURCE_REMOVE;
}

/* The squeezer of this version chooses while sizes are given out, when a wish
 * for another height is lost: the buttons covered the words around them. */
static void
squeezed_cb (GtkWidget *squeezer)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, resize_cb, g_object_ref (squeezer),
                   g_object_unref);
}

static void
hf_welcome_class_init (HfWelcomeClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_welcome_dispose;
  widget_class->map = hf_welcome_map;
  widget_class->unmap = hf_welcome_unmap;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/welcome/welcome.ui");
#define BIND(child) \
  gtk_widget_class_bind_template_child (widget_class, HfWelcome, child)
  BIND (scroller);
  BIND (open_button);
  BIND (recent_box);
  BIND (machine_button);
  BIND (list);
  BIND (machine);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, squeezed_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
hf_welcome_init (HfWelcome *self)
{
  GListModel *list;

  self->settings = hf_settings_new ();
  self->recents = g_object_ref (hf_application_get_recents (
      HF_APPLICATION (g_application_get_default ())));
  list = hf_recents_get_list (self->recents);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_bind_model (self->list, list, create_row, NULL, NULL);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (items_changed_cb),
                           self, G_CONNECT_SWAPPED);
  items_changed_cb (self);
}
