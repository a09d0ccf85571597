/* thumbnailer.c: a stack of tasks, a few threads that take from its top, and
 * what they made, the longest unused of which is dropped first.
 *
 * The threads share with the main thread only the Stack, under its lock; it
 * lives until the last of them has gone. Memory is the main thread's. */
#include "ui/gallery/thumbnailer.h"

#include "app/thumbnails/thumbnail.h"
#include "ui/gallery/texture.h"

#include <string.h>

/* Two are enough for a disk, four for decoding; the rest of the machine
 * computes features. */
#define MAX_THREADS 4
#define MEMORY_BYTES ((gsize) 96 << 20)

typedef struct {
  gatomicrefcount n_refs;
  GMutex lock;
  GCond filled;
  GQueue waiting; /* GTask, the newest at the head */
  gboolean closed;
  char *folder;
} Stack;

/* Of a task. */
typedef struct {
  char *path, *key;
  int side_px;
  GWeakRef owner; /* that remembers it */
} Job;

/* Of memory. */
typedef struct {
  char *key;
  HfThumb *thumb;
  gsize n_bytes;
  GList link; /* in HfThumbnailer.used, the newest at the head */
} Held;

struct _HfThumbnailer {
  GObject parent_instance;

  Stack *stack;
  GHashTable *held; /* key -> Held */
  GQueue used;
  gsize held_bytes, memory_bytes;
};

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfThumbnailer, hf_thumbnailer, G_TYPE_OBJECT)

HfThumb *
hf_thumb_ref (HfThumb *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
clear_thumb (gpointer data)
{
  HfThumb *self = data;

  g_clear_object (&self->texture);
}

void
hf_thumb_unref (HfThumb *self)
{
  g_atomic_rc_box_release_full (self, clear_thumb);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_weak_ref_clear (&job->owner);
  g_free (job->path);
  g_free (job->key);
  g_free (job);
}

static void
stack_unref (Stack *self)
{
  if (!g_atomic_ref_count_dec (&self->n_refs))
    return;
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->filled);
  g_free (self->folder);
  g_free (self);
}

/* Waits for a task; NULL once the stack is closed. */
static GTask *
pop (Stack *stack)
{
  GTask *task = NULL;

  g_mutex_lock (&stack->lock);
  while (!stack->closed && g_queue_is_empty (&stack->waiting))
    g_cond_wait (&stack->filled, &stack->lock);
  if (!stack->closed)
    task = g_queue_pop_head (&stack->waiting);
  g_mutex_unlock (&stack->lock);
  return task;
}

static void
make (Stack *stack, GTask *task)
{
  const Job *job = g_task_get_task_data (task);
  g_autoptr (HfThumbnail) small = NULL;
  GError *error = NULL;
  HfThumb *thumb;

  if (g_task_return_error_if_cancelled (task))
    return;
  small = hf_thumbnail_load (stack->folder, job->path, job->side_px, &error);
  if (small == NULL) {
    g_task_return_error (task, error);
    return;
  }
  thumb = g_atomic_rc_box_new0 (HfThumb);
  thumb->texture = hf_texture_new (small->image);
  thumb->width = small->width;
  thumb->height = small->height;
  thumb->size_bytes = small->size_bytes;
  g_task_return_pointer (task, thumb, (GDestroyNotify) hf_thumb_unref);
}

static gpointer
thumbnailer_thread (gpointer data)
{
  Stack *stack = data;
  GTask *task;

  while ((task = pop (stack)) != NULL) {
    make (stack, task);
    g_object_unref (task);
  }
  stack_unref (stack);
  return NULL;
}

static void
held_free (gpointer data)
{
  Held *held = data;

  g_free (held->key);
  hf_thumb_unref (held->thumb);
  g_free (held);
}

static void
drop (HfThumbnailer *self, Held *held)
{
  g_queue_unlink (&self->used, &held->link);
  self->held_bytes -= held->n_bytes;
  g_hash_table_remove (self->held, held->key);
}

static void
shrink_memory (HfThumbnailer *self)
{
  while (self->held_bytes > self->memory_bytes)
    drop (self, g_queue_peek_tail (&self->used));
}

static void
remember (HfThumbnailer *self, const char *key, HfThumb *thumb)
{
  Held *held;

  if (g_hash_table_contains (self->held, key))
    return;
  held = g_new0 (Held, 1);
  held->key = g_strdup (key);
  held->thumb = hf_thumb_ref (thumb);
  held->n_bytes = (gsize) gdk_texture_get_width (thumb->texture) *
                  (gsize) gdk_texture_get_height (thumb->texture) * 4;
  held->link.data = held;
  g_queue_push_head_link (&self->used, &held->link);
  g_hash_table_insert (self->held, held->key, held);
  self->held_bytes += held->n_bytes;
  shrink_memory (self);
}

static int
round_side (int side_px)
{
  const int step = HF_THUMBNAILER_STEP_PX;

  return (MAX (side_px, 1) + step - 1) / step * step;
}

