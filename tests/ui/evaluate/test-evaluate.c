/* The page over made-up numbers: what it shows is what the evaluation says. */
#include "app/desk/trial.h"
#include "made-up-numbers.h"
#include "stage.h"
#include "ui/charts/card.h"
#include "ui/evaluate/compare-list.h"
#include "ui/evaluate/confusion-grid.h"
#include "ui/evaluate/evaluate-page.h"
#include "ui/evaluate/threshold/score-strip.h"
#include "ui/evaluate/threshold/strip-handle.h"
#include "ui/evaluate/threshold/threshold-pane.h"
#include "ui/widgets/badge.h"

#include "app/desk/numbers-private.h"

#include <math.h>

typedef struct {
  MadeUp data;
  const char *const *names;
} Case;

static const Case fair = {{78, 3, 10, TRUE, 1.6, 7}, made_up_names};
static const Case large = {{400, 12, 10, TRUE, 1.6, 7}, made_up_nasty_names};
static const Case no_good = {{90, 4, 1, FALSE, 1.6, 7}, made_up_names};
static const char *const uneven_names[] = {"good", "scratched at the edge",
                                           "rusty"};
static const Case uneven = {{78, 3, 10, TRUE, 1.6, 7}, uneven_names};
static const Case guesses = {{30, 2, 1, TRUE, 0, 3}, made_up_names};

typedef struct {
  HfNumbers *numbers;
  HfEvaluation *full;
  GListModel *classes;
  GtkWidget *page;
  GtkWindow *window;
} Setting;

static void
set_up (Setting *self, gconstpointer data)
{
  const Case *with = data;

  self->numbers = made_up_numbers (&with->data, with->names, NULL);
  self->full = made_up_full (&with->data);
  self->classes = made_up_classes (with->data.n_classes, with->names);
  self->page = g_object_ref_sink (hf_evaluate_page_new ());
  hf_evaluate_page_show (HF_EVALUATE_PAGE (self->page), self->numbers,
                         self->classes);
  hf_evaluate_page_show_full (HF_EVALUATE_PAGE (self->page), self->numbers,
                              self->classes, self->full);
  self->window = stage_show (self->page, 1000, 800);
}

static void
tear_down (Setting *self, gconstpointer data)
{
  stage_close (self->window, self->page);
  g_object_unref (self->classes);
  hf_evaluation_free (self->full);
  hf_numbers_unref (self->numbers);
}

static const HfProbeEvaluation *
get_probe (Setting *self)
{
  return self->numbers->evaluation->probes->pdata[0];
}

static const char *
get_shown (Setting *self)
{
  return gtk_stack_get_visible_child_name (
      GTK_STACK (stage_find (self->page, GTK_TYPE_STACK, "stack")));
}

static HfCard *
get_card (Setting *self, const char *name)
{
  GtkWidget *card = stage_find (self->page, HF_TYPE_CARD, name);

  g_assert_nonnull (card);
  return HF_CARD (card);
}

static void
assert_cell (const HfTable *table, int row, const char *heading, double wanted)
{
  for (int c = 0; c < table->n_columns; c++)
    if (g_str_equal (hf_table_get (table, -1, c), heading)) {
      const char *text = hf_table_get (table, row, c);

      g_assert_cmpfloat_with_epsilon (g_ascii_strtod (text, NULL), wanted,
                                      fabs (wanted) * 1e-5 + 1e-12);
      return;
    }
  g_assert_not_reached ();
}

static void
assert_rate (const HfTable *table, int row, const HfRate *rate)
{
  assert_cell (table, row, "k", (double) rate->k);
  assert_cell (table, row, "n", (double) rate->n);
  assert_cell (table, row, "low", rate->low);
  assert_cell (table, row, "high", rate->high);
  assert_cell (table, row, "n_eff", rate->n_eff);
}

