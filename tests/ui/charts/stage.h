/* A window for one widget, for tests and for the eye: resources and style of
 * the program, without its pages. */
#pragma once

#include "patience.h"

#include <adwaita.h>

/* Once, before anything else. */
void stage_init (void);

/* Shows @child in a window of this size with a toast overlay; waits until it
 * is drawn. The window owns @child. */
GtkWindow *stage_show (GtkWidget *child, int width, int height);

/* Until the window is drawn again and nothing is left to do. */
void stage_settle (GtkWindow *window);

#define stage_wait patience_for

/* Presses @keys one after the other, as xdotool names them ("1 shift+Right"),
 * where the keyboard is in @window, and returns when all have come. FALSE, with
 * the test skipped, where there is no xdotool. */
gboolean stage_press (GtkWindow *window, const char *keys);

/* The same for a line of text without quotes. */
gboolean stage_type (GtkWindow *window, const char *text);

/* Presses @button at (@x, @y) of @widget, as a person, and returns when that
 * has come. FALSE as above. */
gboolean stage_click (GtkWidget *widget, double x, double y, guint button);

/* What the window shows, as a PNG. */
void stage_save (GtkWindow *window, const char *path);

/* Ends @window, and sees that @child (may be NULL), which the caller holds a
 * reference to, goes with the last one. */
void stage_close (GtkWindow *window, GtkWidget *child);

/* The program's window of @type, hidden or not. NULL if there is none. */
GtkWidget *stage_find_window (GType type);

/* The first widget below @from of @type whose name (gtk_widget_set_name or
 * buildable id) is @name; @name NULL: any. NULL if there is none. */
GtkWidget *stage_find (GtkWidget *from, GType type, const char *name);

/* The same for a button with this @label, underscores and all. */
GtkWidget *stage_find_button (GtkWidget *from, const char *label);

/* The same for a widget of which @question, asked with @data, says TRUE. */
typedef gboolean (*StageQuestion) (GtkWidget *widget, gpointer data);
GtkWidget *stage_find_that (GtkWidget *from, StageQuestion question,
                            gpointer data);
