/* evaluate-work.c: see evaluate-page-private.h. Everything here is an errand:
 * a thread with the project opened anew, a job, and a word at its end. */
#include "app/charts/forest.h"
#include "app/desk/project-work.h"
#include "app/desk/save-report.h"
#include "app/jobs/pictures.h"
#include "app/models/speed.h"
#include "app/models/store.h"
#include "app/project/suggestions.h"
#include "app/report/report.h"
#include "app/study/acceptance.h"
#include "app/study/bakeoff.h"
#include "ui/evaluate/errand.h"
#include "ui/evaluate/evaluate-page-private.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static void
complain (GtkWidget *widget, const char *title, const char *text)
{
  gtk_widget_activate_action (widget, "win.complain", "(ss)", title, text);
}

/* Who cancelled it knows why it came to nothing. */
static void
complain_of (GtkWidget *widget, const char *title, const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    complain (widget, title, error->message);
}

static gboolean
has_rates (HfEvaluatePage *self)
{
  HfNumbers *numbers = self->workspace != NULL
                           ? hf_workspace_get_numbers (self->workspace)
                           : NULL;

  return numbers != NULL && numbers->evaluation != NULL;
}

static gboolean
can_tune (HfEvaluatePage *self)
{
  HfNumbers *numbers = hf_workspace_get_numbers (self->workspace);

  return numbers->rows->text != NULL && !numbers->tunes &&
         !hf_full_evaluation_get_tunes (self->full);
}

void
hf_evaluate_work_update (HfEvaluatePage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean rates = has_rates (self);

  gtk_widget_action_set_enabled (widget, "evaluate.open-acceptance",
                                 rates && self->n_sealed > 0 &&
                                     self->acceptance_job == NULL);
  gtk_widget_action_set_enabled (widget, "evaluate.compare-models",
                                 rates && self->models_job == NULL);
  gtk_widget_action_set_enabled (widget, "evaluate.tune-prompts",
                                 rates && can_tune (self));
  gtk_widget_action_set_enabled (widget, "evaluate.save-report",
                                 rates && self->report_job == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->acceptance_button),
                          self->n_sealed > 0);
  hf_card_set_busy (self->models_card, self->models_job != NULL);
  hf_evaluate_page_notify_can_report (self);
}

/* --- The acceptance set ------------------------------------------------ */

typedef struct {
  HfEvaluatePage *page;
  HfWorkspace *workspace;
  gsize n_sealed;
  gint64 n_openings;
} Counts;

static void
counts_free (gpointer data)
{
  Counts *self = data;

  g_object_unref (self->page);
  g_object_unref (self->workspace);
  g_free (self);
}

static gboolean
count_func (HfProject *project, gpointer data, GError **error)
{
  Counts *counts = data;
  g_autoptr (GPtrArray) openings = hf_project_dup_openings (project, error);

  if (openings == NULL)
    return FALSE;
  counts->n_openings = openings->len;
  return hf_project_count_sealed (project, &counts->n_sealed, error);
}

static void
counted_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Counts *counts = data;
  HfEvaluatePage *self = counts->page;

  if (error != NULL || self->workspace != workspace)
    return;
  self->n_sealed = counts->n_sealed;
  self->n_openings = counts->n_openings;
  hf_evaluate_work_update (self);
}

void
hf_evaluate_work_read (HfEvaluatePage *self)
{
  Counts *counts = g_new0 (Counts, 1);

  counts->page = g_object_ref (self);
  counts->workspace = g_object_ref (self->workspace);
  hf_workspace_read (self->workspace, count_func, counted_cb, counts,
                     counts_free);
}

typedef struct {
  HfNumbers *numbers; /* shown when it began, or NULL */
  HfProbeEvaluation *evaluation;
  char *note; /* or NULL */
  gint64 n_openings;
} Opened;

static void
opened_free (gpointer data)
{
  Opened *self = data;

  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_pointer (&self->evaluation, hf_probe_evaluation_free);
  g_free (self->note);
  g_free (self);
}

