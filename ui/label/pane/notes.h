/* ui/label/pane/notes.h: the rows below the numbers: which probe, which lots,
 * what to beware of; each leads to where it is set. */
#pragma once

#include "app/desk/numbers.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills @list anew; empty where @numbers is NULL or says nothing. */
void hf_notes_show (GtkListBox *list, const HfNumbers *numbers);

G_END_DECLS
