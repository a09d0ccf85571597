/* workspace.c: see the header. How a workspace begins and ends, and what it
 * tells; what it does is in the files that workspace-private.h names. */
#include "ui/workspace/workspace-private.h"

#include <string.h>

enum {
  FAILED,
  LABELLED,
  LASTING,
  SETTINGS_CHANGED,
  FILES_CHANGED,
  QUESTIONED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];
static GParamSpec *props[HF_WORKSPACE_N_PROPS];

G_DEFINE_FINAL_TYPE (HfWorkspace, hf_workspace, G_TYPE_OBJECT)

static void
hf_workspace_get_property (GObject *object, guint id, GValue *value,
                           GParamSpec *pspec)
{
  HfWorkspace *self = HF_WORKSPACE (object);

  switch ((HfWorkspaceProperty) id) {
  case HF_WORKSPACE_CAN_UNDO:
    g_value_set_boolean (value, self->n_undo > 0);
    break;
  case HF_WORKSPACE_CAN_REDO:
    g_value_set_boolean (value, self->n_redo > 0);
    break;
  case HF_WORKSPACE_NUMBERS:
    g_value_set_boxed (value, hf_workspace_get_numbers (self));
    break;
  case HF_WORKSPACE_REFRESHING:
    g_value_set_boolean (value, hf_workspace_get_refreshing (self));
    break;
  case HF_WORKSPACE_N_PICTURES:
    g_value_set_uint (value, hf_picture_list_get (self->pictures)->len);
    break;
  case HF_WORKSPACE_N_LABELLED:
    g_value_set_uint (value, self->n_labelled);
    break;
  case HF_WORKSPACE_N_READY:
    g_value_set_uint (value, self->n_ready);
    break;
  case HF_WORKSPACE_N_UNREADABLE:
    g_value_set_uint (value, self->n_unreadable);
    break;
  case HF_WORKSPACE_MODEL:
    g_value_set_string (value, self->model);
    break;
  case HF_WORKSPACE_SCANNING:
    g_value_set_boolean (value, self->scans != NULL && self->scans->len > 0);
    break;
  case HF_WORKSPACE_LEARNING:
    g_value_set_boxed (value, self->learning);
    break;
  case HF_WORKSPACE_SELECTION:
    g_value_set_boxed (value, self->selection);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_workspace_dispose (GObject *object)
{
  HfWorkspace *self = HF_WORKSPACE (object);

  hf_workspace_close (self);
  G_OBJECT_CLASS (hf_workspace_parent_class)->dispose (object);
}

/* What grows with the project. */
typedef struct {
  HfInventory *inventory;
  HfNumbers *numbers[3]; /* some of them NULL */
} Remains;

static gpointer
remains_free (gpointer data)
{
  Remains *self = data;

  hf_inventory_unref (self->inventory);
  for (gsize i = 0; i < G_N_ELEMENTS (self->numbers); i++)
    g_clear_pointer (&self->numbers[i], hf_numbers_unref);
  g_free (self);
  return NULL;
}

/* Of 100,000 pictures the main loop would stand still for a tenth of a second,
 * which is felt where another window is open: who closes one later, closes it
 * for that. Nobody but the list has most of the pictures by now. */
static void
free_remains (HfWorkspace *self)
{
  Remains *remains = g_new0 (Remains, 1);
  g_autoptr (GThread) thread = NULL;

  *remains = (Remains){.inventory = g_steal_pointer (&self->inventory),
                       .numbers = {g_steal_pointer (&self->numbers),
                                   g_steal_pointer (&self->learning_of),
                                   g_steal_pointer (&self->learned_of)}};
  if (self->closed_func != NULL)
    thread = g_thread_try_new ("remains", remains_free, remains, NULL);
  if (thread == NULL)
    remains_free (remains);
}

static void
hf_workspace_finalize (GObject *object)
{
  HfWorkspace *self = HF_WORKSPACE (object);

  g_clear_object (&self->pictures);
  g_clear_object (&self->classes);
  g_clear_object (&self->sources);
  g_clear_object (&self->jobs);
  g_clear_pointer (&self->labels, g_array_unref);
  g_clear_pointer (&self->due, g_array_unref);
  g_clear_pointer (&self->learning_sizes, g_array_unref);
  g_clear_pointer (&self->learning, g_array_unref);
  g_clear_pointer (&self->wanted, g_ptr_array_unref);
  g_clear_pointer (&self->settings, hf_project_settings_unref);
  g_clear_pointer (&self->marked, g_ptr_array_unref);
  g_clear_pointer (&self->selection, g_ptr_array_unref);
  g_clear_pointer (&self->logged, g_hash_table_unref);
  g_clear_pointer (&self->pending, g_hash_table_unref);
  free_remains (self);
  g_free (self->path);
  g_free (self->name);
  g_free (self->model);
  g_free (self->device);
  g_clear_error (&self->store_trouble);
  g_clear_error (&self->desk_trouble);
  g_clear_error (&self->embed_trouble);
  G_OBJECT_CLASS (hf_workspace_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *klass)
{
  const GParamFlags flags =
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  props[HF_WORKSPACE_CAN_UNDO] =
      g_param_spec_boolean ("can-undo", NULL, NULL, FALSE, flags);
  props[HF_WORKSPACE_CAN_REDO] =
      g_param_spec_boolean ("can-redo", NULL, NULL, FALSE, flags);
  props[HF_WORKSPACE_NUMBERS] =
      g_param_spec_boxed ("numbers", NULL, NULL, HF_TYPE_NUMBERS, flags);
  props[HF_WORKSPACE_REFRESHING] =
      g_param_spec_boolean ("refreshing", NULL, NULL, FALSE, flags);
  props[HF_WORKSPACE_N_PICTURES] =
      g_param_spec_uint ("n-pictures", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[HF_WORKSPACE_N_LABELLED] =
      g_param_spec_uint ("n-labelled", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[HF_WORKSPACE_N_READY] =
      g_param_spec_uint ("n-ready", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[HF_WORKSPACE_N_UNREADABLE] =
      g_param_spec_uint ("n-unreadable", NULL, NULL, 0, G_MAXUINT, 0, flags);
  props[HF_WORKSPACE_MODEL] =
      g_param_spec_string ("model", NULL, NULL, NULL, flags);
  props[HF_WORKSPACE_SCANNING] =
      g_param_spec_boolean ("scanning", NULL, NULL, FALSE, flags);
  props[HF_WORKSPACE_LEARNING] =
      g_param_spec_boxed ("learning", NULL, NULL, G_TYPE_ARRAY, flags);
  props[HF_WORKSPACE_SELECTION] =
      g_param_spec_boxed ("selection", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  g_object_class_install_properties (klass, HF_WORKSPACE_N_PROPS, props);
}

static guint
new_signal (const char *name, guint n_params, GType first, GType second)
{
  return g_signal_new (name, HF_TYPE_WORKSPACE, G_SIGNAL_RUN_LAST, 0, NULL,
                       NULL, NULL, G_TYPE_NONE, n_params, first, second);
}

static void
hf_workspace_class_init (HfWorkspaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = hf_workspace_get_property;
  object_class->dispose = hf_workspace_dispose;
  object_class->finalize = hf_workspace_finalize;
  install_properties (object_class);
  signals[FAILED] = new_signal ("failed", 2, G_TYPE_STRING, G_TYPE_ERROR);
  signals[LABELLED] = new_signal ("labelled", 2, G_TYPE_UINT, G_TYPE_INT64);
  signals[LASTING] = new_signal ("lasting", 1, G_TYPE_STRING, G_TYPE_NONE);
  signals[SETTINGS_CHANGED] =
      new_signal ("settings-changed", 0, G_TYPE_NONE, G_TYPE_NONE);
  signals[FILES_CHANGED] =
      new_signal ("files-changed", 1, G_TYPE_HASH_TABLE, G_TYPE_NONE);
  signals[QUESTIONED] = new_signal ("questioned", 1, G_TYPE_ARRAY, G_TYPE_NONE);
}

static void
hf_workspace_init (HfWorkspace *self)
{
  self->pictures = hf_picture_list_new ();
  self->classes = g_list_store_new (HF_TYPE_CLASS_ITEM);
  self->sources = g_list_store_new (HF_TYPE_SOURCE_ITEM);
  self->jobs = g_list_store_new (HF_TYPE_JOB);
  self->inventory = hf_inventory_new ();
  self->labels = g_array_new (FALSE, FALSE, sizeof (HfProjectLabel));
  self->due = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->marked = g_ptr_array_new_with_free_func (g_object_unref);
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
  self->selection = g_ptr_array_new_with_free_func (g_object_unref);
  self->logged =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->pending =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
}

void
hf_workspace_notify (HfWorkspace *self, HfWorkspaceProperty property)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[property]);
}

/* A sentence may name a file, whose name is any bytes. */
static GError *
copy_valid (const GError *error)
{
  GError *copy = g_error_copy (error);

  g_free (copy->message);
  copy->message = g_utf8_make_valid (error->message, -1);
  return copy;
}

void
hf_workspace_fail (HfWorkspace *self, const char *title, const GError *error)
{
  g_autoptr (GError) shown = copy_valid (error);

  g_signal_emit (self, signals[FAILED], 0, title, shown);
}

/* What the disk refuses is worse than what is not calculated. */
const char *
hf_workspace_get_lasting (HfWorkspace *self)
{
  const GError *trouble = self->store_trouble != NULL
                              ? self->store_trouble
                              : hf_workspace_get_desk_trouble (self);

  return trouble != NULL ? trouble->message : NULL;
}

static void
set_trouble (HfWorkspace *self, GError **trouble, const GError *error)
{
  g_autofree char *was = g_strdup (hf_workspace_get_lasting (self));

  g_clear_error (trouble);
  *trouble = error != NULL ? copy_valid (error) : NULL;
  if (g_strcmp0 (was, hf_workspace_get_lasting (self)) != 0)
    g_signal_emit (self, signals[LASTING], 0, hf_workspace_get_lasting (self));
}

void
hf_workspace_set_store_trouble (HfWorkspace *self, const GError *error)
{
  gboolean is_store =
      g_error_matches (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_STORE) ||
      g_error_matches (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_READ_ONLY);

  if (error == NULL || is_store)
    set_trouble (self, &self->store_trouble, error);
}

void
hf_workspace_set_desk_trouble (HfWorkspace *self, const GError *error)
{
  set_trouble (self, &self->desk_trouble, error);
}

void
hf_workspace_set_embed_trouble (HfWorkspace *self, const GError *error)
{
  set_trouble (self, &self->embed_trouble, error);
}

const GError *
hf_workspace_get_desk_trouble (HfWorkspace *self)
{
  return self->desk_trouble != NULL ? self->desk_trouble : self->embed_trouble;
}

void
hf_workspace_tell_labelled (HfWorkspace *self, guint n_changed, gint64 class_id)
{
  g_signal_emit (self, signals[LABELLED], 0, n_changed, class_id);
}

void
hf_workspace_tell_settings (HfWorkspace *self)
{
  g_signal_emit (self, signals[SETTINGS_CHANGED], 0);
}

void
hf_workspace_tell_files (HfWorkspace *self, GHashTable *paths)
{
  g_signal_emit (self, signals[FILES_CHANGED], 0, paths);
}

void
hf_workspace_tell_questioned (HfWorkspace *self, GArray *image_ids)
{
  g_signal_emit (self, signals[QUESTIONED], 0, image_ids);
}

typedef struct {
  char *path, *device;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *self = data;

  g_free (self->path);
  g_free (self->device);
  g_free (self);
}

/* What the thread hands to hf_workspace_open_finish. */
typedef struct {
  HfProject *project;
  HfReading *reading;
  GError *unwritable;
} Opened;

static void
opened_free (Opened *self)
{
  g_clear_pointer (&self->project, hf_project_close);
  g_clear_pointer (&self->reading, hf_reading_free);
  g_clear_error (&self->unwritable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opened, opened_free)

static void
open_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  const char *path = ((const Wanted *) data)->path;
  g_autoptr (Opened) opened = g_new0 (Opened, 1);
  g_autoptr (GError) error = NULL;

  opened->project = g_file_test (path, G_FILE_TEST_EXISTS)
                        ? hf_project_open (path, &error)
                        : hf_project_create (path, &error);
  if (opened->project != NULL)
    opened->reading =
        hf_reading_new (opened->project, HF_READ_ALL, NULL, &error);
  if (opened->reading != NULL)
    hf_project_check_writable (opened->project, &opened->unwritable);
  if (opened->reading == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&opened),
                           (GDestroyNotify) opened_free);
}

void
hf_workspace_open_async (const char *path, const char *device,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Wanted *wanted = g_new0 (Wanted, 1);

  wanted->path = g_canonicalize_filename (path, NULL);
  wanted->device = g_strdup (device);
  g_task_set_source_tag (task, hf_workspace_open_async);
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, open_thread);
}

/* "Bearings" of /parts/Bearings.handful. */
static char *
dup_name (const char *path)
{
  g_autofree char *base = g_filename_display_basename (path);

  if (g_str_has_suffix (base, ".handful") && strlen (base) > 8)
    base[strlen (base) - 8] = '\0';
  return g_steal_pointer (&base);
}

HfWorkspace *
hf_workspace_open_finish (GAsyncResult *result, GError **error)
{
  g_autoptr (Opened) opened = NULL;
  const Wanted *wanted;
  HfWorkspace *self;

  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  wanted = g_task_get_task_data (G_TASK (result));
  opened = g_task_propagate_pointer (G_TASK (result), error);
  if (opened == NULL)
    return NULL;
  self = g_object_new (HF_TYPE_WORKSPACE, NULL);
  self->path = g_strdup (hf_project_get_path (opened->project));
  self->name = dup_name (self->path);
  hf_workspace_set_device (self, wanted->device);
  hf_workspace_start_calculator (self);
  hf_workspace_start_embedder (self);
  hf_workspace_apply (self, opened->reading);
  hf_workspace_set_store_trouble (self, opened->unwritable);
  hf_workspace_start_store (self, g_steal_pointer (&opened->project));
  hf_workspace_start_scanner (self);
  return self;
}

/* All at once, so that none of them is waited for while another works. */
static void
cancel (HfWorkspace *self)
{
  self->closed = TRUE;
  hf_workspace_cancel_scanner (self);
  hf_workspace_cancel_embedder (self);
  hf_workspace_cancel_calculator (self);
  hf_workspace_cancel_learner (self);
  hf_workspace_cancel_store (self);
}

static void
stop (HfWorkspace *self)
{
  hf_workspace_stop_scanner (self);
  hf_workspace_stop_embedder (self);
  hf_workspace_stop_calculator (self);
  hf_workspace_stop_learner (self);
  hf_workspace_stop_store (self);
  g_list_store_remove_all (self->jobs);
}

void
hf_workspace_close (HfWorkspace *self)
{
  g_return_if_fail (HF_IS_WORKSPACE (self));
  if (self->closed)
    return;
  cancel (self);
  stop (self);
}

/* Behind the last worker; those that hand over keep their owner alive. */
static void
worker_ended (GObject *owner)
{
  HfWorkspace *self = HF_WORKSPACE (owner);

  if (--self->n_ending > 0)
    return;
  stop (self);
  self->closed_func (self->closed_data);
  g_object_unref (self);
}

gboolean
hf_workspace_close_later (HfWorkspace *self, HfWorkspaceClosedFunc func,
                          gpointer data)
{
  HfWorker *const workers[] = {self->scanner, self->embedder, self->calculator,
                               self->learner, self->store};

  g_return_val_if_fail (HF_IS_WORKSPACE (self), FALSE);
  if (self->closed)
    return FALSE;
  g_object_ref (self);
  self->closed_func = func;
  self->closed_data = data;
  cancel (self);
  hf_workspace_close_project (self);
  for (gsize i = 0; i < G_N_ELEMENTS (workers); i++) {
    if (workers[i] == NULL)
      continue;
    self->n_ending++;
    hf_worker_end (workers[i], worker_ended);
  }
  return TRUE;
}

const char *
hf_workspace_get_path (HfWorkspace *self)
{
  return self->path;
}

const char *
hf_workspace_get_name (HfWorkspace *self)
{
  return self->name;
}

const HfProjectSettings *
hf_workspace_get_settings (HfWorkspace *self)
{
  return self->settings;
}

GListModel *
hf_workspace_get_pictures (HfWorkspace *self)
{
  return G_LIST_MODEL (self->pictures);
}

GListModel *
hf_workspace_get_classes (HfWorkspace *self)
{
  return G_LIST_MODEL (self->classes);
}

GListModel *
hf_workspace_get_sources (HfWorkspace *self)
{
  return G_LIST_MODEL (self->sources);
}

GListModel *
hf_workspace_get_jobs (HfWorkspace *self)
{
  return G_LIST_MODEL (self->jobs);
}

HfPicture *
hf_workspace_find_picture (HfWorkspace *self, gint64 image_id)
{
  gssize index = hf_inventory_find (self->inventory, image_id);

  return index >= 0 ? self->inventory->pictures->pdata[index] : NULL;
}

void
hf_workspace_set_selection (HfWorkspace *self, GPtrArray *pictures)
{
  if (pictures->len == 0 && self->selection->len == 0)
    return;
  g_ptr_array_unref (self->selection);
  self->selection = g_ptr_array_ref (pictures);
  hf_workspace_notify (self, HF_WORKSPACE_SELECTION);
}

GPtrArray *
hf_workspace_get_selection (HfWorkspace *self)
{
  return self->selection;
}

typedef gboolean (*ClassTest) (HfClassItem *item, gconstpointer wanted);

static gboolean
has_id (HfClassItem *item, gconstpointer wanted)
{
  return hf_class_item_get_id (item) == *(const gint64 *) wanted;
}

static gboolean
has_key (HfClassItem *item, gconstpointer wanted)
{
  return g_strcmp0 (hf_class_item_get_key (item), wanted) == 0;
}

/* The list keeps what is found alive. */
static HfClassItem *
find_class (HfWorkspace *self, ClassTest test, gconstpointer wanted)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->classes));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->classes), i);

    if (test (item, wanted))
      return item;
  }
  return NULL;
}

HfClassItem *
hf_workspace_find_class (HfWorkspace *self, gint64 class_id)
{
  return find_class (self, has_id, &class_id);
}

HfClassItem *
hf_workspace_find_key (HfWorkspace *self, const char *key)
{
  return key != NULL ? find_class (self, has_key, key) : NULL;
}

void
hf_workspace_add_job (HfWorkspace *self, HfJob *job)
{
  if (!self->closed)
    g_list_store_append (self->jobs, job);
}

void
hf_workspace_remove_job (HfWorkspace *self, HfJob *job)
{
  guint position;

  if (g_list_store_find (self->jobs, job, &position))
    g_list_store_remove (self->jobs, position);
  hf_job_end (job);
}