static gboolean
open_func (const HfErrandPlace *place, gpointer data, HfProgress *progress,
           GError **error)
{
  Opened *opened = data;
  g_auto (HfProjectWork) work = {0};
  g_autoptr (HfStudy) study = NULL, sealed = NULL;
  g_autoptr (HfAcceptance) acceptance = NULL;

  if (!hf_project_work_open (&work, place->project_path, place->device,
                             place->cache_path, error))
    return FALSE;
  study = hf_project_work_study (&work, HF_STUDY_LABELLED, progress, error);
  if (study == NULL)
    return FALSE;
  sealed = hf_project_work_study (&work, HF_STUDY_SEALED, progress, error);
  if (sealed == NULL)
    return FALSE;
  acceptance = hf_acceptance_open (
      work.project, study, sealed, &work.settings->spec,
      &work.settings->thresholds, &opened->n_openings, progress, error);
  if (acceptance == NULL)
    return FALSE;
  opened->evaluation = g_steal_pointer (&acceptance->evaluation);
  opened->note = hf_acceptance_dup_note (acceptance);
  return TRUE;
}

static void
opened_cb (GtkWidget *owner, gpointer data, const GError *error)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (owner);
  Opened *opened = data;

  g_clear_object (&self->acceptance_job);
  if (error != NULL) {
    complain_of (owner, _("The Acceptance Set Was Not Opened"), error);
  } else {
    g_clear_pointer (&self->acceptance, hf_probe_evaluation_free);
    g_clear_pointer (&self->acceptance_of, hf_numbers_unref);
    g_free (self->acceptance_note);
    self->acceptance_note = g_steal_pointer (&opened->note);
    self->acceptance = g_steal_pointer (&opened->evaluation);
    self->acceptance_of = g_steal_pointer (&opened->numbers);
    self->n_openings = opened->n_openings;
    hf_evaluate_page_show_rates (self);
  }
  hf_evaluate_work_update (self);
}

static void
open_acceptance (HfEvaluatePage *self)
{
  Opened *opened;

  if (self->workspace == NULL || self->acceptance_job != NULL)
    return;
  opened = g_new0 (Opened, 1);
  if (hf_workspace_get_numbers (self->workspace) != NULL)
    opened->numbers =
        hf_numbers_ref (hf_workspace_get_numbers (self->workspace));
  self->acceptance_job =
      hf_errand_start (GTK_WIDGET (self), self->workspace,
                       _("Opening the acceptance set"), HF_JOB_PICTURES,
                          open_func, opened_cb, opened, opened_free);
  hf_evaluate_work_update (self);
}

static void
response_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  if (g_str_equal (response, "open"))
    open_acceptance (data);
}

static char *
dup_question (HfEvaluatePage *self)
{
  if (self->n_openings == 0)
    return g_strdup_printf (
        g_dngettext (
            NULL,
            "%d picture is sealed and was never looked at. That it is opened "
            "is written into the project: the more often, the less its rates "
            "are worth.",
            "%d pictures are sealed and were never looked at. That they are "
            "opened is written into the project: the more often, the less "
            "their rates are worth.",
            (gulong) self->n_sealed),
        (int) self->n_sealed);
  return g_strdup_printf (
      g_dngettext (NULL,
                   "The sealed pictures were opened %d time. It is written "
                   "into the project: the more often, the less their rates "
                   "are worth.",
                   "The sealed pictures were opened %d times. It is written "
                   "into the project: the more often, the less their rates "
                   "are worth.",
                   (gulong) self->n_openings),
      (int) self->n_openings);
}

static void
open_acceptance_action (GtkWidget *widget, const char *name,
                        GVariant *parameter)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *question = dup_question (self);
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                              _("Open the Acceptance Set?"), question);

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel",
                                    _("_Cancel"), "open", _("_Open"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog),
                                              "open", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog),
                                           "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self,
                           0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Other models ------------------------------------------------------ */

typedef struct {
  HfPrecision precision; /* of the project, */
  int n_views;           /* as is this */
  GArray *rows;          /* HfForestRow, whose texts are in @texts */
  GPtrArray *texts;      /* char * */
  GString *failed;       /* sentences */
} Contest;

static void
contest_free (gpointer data)
{
  Contest *self = data;

  g_array_unref (self->rows);
  g_ptr_array_unref (self->texts);
  g_string_free (self->failed, TRUE);
  g_free (self);
}

