/* model-shelf.c: see the header. A task's data own everything that its thread
 * needs; the shelf is touched only when the task has returned. */
#include "ui/models/model-shelf.h"

#include "app/models/catalogue.h"
#include "app/models/estimate.h"
#include "app/models/fetch.h"
#include "app/models/import.h"
#include "app/models/speed.h"
#include "compute/device-list.h"
#include "ui/owned-task.h"

#include <glib/gi18n.h>

#define N_RETRIES 5

struct _HfModelShelf {
  GObject parent_instance;

  GListStore *models, *jobs;
  HfModelItem *advised;
  char *device;
  guint64 disk_use;
};

G_DEFINE_FINAL_TYPE (HfModelShelf, hf_model_shelf, G_TYPE_OBJECT)

enum { FAILED, ADDED, REFRESHED, N_SIGNALS };

static guint signals[N_SIGNALS];

/* What a thread works on; strings may be NULL. */
typedef struct {
  HfModelItem *item; /* touched in the main thread only; or NULL */
  HfJob *job;        /* or NULL */
  char *name, *path, *device;
  double ms[HF_N_PRECISIONS];
} Work;

static void
work_free (gpointer data)
{
  Work *self = data;

  g_clear_object (&self->item);
  g_clear_object (&self->job);
  g_free (self->name);
  g_free (self->path);
  g_free (self->device);
  g_free (self);
}

static void
fail (HfModelShelf *self, const char *title, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, title, error);
}

static void
start (HfModelShelf *self, Work *work, GTaskThreadFunc thread,
       GAsyncReadyCallback done)
{
  g_autoptr (GTask) task = hf_owned_task_new (self, NULL, done, NULL);

  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, thread);
}

static Work *
get_work (GAsyncResult *result)
{
  return g_task_get_task_data (G_TASK (result));
}

/* Refreshing. */

/* @device: the name of the one in use; NULL where it is not known. */
static void
add_installed (GArray *found, HfStoredModel *model,
               const HfCatalogue *catalogue, const char *device)
{
  const HfCatalogueEntry *entry =
      catalogue != NULL ? hf_catalogue_find (catalogue, model->name) : NULL;
  HfModelInfo info = {.name = g_steal_pointer (&model->name),
                      .state = HF_MODEL_INSTALLED,
                      .built_in = model->built_in,
                      .folder = g_steal_pointer (&model->folder),
                      .size_bytes = model->size_bytes,
                      .input_px = entry != NULL ? entry->input_px : 0,
                      .source = g_steal_pointer (&model->source),
                      .verified_as = g_steal_pointer (&model->verified_as),
                      .verified_how = g_steal_pointer (&model->verified_how),
                      .not_verified = g_steal_pointer (&model->not_verified)};

  for (int p = 0; p < HF_N_PRECISIONS; p++) {
    info.ms[p] = hf_speed_recall (info.folder, device, (HfPrecision) p);
    hf_speed_recall_right (info.folder, (HfPrecision) p, &info.counts[p].right,
                           &info.counts[p].n);
  }
  g_array_append_val (found, info);
}

static gboolean
is_among (const GArray *found, const char *name)
{
  for (guint i = 0; i < found->len; i++)
    if (hf_model_names_equal (g_array_index (found, HfModelInfo, i).name, name))
      return TRUE;
  return FALSE;
}

/* @estimate: NULL where the device is not known. */
static void
add_available (GArray *found, const HfCatalogueEntry *entry,
               const HfEstimate *estimate)
{
  HfModelInfo info = {.name = g_strdup (entry->name),
                      .state = HF_MODEL_AVAILABLE,
                      .size_bytes = (guint64) entry->size_bytes,
                      .input_px = entry->input_px};

  if (estimate != NULL)
    info.about_ms = estimate->ms;
  if (estimate != NULL && !estimate->fits)
    info.needs_bytes = estimate->needs_bytes;
  hf_fetch_has_part (entry->name, &info.come_bytes);
  g_array_append_val (found, info);
}

