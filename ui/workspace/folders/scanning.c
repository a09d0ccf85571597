/* scanning.c: folders, in a thread with a connection of its own: a large folder
 * must not keep a label waiting. What becomes of the files later is in
 * looking.c. */
#include "ui/workspace/workspace-private.h"

#include "app/jobs/pictures.h"
#include "app/project/sources.h"

#include <glib/gi18n.h>

/* Labels come in quick succession; some of their files are read at once. */
#define HASH_DELAY_S 3

typedef struct {
  char *project_path, *folder;
  HfLooking *looking; /* borrowed, outlives the thread */
  HfJob *job;
  const char *failure; /* title of an error, which whoever asked hears of */
  gboolean changed;
  GError *error;
} Scan;

static void
scan_free (gpointer data)
{
  Scan *self = data;

  g_clear_object (&self->job);
  g_clear_error (&self->error);
  g_free (self->project_path);
  g_free (self->folder);
  g_free (self);
}

static void
scan_work (gpointer data)
{
  Scan *self = data;
  g_autoptr (HfProject) project =
      hf_project_open (self->project_path, &self->error);
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_auto (HfScan) scan = {0};

  if (project == NULL ||
      !hf_project_add_source (project, self->folder, NULL, refusals, &scan,
                              hf_job_get_progress (self->job), &self->error))
    return;
  hf_looking_settle (self->looking, self->folder, scan.n_missing);
  self->changed = scan.n_added > 0 || scan.n_found > 0 || scan.was != NULL;
}

static void
scan_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Scan *scan = data;

  g_ptr_array_remove (self->scans, scan->job);
  hf_workspace_remove_job (self, scan->job);
  if (self->scans->len == 0)
    hf_workspace_notify (self, HF_WORKSPACE_SCANNING);
  if (scan->changed || scan->failure != NULL) {
    hf_workspace_read_again (self);
    hf_workspace_retry (self);
  }
  if (scan->failure != NULL && scan->error != NULL &&
      !g_error_matches (scan->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    hf_workspace_fail (self, scan->failure, scan->error);
}

static void
push_scan (HfWorkspace *self, const char *folder, const char *failure)
{
  g_autofree char *name = g_filename_display_basename (folder);
  g_autofree char *title = g_strdup_printf (_("Looking through %s"), name);
  Scan *scan;

  if (self->closed)
    return;
  scan = g_new0 (Scan, 1);
  scan->project_path = g_strdup (self->path);
  scan->folder = g_strdup (folder);
  scan->looking = self->looking;
  scan->failure = failure;
  scan->job = hf_job_new (title, HF_JOB_STEPS, FALSE);
  g_ptr_array_add (self->scans, g_object_ref (scan->job));
  hf_workspace_add_job (self, scan->job);
  if (self->scans->len == 1)
    hf_workspace_notify (self, HF_WORKSPACE_SCANNING);
  hf_worker_push (self->scanner, scan_work, scan_done, scan, scan_free, FALSE);
}

void
hf_workspace_add_source (HfWorkspace *self, const char *folder)
{
  g_return_if_fail (folder != NULL);
  push_scan (self, folder, _("The folder was not added"));
}

void
hf_workspace_scan_all (HfWorkspace *self, const char *failure)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfSourceItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    if (hf_source_item_get_found (item))
      push_scan (self, hf_source_item_get_folder (item), failure);
  }
}

typedef struct {
  char *project_path;
  HfProgress *progress; /* borrowed, outlives the thread */
} Hashing;

static void
hashing_free (gpointer data)
{
  Hashing *self = data;

  g_free (self->project_path);
  g_free (self);
}

/* What could not be read is tried again with the next label. */
static void
hash_work (gpointer data)
{
  Hashing *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->project_path, &error);

  if (project == NULL ||
      !hf_project_fill_hashes (project, FALSE, self->progress, &error))
    g_debug ("%s: %s", self->project_path, error->message);
}

