/* ui/label/menu/picture-files.h: pictures as the files that other programs
 * know. Pictures are a GPtrArray of HfPicture. Main thread only. */
#pragma once

#include "ui/workspace/picture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whether there is a file for another program to open. */
gboolean hf_picture_files_has (HfPicture *picture);

/* A path a line, without a last line end (caller frees). A byte that is no
 * UTF-8 is shown as a file manager shows it. */
char *
hf_picture_files_dup_paths (GPtrArray *pictures) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the file in the program that the desktop has for its kind. @widget has
 * the window that asks, and lives until it is done. */
void hf_picture_files_open_async (GtkWidget *widget, HfPicture *picture,
                                  GAsyncReadyCallback callback, gpointer data);

/* Has the file manager show the folder of the first file that is there, with
 * those of @pictures that lie in it selected: one window, however many folders
 * there are. Where no file manager can do that, the folder is opened alone. At
 * least one picture. */
void hf_picture_files_show_async (GtkWidget *widget, GPtrArray *pictures,
                                  GAsyncReadyCallback callback, gpointer data);

/* Of both. */
gboolean hf_picture_files_finish (GAsyncResult *result, GError **error);

G_END_DECLS
