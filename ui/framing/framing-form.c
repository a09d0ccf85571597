/* framing-form.c: see the header. Every control writes the setup; show_setup
 * shows it in all of them. */
#include "ui/framing/framing-form.h"

#include "ui/application.h"
#include "ui/framing/region.h"
#include "ui/widgets/radio-row.h"

#include <glib/gi18n.h>

struct _HfFramingForm {
  GtkBox parent_instance;

  GtkCheckButton *crop, *whole, *region, *tiles;
  GtkWidget *region_group, *tiles_group, *clear_background;
  GtkAdjustment *x, *y, *width, *height, *columns, *rows;
  GtkSwitch *fit_whole;
  AdwComboRow *views;
  AdwActionRow *background;
  HfSeenView *seen_view;

  HfSetup *setup; /* or NULL */
  GtkFileChooserNative *chooser;
  gboolean is_showing; /* controls change by the program */
};

G_DEFINE_FINAL_TYPE (HfFramingForm, hf_framing_form, GTK_TYPE_BOX)

enum { CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

static const int view_counts[] = {1, 4, 8};

/* --- What is shown ----------------------------------------------------- */

static void
show_region (HfFramingForm *self)
{
  const HfFraming *f = &self->setup->framing;

  gtk_adjustment_set_value (self->x, f->x * 100);
  gtk_adjustment_set_value (self->y, f->y * 100);
  gtk_adjustment_set_value (self->width, f->width * 100);
  gtk_adjustment_set_value (self->height, f->height * 100);
  gtk_switch_set_active (self->fit_whole, f->fit == HF_FRAMING_WHOLE);
}

static void
show_background (HfFramingForm *self)
{
  const char *path = self->setup->background;
  g_autofree char *name =
      path != NULL ? g_filename_display_basename (path) : NULL;

  adw_action_row_set_subtitle (
      self->background,
      name != NULL ? name : _("None: the picture alone is looked at"));
  gtk_widget_set_visible (self->clear_background, path != NULL);
}

static void
show_setup (HfFramingForm *self)
{
  const HfFraming *f = &self->setup->framing;
  GtkCheckButton *buttons[] = {self->crop, self->whole, self->region,
                               self->tiles};

  self->is_showing = TRUE;
  gtk_check_button_set_active (buttons[f->kind], TRUE);
  gtk_widget_set_visible (self->region_group, f->kind == HF_FRAMING_REGION);
  gtk_widget_set_visible (self->tiles_group, f->kind == HF_FRAMING_TILES);
  if (f->kind == HF_FRAMING_REGION) {
    show_region (self);
  } else if (f->kind == HF_FRAMING_TILES) {
    gtk_adjustment_set_value (self->columns, f->n_columns);
    gtk_adjustment_set_value (self->rows, f->n_rows);
  }
  for (guint i = 0; i < G_N_ELEMENTS (view_counts); i++)
    if (view_counts[i] == self->setup->n_views)
      adw_combo_row_set_selected (self->views, i);
  show_background (self);
  self->is_showing = FALSE;
}

/* --- What the user says ------------------------------------------------ */

static void
tell (HfFramingForm *self)
{
  show_setup (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Changing to a region begins with the middle of the picture. */
static HfFraming
read_framing (HfFramingForm *self)
{
  const HfFraming *old = &self->setup->framing;
  HfFraming framing = HF_FRAMING_INIT;

  if (gtk_check_button_get_active (self->whole)) {
    framing.kind = framing.fit = HF_FRAMING_WHOLE;
  } else if (gtk_check_button_get_active (self->tiles)) {
    framing.kind = HF_FRAMING_TILES;
    framing.fit = HF_FRAMING_WHOLE;
    framing.n_columns = (int) gtk_adjustment_get_value (self->columns);
    framing.n_rows = (int) gtk_adjustment_get_value (self->rows);
  } else if (gtk_check_button_get_active (self->region)) {
    framing.kind = HF_FRAMING_REGION;
    framing.fit = gtk_switch_get_active (self->fit_whole) ? HF_FRAMING_WHOLE
                                                          : HF_FRAMING_CROP;
    if (old->kind == HF_FRAMING_REGION)
      hf_region_set (&framing, old->x, old->y, old->width, old->height);
    else
      hf_region_set (&framing, 0.25, 0.25, 0.5, 0.5);
  }
  return framing;
}

/* Of four radio buttons the old one goes out before the new one comes on. */
static gboolean
is_between (HfFramingForm *self)
{
  return !gtk_check_button_get_active (self->crop) &&
         !gtk_check_button_get_active (self->whole) &&
         !gtk_check_button_get_active (self->region) &&
         !gtk_check_button_get_active (self->tiles);
}

static void
changed_cb (HfFramingForm *self)
{
  const guint views = adw_combo_row_get_selected (self->views);

  if (self->is_showing || self->setup == NULL || is_between (self))
    return;
  self->setup->framing = read_framing (self);
  if (views < G_N_ELEMENTS (view_counts))
    self->setup->n_views = view_counts[views];
  tell (self);
}

static void
numbers_cb (HfFramingForm *self)
{
  if (self->is_showing || self->setup == NULL)
    return;
  hf_region_set (&self->setup->framing,
                 gtk_adjustment_get_value (self->x) / 100,
                 gtk_adjustment_get_value (self->y) / 100,
                 gtk_adjustment_get_value (self->width) / 100,
                 gtk_adjustment_get_value (self->height) / 100);
  tell (self);
}

/* --- The background ---------------------------------------------------- */

static void
chosen_cb (HfFramingForm *self, int response, GtkNativeDialog *chooser)
{
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  g_clear_object (&self->chooser);
  if (file == NULL || self->setup == NULL)
    return;
  g_free (self->setup->background);
  self->setup->background = g_file_get_path (file);
  tell (self);
}

static void
choose_background_action (GtkWidget *widget, const char *name,
                          GVariant *parameter)
{
  HfFramingForm *self = HF_FRAMING_FORM (widget);

  if (self->chooser != NULL)
    return;
  self->chooser =
      gtk_file_chooser_native_new (_("A Picture of the Empty Place"),
                                      GTK_WINDOW (gtk_widget_get_root (widget)),
                                      GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb),
                           self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_background_action (GtkWidget *widget, const char *name,
                         GVariant *parameter)
{
  HfFramingForm *self = HF_FRAMING_FORM (widget);

  if (self->setup == NULL)
    return;
  g_clear_pointer (&self->setup->background, g_free);
  tell (self);
}

/* --- Life -------------------------------------------------------------- */

static void
hf_framing_form_dispose (GObject *object)
{
  HfFramingForm *self = HF_FRAMING_FORM (object);

  g_clear_pointer (&self->setup, hf_setup_free);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (hf_framing_form_parent_class)->dispose (object);
}

#define BIND(name) \
  gtk_widget_class_bind_template_child (widget_class, HfFramingForm, name)

static void
bind_children (GtkWidgetClass *widget_class)
{
  BIND (crop);
  BIND (whole);
  BIND (region);
  BIND (tiles);
  BIND (region_group);
  BIND (tiles_group);
  BIND (x);
  BIND (y);
  BIND (width);
  BIND (height);
  BIND (columns);
  BIND (rows);
  BIND (fit_whole);
  BIND (views);
  BIND (background);
  BIND (clear_background);
  BIND (seen_view);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, numbers_cb);
}

static void
hf_framing_form_class_init (HfFramingFormClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_framing_form_dispose;
  signals[CHANGED] =
      g_signal_new ("changed", HF_TYPE_FRAMING_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (HF_TYPE_SEEN_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, HF_RESOURCE_PATH
                                               "/framing/framing-form.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class,
                                   "framing-form.choose-background", NULL,
                                   choose_background_action);
  gtk_widget_class_install_action (widget_class,
                                   "framing-form.clear-background", NULL,
                                   clear_background_action);
}

static void
hf_framing_form_init (HfFramingForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  hf_radio_row_join (self->crop);
  hf_radio_row_join (self->whole);
  hf_radio_row_join (self->region);
  hf_radio_row_join (self->tiles);
}

void
hf_framing_form_set_setup (HfFramingForm *self, const HfSetup *setup)
{
  HfSetup *copy = setup != NULL ? hf_setup_copy (setup) : NULL;

  hf_setup_free (self->setup);
  self->setup = copy;
  if (copy != NULL)
    show_setup (self);
}

const HfSetup *
hf_framing_form_get_setup (HfFramingForm *self)
{
  return self->setup;
}

void
hf_framing_form_set_region (HfFramingForm *self, const HfFraming *region)
{
  if (self->setup == NULL)
    return;
  hf_region_set (&self->setup->framing, region->x, region->y, region->width,
                 region->height);
  tell (self);
}

HfSeenView *
hf_framing_form_get_seen_view (HfFramingForm *self)
{
  return self->seen_view;
}
