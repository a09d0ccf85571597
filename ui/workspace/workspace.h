/* ui/workspace/workspace.h: the open project as a window sees it. Everything
 * here is for the main thread and returns at once; files, SQLite and numbers
 * are in threads of the workspace's own, one for each, and their results come
 * back in order, stale ones dropped.
 *
 * Properties (read only, notified): "can-undo", "can-redo", "numbers" (boxed
 * HfNumbers or NULL), "refreshing" (newer numbers are on the way),
 * "n-pictures", "n-labelled", "n-ready", "n-unreadable" (uints), "model"
 * ("starter · f16"), "scanning", "learning" (boxed GArray, as
 * hf_workspace_get_learning), "selection" (boxed GPtrArray, as
 * hf_workspace_get_selection).
 *
 * Signals: "failed" (const char *title, const GError *error): something that
 * was asked for did not happen; "labelled" (guint n_changed, gint64 class_id):
 * labels are on disk; "lasting" (const char *text or NULL): a state that lasts,
 * as "The disk is full: new labels cannot be stored."; "settings-changed";
 * "files-changed" (GHashTable, a set of paths): these files are others now;
 * "questioned" (GArray of gint64, numbers of pictures): they have a label, and
 * another content than when the project looked last. */
#pragma once

#include "app/desk/desk.h"
#include "app/project/labels.h"
#include "ui/workspace/class-item.h"
#include "ui/workspace/job.h"
#include "ui/workspace/picture.h"

G_BEGIN_DECLS

/* HfNumbers as a boxed type, for properties. */
#define HF_TYPE_NUMBERS (hf_numbers_get_type ())
GType hf_numbers_get_type (void);

#define HF_TYPE_WORKSPACE (hf_workspace_get_type ())
G_DECLARE_FINAL_TYPE (HfWorkspace, hf_workspace, HF, WORKSPACE, GObject)

/* Opens the project @path (*.handful), or makes it; sources are looked through
 * again and embedding begins by itself. @device computes, as hf_device_open
 * takes it; NULL or "": the fastest. Errors of hf_project_open. */
