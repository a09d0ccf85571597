#include "app/charts/forest.h"
#include "made-up.h"
#include "stage.h"
#include "ui/charts/card.h"
#include "ui/charts/chart-style.h"
#include "ui/charts/chart-view.h"
#include "ui/charts/masonry.h"
#include "ui/charts/table-window.h"

static HfChart *
new_rates (void)
{
  const MadeUp data = {78, 3, 1, TRUE, 2, 7};
  HfProbeEvaluation *probe = made_up_probe (&data, "gda");
  const HfForestRow rows[] = {
      {"All", "Escapes", NULL, probe->escape_rate},
      {NULL, "Overkill", NULL, probe->overkill},
  };
  HfChart *chart = hf_chart_new_rates ("Rates", rows, 2, 0.05);

  hf_probe_evaluation_free (probe);
  return chart;
}

static void
test_height_is_the_chart_s (void)
{
  g_autoptr (HfChart) chart = new_rates ();
  GtkWidget *view = g_object_ref_sink (hf_chart_view_new ());
  GtkWindow *window;
  HfChartTheme theme;
  int minimum, natural;

  hf_chart_view_set_chart (HF_CHART_VIEW (view), chart);
  window = stage_show (view, 600, 400);
  hf_chart_style_read (view, &theme);
  for (int width = 160; width < 1400; width += 97) {
    gtk_widget_measure (view, GTK_ORIENTATION_VERTICAL, width, &minimum,
                        &natural, NULL, NULL);
    g_assert_cmpint (natural, ==, hf_chart_measure (chart, width, &theme));
  }
  stage_close (window, view);
}

static void
test_name_and_description (void)
{
  g_autoptr (HfChart) chart = new_rates ();
  g_autofree char *label =
      g_strdup_printf ("Rates. %s", hf_chart_get_summary (chart));
  g_autofree char *text = hf_chart_dup_text (chart);
  GtkWidget *view = g_object_ref_sink (hf_chart_view_new ());
  g_autofree char *wrong = NULL;

  hf_chart_view_set_chart (HF_CHART_VIEW (view), chart);
  g_assert_cmpint (gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (view)),
                   ==, GTK_ACCESSIBLE_ROLE_IMG);
  wrong = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, label);
  g_assert_null (wrong);
  wrong = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);
  g_assert_null (wrong);
  g_assert_finalize_object (view);
}

/* Text of a theme at twice the size makes charts of twice the size. */
static void
test_large_text (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autoptr (HfChart) chart = new_rates ();
  GtkWidget *view = g_object_ref_sink (hf_chart_view_new ());
  GtkWindow *window;
  HfChartTheme theme;
  double small, large;
  int before, after, dpi;

  hf_chart_view_set_chart (HF_CHART_VIEW (view), chart);
  window = stage_show (view, 600, 400);
  g_object_get (settings, "gtk-xft-dpi", &dpi, NULL);
  hf_chart_style_read (view, &theme);
  small = theme.text_px;
  gtk_widget_measure (view, GTK_ORIENTATION_VERTICAL, 800, NULL, &before, NULL,
                      NULL);
  g_object_set (settings, "gtk-xft-dpi", 2 * dpi, NULL);
  stage_settle (window);
  hf_chart_style_read (view, &theme);
  large = theme.text_px;
  gtk_widget_measure (view, GTK_ORIENTATION_VERTICAL, 800, NULL, &after, NULL,
                      NULL);
  g_assert_cmpfloat_with_epsilon (large, 2 * small, 1);
  g_assert_cmpint (after, >, before * 3 / 2);
  g_object_set (settings, "gtk-xft-dpi", dpi, NULL);
  stage_close (window, view);
}

/* Light, dark, high contrast of both: words keep 4.5:1 on the card. */
static void
test_words_can_be_read (void)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  const AdwColorScheme schemes[] = {ADW_COLOR_SCHEME_FORCE_LIGHT,
                                    ADW_COLOR_SCHEME_FORCE_DARK};
  GtkWidget *view = g_object_ref_sink (hf_chart_view_new ());
  GtkWindow *window = stage_show (view, 300, 300);

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++) {
    HfChartTheme theme;

    adw_style_manager_set_color_scheme (style, schemes[i]);
    stage_settle (window);
    hf_chart_style_read (view, &theme);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.ink, &theme.ground), >=,
                       4.5);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.quiet, &theme.ground), >=,
                       4.5);
    g_assert_cmpfloat (hf_colour_get_contrast (&theme.accent, &theme.ground),
                       >=, 4.5);
    g_assert_cmpfloat (
        hf_colour_get_contrast (&theme.wrong_text, &theme.ground), >=, 4.5);
  }
  adw_style_manager_set_color_scheme (style, ADW_COLOR_SCHEME_DEFAULT);
  stage_close (window, view);
}

static GtkWidget *
new_box (int height)
{
  GtkWidget *button = gtk_button_new_with_label ("card");

  gtk_widget_set_size_request (button, 200, height);
  return button;
}

static double
get_x (GtkWidget *child)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (
      child, gtk_widget_get_parent (child), &bounds));
  return bounds.origin.x;
}

static int
measure_height (GtkWidget *masonry, int width)
{
  int natural;

  gtk_widget_measure (masonry, GTK_ORIENTATION_VERTICAL, width, NULL, &natural,
                      NULL, NULL);
  return natural;
}

