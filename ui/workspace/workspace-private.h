/* ui/workspace/workspace-private.h: the parts of a workspace, for the files of
 * this folder. Everything but what a worker is given belongs to the main
 * thread.
 *
 *   store.c     labels, undo, edits: one thread with the project
 *   apply.c     what was read becomes what is shown
 *   folders/scanning.c  folders: one thread with a connection of its own
 *   folders/looking.c   in the same, what becomes of their files
 *   desk-work.c the desk: one thread
 *   refresh.c   its numbers, in the same; the learning curve: one thread
 *   present.c   numbers become what pictures show
 *   embedding.c pictures onto the desk, the wanted ones first: one thread */
#pragma once

#include "app/project/suggestions.h"
#include "ui/workspace/items-private.h"
#include "ui/workspace/picture-list-private.h"
#include "ui/workspace/reading-private.h"
#include "ui/workspace/worker-private.h"
#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

typedef struct _HfStoreThread HfStoreThread;
typedef struct _HfLooking HfLooking;

/* A desk that several threads are at. */
typedef struct {
  HfDesk *desk;
} HfSharedDesk;

/* What only the desk's thread uses. */
typedef struct {
  HfSharedDesk *desk; /* NULL: not open */
} HfDeskThread;

HfSharedDesk *hf_shared_desk_ref (HfSharedDesk *self);
void hf_shared_desk_unref (HfSharedDesk *self);

struct _HfWorkspace {
  GObject parent_instance;
  char *path, *name;
  char *model; /* "starter · f16" */
  gboolean closed;
  guint n_ending; /* workers that are still at what must be done */
  HfWorkspaceClosedFunc closed_func;
  gpointer closed_data;

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
  GPtrArray *selection; /* HfPicture * */

  HfWorker *store;
  HfStoreThread *store_thread; /* what only that thread uses */
  guint poll_id;
  guint n_polls;
  /* What lasts, NULL: nothing. Its sentences are valid UTF-8. */
  GError *store_trouble, *desk_trouble, *embed_trouble;

  HfProjectSettings *settings; /* as on disk; NULL: they cannot be read */
  char *device;                /* NULL: the fastest */
  HfWorker *calculator;
  HfDeskThread *desk_thread; /* what only that thread uses */
  HfSharedDesk *desk;        /* NULL: not open */
  guint n_desks;             /* that were asked for */
  HfNumbers *numbers;        /* the newest, or NULL */
  GPtrArray *marked;         /* HfPicture *, suggested, missed or doubted */
  guint present_id;          /* while predictions are being shown, */
  guint presented;           /* so many of them by now */
  guint64 label_serial;      /* of what is labelled, and how */
  guint64 row_serial;        /* of what has rows */
  guint64 shown_rows;        /* the row serial of the numbers */
  HfProgress *calculation;   /* NULL: none is under way */
  guint calculate_id;        /* before the next */
  gint64 calculated_us;      /* when the last ended */
  double calculation_s;      /* how long it took */
  gboolean refreshing;
  GPtrArray *runs;    /* HfJob *, somebody's work that waits or is under way */
  GHashTable *logged; /* image id of audits that the project knows of */

  HfWorker *learner;
  HfProgress *learning_progress; /* NULL: no curve is being counted */
  HfNumbers *learning_of;        /* whose curve that is, or is to be; or NULL */
  GArray *learning_sizes;        /* of that, int */
  HfNumbers *learned_of;         /* whose curve there is, or NULL */
  GArray *learning;              /* it, HfLearningPoint */

  HfWorker *embedder;
  HfProgress *batch_progress; /* NULL: no batch is under way */
  HfJob *embed_job;           /* NULL: nothing is to be done */
  gboolean embed_rest;        /* FALSE: only what somebody looks at */
  gboolean embed_failed;
  gboolean cache_told; /* that nothing is kept for the next time */
  guint batch_size;
  guint cursor;             /* pictures before it are not waiting */
  gboolean labels_embedded; /* no labelled picture is waiting */
  GPtrArray *wanted;        /* HfPicture *, the newest wish */

  HfWorker *scanner;
  GPtrArray *scans; /* HfJob *, folders to be looked through */
  guint hash_id;    /* before labelled pictures are hashed */
  HfProgress *hash_progress;
  HfLooking *looking; /* what only the scanner's thread uses */
  gint64 look_due_us; /* the next look, not before */
  gboolean look_again;
  gboolean is_deaf; /* some folder does not tell of its files */
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
  HF_WORKSPACE_LEARNING,
  HF_WORKSPACE_SELECTION,
  HF_WORKSPACE_N_PROPS
} HfWorkspaceProperty;

