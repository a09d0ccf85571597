/* The keyboard in front of a window, for tests of what can be done with it
 * alone. Keys come through the X server, as from a person. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a person reads on @widget: its label, or what points to it. */
const char *keys_get_words (GtkWidget *widget);

/* The focus where keys arrive: GTK may name one that is gone. NULL if they
 * arrive elsewhere. */
GtkWidget *keys_get_place (GtkWindow *window);
gboolean keys_is_at (GtkWindow *window, const char *words);

void keys_press (GtkWindow *window, const char *keys);

/* Presses @key ("Tab") until the keyboard is at what says @words. */
GtkWidget *keys_go_to (GtkWindow *window, const char *key, const char *words);

/* The window that came over @under, with the keyboard in it. */
GtkWindow *keys_wait_over (GtkWindow *under);

/* Enter where the keyboard is opens a window, Escape leaves it, and the
 * keyboard is where it was; then it is opened again and returned. */
GtkWindow *keys_open_over (GtkWindow *under);

G_END_DECLS
