/* ui/widgets/radio-row.h: a row of a list with a radio button in it, as one
 * thing to choose: one stop of the keyboard, which tells a screen reader
 * whether it is chosen. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* @radio is in an AdwActionRow whose activatable widget it is. The row keeps
 * the keyboard: Space and Enter choose it. */
void hf_radio_row_join (GtkCheckButton *radio);

G_END_DECLS