/* Those that are not installed; @estimates as hf_estimate_here. */
static void
read_available (GArray *found, const HfCatalogue *catalogue,
                const HfEstimate *estimates)
{
  for (guint i = 0; i < hf_catalogue_get_n (catalogue); i++) {
    const HfCatalogueEntry *entry = hf_catalogue_get (catalogue, i);

    if (!is_among (found, entry->name))
      add_available (found, entry, estimates != NULL ? &estimates[i] : NULL);
  }
}

/* (caller frees) */
static char *
dup_advised (const HfCatalogue *catalogue, const HfEstimate *estimates)
{
  const HfCatalogueEntry *entry = hf_estimate_choose (catalogue, estimates);

  return entry != NULL ? g_strdup (entry->name) : NULL;
}

/* The work's name becomes that of the model to begin with. */
static void
read_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfCatalogue) catalogue = hf_catalogue_load (&error);
  g_autoptr (GPtrArray) models = hf_store_list ();
  g_autoptr (HfDeviceInfo) device = hf_device_recall (work->device);
  g_autofree HfEstimate *estimates =
      catalogue != NULL ? hf_estimate_here (catalogue, models, work->device)
                        : NULL;
  GArray *found = g_array_new (FALSE, FALSE, sizeof (HfModelInfo));

  g_array_set_clear_func (found, (GDestroyNotify) hf_model_info_clear);
  for (guint i = 0; i < models->len; i++)
    add_installed (found, models->pdata[i], catalogue,
                   device != NULL ? device->name : NULL);
  if (catalogue != NULL)
    read_available (found, catalogue, estimates);
  if (estimates != NULL)
    work->name = dup_advised (catalogue, estimates);
  g_task_return_pointer (task, found, (GDestroyNotify) g_array_unref);
}

static HfModelItem *
find_item (HfModelShelf *self, const char *name)
{
  GListModel *models = G_LIST_MODEL (self->models);

  for (guint i = 0; i < g_list_model_get_n_items (models); i++) {
    g_autoptr (HfModelItem) item = g_list_model_get_item (models, i);

    if (hf_model_names_equal (hf_model_item_get_info (item)->name, name))
      return item; /* the list keeps it */
  }
  return NULL;
}

static gboolean
is_at (HfModelShelf *self, guint i, const HfModelItem *item)
{
  g_autoptr (HfModelItem) there =
      g_list_model_get_item (G_LIST_MODEL (self->models), i);

  return item != NULL && there == item;
}

static void
advise (HfModelShelf *self, const char *name)
{
  HfModelItem *item = name != NULL ? find_item (self, name) : NULL;

  if (item != NULL &&
      hf_model_item_get_info (item)->state == HF_MODEL_INSTALLED)
    item = NULL;
  g_set_object (&self->advised, item);
}

/* Items stay the same objects, so that rows keep focus and progress; and where
 * no model has come, gone or become another's, the list does not change. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfModelShelf *self = HF_MODEL_SHELF (source);
  g_autoptr (GArray) found = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  gboolean same;

  same = g_list_model_get_n_items (G_LIST_MODEL (self->models)) == found->len;
  self->disk_use = 0;
  for (guint i = 0; i < found->len; i++) {
    HfModelInfo *info = &g_array_index (found, HfModelInfo, i);
    HfModelItem *item = find_item (self, info->name);

    same = same && is_at (self, i, item) &&
           hf_model_item_get_info (item)->state == info->state;

    if (info->state == HF_MODEL_INSTALLED && !info->built_in)
      self->disk_use += info->size_bytes;
    if (item == NULL)
      g_ptr_array_add (items, hf_model_item_new (info));
    else
      g_ptr_array_add (items, g_object_ref (item));
    if (item == NULL || hf_model_item_get_info (item)->state == HF_MODEL_COMING)
      continue;
    info->measuring = hf_model_item_get_info (item)->measuring;
    hf_model_item_take_info (item, info);
  }
  if (!same)
    g_list_store_splice (self->models, 0,
                         g_list_model_get_n_items (G_LIST_MODEL (self->models)),
                         items->pdata, items->len);
  advise (self, get_work (result)->name);
  g_signal_emit (self, signals[REFRESHED], 0);
}

void
hf_model_shelf_refresh (HfModelShelf *self)
{
  Work *work = g_new0 (Work, 1);

  work->device = g_strdup (self->device);
  start (self, work, read_thread, read_cb);
}

void
hf_model_shelf_set_device (HfModelShelf *self, const char *device)
{
  if (g_strcmp0 (self->device, device) == 0)
    return;
  g_free (self->device);
  self->device = g_strdup (device);
  hf_model_shelf_refresh (self);
}

/* Fetching and importing. */