static gboolean
hash_cb (gpointer data)
{
  HfWorkspace *self = data;
  Hashing *hashing = g_new0 (Hashing, 1);

  self->hash_id = 0;
  hashing->project_path = g_strdup (self->path);
  hashing->progress = self->hash_progress;
  hf_worker_push (self->scanner, hash_work, NULL, hashing, hashing_free, FALSE);
  return G_SOURCE_REMOVE;
}

void
hf_workspace_hash_soon (HfWorkspace *self)
{
  if (self->hash_id == 0)
    self->hash_id = g_timeout_add_seconds (HASH_DELAY_S, hash_cb, self);
}

typedef struct {
  GPtrArray *items; /* HfSourceItem *, only for the main thread */
  GPtrArray *folders;
  gboolean *found; /* [folders->len] */
} Check;

static void
check_free (gpointer data)
{
  Check *self = data;

  g_ptr_array_unref (self->items);
  g_ptr_array_unref (self->folders);
  g_free (self->found);
  g_free (self);
}

static void
check_work (gpointer data)
{
  Check *self = data;

  for (guint i = 0; i < self->folders->len; i++)
    self->found[i] = g_file_test (self->folders->pdata[i], G_FILE_TEST_IS_DIR);
}

/* A folder that moved meanwhile is looked for by the next check. */
static void
check_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Check *check = data;

  for (guint i = 0; i < check->items->len; i++) {
    HfSourceItem *item = check->items->pdata[i];
    const char *folder = check->folders->pdata[i];

    if (g_strcmp0 (hf_source_item_get_folder (item), folder) != 0 ||
        !hf_source_item_update (item, folder, check->found[i]))
      continue;
    hf_workspace_show_found (self, item, check->found[i]);
    if (check->found[i])
      push_scan (self, folder, NULL);
  }
}

void
hf_workspace_check_sources (HfWorkspace *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));
  Check *check;

  if (n == 0 || hf_worker_get_n_open (self->scanner) > 0)
    return;
  check = g_new0 (Check, 1);
  check->items = g_ptr_array_new_with_free_func (g_object_unref);
  check->folders = g_ptr_array_new_with_free_func (g_free);
  check->found = g_new0 (gboolean, n);
  for (guint i = 0; i < n; i++) {
    HfSourceItem *item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);

    g_ptr_array_add (check->items, item);
    g_ptr_array_add (check->folders,
                     g_strdup (hf_source_item_get_folder (item)));
  }
  hf_worker_push (self->scanner, check_work, check_done, check, check_free,
                  FALSE);
}

void
hf_workspace_start_scanner (HfWorkspace *self)
{
  self->scanner = hf_worker_new ("scanner", G_OBJECT (self));
  self->scans = g_ptr_array_new_with_free_func (g_object_unref);
  self->hash_progress = hf_progress_new (NULL, NULL);
  self->looking = hf_looking_new ();
  /* First, so that little comes between. */
  hf_workspace_look (self, FALSE);
  hf_workspace_scan_all (self, NULL);
}

void
hf_workspace_cancel_scanner (HfWorkspace *self)
{
  g_clear_handle_id (&self->hash_id, g_source_remove);
  if (self->scanner == NULL)
    return;
  for (guint i = 0; i < self->scans->len; i++)
    hf_job_cancel (self->scans->pdata[i]);
  hf_progress_cancel (self->hash_progress);
  hf_looking_cancel (self->looking);
}

void
hf_workspace_stop_scanner (HfWorkspace *self)
{
  if (self->scanner == NULL)
    return;
  hf_worker_stop (self->scanner);
  g_clear_pointer (&self->scanner, hf_worker_unref);
  g_clear_pointer (&self->hash_progress, hf_progress_free);
  g_clear_pointer (&self->looking, hf_looking_free);
  g_clear_pointer (&self->scans, g_ptr_array_unref);
}
