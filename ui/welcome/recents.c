/* recents.c: see the header. */
#include "ui/welcome/recents.h"

#include "app/project/opening/locate.h"
#include "base/path.h"
#include "ui/owned-task.h"

#include <string.h>

struct _HfRecentItem {
  GObject parent_instance;

  HfRecent *recent;
};

G_DEFINE_FINAL_TYPE (HfRecentItem, hf_recent_item, G_TYPE_OBJECT)

static void
hf_recent_item_finalize (GObject *object)
{
  hf_recent_free (HF_RECENT_ITEM (object)->recent);
  G_OBJECT_CLASS (hf_recent_item_parent_class)->finalize (object);
}

static void
hf_recent_item_class_init (HfRecentItemClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_recent_item_finalize;
}

static void
hf_recent_item_init (HfRecentItem *self)
{
}

const HfRecent *
hf_recent_item_get (HfRecentItem *self)
{
  return self->recent;
}

char *
hf_recent_item_dup_name (HfRecentItem *self)
{
  char *name = g_filename_display_basename (self->recent->path);

  if (g_str_has_suffix (name, HF_PROJECT_SUFFIX))
    name[strlen (name) - strlen (HF_PROJECT_SUFFIX)] = '\0';
  return name;
}

char *
hf_recent_item_dup_folder (HfRecentItem *self)
{
  g_autofree char *parent = g_path_get_dirname (self->recent->path);

  return hf_path_dup_shown (self->recent->folder != NULL ? self->recent->folder
                                                         : parent);
}

/* --- The list ---------------------------------------------------------- */

struct _HfRecents {
  GObject parent_instance;

  GListStore *list;
  guint serial; /* of the newest job: what an older one read is stale */
};

G_DEFINE_FINAL_TYPE (HfRecents, hf_recents, G_TYPE_OBJECT)

typedef struct {
  char *forget; /* or NULL */
  guint serial;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->forget);
  g_free (job);
}

/* A state folder that cannot be written costs the list, nothing else. */
static void
job_thread (GTask *task, gpointer source, gpointer data,
            GCancellable *cancellable)
{
  const Job *job = data;

  if (job->forget != NULL)
    hf_recent_forget (job->forget, NULL);
  g_task_return_pointer (task, hf_recent_list (),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  HfRecents *self = HF_RECENTS (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GPtrArray) found =
      g_task_propagate_pointer (G_TASK (result), NULL);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  if (found == NULL || job->serial != self->serial)
    return;
  for (guint i = 0; i < found->len; i++) {
    HfRecentItem *item = g_object_new (HF_TYPE_RECENT_ITEM, NULL);

    item->recent = g_steal_pointer (&found->pdata[i]);
    g_ptr_array_add (items, item);
  }
  g_list_store_splice (self->list, 0,
                       g_list_model_get_n_items (G_LIST_MODEL (self->list)),
                       items->pdata, items->len);
}

static void
run (HfRecents *self, const char *forget)
{
  g_autoptr (GTask) task = hf_owned_task_new (self, NULL, done_cb, NULL);
  Job *job = g_new0 (Job, 1);

  job->forget = g_strdup (forget);
  job->serial = ++self->serial;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, job_thread);
}

static void
hf_recents_finalize (GObject *object)
{
  g_clear_object (&HF_RECENTS (object)->list);
  G_OBJECT_CLASS (hf_recents_parent_class)->finalize (object);
}

static void
hf_recents_class_init (HfRecentsClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_recents_finalize;
}

static void
hf_recents_init (HfRecents *self)
{
  self->list = g_list_store_new (HF_TYPE_RECENT_ITEM);
}

HfRecents *
hf_recents_new (void)
{
  return g_object_new (HF_TYPE_RECENTS, NULL);
}

GListModel *
hf_recents_get_list (HfRecents *self)
{
  return G_LIST_MODEL (self->list);
}

void
hf_recents_reload (HfRecents *self)
{
  run (self, NULL);
}

void
hf_recents_forget (HfRecents *self, const char *path)
{
  run (self, path);
}
