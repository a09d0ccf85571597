/* devices-page.c: see the header. */
#include "ui/models/devices-page.h"

#include "app/models/precision.h"
#include "ui/application.h"
#include "ui/owned-task.h"
#include "ui/widgets/radio-row.h"

#include <glib/gi18n.h>

struct _HfDevicesPage {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *none;
  AdwPreferencesGroup *group;

  GPtrArray *rows;  /* GtkWidget *, in the group */
  GPtrArray *found; /* HfDeviceInfo *; NULL: nothing was found yet */
  char *device;
  guint looking; /* the newest look; older ones are dropped */
};

G_DEFINE_FINAL_TYPE (HfDevicesPage, hf_devices_page, ADW_TYPE_BIN)

enum { PROP_DEVICE = 1, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];

enum { LOOKED, N_SIGNALS };

static guint signals[N_SIGNALS];

static const char *
get_type_name (const HfDeviceInfo *info)
{
  if (g_str_equal (info->type, "cpu"))
    return _("processor");
  if (g_str_equal (info->type, "gpu"))
    return _("graphics card");
  return _("accelerator");
}

/* (caller frees) */
static char *
dup_subtitle (const HfDeviceInfo *info)
{
  g_autofree char *memory = g_format_size (info->memory_bytes);
  g_autofree char *facts =
      /* Translators: type of a device, compute units, memory, version of its
       * driver. */
      g_strdup_printf (ngettext ("%s, %d compute unit, %s · %s",
                                 "%s, %d compute units, %s · %s",
                                 (gulong) info->compute_units),
                       get_type_name (info), info->compute_units, memory,
                       info->version);
  g_autofree char *precisions = hf_precision_dup_list (info->supports);

  if (!info->usable)
    return g_strdup_printf ("%s\n%s", facts, info->reason);
  return g_strdup_printf (
      /* Translators: facts about a device that works, and the precisions it
       * has, as "f32, f16, int8". */
      _("%s\n%s; self-test passed at %.0f GFLOP/s"), facts, precisions,
         info->gflops);
}

static void
set_device (HfDevicesPage *self, const char *device)
{
  if (g_strcmp0 (self->device, device) == 0)
    return;
  g_free (self->device);
  self->device = g_strdup (device != NULL ? device : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DEVICE]);
}

static void
toggled_cb (GtkCheckButton *button, gpointer data)
{
  HfDevicesPage *self = data;

  if (gtk_check_button_get_active (button))
    set_device (self, g_object_get_data (G_OBJECT (button), "device"));
}

/* A radio row; @first is the group's leader, or NULL for it. */
static GtkCheckButton *
add_row (HfDevicesPage *self, const char *title, const char *subtitle,
         const char *device, gboolean usable, GtkCheckButton *first)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *radio = gtk_check_button_new ();

  gtk_widget_set_valign (radio, GTK_ALIGN_CENTER);
  gtk_check_button_set_group (GTK_CHECK_BUTTON (radio), first);
  g_object_set_data_full (G_OBJECT (radio), "device", g_strdup (device),
                          g_free);
  gtk_check_button_set_active (GTK_CHECK_BUTTON (radio),
                               g_str_equal (self->device, device));
  g_signal_connect_object (radio, "toggled", G_CALLBACK (toggled_cb), self, 0);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), radio);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), radio);
  hf_radio_row_join (GTK_CHECK_BUTTON (radio));
  gtk_widget_set_sensitive (row, usable);
  adw_preferences_group_add (self->group, row);
  g_ptr_array_add (self->rows, row);
  return GTK_CHECK_BUTTON (radio);
}

