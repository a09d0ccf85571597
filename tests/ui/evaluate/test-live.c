/* The page over a real project with the starter model: its numbers are those
 * of handful-cli to the digit, before and after a threshold is used, and its
 * report is the command line's. HANDFUL_CLI names the program. */
#include "app/desk/save-report.h"
#include "base/json.h"
#include "stage.h"
#include "ui/charts/card.h"
#include "ui/evaluate/compare-list.h"
#include "ui/evaluate/evaluate-page.h"
#include "ui/evaluate/threshold/threshold-pane.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder, *project, *rings;
  gsize n_wanted; /* pictures in the numbers */
  HfWorkspace *workspace;
  GtkWidget *page;
  GtkWindow *window;
} Setting;

static const char *const classes[] = {"good", "cracked", "rusty", "scratched"};

static char *
run_cli (const Setting *self, ...)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  g_autofree char *errors = NULL;
  char *out = NULL;
  const char *word;
  int status;
  va_list list;

  g_ptr_array_add (words, (gpointer) g_getenv ("HANDFUL_CLI"));
  va_start (list, self);
  while ((word = va_arg (list, const char *)) != NULL)
    g_ptr_array_add (words, (gpointer) word);
  va_end (list);
  g_ptr_array_add (words, NULL);
  g_assert_true (g_spawn_sync (self->folder, (char **) words->pdata, NULL,
                               G_SPAWN_DEFAULT, NULL, NULL, &out, &errors,
                               &status, NULL));
  if (status != 0)
    g_error ("%s: %s", (const char *) words->pdata[1], errors);
  return out;
}

static void
label_class (const Setting *self, const char *name, const char *kind)
{
  g_autofree char *pictures = g_build_filename (self->rings, name, NULL);
  g_autofree char *made = run_cli (self, "project", "class", self->project,
                                   name, "--kind", kind, NULL);
  g_autofree char *labelled = run_cli (self, "label", "set", "--project",
                                       self->project, name, pictures, NULL);
}

static void
make_project (Setting *self)
{
  g_autofree char *made =
      run_cli (self, "project", "new", self->project, self->rings, NULL);
  g_autofree char *set = run_cli (self, "project", "set", self->project,
                                  "groups", "^(.*)__", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    label_class (self, classes[i], i == 0 ? "good" : "defect");
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Setting *self = data;
  g_autoptr (GError) error = NULL;

  self->workspace = hf_workspace_open_finish (result, &error);
  g_assert_no_error (error);
}

static HfCard *
get_card (Setting *self, const char *name)
{
  return HF_CARD (stage_find (self->page, HF_TYPE_CARD, name));
}

static gboolean
is_busy (HfCard *card)
{
  gboolean busy;

  g_object_get (card, "busy", &busy, NULL);
  return busy;
}

/* All pictures are in the numbers, and the long work is done for these. */
static gboolean
is_settled (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return numbers != NULL && numbers->evaluation != NULL &&
         numbers->rows->n == self->n_wanted &&
         !hf_workspace_get_refreshing (self->workspace) &&
         hf_card_get_table (get_card (self, "compare_card")) != NULL &&
         !is_busy (get_card (self, "compare_card"));
}

static gboolean
is_open (Setting *self)
{
  return self->workspace != NULL;
}

/* Of each class the picture @name is the acceptance set. */
static void
seal_few (const Setting *self, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++) {
    g_autofree char *picture =
        g_build_filename (self->rings, classes[i], name, NULL);
    g_autofree char *said = run_cli (self, "label", "seal", "--project",
                                     self->project, picture, NULL);
  }
}

/* @sealed: the pictures of this lot are the acceptance set, or those of this
 * name. */
static void
set_up (Setting *self, gconstpointer sealed)
{
  g_autofree char *said = NULL;

  self->folder = g_dir_make_tmp ("handful-evaluate-XXXXXX", NULL);
  self->project = g_build_filename (self->folder, "rings.handful", NULL);
  self->rings = g_build_filename (g_getenv ("HANDFUL_SOURCE_ROOT"), "tests",
                                  "pictures", "rings", NULL);
  make_project (self);
  self->n_wanted = 48;
  if (sealed != NULL && g_str_has_suffix (sealed, ".jpg")) {
    seal_few (self, sealed);
    self->n_wanted = 44;
  } else if (sealed != NULL) {
    said = run_cli (self, "label", "seal", "--project", self->project,
                    "--group", sealed, NULL);
    self->n_wanted = 32;
  }
  hf_workspace_open_async (self->project, NULL, NULL, opened_cb, self);
  patience_until (is_open (self));
  self->page = g_object_ref_sink (hf_evaluate_page_new ());
  g_object_set (self->page, "workspace", self->workspace, NULL);
  self->window = stage_show (self->page, 1000, 800);
  patience_until (is_settled (self));
}

