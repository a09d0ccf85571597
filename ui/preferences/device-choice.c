/* device-choice.c: see the header. */
#include "ui/preferences/device-choice.h"

#include "compute/device.h"
#include "ui/owned-task.h"

#include <glib/gi18n.h>
#include <gtk/gtk.h>

struct _HfDeviceChoice {
  GObject parent_instance;

  GtkStringList *names;
  GPtrArray *ids; /* char *, in the order of the names */
};

enum { FOUND, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfDeviceChoice, hf_device_choice, G_TYPE_OBJECT)

/* Without a device there is nothing to choose; who needs one says why there is
 * none. */
static void
look_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  g_task_return_pointer (task, hf_device_list (NULL),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfDeviceChoice *self = HF_DEVICE_CHOICE (source);
  g_autoptr (GPtrArray) devices =
      g_task_propagate_pointer (G_TASK (result), NULL);

  for (guint i = 0; devices != NULL && i < devices->len; i++) {
    const HfDeviceInfo *info = g_ptr_array_index (devices, i);

    if (!info->usable)
      continue;
    gtk_string_list_append (self->names, info->name);
    g_ptr_array_add (self->ids, g_strdup (info->id));
  }
  g_signal_emit (self, signals[FOUND], 0);
}

static void
hf_device_choice_finalize (GObject *object)
{
  HfDeviceChoice *self = HF_DEVICE_CHOICE (object);

  g_clear_object (&self->names);
  g_clear_pointer (&self->ids, g_ptr_array_unref);
  G_OBJECT_CLASS (hf_device_choice_parent_class)->finalize (object);
}

static void
hf_device_choice_class_init (HfDeviceChoiceClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_device_choice_finalize;
  signals[FOUND] =
      g_signal_new ("found", HF_TYPE_DEVICE_CHOICE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_device_choice_init (HfDeviceChoice *self)
{
  self->names = gtk_string_list_new (NULL);
  self->ids = g_ptr_array_new_with_free_func (g_free);
  gtk_string_list_append (self->names, _("The Fastest"));
  g_ptr_array_add (self->ids, g_strdup (""));
}

HfDeviceChoice *
hf_device_choice_new (void)
{
  HfDeviceChoice *self = g_object_new (HF_TYPE_DEVICE_CHOICE, NULL);
  g_autoptr (GTask) task = hf_owned_task_new (self, NULL, looked_cb, NULL);

  g_task_run_in_thread (task, look_thread);
  return self;
}

GListModel *
hf_device_choice_get_names (HfDeviceChoice *self)
{
  return G_LIST_MODEL (self->names);
}

const char *
hf_device_choice_get_id (HfDeviceChoice *self, guint i)
{
  return i < self->ids->len ? g_ptr_array_index (self->ids, i) : NULL;
}

guint
hf_device_choice_find (HfDeviceChoice *self, const char *id)
{
  guint i;

  if (g_ptr_array_find_with_equal_func (self->ids, id, g_str_equal, &i))
    return i;
  return 0;
}