void hf_workspace_open_async (const char *path, const char *device,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
HfWorkspace *hf_workspace_open_finish (GAsyncResult *result, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Another one means a new desk. */
void hf_workspace_set_device (HfWorkspace *self, const char *device);

/* Ends all work; labels that were reported are on disk. Waits for what is being
 * written. */
void hf_workspace_close (HfWorkspace *self);

/* The same without waiting: @func is called in the main thread when all is on
 * disk and the threads are gone, which may take as long as a driver compiles
 * kernels. The workspace lives until then. FALSE if it is closed already; then
 * nobody is called. */
typedef void (*HfWorkspaceClosedFunc) (gpointer data);
gboolean hf_workspace_close_later (HfWorkspace *self,
                                   HfWorkspaceClosedFunc func, gpointer data);

const char *hf_workspace_get_path (HfWorkspace *self);
/* "Bearings", valid UTF-8. */
const char *hf_workspace_get_name (HfWorkspace *self);

/* As they were read last, "settings-changed" before others; NULL where they
 * cannot be read. Borrowed. */
const HfProjectSettings *hf_workspace_get_settings (HfWorkspace *self);

/* Of HfPicture, by path; of HfClassItem, in the order they were made; of
 * HfSourceItem; of HfJob at work. Borrowed. */
GListModel *hf_workspace_get_pictures (HfWorkspace *self);
GListModel *hf_workspace_get_classes (HfWorkspace *self);
GListModel *hf_workspace_get_sources (HfWorkspace *self);
GListModel *hf_workspace_get_jobs (HfWorkspace *self);

/* NULL if there is none. Borrowed. */
HfPicture *hf_workspace_find_picture (HfWorkspace *self, gint64 image_id);
HfClassItem *hf_workspace_find_class (HfWorkspace *self, gint64 class_id);
/* The class whose key is @key (one character), or NULL. */
HfClassItem *hf_workspace_find_key (HfWorkspace *self, const char *key);

/* The newest, or NULL before the first. Borrowed. */
HfNumbers *hf_workspace_get_numbers (HfWorkspace *self);
gboolean hf_workspace_get_refreshing (HfWorkspace *self);

/* The learning curve (HfLearningPoint) of the probe in use; NULL while there is
 * none, as with too few labels. It comes after the numbers, in a thread of its
 * own; until then it is that of the labels before. Borrowed. */
const GArray *hf_workspace_get_learning (HfWorkspace *self);
/* The labels a class (int) of the points that are being counted now; NULL: the
 * curve is of the newest numbers. Borrowed. "learning" is notified. */
const GArray *hf_workspace_get_learning_sizes (HfWorkspace *self);

/* The sentence of the last "lasting", or NULL: what was so before anybody
 * listened. Borrowed. */
const char *hf_workspace_get_lasting (HfWorkspace *self);
/* Whatever lasts is tried again: the disk, the model, the device. */
void hf_workspace_try_again (HfWorkspace *self);

/* Why nothing is calculated, as that the model of the project is gone; NULL:
 * nothing is in the way. "lasting" says when it changes. Borrowed. */
const GError *hf_workspace_get_desk_trouble (HfWorkspace *self);

/* What is selected where pictures are labelled (element-type HfPicture), for
 * whoever else wants to show it. The page that owns the selection writes it;
 * @pictures is referenced and not changed afterwards. Never NULL. Borrowed. */
void hf_workspace_set_selection (HfWorkspace *self, GPtrArray *pictures);
GPtrArray *hf_workspace_get_selection (HfWorkspace *self);

/* Labels @pictures (element-type HfPicture), with 0 takes labels away, as one
 * step. The pictures change at once; if the disk refuses, they change back and
 * "failed" says why. */
void hf_workspace_label (HfWorkspace *self, GPtrArray *pictures,
                         gint64 class_id);
/* Gives each its shown prediction, as one step; those that show none, as they
 * have a label or are unlike everything labelled, are passed over. Returns how
 * many were not. */
guint hf_workspace_confirm (HfWorkspace *self, GPtrArray *pictures);
void hf_workspace_undo (HfWorkspace *self);
void hf_workspace_redo (HfWorkspace *self);

/* Adds a folder, or looks through it again. */
void hf_workspace_add_source (HfWorkspace *self, const char *folder);

/* Files that come, change or go in the folders are seen by themselves, where
 * the system tells of them. Elsewhere they are looked for now and then, and
 * with this call; with @asked everywhere and at once, and errors are told. */
void hf_workspace_look_again (HfWorkspace *self, gboolean asked);

/* These pictures are wanted first (the visible ones); the labelled ones always
 * come before them, the suggested ones after. Cheap; takes what is newest. */
void hf_workspace_want (HfWorkspace *self, GPtrArray *pictures);

/* Anything else that is done to the project: @func runs in the store's thread
 * with the project. Afterwards classes, pictures and settings are read again,
 * and @done (may be NULL) is called in the main thread: @error is NULL if it
 * went well. Errors are not shown by the workspace then. With @done NULL
 * "failed" shows them under @title. */
typedef gboolean (*HfWorkspaceFunc) (HfProject *project, gpointer data,
                                     GError **error);
typedef void (*HfWorkspaceDoneFunc) (HfWorkspace *self, gpointer data,
                                     const GError *error);
void hf_workspace_edit (HfWorkspace *self, const char *title,
                        HfWorkspaceFunc func, HfWorkspaceDoneFunc done,
                        gpointer data, GDestroyNotify free_data);

/* Reading only: as hf_workspace_edit, without reading anything again. */
void hf_workspace_read (HfWorkspace *self, HfWorkspaceFunc func,
                        HfWorkspaceDoneFunc done, gpointer data,
                        GDestroyNotify free_data);

/* Long work with the desk in the numbers' thread, between two refreshes, shown
 * as @job (may be NULL) while it lasts. @numbers are the newest ones, or
 * NULL. */
typedef gboolean (*HfWorkspaceDeskFunc) (HfDesk *desk, HfNumbers *numbers,
                                         gpointer data, HfProgress *progress,
                                         GError **error);
void hf_workspace_run (HfWorkspace *self, HfJob *job, HfWorkspaceDeskFunc func,
                       HfWorkspaceDoneFunc done, gpointer data,
                       GDestroyNotify free_data);

/* Shows work that somebody else does in a thread of their own. */
void hf_workspace_add_job (HfWorkspace *self, HfJob *job);
void hf_workspace_remove_job (HfWorkspace *self, HfJob *job);

/* Model, framing, precision, prompts or probe are other ones now: a new desk,
 * new rows, new numbers. hf_workspace_edit sees that by itself. */
void hf_workspace_reload (HfWorkspace *self);

G_END_DECLS