static void
tear_down (Setting *self, gconstpointer unused)
{
  g_object_set (self->page, "workspace", NULL, NULL);
  stage_close (self->window, self->page);
  hf_workspace_close (self->workspace);
  g_assert_finalize_object (self->workspace);
  g_unlink (self->project);
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->project);
  g_free (self->rings);
}

static double
get_number (HfJson *rate, const char *name)
{
  return json_object_get_double (hf_json_get (rate, name));
}

static void
assert_cell (const HfTable *table, int row, const char *heading, HfJson *rate)
{
  for (int c = 0; c < table->n_columns; c++)
    if (g_str_equal (hf_table_get (table, -1, c), heading)) {
      char wanted[G_ASCII_DTOSTR_BUF_SIZE] = "";

      /* As tables write numbers; of one lot there is no interval. */
      if (hf_json_get (rate, heading) != NULL)
        g_ascii_formatd (wanted, sizeof wanted, "%.6g",
                         get_number (rate, heading));
      g_assert_cmpstr (hf_table_get (table, row, c), ==, wanted);
      return;
    }
  g_assert_not_reached ();
}

static void
assert_rate (const HfTable *table, int row, HfJson *rate)
{
  assert_cell (table, row, "k", rate);
  assert_cell (table, row, "n", rate);
  assert_cell (table, row, "low", rate);
  assert_cell (table, row, "high", rate);
  assert_cell (table, row, "n_eff", rate);
}

/* What the page shows and what the command line says, now. */
static void
assert_same (Setting *self)
{
  const HfTable *rates = hf_card_get_table (get_card (self, "rates_card"));
  const HfTable *compare = hf_card_get_table (get_card (self, "compare_card"));
  g_autofree char *text = run_cli (self, "evaluate", "--json", "--project",
                                   self->project, "--probe", "gda", NULL);
  g_autoptr (HfJson) json = hf_json_parse (text, strlen (text), NULL);
  HfJson *probe = hf_json_get (hf_json_get (json, "probes"), "gda");

  g_assert_nonnull (probe);
  assert_rate (rates, 0, hf_json_get (probe, "escape_rate"));
  assert_rate (rates, 1, hf_json_get (probe, "overkill"));
  assert_rate (compare, 0, hf_json_get (probe, "accuracy"));
}

static gboolean
has_thresholds (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_settled (self) && hf_thresholds_are_set (&numbers->thresholds);
}

static void
test_numbers (Setting *self, gconstpointer unused)
{
  GtkWidget *pane = stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL);
  g_autofree char *set = NULL;

  assert_same (self);
  hf_threshold_pane_try (HF_THRESHOLD_PANE (pane), &(HfBand){0.3, 0.7});
  gtk_widget_activate_action (pane, "threshold.use", NULL);
  patience_until (has_thresholds (self));
  set = run_cli (self, "project", "set", self->project, NULL);
  g_assert_nonnull (strstr (set, "thresholds = 0.3,0.7"));
  assert_same (self);
}

static gboolean
has_no_thresholds (Setting *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return is_settled (self) && !hf_thresholds_are_set (&numbers->thresholds);
}

static gboolean
uses_linear (Setting *self)
{
  return is_settled (self) &&
         hf_workspace_get_numbers (self->workspace)->spec.kind ==
             HF_PROBE_LINEAR;
}

static gboolean
uses_gda (Setting *self)
{
  return is_settled (self) &&
         hf_workspace_get_numbers (self->workspace)->spec.kind == HF_PROBE_GDA;
}

static gboolean
offers_undo (Setting *self)
{
  return stage_find_button (GTK_WIDGET (self->window), "_Undo") != NULL;
}

static gboolean
is_set (Setting *self, const char *line)
{
  g_autofree char *set = run_cli (self, "project", "set", self->project, NULL);

  return strstr (set, line) != NULL;
}

/* The toast that says @line was set goes by itself after some seconds, but not
 * before the main loop turns. */
static void
undo (Setting *self, const char *line)
{
  patience_until (offers_undo (self));
  g_assert_true (is_set (self, line));
  g_signal_emit_by_name (stage_find_button (GTK_WIDGET (self->window), "_Undo"),
                         "clicked");
  patience_until (!offers_undo (self) && !is_set (self, line));
}