static void
begin_job (HfModelShelf *self, Work *work, const char *title)
{
  work->job = hf_job_new (title, HF_JOB_BYTES, TRUE);
  g_list_store_append (self->jobs, work->job);
  if (work->item != NULL)
    hf_model_item_set_job (work->item, work->job);
}

static void
end_job (HfModelShelf *self, const Work *work)
{
  guint position;

  if (g_list_store_find (self->jobs, work->job, &position))
    g_list_store_remove (self->jobs, position);
  if (work->item != NULL)
    hf_model_item_set_job (work->item, NULL);
}

static void
fetch_thread (GTask *task, gpointer source, gpointer data,
              GCancellable *cancellable)
{
  const Work *work = data;
  const HfFetchOptions options = {.name = work->name, .n_retries = N_RETRIES};
  GError *error = NULL;
  HfStoredModel *model =
      hf_fetch_model (&options, hf_job_get_progress (work->job), &error);

  if (model != NULL)
    g_task_return_pointer (task, model, (GDestroyNotify) hf_stored_model_free);
  else
    g_task_return_error (task, error);
}

static void
import_thread (GTask *task, gpointer source, gpointer data,
               GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;
  HfStoredModel *model = hf_import_path (
      work->path, NULL, NULL, hf_job_get_progress (work->job), &error);

  if (model != NULL)
    g_task_return_pointer (task, model, (GDestroyNotify) hf_stored_model_free);
  else
    g_task_return_error (task, error);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfModelShelf *self = HF_MODEL_SHELF (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (HfStoredModel) model =
      g_task_propagate_pointer (G_TASK (result), &error);

  end_job (self, get_work (result));
  if (model == NULL)
    fail (self, _("The model was not added"), error);
  else
    g_signal_emit (self, signals[ADDED], 0, model->name);
  hf_model_shelf_refresh (self);
}

void
hf_model_shelf_fetch (HfModelShelf *self, HfModelItem *item)
{
  const HfModelInfo *info = hf_model_item_get_info (item);
  g_autofree char *title = NULL;
  Work *work;

  g_return_if_fail (info->state == HF_MODEL_AVAILABLE);
  work = g_new0 (Work, 1);
  work->item = g_object_ref (item);
  work->name = g_strdup (info->name);
  /* Translators: %s is the name of a model. */
  title = g_strdup_printf (_("Getting %s"), info->name);
  begin_job (self, work, title);
  start (self, work, fetch_thread, added_cb);
}

void
hf_model_shelf_import (HfModelShelf *self, const char *path)
{
  Work *work = g_new0 (Work, 1);
  g_autofree char *base = g_filename_display_basename (path);
  /* Translators: %s is the name of a file. */
  g_autofree char *title = g_strdup_printf (_("Adding %s"), base);

  work->path = g_strdup (path);
  begin_job (self, work, title);
  start (self, work, import_thread, added_cb);
}

/* Removing. */

static void
remove_thread (GTask *task, gpointer source, gpointer data,
               GCancellable *cancellable)
{
  const Work *work = data;
  GError *error = NULL;

  if (hf_store_remove (work->name, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfModelShelf *self = HF_MODEL_SHELF (source);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    fail (self, _("The model was not removed"), error);
  hf_model_shelf_refresh (self);
}

void
hf_model_shelf_remove (HfModelShelf *self, HfModelItem *item)
{
  Work *work = g_new0 (Work, 1);

  work->name = g_strdup (hf_model_item_get_info (item)->name);
  start (self, work, remove_thread, removed_cb);
}

/* Measuring. */

/* FALSE if there is no use in measuring another precision. A precision that the
 * device lacks is no failure; of kernels that it should have and that do not
 * compile the first are told. */
static gboolean
measure (Work *work, HfPrecision precision, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (hf_speed_measure (work->path, work->device, precision, NULL,
                        &work->ms[precision], NULL, &local) ||
      g_error_matches (local, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION))
    return TRUE;
  if (*error == NULL)
    *error = g_error_copy (local);
  return g_error_matches (local, HF_DEVICE_ERROR, HF_DEVICE_ERROR_BUILD);
}

static void
measure_thread (GTask *task, gpointer source, gpointer data,
                GCancellable *cancellable)
{
  Work *work = data;
  g_autoptr (GError) error = NULL;

  for (int p = 0; p < HF_N_PRECISIONS; p++)
    if (!measure (work, (HfPrecision) p, &error))
      break;
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
measured_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  const Work *work = get_work (result);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    fail (HF_MODEL_SHELF (source), _("The model could not be measured"),
                                      error);
  hf_model_item_set_ms (work->item, work->ms, FALSE);
  /* Estimates of others follow it. */
  hf_model_shelf_refresh (HF_MODEL_SHELF (source));
}

void
hf_model_shelf_measure (HfModelShelf *self, HfModelItem *item,
                        const char *device)
{
  const HfModelInfo *info = hf_model_item_get_info (item);
  Work *work;

  g_return_if_fail (info->state == HF_MODEL_INSTALLED);
  work = g_new0 (Work, 1);
  work->item = g_object_ref (item);
  work->path = g_strdup (info->folder);
  work->device = g_strdup (device);
  hf_model_item_set_ms (item, info->ms, TRUE);
  start (self, work, measure_thread, measured_cb);
}

/* The object. */

static void
hf_model_shelf_dispose (GObject *object)
{
  HfModelShelf *self = HF_MODEL_SHELF (object);

  g_clear_object (&self->models);
  g_clear_object (&self->jobs);
  g_clear_object (&self->advised);
  g_clear_pointer (&self->device, g_free);
  G_OBJECT_CLASS (hf_model_shelf_parent_class)->dispose (object);
}

static void
hf_model_shelf_class_init (HfModelShelfClass *class)
{
  G_OBJECT_CLASS (class)->dispose = hf_model_shelf_dispose;
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (class),
                                  G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[ADDED] =
      g_signal_new ("added", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[REFRESHED] =
      g_signal_new ("refreshed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST,
                    0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_model_shelf_init (HfModelShelf *self)
{
  self->models = g_list_store_new (HF_TYPE_MODEL_ITEM);
  self->jobs = g_list_store_new (HF_TYPE_JOB);
}

HfModelShelf *
hf_model_shelf_new (void)
{
  return g_object_new (HF_TYPE_MODEL_SHELF, NULL);
}

GListModel *
hf_model_shelf_get_models (HfModelShelf *self)
{
  return G_LIST_MODEL (self->models);
}

GListModel *
hf_model_shelf_get_jobs (HfModelShelf *self)
{
  return G_LIST_MODEL (self->jobs);
}

guint64
hf_model_shelf_get_disk_use (HfModelShelf *self)
{
  return self->disk_use;
}

HfModelItem *
hf_model_shelf_get_advised (HfModelShelf *self)
{
  return self->advised;
}