static void
test_rates (Setting *self, gconstpointer data)
{
  const HfTable *rates = hf_card_get_table (get_card (self, "rates_card"));

  g_assert_cmpstr (get_shown (self), ==, "cards");
  if (get_probe (self)->escape_rate.n > 0) {
    assert_rate (rates, 0, &get_probe (self)->escape_rate);
    assert_rate (rates, 1, &get_probe (self)->overkill);
  } else {
    assert_rate (rates, 0, &get_probe (self)->accuracy);
  }
}

static void
list_cells (GtkWidget *from, GPtrArray *cells)
{
  if (gtk_widget_has_css_class (from, "cell"))
    g_ptr_array_add (cells, from);
  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    list_cells (child, cells);
}

static GPtrArray *
get_cells (Setting *self)
{
  GPtrArray *cells = g_ptr_array_new ();

  list_cells (stage_find (self->page, HF_TYPE_CONFUSION_GRID, NULL), cells);
  return cells;
}

static void
test_confusion (Setting *self, gconstpointer data)
{
  g_autoptr (GPtrArray) cells = get_cells (self);
  int n = self->numbers->evaluation->n_classes;

  g_assert_cmpuint (cells->len, ==, (guint) (n * n));
  for (guint i = 0; i < cells->len; i++) {
    GtkWidget *count = g_object_get_data (cells->pdata[i], "count");
    gint64 wanted = get_probe (self)->confusion[i];
    g_autofree char *text = g_strdup_printf ("%d", (int) wanted);

    g_assert_cmpint (gtk_widget_get_sensitive (cells->pdata[i]), ==,
                     wanted > 0);
    if (wanted > 0)
      g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (count)), ==, text);
  }
}

static double
get_left (GtkWidget *widget, GtkWidget *from)
{
  graphene_rect_t box;

  g_assert_true (gtk_widget_compute_bounds (widget, from, &box));
  return box.origin.x;
}

/* Twelve classes at 360 px: the cells go sideways under their names. */
static void
test_names_stay (Setting *self, gconstpointer data)
{
  GtkWidget *grid = stage_find (self->page, HF_TYPE_CONFUSION_GRID, NULL);
  g_autoptr (GPtrArray) cells = get_cells (self);
  GtkWidget *scrolled = stage_find (grid, GTK_TYPE_SCROLLED_WINDOW, NULL);
  GtkWidget *name = gtk_widget_get_last_child (grid);
  GtkWidget *last = cells->pdata[self->numbers->evaluation->n_classes - 1];
  GtkAdjustment *place;
  double left;

  gtk_window_set_default_size (self->window, 360, 720);
  stage_settle (self->window);
  place = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
  g_assert_cmpfloat (get_left (last, grid), >=, gtk_widget_get_width (grid));
  left = get_left (name, grid);
  gtk_adjustment_set_value (place, gtk_adjustment_get_upper (place));
  stage_settle (self->window);
  g_assert_cmpfloat (get_left (name, grid), ==, left);
  g_assert_cmpfloat (get_left (last, grid) + gtk_widget_get_width (last), <=,
                     gtk_widget_get_width (grid));
}

/* How many of the columns show their names. */
static int
count_named (GtkWidget *from)
{
  GtkWidget *child;
  int n = 0;

  if (ADW_IS_SQUEEZER (from)) {
    GtkWidget *shown = adw_squeezer_get_visible_child (ADW_SQUEEZER (from));

    return shown != NULL && stage_find (shown, GTK_TYPE_LABEL, NULL) != NULL &&
           stage_find (shown, HF_TYPE_BADGE, NULL) != NULL;
  }
  for (child = gtk_widget_get_first_child (from); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_named (child);
  return n;
}

/* "good" has room long before "scratched at the edge" has. */
static void
test_all_or_no_names (Setting *self, gconstpointer data)
{
  GtkWidget *grid = stage_find (self->page, HF_TYPE_CONFUSION_GRID, NULL);
  int n = self->numbers->evaluation->n_classes, n_changes = 0, before = n;

  for (int width = 860; width >= 360; width -= 20) {
    int n_named;

    gtk_window_set_default_size (self->window, width, 720);
    stage_settle (self->window);
    stage_settle (self->window);
    n_named = count_named (grid);
    g_assert_true (n_named == 0 || n_named == n);
    n_changes += n_named != before;
    before = n_named;
  }
  g_assert_cmpint (n_changes, ==, 1);
}

/* The words of the sentence, without markup. */
static char *
dup_sentence (Setting *self)
{
  GtkWidget *pane = stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL);
  char *text = NULL;

  g_assert_true (pango_parse_markup (
      hf_threshold_pane_get_sentence (HF_THRESHOLD_PANE (pane)), -1, 0, NULL,
      &text, NULL, NULL));
  return text;
}