/* What is used from here can be taken back from here. */
static void
test_use_is_undone (Setting *self, gconstpointer unused)
{
  GtkWidget *pane = stage_find (self->page, HF_TYPE_THRESHOLD_PANE, NULL);

  g_signal_emit_by_name (stage_find (self->page, HF_TYPE_COMPARE_LIST, NULL),
                         "use", (int) HF_PROBE_LINEAR, (int) HF_BLOCK_CLIP);
  undo (self, "probe = linear");
  patience_until (uses_gda (self));
  hf_threshold_pane_try (HF_THRESHOLD_PANE (pane), &(HfBand){0.3, 0.7});
  gtk_widget_activate_action (pane, "threshold.use", NULL);
  undo (self, "thresholds = 0.3,0.7");
  patience_until (has_no_thresholds (self));
}

static void
test_report (Setting *self, gconstpointer unused)
{
  g_autofree char *ours = g_build_filename (self->folder, "a.json", NULL);
  g_autofree char *theirs = g_build_filename (self->folder, "b.json", NULL);
  g_autofree char *cache = g_build_filename (g_get_user_cache_dir (), "handful",
                                             "features.db", NULL);
  const HfSaveReportOptions options = {.project_path = self->project,
                                       .cache_path = cache,
                                       .output = ours,
                                       .time_utc = 1795780800};
  g_autofree char *set =
      run_cli (self, "project", "set", self->project, "probe", "linear", NULL);
  g_autofree char *said =
      run_cli (self, "report", "--project", self->project, "-o", theirs,
               "--time", "2026-11-27T12:00:00Z", NULL);
  g_autofree char *a = NULL, *b = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (hf_save_report (&options, NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (ours, &a, NULL, NULL));
  g_assert_true (g_file_get_contents (theirs, &b, NULL, NULL));
  g_assert_cmpstr (a, ==, b);
  g_unlink (ours);
  g_unlink (theirs);
}

static GtkWindow *
find_dialog (void)
{
  return (GtkWindow *) stage_find_window (ADW_TYPE_MESSAGE_DIALOG);
}

static gboolean
has_acceptance (Setting *self)
{
  const HfTable *rates = hf_card_get_table (get_card (self, "rates_card"));

  return hf_table_get_n_rows (rates) == 4;
}

static gboolean
can_open (Setting *self)
{
  return is_settled (self) &&
         gtk_widget_get_visible (
             stage_find (self->page, GTK_TYPE_BUTTON, "acceptance_button"));
}

static gboolean
says_of_rates (Setting *self, const char *words)
{
  GtkWidget *caption = stage_find (GTK_WIDGET (get_card (self, "rates_card")),
                                   GTK_TYPE_LABEL, "caption_label");

  return strstr (gtk_label_get_label (GTK_LABEL (caption)), words) != NULL;
}

static gboolean
says_stale (Setting *self)
{
  return says_of_rates (self, "newer than the acceptance");
}

static void
open_acceptance (Setting *self)
{
  patience_until (can_open (self));
  gtk_widget_activate_action (self->page, "evaluate.open-acceptance", NULL);
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (find_dialog ()), "open");
  patience_until (has_acceptance (self));
}

/* A few pictures are sealed, the rest of their lot is trained on. */
static void
test_acceptance_that_flatters (Setting *self, gconstpointer sealed)
{
  open_acceptance (self);
  g_assert_true (says_of_rates (
      self, "Acceptance set: Of 4 judged, 4 pictures are of a lot that was "
            "trained on: these rates flatter."));
}

/* Nothing is looked at before somebody says yes, and what was looked at is
 * written down: the command line's opening is the second. */
static void
test_acceptance (Setting *self, gconstpointer sealed)
{
  g_autofree char *text = NULL;
  g_autoptr (HfJson) json = NULL;
  HfJson *acceptance;
  const HfTable *rates;

  open_acceptance (self);
  g_assert_false (says_of_rates (self, "Acceptance set: "));
  text = run_cli (self, "evaluate", "--json", "--project", self->project,
                  "--probe", "gda", "--open-acceptance", NULL);
  json = hf_json_parse (text, strlen (text), NULL);
  acceptance = hf_json_get (json, "acceptance");
  g_assert_cmpint (get_number (acceptance, "openings"), ==, 2);
  rates = hf_card_get_table (get_card (self, "rates_card"));
  assert_rate (rates, 2, hf_json_get (acceptance, "escape_rate"));
  assert_rate (rates, 3, hf_json_get (acceptance, "overkill"));
  g_assert_false (says_stale (self));
  /* Another probe: the acceptance set has not seen it. */
  g_signal_emit_by_name (stage_find (self->page, HF_TYPE_COMPARE_LIST, NULL),
                         "use", (int) HF_PROBE_LINEAR, (int) HF_BLOCK_CLIP);
  patience_until (uses_linear (self));
  g_assert_true (has_acceptance (self));
  g_assert_true (says_stale (self));
}