static void
add_entry (Contest *self, const HfBakeoffEntry *entry, gboolean in_use)
{
  const HfProbeEvaluation *probe = entry->evaluation->probes->pdata[0];
  const HfBakeoffCandidate *of = &entry->candidate;
  g_autofree char *size = g_format_size (entry->size_bytes);
  const char *precision = hf_precision_get_name (of->precision);
  char *label = in_use
      /* Translators: the name of a model, and its precision. */
      ? g_strdup_printf (_("%s, %s (in use)"), of->model, precision)
      /* Translators: the name of a model, and its precision. */
      : g_strdup_printf (_("%s, %s"), of->model, precision);
  /* Translators: time for a picture, size of a model. */
  g_autofree char *costs = g_strdup_printf (_("%.1f ms a picture \xc2\xb7 %s"),
                                               entry->ms_per_image, size);
  char *note = entry->change.n > 0
      /* Translators: time and size; pictures that are right or wrong in this
       * precision only. */
      ? g_strdup_printf (
            _("%s \xc2\xb7 beside the first %d more right, %d more wrong"),
               costs, (int) entry->change.gained, (int) entry->change.lost)
      : g_steal_pointer (&costs);
  const HfForestRow row = {
      .label = label, .note = note, .rate = probe->accuracy};

  hf_speed_remember_right (of->path, of->precision, (int) probe->accuracy.k,
                           (int) probe->accuracy.n);
  g_ptr_array_add (self->texts, label);
  g_ptr_array_add (self->texts, note);
  g_array_append_val (self->rows, row);
}

/* Of a compiler's log the first line. */
static void
add_failure (Contest *self, const char *model, HfPrecision precision,
             const GError *error)
{
  g_string_append_printf (self->failed, "%s%s, %s: %.*s",
                          self->failed->len > 0 ? " " : "", model,
                          hf_precision_get_name (precision),
                          (int) strcspn (error->message, "\n"), error->message);
}

/* What cannot be measured leaves a sentence, except another precision than the
 * project's that the device does not have. FALSE if cancelled. */
static gboolean
measure (Contest *self, HfBakeoff *bakeoff, const HfStoredModel *model,
         HfPrecision precision, gboolean in_use, HfProgress *progress,
         GError **error)
{
  /* Models are compared by what is their own. */
  const HfBakeoffCandidate candidate = {.model = model->name,
                                        .path = model->folder,
                                        .precision = precision,
                                        .blocks = HF_BLOCK_CLIP,
                                        .n_views = self->n_views};
  g_autoptr (GError) local = NULL;
  const HfBakeoffEntry *entry =
      hf_bakeoff_add (bakeoff, &candidate, progress, &local);

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (entry != NULL)
    add_entry (self, entry, in_use);
  else if (precision == self->precision ||
           !g_error_matches (local, HF_DEVICE_ERROR, HF_DEVICE_ERROR_PRECISION))
    add_failure (self, model->name, precision, local);
  return TRUE;
}

/* Every model in the precision of the project, and the one in use in the others
 * too. */
static gboolean
measure_all (Contest *self, HfBakeoff *bakeoff,
             const HfProjectSettings *settings, HfProgress *progress,
             GError **error)
{
  g_autoptr (GPtrArray) models = hf_store_list ();

  self->precision = settings->precision;
  self->n_views = settings->n_views;
  for (guint i = 0; i < models->len; i++) {
    const HfStoredModel *model = models->pdata[i];
    const gboolean in_use = g_str_equal (model->name, settings->model_name);

    hf_speed_forget_right (model->folder);
    if (!measure (self, bakeoff, model, self->precision, in_use, progress,
                  error))
      return FALSE;
    for (int p = 0; in_use && p < HF_N_PRECISIONS; p++)
      if ((HfPrecision) p != self->precision &&
          !measure (self, bakeoff, model, (HfPrecision) p, FALSE, progress,
                    error))
        return FALSE;
  }
  return TRUE;
}

static gboolean
compare_func (const HfErrandPlace *place, gpointer data, HfProgress *progress,
              GError **error)
{
  Contest *contest = data;
  g_auto (HfProjectWork) work = {0};
  g_autoptr (HfBakeoff) bakeoff = NULL;

  if (!hf_project_work_open (&work, place->project_path, place->device,
                             place->cache_path, error))
    return FALSE;
  bakeoff =
      hf_bakeoff_new (work.samples, &work.how, &work.settings->spec,
                      &work.settings->thresholds, work.settings->spec.seed);
  return measure_all (contest, bakeoff, work.settings, progress, error);
}

static void
compared_cb (GtkWidget *owner, gpointer data, const GError *error)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (owner);
  const Contest *contest = data;

  g_clear_object (&self->models_job);
  if (error != NULL) {
    complain_of (owner, _("The Models Were Not Compared"), error);
  } else {
    HfChart *chart = hf_chart_new_rates (
        _("Models"), (const HfForestRow *) contest->rows->data,
           contest->rows->len, NAN);
    g_autofree char *failed = g_markup_escape_text (contest->failed->str, -1);

    hf_card_set_chart (self->models_card, chart);
    hf_card_set_sentence (self->models_card, failed);
    hf_chart_unref (chart);
  }
  hf_evaluate_work_update (self);
}