static char *
dup_key (const char *path, int side_px)
{
  return g_strdup_printf ("%d:%s", side_px, path);
}

static void
hf_thumbnailer_finalize (GObject *object)
{
  HfThumbnailer *self = HF_THUMBNAILER (object);
  GTask *task;

  g_mutex_lock (&self->stack->lock);
  self->stack->closed = TRUE;
  while ((task = g_queue_pop_head (&self->stack->waiting)) != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "closed");
    g_object_unref (task);
  }
  g_cond_broadcast (&self->stack->filled);
  g_mutex_unlock (&self->stack->lock);
  stack_unref (self->stack);
  /* The links are part of what the table frees. */
  g_hash_table_unref (self->held);
  G_OBJECT_CLASS (hf_thumbnailer_parent_class)->finalize (object);
}

static void
hf_thumbnailer_class_init (HfThumbnailerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_thumbnailer_finalize;
  signals[CHANGED] =
      g_signal_new ("changed", HF_TYPE_THUMBNAILER, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_HASH_TABLE);
}

static void
hf_thumbnailer_init (HfThumbnailer *self)
{
  self->held = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, held_free);
  g_queue_init (&self->used);
}

HfThumbnailer *
hf_thumbnailer_new (const char *folder, gsize memory_bytes)
{
  HfThumbnailer *self = g_object_new (HF_TYPE_THUMBNAILER, NULL);
  int n_threads = CLAMP ((int) g_get_num_processors (), 2, MAX_THREADS);
  Stack *stack = g_new0 (Stack, 1);

  self->memory_bytes = memory_bytes;
  self->stack = stack;
  g_atomic_ref_count_init (&stack->n_refs);
  g_mutex_init (&stack->lock);
  g_cond_init (&stack->filled);
  g_queue_init (&stack->waiting);
  stack->folder = g_strdup (folder);
  for (int i = 0; i < n_threads; i++) {
    g_atomic_ref_count_inc (&stack->n_refs);
    g_thread_unref (g_thread_new ("thumbnails", thumbnailer_thread, stack));
  }
  return self;
}

HfThumbnailer *
hf_thumbnailer_get (GtkWidget *widget)
{
  GdkDisplay *display = gtk_widget_get_display (widget);
  HfThumbnailer *self =
      g_object_get_data (G_OBJECT (display), "hf-thumbnailer");
  g_autofree char *folder = NULL;

  if (self != NULL)
    return self;
  folder = hf_thumbnail_dup_folder ();
  self = hf_thumbnailer_new (folder, MEMORY_BYTES);
  g_object_set_data_full (G_OBJECT (display), "hf-thumbnailer", self,
                          g_object_unref);
  return self;
}

HfThumb *
hf_thumbnailer_dup_ready (HfThumbnailer *self, const char *path, int side_px)
{
  g_autofree char *key = dup_key (path, round_side (side_px));
  Held *held = g_hash_table_lookup (self->held, key);

  if (held == NULL)
    return NULL;
  g_queue_unlink (&self->used, &held->link);
  g_queue_push_head_link (&self->used, &held->link);
  return hf_thumb_ref (held->thumb);
}

void
hf_thumbnailer_load_async (HfThumbnailer *self, const char *path, int side_px,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer data)
{
  /* Without a source: the last reference to a task may fall in a thread. */
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Job *job = g_new0 (Job, 1);

  g_weak_ref_init (&job->owner, self);
  job->path = g_strdup (path);
  job->side_px = round_side (side_px);
  job->key = dup_key (path, job->side_px);
  g_task_set_source_tag (task, hf_thumbnailer_load_async);
  g_task_set_task_data (task, job, job_free);
  g_mutex_lock (&self->stack->lock);
  g_queue_push_head (&self->stack->waiting, task);
  g_cond_signal (&self->stack->filled);
  g_mutex_unlock (&self->stack->lock);
}

HfThumb *
hf_thumbnailer_load_finish (GAsyncResult *result, GError **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));
  HfThumb *thumb = g_task_propagate_pointer (G_TASK (result), error);
  g_autoptr (HfThumbnailer) owner = NULL;

  if (thumb == NULL)
    return NULL;
  owner = g_weak_ref_get (&job->owner);
  if (owner != NULL)
    remember (owner, job->key, thumb);
  return thumb;
}

void
hf_thumbnailer_forget (HfThumbnailer *self, GHashTable *paths)
{
  GList *next;

  for (GList *link = self->used.head; link != NULL; link = next) {
    Held *held = link->data;

    next = link->next;
    /* The key is the side, a colon and the path. */
    if (g_hash_table_contains (paths, strchr (held->key, ':') + 1))
      drop (self, held);
  }
  g_signal_emit (self, signals[CHANGED], 0, paths);
}

gsize
hf_thumbnailer_get_held_bytes (HfThumbnailer *self)
{
  return self->held_bytes;
}