static gboolean
has_models (Setting *self)
{
  return hf_card_get_table (get_card (self, "models_card")) != NULL;
}

static void
test_models (Setting *self, gconstpointer unused)
{
  static const char *const precisions[] = {"f16", "f32"};
  g_autofree char *text = NULL;
  g_autoptr (HfJson) json = NULL;
  const HfTable *table;

  gtk_widget_activate_action (self->page, "evaluate.compare-models", NULL);
  g_assert_true (is_busy (get_card (self, "models_card")));
  patience_until (has_models (self));
  text = run_cli (self, "bakeoff", "--json", "--project", self->project,
                  "--model", "starter", "--precision", "f16,f32", NULL);
  json = hf_json_parse (text, strlen (text), NULL);
  g_assert_true (json_object_is_type (json, json_type_array));
  table = hf_card_get_table (get_card (self, "models_card"));
  /* That of the project first; bf16 and int8 follow where the processor has
   * them. */
  for (int i = 0; i < 2; i++) {
    g_assert_nonnull (strstr (hf_table_get (table, i, 1), precisions[i]));
    assert_rate (
        table, i,
        hf_json_get (json_object_array_get_idx (json, (gsize) i), "accuracy"));
  }
}

static gboolean
is_compared (Setting *self)
{
  return !is_busy (get_card (self, "compare_card"));
}

static gboolean
says_learned (GtkWidget *widget, gpointer unused)
{
  return GTK_IS_LABEL (widget) &&
         g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), "Learned ");
}

/* What is said of learned words, or NULL. */
static GtkWidget *
find_learned (Setting *self)
{
  return stage_find_that (GTK_WIDGET (get_card (self, "compare_card")),
                          says_learned, NULL);
}

/* The words nearest to those that were learned, under the probe. */
static void
assert_words (Setting *self, const char *words)
{
  g_autofree char *wanted = g_strdup_printf (
      "Learned words are nearest to: %s (a hint, no more)", words);
  GtkWidget *label = find_learned (self);

  g_assert_nonnull (label);
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (label)), ==, wanted);
}

/* Prompts are tuned when that is asked for, once, and stand beside the other
 * probes with the command line's numbers and words. */
static void
test_tuning (Setting *self, gconstpointer unused)
{
  g_autofree char *text = NULL;
  g_autofree char *report =
      g_build_filename (self->folder, "prompt.json", NULL);
  g_autoptr (HfJson) json = NULL;
  g_autoptr (GtkWidget) button = NULL;
  HfJson *probe;
  guint n_rows =
      hf_table_get_n_rows (hf_card_get_table (get_card (self, "compare_card")));

  g_assert_true (
      gtk_widget_activate_action (self->page, "evaluate.tune-prompts", NULL));
  g_assert_true (is_busy (get_card (self, "compare_card")));
  g_assert_null (find_learned (self));
  g_object_get (get_card (self, "compare_card"), "extra", &button, NULL);
  g_assert_false (gtk_widget_get_sensitive (button));
  patience_until (is_compared (self));
  g_free (run_cli (self, "report", "--project", self->project, "--probe",
                   "prompt", "-o", report, NULL));
  g_assert_true (g_file_get_contents (report, &text, NULL, NULL));
  json = hf_json_parse (text, strlen (text), NULL);
  assert_words (self,
                json_object_get_string (hf_json_get (json, "learned_words")));
  g_assert_cmpuint (
      hf_table_get_n_rows (hf_card_get_table (get_card (self, "compare_card"))),
      ==, n_rows + 1);
  probe = hf_json_get (hf_json_get (json, "probes"), "prompt");
  assert_rate (hf_card_get_table (get_card (self, "compare_card")), n_rows,
               hf_json_get (probe, "accuracy"));
}

static void
remove_pictures (Setting *self)
{
  g_autofree char *picture = g_build_filename (self->rings, "a.png", NULL);

  g_unlink (picture);
  g_rmdir (self->rings);
}

