/* Somebody in front of the real window: a project, keys, and what is to be
 * read. */
#pragma once

#include "../window/desk.h"

G_BEGIN_DECLS

/* A project @name of pictures in @folder, both in the desk's, with the classes
 * good (1) and rusty (2). */
void sitting_make_project (Desk *desk, const char *name, const char *folder);

/* Opens @name in a new window and waits until its pictures are known and have
 * been looked at, or could not be. */
HfWindow *sitting_open (Desk *desk, const char *name);

/* A new project "p.handful" of three pictures in "parts", opened so. */
HfWindow *sitting_open_three (Desk *desk);

/* Presses a key, as xdotool calls it, on picture @i of those shown; the label
 * comes with the main loop. FALSE, with the test skipped, where there is no
 * xdotool. */
gboolean sitting_press_on (HfWindow *window, guint i, const char *key);

/* Labels picture @i with the class of @key, without the keyboard. */
void sitting_label (HfWindow *window, guint i, const char *key);

/* Undoes once that is possible: what is shown may still be on its way to the
 * disk. */
void sitting_undo (HfWindow *window);

/* "good - rusty": the labels shown, by path (caller frees). */
char *sitting_dup_labels (HfWindow *window);
void sitting_wait_labels (HfWindow *window, const char *labels);

/* Until they are so on disk; the project must be sound. */
void sitting_wait_stored (Desk *desk, const char *name, const char *labels);

/* Until the strip under the header bar, or a toast, has @words; NULL: until
 * there is none. */
void sitting_wait_notice (HfWindow *window, const char *words);
void sitting_wait_toast (HfWindow *window, const char *words);
/* Presses the button of the toast that is shown. */
void sitting_press_toast (HfWindow *window);

/* For the eye: a picture of the window in the folder that HANDFUL_SCREENSHOTS
 * names, if it does. */
void sitting_save (HfWindow *window, const char *name);

G_END_DECLS
