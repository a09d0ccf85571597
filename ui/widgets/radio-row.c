/* radio-row.c: see the header. */
#include "ui/widgets/radio-row.h"

#include <adwaita.h>

static void
toggled_cb (GtkCheckButton *radio, GtkWidget *row)
{
  gtk_accessible_update_state (
      GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_CHECKED,
      gtk_check_button_get_active (radio) ? GTK_ACCESSIBLE_TRISTATE_TRUE
                                          : GTK_ACCESSIBLE_TRISTATE_FALSE,
      -1);
}

void
hf_radio_row_join (GtkCheckButton *radio)
{
  GtkWidget *row =
      gtk_widget_get_ancestor (GTK_WIDGET (radio), ADW_TYPE_ACTION_ROW);

  g_return_if_fail (row != NULL);
  /* Not to be focusable is not enough: a radio button that is asked says that
   * its group took the focus. */
  gtk_widget_set_can_focus (GTK_WIDGET (radio), FALSE);
  g_signal_connect_object (radio, "toggled", G_CALLBACK (toggled_cb), row, 0);
  toggled_cb (radio, row);
}