/* A model that was removed, and pictures that are elsewhere. */
static void
set_up_lost (Setting *self, gconstpointer what)
{
  g_autofree char *picture = NULL;
  g_autoptr (GError) error = NULL;
  HfProject *project;

  self->folder = g_dir_make_tmp ("handful-evaluate-XXXXXX", NULL);
  self->project = g_build_filename (self->folder, "rings.handful", NULL);
  self->rings = g_build_filename (self->folder, "pictures", NULL);
  picture = g_build_filename (self->rings, "a.png", NULL);
  g_mkdir (self->rings, 0700);
  g_assert_true (g_file_set_contents (picture, "a name is enough", -1, NULL));
  g_free (run_cli (self, "project", "new", self->project, self->rings, NULL));
  if (g_str_equal (what, "model")) {
    project = hf_project_open (self->project, &error);
    g_assert_no_error (error);
    hf_project_set_setting (project, "model", "none-of-that-name", &error);
    g_assert_no_error (error);
    hf_project_close (project);
  } else {
    remove_pictures (self);
  }
  hf_workspace_open_async (self->project, NULL, NULL, opened_cb, self);
  patience_until (is_open (self));
  self->page = g_object_ref_sink (hf_evaluate_page_new ());
  g_object_set (self->page, "workspace", self->workspace, NULL);
  self->window = stage_show (self->page, 1000, 800);
}

static void
tear_down_lost (Setting *self, gconstpointer what)
{
  remove_pictures (self);
  tear_down (self, what);
}

static const char *
get_title (Setting *self)
{
  GtkWidget *stack = stage_find (self->page, GTK_TYPE_STACK, "stack");

  if (g_strcmp0 (gtk_stack_get_visible_child_name (GTK_STACK (stack)),
                 "empty") != 0)
    return "";
  return adw_status_page_get_title (
      ADW_STATUS_PAGE (stage_find (self->page, ADW_TYPE_STATUS_PAGE, "empty")));
}

static gboolean
misses_model (Setting *self)
{
  return g_str_equal (get_title (self), "No Numbers Without the Model");
}

static gboolean
misses_pictures (Setting *self)
{
  return g_str_equal (get_title (self), "No Numbers Without the Pictures");
}

/* What broke: it was working out the numbers for ever. */
static void
test_lost_model (Setting *self, gconstpointer what)
{
  patience_until (misses_model (self));
  g_assert_true (gtk_widget_get_visible (
      stage_find (self->page, GTK_TYPE_BUTTON, "manage_button")));
  g_assert_nonnull (
      strstr (adw_status_page_get_description (ADW_STATUS_PAGE (
                  stage_find (self->page, ADW_TYPE_STATUS_PAGE, "empty"))),
              "none-of-that-name"));
}

static void
test_lost_pictures (Setting *self, gconstpointer what)
{
  patience_until (misses_pictures (self));
  g_assert_false (gtk_widget_get_visible (
      stage_find (self->page, GTK_TYPE_BUTTON, "manage_button")));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  stage_init ();
  g_test_add ("/ui/evaluate/live/numbers-are-the-command-line's", Setting, NULL,
              set_up, test_numbers, tear_down);
  g_test_add ("/ui/evaluate/live/what-is-used-can-be-undone", Setting, NULL,
              set_up, test_use_is_undone, tear_down);
  g_test_add ("/ui/evaluate/live/a-lost-model-is-named", Setting, "model",
              set_up_lost, test_lost_model, tear_down_lost);
  g_test_add ("/ui/evaluate/live/lost-pictures-are-named", Setting, "pictures",
              set_up_lost, test_lost_pictures, tear_down_lost);
  g_test_add ("/ui/evaluate/live/the-report-is-the-command-line's", Setting,
              NULL, set_up, test_report, tear_down);
  g_test_add ("/ui/evaluate/live/the-acceptance-set-is-opened-once-and-logged",
              Setting, "lot12", set_up, test_acceptance, tear_down);
  g_test_add ("/ui/evaluate/live/an-acceptance-set-that-flatters-is-said",
              Setting, "lot12__01.jpg", set_up, test_acceptance_that_flatters,
              tear_down);
  g_test_add ("/ui/evaluate/live/models-are-compared", Setting, NULL, set_up,
              test_models, tear_down);
  g_test_add ("/ui/evaluate/live/prompts-are-tuned-on-request", Setting, NULL,
              set_up, test_tuning, tear_down);
  return g_test_run ();
}