static void
show_devices (HfDevicesPage *self, const GPtrArray *devices)
{
  const HfDeviceInfo *best = NULL;
  g_autofree char *what = NULL;
  GtkCheckButton *first;

  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->group, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; best == NULL && i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];

    if (info->usable)
      best = info;
  }
  /* Translators: %s is the name of a device. */
  what = best != NULL ? g_strdup_printf (_("now %s"), best->name)
                      : g_strdup (_("none works now"));
  first = add_row (self, _("The Fastest That Works"), what, "", TRUE, NULL);
  for (guint i = 0; i < devices->len; i++) {
    const HfDeviceInfo *info = devices->pdata[i];
    g_autofree char *name = g_utf8_make_valid (info->name, -1);
    g_autofree char *subtitle = dup_subtitle (info);

    add_row (self, name, subtitle, info->name, info->usable, first);
  }
  gtk_stack_set_visible_child_name (self->stack, "list");
}

static void
look_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *devices = hf_device_list (&error);

  if (devices != NULL)
    g_task_return_pointer (task, devices, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfDevicesPage *self = HF_DEVICES_PAGE (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices =
      g_task_propagate_pointer (G_TASK (result), &error);

  if (GPOINTER_TO_UINT (data) != self->looking || self->rows == NULL)
    return;
  g_clear_pointer (&self->found, g_ptr_array_unref);
  if (devices != NULL) {
    self->found = g_ptr_array_ref (devices);
    show_devices (self, devices);
  } else {
    adw_status_page_set_description (self->none, error->message);
    gtk_stack_set_visible_child_name (self->stack, "none");
  }
  g_signal_emit (self, signals[LOOKED], 0);
}

const HfDeviceInfo *
hf_devices_page_get_used (HfDevicesPage *self)
{
  for (guint i = 0; self->found != NULL && i < self->found->len; i++) {
    const HfDeviceInfo *info = self->found->pdata[i];

    if (*self->device != '\0' ? g_str_equal (info->name, self->device)
                              : info->chosen)
      return info->usable ? info : NULL;
  }
  return NULL;
}

void
hf_devices_page_refresh (HfDevicesPage *self)
{
  g_autoptr (GTask) task = NULL;

  self->looking++;
  gtk_stack_set_visible_child_name (self->stack, "looking");
  task = hf_owned_task_new (self, NULL, looked_cb,
                            GUINT_TO_POINTER (self->looking));
  g_task_run_in_thread (task, look_thread);
}

static void
hf_devices_page_get_property (GObject *object, guint id, GValue *value,
                              GParamSpec *pspec)
{
  g_value_set_string (value, HF_DEVICES_PAGE (object)->device);
}

static void
hf_devices_page_set_property (GObject *object, guint id, const GValue *value,
                              GParamSpec *pspec)
{
  set_device (HF_DEVICES_PAGE (object), g_value_get_string (value));
}

static void
hf_devices_page_dispose (GObject *object)
{
  HfDevicesPage *self = HF_DEVICES_PAGE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->found, g_ptr_array_unref);
  G_OBJECT_CLASS (hf_devices_page_parent_class)->dispose (object);
}

static void
hf_devices_page_finalize (GObject *object)
{
  g_free (HF_DEVICES_PAGE (object)->device);
  G_OBJECT_CLASS (hf_devices_page_parent_class)->finalize (object);
}

static void
hf_devices_page_class_init (HfDevicesPageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_devices_page_get_property;
  object_class->set_property = hf_devices_page_set_property;
  object_class->dispose = hf_devices_page_dispose;
  object_class->finalize = hf_devices_page_finalize;
  properties[PROP_DEVICE] = g_param_spec_string (
      "device", NULL, NULL, "",
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[LOOKED] =
      g_signal_new ("looked", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/models/devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, HfDevicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, HfDevicesPage, none);
  gtk_widget_class_bind_template_child (widget_class, HfDevicesPage, group);
  gtk_widget_class_bind_template_callback (widget_class,
                                           hf_devices_page_refresh);
}

static void
hf_devices_page_init (HfDevicesPage *self)
{
  self->rows = g_ptr_array_new ();
  self->device = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
}
