/* ui/label/sidebar/class-edits.h: what is done to the classes of a project, as
 * work for the workspace. Main thread only. */
#pragma once

#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

/* A class as it shall be. */
typedef struct {
  gint64 id; /* 0: a new one */
  const char *name;
  HfClassKind kind;
  const char *colour; /* "#rrggbb" */
  const char *key;    /* "": none */
} HfClassWish;

/* Why a class cannot be as wished, as a sentence (caller frees); NULL if it
 * can: an empty or long name, a name or a key that another class has, a key
 * that is none or that the window uses itself. */
char *hf_class_wish_dup_fault (const HfClassWish *self, HfWorkspace *workspace)
    G_GNUC_WARN_UNUSED_RESULT;

/* Makes or changes the class; @done as in hf_workspace_edit. */
void hf_class_wish_grant (const HfClassWish *self, HfWorkspace *workspace,
                          HfWorkspaceDoneFunc done, gpointer data,
                          GDestroyNotify free_data);

/* Gives all pictures of one class to another, or takes their label away; the
 * first class is no more. One that had pictures comes back with an undo, by
 * one step. @done as in hf_workspace_edit. */
void hf_class_merge (HfWorkspace *workspace, gint64 class_id, gint64 into_id,
                     HfWorkspaceDoneFunc done, gpointer data,
                     GDestroyNotify free_data);
void hf_class_remove (HfWorkspace *workspace, gint64 class_id,
                      HfWorkspaceDoneFunc done, gpointer data,
                      GDestroyNotify free_data);
/* One that had none comes back so. */
void hf_class_restore (HfWorkspace *workspace, gint64 class_id);

/* What a new class of @kind is given: bluish green for the first good one, else
 * the colour of Okabe and Ito that fewest have; the first free digit, then the
 * first free letter (caller frees; "" if none is left). */
const char *hf_class_propose_colour (HfWorkspace *workspace, HfClassKind kind);
char *hf_class_propose_key (HfWorkspace *workspace) G_GNUC_WARN_UNUSED_RESULT;

/* The colours to choose from, NULL behind the last; constant. */
const char *hf_class_get_colour (guint i);
/* What colour @i is called: "Orange". */
const char *hf_class_get_colour_name (guint i);

/* "Good", "Defect", "Other". */
const char *hf_class_kind_get_title (HfClassKind kind);

G_END_DECLS