static void
test_threshold (Setting *self, gconstpointer data)
{
  HfThresholdPane *pane =
      HF_THRESHOLD_PANE (stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL));
  g_autoptr (HfTrial) trial =
      hf_trial_new (self->numbers->evaluation, get_probe (self),
                    self->numbers->rows->group, self->numbers->rows->kinds);

  for (int i = 0; i <= 100; i += 7) {
    const HfBand band = {i / 100.0, MIN (100, i + 10) / 100.0};
    HfProbeEvaluation *tried = hf_trial_evaluate (trial, &band);
    g_autofree char *number = hf_band_dup_number (hf_band_get_middle (&band));
    g_autofree char *sentence = NULL, *begins = NULL, *ends = NULL;

    hf_threshold_pane_try (pane, &band);
    sentence = dup_sentence (self);
    begins =
        g_strdup_printf ("At %s: %d of %d escapes, %d of %d overkill", number,
                         (int) tried->escape_rate.k, (int) tried->escape_rate.n,
                         (int) tried->overkill.k, (int) tried->overkill.n);
    ends = tried->unsure.k == 0
               ? g_strdup (".")
               : g_strdup_printf (tried->unsure.k == 1
                                      ? ", %d picture goes to a person."
                                      : ", %d pictures go to a person.",
                                  (int) tried->unsure.k);
    g_assert_true (g_str_has_prefix (sentence, begins));
    g_assert_cmpstr (sentence + strlen (begins), ==, ends);
    hf_probe_evaluation_free (tried);
  }
}

static GtkWidget *
find_handle (GtkWidget *strip, int which)
{
  GtkWidget *handle = gtk_widget_get_first_child (strip);

  /* They lie in the order low, high, threshold. */
  while (which-- > 0)
    handle = gtk_widget_get_next_sibling (handle);
  return handle;
}

static void
assert_band (HfThresholdPane *pane, double low, double high)
{
  HfBand band;

  hf_threshold_pane_get_band (pane, &band);
  g_assert_cmpfloat_with_epsilon (band.low, low, 1e-9);
  g_assert_cmpfloat_with_epsilon (band.high, high, 1e-9);
}

static void
test_handles (Setting *self, gconstpointer data)
{
  GtkWidget *strip = stage_find (self->page, HF_TYPE_SCORE_STRIP, NULL);
  HfThresholdPane *pane =
      HF_THRESHOLD_PANE (stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL));
  HfStripHandle *low = HF_STRIP_HANDLE (find_handle (strip, 0));
  HfStripHandle *high = HF_STRIP_HANDLE (find_handle (strip, 1));
  HfStripHandle *middle = HF_STRIP_HANDLE (find_handle (strip, 2));

  hf_threshold_pane_try (pane, &(HfBand){0.4, 0.6});
  hf_strip_handle_move (middle, 0.3);
  assert_band (pane, 0.2, 0.4);
  /* The band gets narrower at the end of the scale, and stays inside. */
  hf_strip_handle_move (middle, 0.95);
  assert_band (pane, 0.9, 1);
  hf_strip_handle_move (low, 0.5);
  assert_band (pane, 0.5, 1);
  /* One end pushes the other. */
  hf_strip_handle_move (high, 0.2);
  assert_band (pane, 0.2, 0.2);
  hf_strip_handle_move (low, 7);
  assert_band (pane, 1, 1);
}

