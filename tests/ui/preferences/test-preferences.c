/* test-preferences.c: rows of Preferences and the keys they are bound to. */
#include "compute/device.h"
#include "stage.h"
#include "ui/preferences/preferences.h"
#include "ui/settings.h"

#include <string.h>

static AdwComboRow *
get_row (GtkWidget *window, const char *name)
{
  return ADW_COMBO_ROW (stage_find (window, ADW_TYPE_COMBO_ROW, name));
}

/* Devices were looked at, in a thread that must not outlive the program. */
static gboolean
knows_devices (GtkWidget *window)
{
  return adw_combo_row_get_model (get_row (window, "device")) != NULL;
}

/* Whether the row shows the precision called @name, as "Half (f16)": below the
 * title, where it is never cut. */
static gboolean
shows (AdwComboRow *row, const char *name)
{
  g_autofree char *wanted = g_strdup_printf ("(%s)", name);

  return strstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), wanted) !=
         NULL;
}

/* What is kept is the name, whatever stands before it in the list. */
static void
test_precision (void)
{
  g_autoptr (GSettings) settings = hf_settings_new ();
  GtkWidget *window = hf_preferences_new (NULL);
  AdwComboRow *row = get_row (window, "precision");

  patience_until (knows_devices (window));
  g_assert_true (shows (row, "f16"));
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)),
                    ==, HF_N_PRECISIONS);
  for (guint p = 0; p < HF_N_PRECISIONS; p++) {
    const char *name = hf_precision_get_name ((HfPrecision) p);

    g_assert_true (g_settings_set_string (settings, "precision", name));
    g_assert_true (shows (row, name));
  }
  for (guint p = 0; p < HF_N_PRECISIONS; p++) {
    g_autofree char *kept = NULL;

    adw_combo_row_set_selected (row, p);
    kept = g_settings_get_string (settings, "precision");
    g_assert_true (shows (row, kept));
  }
  g_settings_reset (settings, "precision");
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/preferences/every-precision-is-offered-by-its-name",
                   test_precision);
  return g_test_run ();
}
