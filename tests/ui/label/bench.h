/* A project of its own with pictures and classes, open on the Label page, for
 * tests and for the eye. */
#pragma once

#include "ui/label/label-page.h"
#include "ui/workspace/workspace.h"

#include <adwaita.h>

typedef struct {
  char *root;             /* where the project is */
  HfWorkspace *workspace; /* open */
  HfLabelPage *page;      /* referenced */
  GtkWindow *window;
} LabelBench;

/* @folder of pictures (NULL: none at all); @classes[@n] are made in their
 * order, the first is good. */
void label_bench_open (LabelBench *self, const char *folder,
                       const char *const *classes, guint n);
/* Shows the page in a window of this size. */
void label_bench_show (LabelBench *self, int width, int height);
/* Ends it and sees that nothing is left. */
void label_bench_close (LabelBench *self);

/* A new folder with @n small pictures, each of one colour (caller frees). */
char *label_bench_make_files (guint n) G_GNUC_WARN_UNUSED_RESULT;
/* Deletes a folder with all that is in it. */
void label_bench_delete (const char *folder);

/* As stage_press, and what comes of it. */
gboolean label_bench_press (LabelBench *self, const char *keys);

/* Labels the pictures @from to @from + @n of the project. */
void label_bench_label (LabelBench *self, guint from, guint n, guint class);
/* The number of class @i. */
gint64 label_bench_get_class (LabelBench *self, guint i);
HfPicture *label_bench_get_picture (LabelBench *self, guint i);

/* Until @labels, as "good bad -", are those of the first pictures and on disk
 * as far as the workspace tells. */
void label_bench_wait_labels (LabelBench *self, const char *labels);
