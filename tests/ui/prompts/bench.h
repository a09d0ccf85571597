/* A project over the sample pictures, labelled by their folders, open on the
 * Prompts page, for tests and for the eye. */
#pragma once

#include "ui/prompts/prompts-page.h"

typedef struct {
  char *folder, *project;
  HfWorkspace *workspace;
  HfPromptsPage *page; /* referenced */
  GtkWindow *window;
} PromptsBench;

/* @source is a folder with a sub-folder for each class. */
void prompts_bench_open (PromptsBench *self, const char *source, int width,
                         int height);
/* Ends it and sees that nothing is left. */
void prompts_bench_close (PromptsBench *self);

/* Runs handful-cli, which must succeed, and returns what it printed (caller
 * frees). */
char *prompts_bench_run (const char *const *arguments);

/* Until the page shows what stands there. */
void prompts_bench_settle (PromptsBench *self);

/* Until all pictures are embedded, too. */
void prompts_bench_embed (PromptsBench *self);

/* Does @func to the project and waits until it is done. */
void prompts_bench_edit (PromptsBench *self, HfWorkspaceFunc func,
                         gpointer data);

/* "+one {class}|-other {class}": the templates on the page, and whether they
 * are in use (caller frees). */
char *prompts_bench_dup_templates (PromptsBench *self);
/* The same of the project on disk. */
char *prompts_bench_dup_stored (PromptsBench *self);

/* The @i-th widget of @type below the page, in their order; NULL if there are
 * not so many. */
GtkWidget *prompts_bench_find (PromptsBench *self, GType type, guint i);