static void
compare_models_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);
  Contest *contest = g_new0 (Contest, 1);

  contest->rows = g_array_new (FALSE, FALSE, sizeof (HfForestRow));
  contest->texts = g_ptr_array_new_with_free_func (g_free);
  contest->failed = g_string_new (NULL);
  self->models_job =
      hf_errand_start (widget, self->workspace,
                       _("Comparing models"), HF_JOB_PICTURES, compare_func,
                          compared_cb, contest, contest_free);
  hf_evaluate_work_update (self);
}

static void
tune_prompts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);

  hf_full_evaluation_set_tunes (self->full, TRUE);
  hf_full_evaluation_start (self->full, self->workspace);
  hf_evaluate_work_update (self);
}

/* --- The report -------------------------------------------------------- */

static gboolean
report_func (const HfErrandPlace *place, gpointer data, HfProgress *progress,
             GError **error)
{
  const HfSaveReportOptions options = {.project_path = place->project_path,
                                       .device = place->device,
                                       .cache_path = place->cache_path,
                                       .output = data,
                                       .time_utc =
                                           g_get_real_time () / G_USEC_PER_SEC};

  return hf_save_report (&options, progress, error);
}

static void
reported_cb (GtkWidget *owner, gpointer data, const GError *error)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (owner);
  g_autofree char *name = g_filename_display_basename (data);
  /* Translators: %s is the name of a file. */
  g_autofree char *text = g_strdup_printf (_("Saved %s"), name);

  g_clear_object (&self->report_job);
  if (error != NULL)
    complain_of (owner, _("The Report Was Not Saved"), error);
  else
    gtk_widget_activate_action (owner, "win.toast", "s", text);
  hf_evaluate_work_update (self);
}

void
hf_evaluate_page_save_report (HfEvaluatePage *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  HfReportFormat format;

  g_return_if_fail (self->workspace != NULL && self->report_job == NULL);
  if (!hf_report_format_parse (path, &format, &error)) {
    complain (GTK_WIDGET (self), _("The Report Was Not Saved"),
                                    error->message);
    return;
  }
  self->report_job =
      hf_errand_start (GTK_WIDGET (self), self->workspace,
                       _("Writing the report"), HF_JOB_PICTURES, report_func,
                          reported_cb, g_strdup (path), g_free);
  hf_evaluate_work_update (self);
}

static void
chosen_cb (GtkNativeDialog *chooser, int response, gpointer data)
{
  HfEvaluatePage *self = data;
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser))
          : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL && self->workspace != NULL)
    hf_evaluate_page_save_report (self, path);
  else if (file != NULL)
    complain (GTK_WIDGET (self),
              _("The Report Was Not Saved"),
                 _("This place is not on a disk: choose another."));
  g_clear_object (&self->chooser);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *suffix)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_suffix (filter, suffix);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
save_report_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfEvaluatePage *self = HF_EVALUATE_PAGE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *file =
      g_strconcat (hf_workspace_get_name (self->workspace), ".pdf", NULL);

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (
      _("Save Report"), GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
         GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), file);
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("PDF, for paper"), "pdf");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("HTML, one page"), "html");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("JSON, for programs"),
                                                   "json");
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           self, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- All of it --------------------------------------------------------- */

static void
cancel (HfJob **job)
{
  if (*job != NULL)
    hf_job_cancel (*job);
  g_clear_object (job);
}

void
hf_evaluate_work_clear (HfEvaluatePage *self)
{
  cancel (&self->acceptance_job);
  cancel (&self->models_job);
  cancel (&self->report_job);
  g_clear_pointer (&self->acceptance, hf_probe_evaluation_free);
  g_clear_pointer (&self->acceptance_note, g_free);
  g_clear_pointer (&self->acceptance_of, hf_numbers_unref);
  g_clear_object (&self->chooser);
  self->n_openings = 0;
  self->n_sealed = 0;
}

void
hf_evaluate_work_install (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "evaluate.open-acceptance", NULL,
                                   open_acceptance_action);
  gtk_widget_class_install_action (class, "evaluate.compare-models", NULL,
                                   compare_models_action);
  gtk_widget_class_install_action (class, "evaluate.tune-prompts", NULL,
                                   tune_prompts_action);
  gtk_widget_class_install_action (class, "evaluate.save-report", NULL,
                                   save_report_action);
}