/* workspace.c */
void hf_workspace_notify (HfWorkspace *self, HfWorkspaceProperty property);
void hf_workspace_fail (HfWorkspace *self, const char *title,
                        const GError *error);
/* A store that refuses lasts until it takes something again (@error NULL);
 * other errors of it do not. */
void hf_workspace_set_store_trouble (HfWorkspace *self, const GError *error);
void hf_workspace_set_desk_trouble (HfWorkspace *self, const GError *error);
void hf_workspace_set_embed_trouble (HfWorkspace *self, const GError *error);
void hf_workspace_tell_labelled (HfWorkspace *self, guint n_changed,
                                 gint64 class_id);

void hf_workspace_tell_settings (HfWorkspace *self);
/* A set of filenames. */
void hf_workspace_tell_files (HfWorkspace *self, GHashTable *paths);
/* Numbers of pictures (gint64). */
void hf_workspace_tell_questioned (HfWorkspace *self, GArray *image_ids);

/* store.c */
void hf_workspace_start_store (HfWorkspace *self, HfProject *project);
void hf_workspace_cancel_store (HfWorkspace *self);
/* Behind all that is to be written, in the thread. */
void hf_workspace_close_project (HfWorkspace *self);
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
/* Its file is gone, or there and another one. */
void hf_workspace_show_gone (HfWorkspace *self, HfPicture *picture,
                             gboolean gone);
void hf_workspace_show_found (HfWorkspace *self, HfSourceItem *source,
                              gboolean found);

/* folders/looking.c */
HfLooking *hf_looking_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_looking_cancel (HfLooking *self);
void hf_looking_free (HfLooking *self);
/* The folder was looked through: the project knows all that has come, and has
 * @n_missing that are not there. In the scanner's thread. */
void hf_looking_settle (HfLooking *self, const char *folder, gsize n_missing);
/* Which files have come, changed or gone, unless that is being looked at, or
 * was a moment ago. Without @adds the project gets what has come later: by the
 * next look, or by a scan, which may follow at once. */
void hf_workspace_look (HfWorkspace *self, gboolean adds);

/* folders/scanning.c */
/* Looks through all folders; errors are told under the title @failure, or to
 * nobody. */
void hf_workspace_scan_all (HfWorkspace *self, const char *failure);
void hf_workspace_start_scanner (HfWorkspace *self);
/* As of each thread: its work is told to end soon, and nothing new begins; then
 * that is waited for and its memory given back. */
void hf_workspace_cancel_scanner (HfWorkspace *self);
void hf_workspace_stop_scanner (HfWorkspace *self);
/* Labelled pictures get their SHA-256 a while after a label. */
void hf_workspace_hash_soon (HfWorkspace *self);
/* Whether the folders are there. */
void hf_workspace_check_sources (HfWorkspace *self);

/* Pictures that could not be read are tried again. */
void hf_workspace_retry (HfWorkspace *self);

/* desk-work.c */
void hf_workspace_start_calculator (HfWorkspace *self);
void hf_workspace_cancel_calculator (HfWorkspace *self);
void hf_workspace_stop_calculator (HfWorkspace *self);
/* What settings say now; @anew also where they say the same. */
void hf_workspace_take_settings (HfWorkspace *self, HfProjectSettings *settings,
                                 gboolean anew);

/* refresh.c */
void hf_workspace_set_refreshing (HfWorkspace *self, gboolean refreshing);
/* Labels or classes are others: what is being calculated is stale. */
void hf_workspace_labels_changed (HfWorkspace *self);
/* More rows: numbers follow in their time. */
void hf_workspace_rows_changed (HfWorkspace *self);
void hf_workspace_cancel_learner (HfWorkspace *self);
void hf_workspace_stop_learner (HfWorkspace *self);

/* present.c */
void hf_workspace_present (HfWorkspace *self);
/* What the project wants to know of a picture that is labelled: that it was
 * suggested, appended to @shown (HfShownSuggestion). */
void hf_workspace_add_shown (HfWorkspace *self, gint64 image_id, GArray *shown);

/* embedding.c */
void hf_workspace_start_embedder (HfWorkspace *self);
void hf_workspace_cancel_embedder (HfWorkspace *self);
void hf_workspace_stop_embedder (HfWorkspace *self);
/* Goes on, if there is something to be done and it is not at work. */
void hf_workspace_embed (HfWorkspace *self);
/* With a new desk: all pictures wait. */
void hf_workspace_embed_anew (HfWorkspace *self);

G_END_DECLS
