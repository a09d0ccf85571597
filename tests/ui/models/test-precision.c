/* The precision of the open project in Models and Devices. */
#include "../states/sitting.h"
#include "stage.h"

#include "app/models/precision.h"
#include "app/models/speed.h"
#include "app/models/store.h"
#include "app/places.h"
#include "ui/models/models-window.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  HfWindow *window;
  GtkWidget *models;
  HfWorkspace *workspace;
  char *path; /* of the project */
} Setting;

/* Three pictures that were looked at, and the window over them. */
static Setting
open_models (Desk *desk)
{
  Setting self = {.window = sitting_open_three (desk),
                  .path = desk_dup_path (desk, "p.handful")};

  self.workspace = hf_window_get_workspace (self.window);
  g_action_group_activate_action (G_ACTION_GROUP (desk->application), "models",
                                  NULL);
  patience_until ((self.models = stage_find_window (HF_TYPE_MODELS_WINDOW)) !=
                  NULL);
  return self;
}

/* It stays after the window that it came from. */
static void
close_models (Setting *self)
{
  g_object_add_weak_pointer (G_OBJECT (self->models),
                             (gpointer *) &self->models);
  gtk_window_destroy (GTK_WINDOW (self->models));
  patience_until (self->models == NULL);
  g_clear_pointer (&self->path, g_free);
}

static gboolean
has_title (GtkWidget *widget, gpointer title)
{
  return ADW_IS_ACTION_ROW (widget) &&
         g_str_equal (
             adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)),
             title);
}

static GtkWidget *
find_row (const Setting *self, HfPrecision precision)
{
  return stage_find_that (self->models, has_title,
                          (gpointer) hf_precision_get_title (precision));
}

static gboolean
is_on (const Setting *self, HfPrecision precision)
{
  GtkWidget *row = find_row (self, precision);

  return gtk_check_button_get_active (
      GTK_CHECK_BUTTON (stage_find (row, GTK_TYPE_CHECK_BUTTON, NULL)));
}

/* Whether what is said of it has @words. */
static gboolean
says (const Setting *self, HfPrecision precision, const char *words)
{
  AdwActionRow *row = ADW_ACTION_ROW (find_row (self, precision));

  return strstr (adw_action_row_get_subtitle (row), words) != NULL;
}

/* The toast that is shown; its widget has no public type. */
static GtkWidget *
find_toast (const Setting *self)
{
  GObject *toasts = gtk_widget_get_template_child (
      self->models, HF_TYPE_MODELS_WINDOW, "toasts");
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (toasts));

  while (child != NULL &&
         !g_str_equal (G_OBJECT_TYPE_NAME (child), "AdwToastWidget"))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static gboolean
toast_says (const Setting *self, const char *words)
{
  GtkWidget *toast = find_toast (self);

  return toast != NULL &&
         g_str_equal (gtk_label_get_text (
                          GTK_LABEL (stage_find (toast, GTK_TYPE_LABEL, NULL))),
                      words);
}

static void
choose (const Setting *self, HfPrecision precision)
{
  gtk_widget_activate_action (self->models, "models.precision", "s",
                              hf_precision_get_name (precision));
}

/* Until the pictures have been looked at in @precision. */
static void
wait_precision (const Setting *self, HfPrecision precision)
{
  g_autofree char *wanted =
      g_strconcat ("starter · ", hf_precision_get_name (precision), NULL);
  g_autofree char *model = NULL;

  patience_until (is_on (self, precision) &&
                  !hf_workspace_get_refreshing (self->workspace) &&
                  desk_get_uint (self->workspace, "n-ready") == 3);
  g_object_get (self->workspace, "model", &model, NULL);
  g_assert_cmpstr (model, ==, wanted);
}

/* As handful-cli project set. */
static void
set_elsewhere (const Setting *self, HfPrecision precision)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfProject) project = hf_project_open (self->path, &error);

  g_assert_no_error (error);
  hf_project_set_setting (project, "precision",
                          hf_precision_get_name (precision), &error);
  g_assert_no_error (error);
}