/* As in the chart above it, 0 is at the left in every language. */
static void
test_strip_is_not_mirrored (Setting *self, gconstpointer data)
{
  GtkWidget *strip = stage_find (self->page, HF_TYPE_SCORE_STRIP, NULL);
  GtkWidget *low = find_handle (strip, 0), *high = find_handle (strip, 1);

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  stage_settle (self->window);
  g_assert_cmpfloat (get_left (low, strip), <, get_left (high, strip));
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
use_cb (HfThresholdPane *pane, const char *text, gpointer data)
{
  char **used = data;

  g_free (*used);
  *used = g_strdup (text);
}

static void
test_use (Setting *self, gconstpointer data)
{
  GtkWidget *pane = stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL);
  GtkWidget *use = stage_find (pane, GTK_TYPE_BUTTON, "use_button");
  g_autofree char *used = NULL;

  g_signal_connect (pane, "use", G_CALLBACK (use_cb), &used);
  hf_threshold_pane_try (HF_THRESHOLD_PANE (pane), &(HfBand){0.36, 0.52});
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (use)), ==, "Use 0.44");
  gtk_widget_activate_action (pane, "threshold.use", NULL);
  g_assert_cmpstr (used, ==, "0.48,0.64");
  /* Once in use there is nothing to be used. */
  g_assert_true (hf_thresholds_parse (used, &self->numbers->thresholds, NULL));
  hf_evaluate_page_show (HF_EVALUATE_PAGE (self->page), self->numbers,
                         self->classes);
  assert_band (HF_THRESHOLD_PANE (pane), 0.36, 0.52);
  g_assert_false (gtk_widget_get_sensitive (use));
  gtk_widget_activate_action (pane, "threshold.clear", NULL);
  g_assert_null (used);
}

static void
filter_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  char **what = data;

  g_free (*what);
  *what = g_variant_dup_string (parameter, NULL);
}

static void
test_cell_opens_its_pictures (Setting *self, gconstpointer data)
{
  g_autoptr (GPtrArray) cells = get_cells (self);
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autofree char *what = NULL, *page = NULL;
  const GActionEntry filter[] = {{"filter", filter_cb, "s"}};
  const GActionEntry show[] = {{"show-page", filter_cb, "s"}};
  int n = self->numbers->evaluation->n_classes;

  g_action_map_add_action_entries (G_ACTION_MAP (group), filter, 1, &what);
  g_action_map_add_action_entries (G_ACTION_MAP (group), show, 1, &page);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "win",
                                  G_ACTION_GROUP (group));
  for (int i = 0; i < n * n; i++) {
    g_autofree char *wanted =
        i / n == i % n
            ? g_strdup_printf ("class:%d", 100 + i / n)
            : g_strdup_printf ("missed:%d:%d", 100 + i / n, 100 + i % n);

    if (!gtk_widget_get_sensitive (cells->pdata[i]))
      continue;
    g_signal_emit_by_name (cells->pdata[i], "clicked");
    g_assert_cmpstr (what, ==, wanted);
    g_assert_cmpstr (page, ==, "label");
  }
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "win", NULL);
}

static void
use_probe_cb (HfCompareList *list, int kind, int blocks, gpointer data)
{
  int *used = data;

  used[0] = kind;
  used[1] = blocks;
}

/* The best of the others comes first. */
static void
test_compare (Setting *self, gconstpointer data)
{
  GtkWidget *list = stage_find (self->page, HF_TYPE_COMPARE_LIST, NULL);
  const HfProbeEvaluation *best = self->full->probes->pdata[1];
  int used[2] = {-1, -1};

  for (guint i = 2; i < self->full->probes->len; i++) {
    const HfProbeEvaluation *other = self->full->probes->pdata[i];

    if (other->accuracy.k > best->accuracy.k)
      best = other;
  }
  g_signal_connect (list, "use", G_CALLBACK (use_probe_cb), used);
  g_signal_emit_by_name (stage_find (list, GTK_TYPE_BUTTON, NULL), "clicked");
  g_assert_cmpint (used[0], ==, best->spec.kind);
  g_assert_cmpint (used[1], ==, best->spec.blocks);
  g_assert_cmpuint (
      hf_table_get_n_rows (hf_card_get_table (get_card (self, "compare_card"))),
      ==, self->full->probes->len);
}