static void
test_columns (void)
{
  GtkWidget *masonry = g_object_ref_sink (hf_masonry_new ());
  const int heights[] = {300, 100, 100, 100};
  GtkWidget *cards[4], *scrolled = gtk_scrolled_window_new ();
  GtkWindow *window;
  int minimum;

  for (int i = 0; i < 4; i++) {
    cards[i] = new_box (heights[i]);
    hf_masonry_append (HF_MASONRY (masonry), cards[i]);
  }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), masonry);
  window = stage_show (scrolled, 1000, 500);
  gtk_widget_measure (masonry, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  g_assert_cmpint (minimum, ==, 200);
  g_assert_cmpint (measure_height (masonry, 897), ==, 600 + 3 * 18);
  g_assert_cmpint (measure_height (masonry, 898), ==, 300 + 2 * 18);
  g_assert_cmpfloat (get_x (cards[0]), ==, 0);
  for (int i = 1; i < 4; i++)
    g_assert_cmpfloat (get_x (cards[i]), >, 400);
  /* No card jumps because another grew. */
  gtk_widget_set_size_request (cards[1], 200, 900);
  stage_settle (window);
  g_assert_cmpfloat (get_x (cards[3]), >, 400);
  g_assert_cmpint (measure_height (masonry, 898), ==, 1100 + 2 * 18);
  gtk_widget_set_visible (cards[0], FALSE);
  stage_settle (window);
  g_assert_cmpint (measure_height (masonry, 897), ==, 1100 + 2 * 18);
  stage_close (window, masonry);
}

/* By places it would go 0, 1, 3, 2 or the like. */
static void
test_tab_goes_in_order (void)
{
  GtkWidget *masonry = g_object_ref_sink (hf_masonry_new ());
  const int heights[] = {500, 100, 300, 20, 200, 60};
  GtkWidget *cards[6];
  GtkWindow *window;

  for (int i = 0; i < 6; i++) {
    cards[i] = new_box (heights[i]);
    hf_masonry_append (HF_MASONRY (masonry), cards[i]);
  }
  window = stage_show (masonry, 1000, 800);
  gtk_widget_grab_focus (cards[0]);
  for (int i = 0; i < 6; i++) {
    g_assert_true (gtk_window_get_focus (window) == cards[i]);
    gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_FORWARD);
  }
  gtk_widget_grab_focus (cards[5]);
  for (int i = 5; i >= 0; i--) {
    g_assert_true (gtk_window_get_focus (window) == cards[i]);
    gtk_widget_child_focus (GTK_WIDGET (window), GTK_DIR_TAB_BACKWARD);
  }
  stage_close (window, masonry);
}

typedef struct {
  gboolean done;
  char *text;
} Pasted;

static void
pasted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Pasted *pasted = data;

  pasted->text =
      gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);
  pasted->done = TRUE;
}

static char *
dup_clipboard (GtkWidget *widget)
{
  Pasted pasted = {0};

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL,
                                 pasted_cb, &pasted);
  patience_until (pasted.done);
  return pasted.text;
}

static void
test_copies (void)
{
  g_autoptr (HfChart) chart = new_rates ();
  g_autofree char *csv = hf_table_dup_csv (hf_chart_get_table (chart));
  g_autofree char *text = hf_chart_dup_text (chart);
  g_autofree char *copied = NULL, *spoken = NULL;
  GtkWidget *card = g_object_ref_sink (hf_card_new ("Rates", NULL));
  GtkWindow *window = stage_show (card, 500, 400);

  /* Without data there is nothing to copy. */
  g_assert_false (
      gtk_widget_get_visible (stage_find (card, GTK_TYPE_MENU_BUTTON, NULL)));
  hf_card_set_chart (HF_CARD (card), chart);
  g_assert_true (gtk_widget_activate_action (card, "card.copy-csv", NULL));
  copied = dup_clipboard (card);
  g_assert_cmpstr (copied, ==, csv);
  g_assert_true (gtk_widget_activate_action (card, "card.copy-text", NULL));
  spoken = dup_clipboard (card);
  g_assert_cmpstr (spoken, ==, text);
  stage_close (window, card);
}

static GtkWindow *
find_table_window (void)
{
  return (GtkWindow *) stage_find_window (HF_TYPE_TABLE_WINDOW);
}

static void
test_shows_its_table (void)
{
  g_autoptr (HfChart) chart = new_rates ();
  GtkWidget *card = g_object_ref_sink (hf_card_new ("Rates", NULL));
  GtkWindow *window = stage_show (card, 500, 400), *table;
  GtkWidget *view;

  hf_card_set_chart (HF_CARD (card), chart);
  gtk_widget_activate_action (card, "card.show-table", NULL);
  table = find_table_window ();
  g_assert_nonnull (table);
  stage_settle (table);
  view = stage_find (GTK_WIDGET (table), GTK_TYPE_COLUMN_VIEW, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (
                        gtk_column_view_get_columns (GTK_COLUMN_VIEW (view))),
                    ==, hf_chart_get_table (chart)->n_columns);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (
                        gtk_column_view_get_model (GTK_COLUMN_VIEW (view)))),
                    ==, 2);
  stage_close (table, NULL);
  stage_close (window, card);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/ui/charts/the-height-is-the-chart's",
                   test_height_is_the_chart_s);
  g_test_add_func ("/ui/charts/a-screen-reader-hears-the-table",
                   test_name_and_description);
  g_test_add_func ("/ui/charts/large-text-makes-large-charts", test_large_text);
  g_test_add_func ("/ui/charts/words-can-be-read-in-every-style",
                   test_words_can_be_read);
  g_test_add_func ("/ui/charts/masonry/two-columns-from-898-px-up",
                   test_columns);
  g_test_add_func ("/ui/charts/masonry/tab-goes-in-order",
                   test_tab_goes_in_order);
  g_test_add_func ("/ui/charts/card/copies-its-data", test_copies);
  g_test_add_func ("/ui/charts/card/shows-its-data-as-a-table",
                   test_shows_its_table);
  return g_test_run ();
}
