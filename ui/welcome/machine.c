/* machine.c: see the header. Both steps are in threads: looking at the devices
 * for the first time takes half a second, measuring two. */
#include "ui/welcome/machine.h"

#include "app/models/speed.h"
#include "app/models/store.h"
#include "compute/device-list.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *wanted;  /* device, or NULL */
  char *name;    /* of the device that works; NULL: none does */
  char *machine; /* "Portable OpenCL, 2 cores" */
  char *model;   /* path of the starter */
  double ms;     /* a picture; 0: not known */
  char *reason;  /* why there is no device */
  HfMachineFunc func;
  gpointer data;
} Machine;

static void
machine_free (gpointer data)
{
  Machine *self = data;

  g_free (self->wanted);
  g_free (self->name);
  g_free (self->machine);
  g_free (self->model);
  g_free (self->reason);
  g_free (self);
}

/* As people call it: the driver of processors by its short name, a card by its
 * own. */
static char *
dup_machine (const HfDeviceInfo *info)
{
  const gboolean is_pocl =
      g_str_equal (info->platform, "Portable Computing Language");

  if (!g_str_equal (info->type, "cpu"))
    return g_strdup (info->name);
  return g_strdup_printf (
      /* Translators: "Portable OpenCL, 2 cores" */
      ngettext ("%s, %d core", "%s, %d cores", info->compute_units),
      is_pocl ? "Portable OpenCL" : info->name, info->compute_units);
}

static gboolean
is_wanted (const HfDeviceInfo *info, const char *wanted)
{
  g_autofree char *name = NULL, *part = NULL;

  if (wanted == NULL)
    return TRUE;
  name = g_utf8_casefold (info->name, -1);
  part = g_utf8_casefold (wanted, -1);
  return g_str_equal (info->id, wanted) || strstr (name, part) != NULL;
}

static void
take_device (Machine *self, const HfDeviceInfo *info)
{
  self->name = g_strdup (info->name);
  self->machine = dup_machine (info);
}

/* Tests all devices, where no test is remembered. */
static void
find_device (Machine *self)
{
  g_autoptr (HfDeviceInfo) known = hf_device_recall (self->wanted);
  g_autoptr (GPtrArray) devices = NULL;
  g_autoptr (GError) error = NULL;

  if (known != NULL) {
    take_device (self, known);
    return;
  }
  devices = hf_device_list (&error);
  if (devices == NULL) {
    self->reason = g_strdup (error->message);
    return;
  }
  for (guint i = 0; i < devices->len && self->name == NULL; i++) {
    const HfDeviceInfo *info = g_ptr_array_index (devices, i);

    if (info->usable && is_wanted (info, self->wanted))
      take_device (self, info);
  }
}

static void
look (Machine *self)
{
  find_device (self);
  self->model = hf_store_dup_path (HF_STORE_STARTER, NULL);
  if (self->name != NULL && self->model != NULL)
    self->ms = hf_speed_recall (self->model, self->name, HF_PRECISION_F16);
}

static void
look_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  look (data);
  g_task_return_boolean (task, TRUE);
}

static void
cancelled_cb (GCancellable *cancellable, HfProgress *progress)
{
  hf_progress_cancel (progress);
}

static void
measure_thread (GTask *task, gpointer source, gpointer data,
                GCancellable *cancellable)
{
  Machine *self = data;
  g_autoptr (HfProgress) progress = hf_progress_new (NULL, NULL);
  gulong handler =
      cancellable != NULL
          ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                   progress, NULL)
          : 0;
  /* Without a rate the line stays as it is. */
  gboolean ok = hf_speed_measure (self->model, self->wanted, HF_PRECISION_F16,
                                  progress, &self->ms, NULL, NULL);

  g_cancellable_disconnect (cancellable, handler);
  g_task_return_boolean (task, ok);
}

/* Two digits say all that "about" can mean. */
static int
round_rate (double rate)
{
  int step = 1;

  while (rate / step >= 100)
    step *= 10;
  return (int) (rate / step + 0.5) * step;
}

static void
tell (const Machine *self)
{
  g_autofree char *line = NULL;

  if (self->name == NULL)
    line = g_strdup (self->reason != NULL ? self->reason
                                          : _("No device for computing works: "
                                              "see Models and Devices"));
  else if (self->ms > 0)
    line = g_strdup_printf (
        /* Translators: %s is "Portable OpenCL, 2 cores" */
        _("Starter model on %s: about %d images/s"), self->machine,
           round_rate (1000 / self->ms));
  else
    line = g_strdup_printf (_("Starter model on %s"), self->machine);
  self->func (line, self->data);
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  if (g_task_propagate_boolean (G_TASK (result), NULL))
    tell (g_task_get_task_data (G_TASK (data)));
  g_object_unref (data);
}

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = G_TASK (result);
  Machine *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GTask) measure = NULL;

  if (!g_task_propagate_boolean (task, NULL))
    return;
  tell (self);
  if (self->name == NULL || self->model == NULL || self->ms > 0)
    return;
  measure = g_task_new (NULL, cancellable, measured_cb, g_object_ref (task));
  g_task_set_task_data (measure, self, NULL);
  g_task_run_in_thread (measure, measure_thread);
}

void
hf_machine_describe (const char *device, GCancellable *cancellable,
                     HfMachineFunc func, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, looked_cb, NULL);
  Machine *self = g_new0 (Machine, 1);

  self->wanted = device != NULL && *device != '\0' ? g_strdup (device) : NULL;
  self->func = func;
  self->data = data;
  g_task_set_task_data (task, self, machine_free);
  g_task_run_in_thread (task, look_thread);
}
