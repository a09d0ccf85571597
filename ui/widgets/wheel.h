/* ui/widgets/wheel.h: a scrolled area inside a page that scrolls. At GTK 4.8 it
 * swallows every turn of the wheel, so that the page stands still while the
 * pointer is over it. Main thread only. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* From now on @area takes the wheel only in directions in which there is more
 * of it to see; the rest goes to whatever is around it. Shift turns the wheel
 * sideways, as before. */
void hf_wheel_pass_on (GtkScrolledWindow *area);

G_END_DECLS
