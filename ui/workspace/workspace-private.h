/* ui/workspace/workspace-private.h: the parts of a workspace, for the files of
 * this folder. Everything but what a worker is given belongs to the main
 * thread.
 *
 *   store.c     labels, undo, edits: one thread with the project
 *   apply.c     what was read becomes what is shown
 *   scanning.c  folders: one thread with a connection of its own */
#pragma once

#include "ui/workspace/items-private.h"
#include "ui/workspace/picture-list-private.h"
#include "ui/workspace/reading-private.h"
#include "ui/workspace/worker-private.h"
#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

typedef struct _HfStoreThread HfStoreThread;

struct _HfWorkspace {
  GObject parent_instance;
  char *path, *name;
  char *model; /* "starter · f16" */
  gboolean closed;

  HfPictureList *pictures;
  GListStore *classes, *sources, *jobs;
  HfInventory *inventory;
  GArray *labels; /* HfProjectLabel, as on disk */
  GArray *due;    /* gint64 */
  guint64 n_shown;
  GHashTable *pending; /* image id to how many writes are under way */
  gint64 last_entry;   /* of the label log, guessed ahead */
  gsize n_undo, n_redo;
  guint n_labelled, n_ready, n_unreadable;

  HfWorker *store;
  HfStoreThread *store_thread; /* what only that thread uses */
  guint poll_id;
  guint n_polls;
  gboolean is_lasting; /* the disk refuses */

  HfNumbers *numbers; /* the newest, or NULL */
  gboolean refreshing;
  GPtrArray *wanted; /* HfPicture *, the newest wish */

  HfWorker *scanner;
  GPtrArray *scans; /* HfJob *, folders to be looked through */
  guint hash_id;    /* before labelled pictures are hashed */
  HfProgress *hash_progress;
};

typedef enum {
  HF_WORKSPACE_CAN_UNDO = 1,
  HF_WORKSPACE_CAN_REDO,
  HF_WORKSPACE_NUMBERS,
  HF_WORKSPACE_REFRESHING,
  HF_WORKSPACE_N_PICTURES,
  HF_WORKSPACE_N_LABELLED,
  HF_WORKSPACE_N_READY,
  HF_WORKSPACE_N_UNREADABLE,
  HF_WORKSPACE_MODEL,
  HF_WORKSPACE_SCANNING,
  HF_WORKSPACE_N_PROPS
} HfWorkspaceProperty;

/* workspace.c */
void hf_workspace_notify (HfWorkspace *self, HfWorkspaceProperty property);
void hf_workspace_fail (HfWorkspace *self, const char *title,
                        const GError *error);
void hf_workspace_set_lasting (HfWorkspace *self, const GError *error);
void hf_workspace_tell_labelled (HfWorkspace *self, guint n_changed,
                                 gint64 class_id);

void hf_workspace_tell_settings (HfWorkspace *self);

/* store.c */
void hf_workspace_start_store (HfWorkspace *self, HfProject *project);
void hf_workspace_stop_store (HfWorkspace *self);
/* Reads all again. */
void hf_workspace_read_again (HfWorkspace *self);

/* apply.c */
void hf_workspace_apply (HfWorkspace *self, HfReading *reading);
/* Gives a picture the label that it has on disk. */
void hf_workspace_settle (HfWorkspace *self, gint64 image_id);
/* Changes what is shown, counts included; @entry as in HfProjectLabel. */
void hf_workspace_show_label (HfWorkspace *self, HfPicture *picture,
                              gint64 class_id, gint64 entry);
/* Waiting, ready or unreadable; @reason goes with the last. */
void hf_workspace_show_state (HfWorkspace *self, HfPicture *picture,
                              HfPictureState state, const char *reason);
void hf_workspace_show_found (HfWorkspace *self, HfSourceItem *source,
                              gboolean found);

/* scanning.c */
void hf_workspace_start_scanner (HfWorkspace *self);
void hf_workspace_stop_scanner (HfWorkspace *self);
/* Labelled pictures get their SHA-256 a while after the last label. */
void hf_workspace_hash_soon (HfWorkspace *self);
/* Whether the folders are there. */
void hf_workspace_check_sources (HfWorkspace *self);

G_END_DECLS
