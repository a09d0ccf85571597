/* A folder of pictures and the program over it, for tests of the window. */
#pragma once

#include "patience.h"
#include "ui/window/window.h"

typedef struct {
  char *folder;
  HfApplication *application;
} Desk;

/* Once, before anything else: the devices' environment, GTK and its tests. */
void desk_begin (int *argc, char ***argv);

/* Adds a test that has a desk of its own. */
void desk_add (const char *path,
               void (*test) (Desk *self, gconstpointer unused));

void desk_set_up (Desk *self, gconstpointer unused);
/* The same over a folder that is there, and stays. */
void desk_set_up_at (Desk *self, const char *folder);
/* Closes all windows; asserts that none of them is left. */
void desk_tear_down (Desk *self, gconstpointer unused);

/* Copies a sample picture to FOLDER/@name, with the folders it needs. */
void desk_put (Desk *self, const char *sample, const char *name);
/* Sample pictures "1.jpg" to "3.jpg" in FOLDER/@folder. */
void desk_put_three (Desk *self, const char *folder);
/* FOLDER/@name (caller frees). */
char *desk_dup_path (Desk *self, const char *name);

HfWindow *desk_new_window (Desk *self);
void desk_open (HfWindow *window, const char *path);
/* Waits until the window has a project. */
HfWorkspace *desk_wait_project (HfWindow *window);
/* Opens FOLDER/@name and waits until the project is there. */
HfWorkspace *desk_open_project (Desk *self, HfWindow *window, const char *name);

#define desk_wait patience_for

/* Waits until keys go to @widget or what is in it. */
void desk_wait_focus (GtkWidget *widget);

/* Waits until the projects of closed windows have ended their work. */
void desk_wait_closed (Desk *self);

guint desk_count_windows (Desk *self);
guint desk_get_uint (gpointer object, const char *property);
gboolean desk_get_boolean (gpointer object, const char *property);

/* A template child of the window. */
gpointer desk_get (HfWindow *window, const char *child);

/* The dialog on the screen; waits for one. */
GtkWidget *desk_wait_dialog (Desk *self);
