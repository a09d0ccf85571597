/* ui/workspace/worker-private.h: one thread that does one thing after the
 * other, and gives each result back to the main thread, in order. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfWorker HfWorker;

/* In the worker's thread. */
typedef void (*HfWorkFunc) (gpointer data);
/* In the main thread, unless the worker was stopped before. */
typedef void (*HfWorkDoneFunc) (GObject *owner, gpointer data);
/* In the main thread, when the thread of a worker is gone. */
typedef void (*HfWorkEndedFunc) (GObject *owner);

/* @owner outlives the worker, and is kept alive while a result is handed over.
 * Results reach the main context of the calling thread. */
HfWorker *hf_worker_new (const char *name,
                         GObject *owner) G_GNUC_WARN_UNUSED_RESULT;

/* Waits for the piece at work and for all that was pushed as a must; the rest
 * is dropped. No result is handed over from now on, and every @data is freed,
 * in this thread. May be called while a result is handed over. */
void hf_worker_stop (HfWorker *self);

/* The same without waiting: nothing is handed over from now on, what is pushed
 * is dropped, and @ended is called when all is done. The owner must live until
 * then. hf_worker_stop may still be called, and then @ended is not. */
void hf_worker_end (HfWorker *self, HfWorkEndedFunc ended);
void hf_worker_unref (HfWorker *self);

/* @data is freed in the main thread, after @done. @done and @free_data may be
 * NULL. With @must the work is done even if the worker is stopped before. */
void hf_worker_push (HfWorker *self, HfWorkFunc func, HfWorkDoneFunc done,
                     gpointer data, GDestroyNotify free_data, gboolean must);

/* What was pushed and not handed over yet. */
guint hf_worker_get_n_open (HfWorker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfWorker, hf_worker_unref)
G_END_DECLS
