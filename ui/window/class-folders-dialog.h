/* ui/window/class-folders-dialog.h: "Use the 4 subfolders as labels?", with a
 * picture of each and which of them has the good parts. */
#pragma once

#include "app/project/opening/class-folders.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  HF_CLASS_FOLDERS_CANCEL,
  HF_CLASS_FOLDERS_OPEN, /* just open the folder */
  HF_CLASS_FOLDERS_USE,
} HfClassFoldersAnswer;

/* @good is the index of the folder with good parts, -1: none. */
typedef void (*HfClassFoldersFunc) (HfClassFoldersAnswer answer, int good,
                                    gpointer data);

/* @found lives until @func was called, once. */
void hf_class_folders_dialog_ask (GtkWindow *parent,
                                  const HfClassFolders *found,
                                  HfClassFoldersFunc func, gpointer data);

G_END_DECLS