static void
test_chosen (Desk *desk, gconstpointer unused)
{
  Setting self = open_models (desk);

  wait_precision (&self, HF_PRECISION_F16);
  gtk_widget_activate (find_row (&self, HF_PRECISION_F32));
  /* Not before it is stored. */
  g_assert_true (is_on (&self, HF_PRECISION_F16));
  wait_precision (&self, HF_PRECISION_F32);
  patience_until (toast_says (&self, "Now in f32"));
  g_signal_emit_by_name (stage_find (find_toast (&self), GTK_TYPE_BUTTON, NULL),
                         "clicked");
  wait_precision (&self, HF_PRECISION_F16);
  close_models (&self);
}

/* What is offered to be undone is no more what was done last. */
static void
test_elsewhere (Desk *desk, gconstpointer unused)
{
  Setting self = open_models (desk);

  choose (&self, HF_PRECISION_F32);
  patience_until (toast_says (&self, "Now in f32"));
  set_elsewhere (&self, HF_PRECISION_F16);
  wait_precision (&self, HF_PRECISION_F16);
  patience_until (find_toast (&self) == NULL);
  set_elsewhere (&self, HF_PRECISION_F32);
  wait_precision (&self, HF_PRECISION_F32);
  close_models (&self);
}

/* A window of 360 px has room for it. */
static void
test_facts (Desk *desk, gconstpointer unused)
{
  g_autofree char *starter = hf_store_dup_path (HF_STORE_STARTER, NULL);
  Setting self;
  GtkWidget *measure;
  int least;

  hf_speed_remember_right (starter, HF_PRECISION_F32, 57, 57);
  self = open_models (desk);
  measure = stage_find_button (self.models, "_Measure Speed");
  patience_until (says (&self, HF_PRECISION_F32,
                        "not measured yet\n57 of 57 right when last compared"));
  g_assert_true (gtk_widget_get_visible (measure));
  gtk_widget_measure (self.models, GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL,
                      NULL, NULL);
  g_assert_cmpint (least, <=, 360);
  g_signal_emit_by_name (measure, "clicked");
  patience_until (!gtk_widget_get_visible (measure));
  g_assert_true (says (&self, HF_PRECISION_F32,
                       " ms a picture, about 1 second for all\n57 of 57"));
  g_assert_true (says (&self, HF_PRECISION_F16, " ms a picture"));
  /* That is the one in use. */
  g_assert_false (says (&self, HF_PRECISION_F16, "for all"));
  close_models (&self);
}

/* With vectors of eight there is no bf16. */
static void
test_lacking (Desk *desk, gconstpointer unused)
{
  Setting self;

  g_setenv ("HANDFUL_VECTOR_WIDTH", "8", TRUE);
  self = open_models (desk);
  wait_precision (&self, HF_PRECISION_F16);
  patience_until (says (&self, HF_PRECISION_BF16, "Precision bf16 needs"));
  g_assert_false (gtk_widget_get_visible (find_row (&self, HF_PRECISION_BF16)));
  choose (&self, HF_PRECISION_BF16);
  g_assert_true (toast_says (&self, "The precision was not changed"));
  g_assert_true (is_on (&self, HF_PRECISION_F16));
  /* One who has it may have chosen it. */
  set_elsewhere (&self, HF_PRECISION_BF16);
  patience_until (is_on (&self, HF_PRECISION_BF16));
  g_assert_true (gtk_widget_get_visible (find_row (&self, HF_PRECISION_BF16)));
  sitting_wait_notice (self.window, "Precision bf16 needs");
  choose (&self, HF_PRECISION_F16);
  wait_precision (&self, HF_PRECISION_F16);
  sitting_wait_notice (self.window, NULL);
  close_models (&self);
  g_unsetenv ("HANDFUL_VECTOR_WIDTH");
}

/* Nothing was measured before. */
static void
forget (void)
{
  g_autofree char *cache = hf_places_dup_cache ();
  g_autofree char *speeds = g_build_filename (cache, "speeds.ini", NULL);

  g_unlink (speeds);
}

int
main (int argc, char **argv)
{
  desk_begin (&argc, &argv);
  forget ();
  desk_add ("/precision/chosen-and-taken-back", test_chosen);
  desk_add ("/precision/chosen-by-another-program", test_elsewhere);
  desk_add ("/precision/says-what-it-takes-and-what-it-was-worth", test_facts);
  desk_add ("/precision/what-the-device-lacks-is-refused", test_lacking);
  return g_test_run ();
}
