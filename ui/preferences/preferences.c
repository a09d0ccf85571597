/* preferences.c: see the header. */
#include "ui/preferences/preferences.h"

#include "app/jobs/cache.h"
#include "app/models/precision.h"
#include "ui/application.h"
#include "ui/preferences/device-choice.h"
#include "ui/settings.h"

#include <glib/gi18n.h>

struct _HfPreferences {
  AdwPreferencesWindow parent_instance;

  GtkWidget *step_on, *goal_escapes, *goal_overkill, *colour_scheme, *precision,
      *cache_gib, *clear_button;
  AdwComboRow *device;
  AdwActionRow *cache_row;

  GSettings *settings;
  HfDeviceChoice *devices;
  GCancellable *cache_job; /* the newest: an older answer is stale */
};

G_DEFINE_FINAL_TYPE (HfPreferences, hf_preferences, ADW_TYPE_PREFERENCES_WINDOW)

/* --- Enumerations ------------------------------------------------------ */

static const char *const schemes[] = {"default", "light", "dark", NULL};
static const char *const precisions[] = {"f32", "f16", "bf16", "int8", NULL};

/* From the nick of a key to the place in its list, and back. */
static gboolean
get_place (GValue *value, GVariant *variant, gpointer data)
{
  const char *const *nicks = data;

  for (guint i = 0; nicks[i] != NULL; i++)
    if (g_str_equal (nicks[i], g_variant_get_string (variant, NULL)))
      g_value_set_uint (value, i);
  return TRUE;
}

static GVariant *
set_place (const GValue *value, const GVariantType *type, gpointer data)
{
  const char *const *nicks = data;

  return g_variant_new_string (nicks[g_value_get_uint (value)]);
}

/* --- The cache --------------------------------------------------------- */

/* data: how large it may get; 0: clear it. */
static void
cache_thread (GTask *task, gpointer source, gpointer data,
              GCancellable *cancellable)
{
  const guint64 limit = *(guint64 *) data;
  g_autofree char *path = hf_cache_dup_path ();

  g_task_return_int (task,
                     (gssize) (limit > 0 ? hf_cache_set_limit (path, limit)
                                         : hf_cache_clear (path)));
}

static void
cache_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfPreferences *self = data;
  gssize size = g_task_propagate_int (G_TASK (result), NULL);
  g_autofree char *text = NULL;

  /* Cancelled, and the window may be gone. */
  if (size < 0)
    return;
  text = g_format_size_full (size, G_FORMAT_SIZE_IEC_UNITS);
  adw_action_row_set_subtitle (self->cache_row, text);
  gtk_widget_set_sensitive (self->clear_button, size > 0);
}

static void
run_cache_job (HfPreferences *self, guint64 limit)
{
  g_autoptr (GTask) task = NULL;

  g_cancellable_cancel (self->cache_job);
  g_clear_object (&self->cache_job);
  self->cache_job = g_cancellable_new ();
  task = g_task_new (NULL, self->cache_job, cache_cb, self);
  g_task_set_task_data (task, g_memdup2 (&limit, sizeof limit), g_free);
  g_task_run_in_thread (task, cache_thread);
}

static void
clear_cb (HfPreferences *self)
{
  gtk_widget_set_sensitive (self->clear_button, FALSE);
  run_cache_job (self, 0);
}

static void
limit_cb (HfPreferences *self)
{
  run_cache_job (
      self, (guint64) g_settings_get_int (self->settings, "cache-gib") << 30);
}

/* --- Devices ----------------------------------------------------------- */

static void
device_selected_cb (HfPreferences *self)
{
  guint place = adw_combo_row_get_selected (self->device);
  const char *id = hf_device_choice_get_id (self->devices, place);

  if (id != NULL)
    g_settings_set_string (self->settings, "device", id);
}

static void
devices_found_cb (HfPreferences *self)
{
  g_autofree char *id = g_settings_get_string (self->settings, "device");

  adw_combo_row_set_model (self->device,
                           hf_device_choice_get_names (self->devices));
  adw_combo_row_set_selected (self->device,
                              hf_device_choice_find (self->devices, id));
  g_signal_connect_object (self->device, "notify::selected",
                           G_CALLBACK (device_selected_cb), self,
                           G_CONNECT_SWAPPED);
}

/* --- Life -------------------------------------------------------------- */

static void
hf_preferences_dispose (GObject *object)
{
  HfPreferences *self = HF_PREFERENCES (object);

  g_cancellable_cancel (self->cache_job);
  g_clear_object (&self->cache_job);
  g_clear_object (&self->settings);
  g_clear_object (&self->devices);
  G_OBJECT_CLASS (hf_preferences_parent_class)->dispose (object);
}

static void
hf_preferences_class_init (HfPreferencesClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_preferences_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/preferences/preferences.ui");
#define BIND(child) \
  gtk_widget_class_bind_template_child (widget_class, HfPreferences, child)
  BIND (step_on);
  BIND (goal_escapes);
  BIND (goal_overkill);
  BIND (colour_scheme);
  BIND (precision);
  BIND (cache_gib);
  BIND (clear_button);
  BIND (device);
  BIND (cache_row);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
}

static void
bind_enum (HfPreferences *self, const char *key, GtkWidget *row,
           const char *const *nicks)
{
  g_settings_bind_with_mapping (self->settings, key, row, "selected",
                                G_SETTINGS_BIND_DEFAULT, get_place, set_place,
                                (gpointer) nicks, NULL);
}

static void
fill_precisions (HfPreferences *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  for (int p = 0; p < HF_N_PRECISIONS; p++)
    gtk_string_list_append (titles, hf_precision_get_title ((HfPrecision) p));
  adw_combo_row_set_model (ADW_COMBO_ROW (self->precision),
                           G_LIST_MODEL (titles));
}

static void
hf_preferences_init (HfPreferences *self)
{
  const GSettingsBindFlags flags = G_SETTINGS_BIND_DEFAULT;
  GSettings *settings = hf_settings_new ();

  self->settings = settings;
  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind (settings, "step-on", self->step_on, "active", flags);
  g_settings_bind (settings, "goal-escapes", self->goal_escapes, "value",
                   flags);
  g_settings_bind (settings, "goal-overkill", self->goal_overkill, "value",
                   flags);
  g_settings_bind (settings, "cache-gib", self->cache_gib, "value", flags);
  bind_enum (self, "colour-scheme", self->colour_scheme, schemes);
  fill_precisions (self);
  bind_enum (self, "precision", self->precision, precisions);
  g_signal_connect_object (settings, "changed::cache-gib",
                           G_CALLBACK (limit_cb), self, G_CONNECT_SWAPPED);
  limit_cb (self);
  self->devices = hf_device_choice_new ();
  g_signal_connect_object (self->devices, "found",
                           G_CALLBACK (devices_found_cb), self,
                           G_CONNECT_SWAPPED);
}

GtkWidget *
hf_preferences_new (GtkWindow *parent)
{
  return g_object_new (HF_TYPE_PREFERENCES, "transient-for", parent, NULL);
}