/* From wide to narrow and back: what is laid out for one width must not hold
 * the window at it. */
static void
test_fits_a_phone (Setting *self, gconstpointer data)
{
  const int widths[] = {1000, 620, 500, 440, 400, 360, 1000, 360};

  for (gsize i = 0; i < G_N_ELEMENTS (widths); i++) {
    gtk_window_set_default_size (self->window, widths[i], 720);
    stage_settle (self->window);
    stage_settle (self->window);
  }
  gtk_window_set_default_size (self->window, 360, 720);
  stage_settle (self->window);
  g_assert_cmpint (gtk_widget_get_width (self->page), <=, 360);
}

static void
assert_state (HfEvaluatePage *page, const char *state, const char *said)
{
  GtkWidget *stack = stage_find (GTK_WIDGET (page), GTK_TYPE_STACK, "stack");
  GtkWidget *child = gtk_stack_get_visible_child (GTK_STACK (stack));

  g_assert_cmpstr (gtk_stack_get_visible_child_name (GTK_STACK (stack)), ==,
                   state);
  if (said != NULL)
    g_assert_nonnull (strstr (
        adw_status_page_get_description (ADW_STATUS_PAGE (child)), said));
}

static void
test_states (void)
{
  GtkWidget *page = g_object_ref_sink (hf_evaluate_page_new ());
  GtkWindow *window = stage_show (page, 360, 720);
  HfNumbers *none = hf_numbers_new (1, hf_samples_new ());

  assert_state (HF_EVALUATE_PAGE (page), "empty", "Open a folder");
  hf_evaluate_page_show (HF_EVALUATE_PAGE (page), NULL, NULL);
  assert_state (HF_EVALUATE_PAGE (page), "working", NULL);
  none->reason = g_strdup ("Label 2 of each class to see the first numbers. "
                           "Missing: <rusty> & co.");
  hf_evaluate_page_show (HF_EVALUATE_PAGE (page), none, NULL);
  assert_state (HF_EVALUATE_PAGE (page), "empty", "&lt;rusty&gt; &amp; co.");
  hf_numbers_unref (none);
  stage_close (window, page);
}

typedef void (*Test) (Setting *self, gconstpointer data);

static void
add (const char *name, const char *with_name, const Case *with, Test test)
{
  g_autofree char *path =
      g_strdup_printf ("/ui/evaluate/%s/%s", name, with_name);

  g_test_add (path, Setting, with, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    const Case *with;
  } cases[] = {{"fair", &fair},
               {"12-classes-nasty-names", &large},
               {"no-good-class", &no_good},
               {"guesses", &guesses}};

  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add_func ("/ui/evaluate/says-why-there-are-no-numbers", test_states);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    add ("rates-are-the-evaluation's", cases[i].name, cases[i].with,
         test_rates);
    add ("confusion-is-the-evaluation's", cases[i].name, cases[i].with,
         test_confusion);
    add ("fits-360-px", cases[i].name, cases[i].with, test_fits_a_phone);
    add ("the-best-of-other-probes-comes-first", cases[i].name, cases[i].with,
         test_compare);
    add ("a-cell-opens-its-pictures", cases[i].name, cases[i].with,
         test_cell_opens_its_pictures);
  }
  add ("the-sentence-is-the-evaluation's", "fair", &fair, test_threshold);
  add ("the-sentence-is-the-evaluation's", "12-classes", &large,
       test_threshold);
  add ("names-stay-while-cells-go-sideways", "12-classes", &large,
       test_names_stay);
  add ("all-columns-have-names-or-none", "uneven-names", &uneven,
       test_all_or_no_names);
  add ("the-strip-is-not-mirrored", "fair", &fair, test_strip_is_not_mirrored);
  add ("handles-move-the-band", "fair", &fair, test_handles);
  add ("use-names-thresholds-on-good", "fair", &fair, test_use);
  return g_test_run ();
}
