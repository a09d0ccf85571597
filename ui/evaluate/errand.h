/* ui/evaluate/errand.h: one piece of long work of the page in a thread of its
 * own, shown as a job of the workspace while it lasts. The thread opens the
 * project by itself. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What every errand needs to know, in its thread. */
typedef struct {
  const char *project_path;
  const char *device; /* as hf_device_open */
  const char *cache_path;
} HfErrandPlace;

/* In the thread. */
typedef gboolean (*HfErrandFunc) (const HfErrandPlace *place, gpointer data,
                                  HfProgress *progress, GError **error);
/* In the main thread; @error is NULL if it went well, G_IO_ERROR_CANCELLED if
 * its job was cancelled. Not called if the workspace is another by now. */
typedef void (*HfErrandDoneFunc) (GtkWidget *owner, gpointer data,
                                  const GError *error);

/* @owner is kept until the thread is done. @data is freed with @free_data in
 * the main thread. The caller owns the job, and may cancel it. */
HfJob *hf_errand_start (GtkWidget *owner, HfWorkspace *workspace,
                        const char *title, HfJobUnit unit, HfErrandFunc func,
                        HfErrandDoneFunc done, gpointer data,
                        GDestroyNotify free_data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
