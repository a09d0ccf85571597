/* Pictures and classes as the workspace would list them, made up. */
#pragma once

#include "ui/workspace/items-private.h"

/* good, rusty, cracked; ids 1, 2, 3. */
GListStore *pictures_new_classes (void);

/* A picture of the file @path, number @id, of which nothing is known. */
HfPicture *pictures_new (gint64 id, const char *path);

/* All states that a picture can be in, one after the other. */
void pictures_vary (HfPicture *picture, int i);

/* The files of @folder, and of those in it, as pictures in a list. */
GListStore *pictures_new_list (char **folders, int n_folders);

/* Makes @n plain pictures of 90 x 60 to 300 x 200 px in a new folder and lists
 * them; @folder is what pictures_remove takes. */
GListStore *pictures_make (int n, char **folder);
void pictures_remove (char *folder);
