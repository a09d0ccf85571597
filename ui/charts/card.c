/* card.c: see the header. */
#include "ui/charts/card.h"

#include "app/charts/save.h"
#include "ui/charts/chart-view.h"
#include "ui/charts/table-window.h"
#include "ui/owned-task.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Units that a saved chart is wide: as a card in two columns. */
#define SAVED_WIDTH 640

struct _HfCard {
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkWidget *menu_button;
  GtkLabel *caption_label, *sentence_label;
  AdwBin *content, *extra;

  char *title;
  gboolean busy;
  HfChart *chart;
  HfTable *table; /* a copy of the chart's, or the only one */
};

enum { PROP_TITLE = 1, PROP_CHILD, PROP_EXTRA, PROP_BUSY, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfCard, hf_card, GTK_TYPE_WIDGET)

static void
update_actions (HfCard *self)
{
  const char *of_table[] = {"card.copy-csv", "card.copy-text",
                            "card.show-table"};
  const char *of_chart[] = {"card.save-svg", "card.save-png"};
  gboolean drawn =
      self->chart != NULL && hf_chart_get_reason (self->chart) == NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (of_table); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_table[i],
                                   self->table != NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (of_chart); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_chart[i], drawn);
  gtk_widget_set_visible (self->menu_button, self->table != NULL);
}

static void
say (GtkWidget *widget, const char *text)
{
  gtk_widget_activate_action (widget, "win.toast", "s", text);
}

static void
complain (GtkWidget *widget, const char *text)
{
  gtk_widget_activate_action (widget, "win.complain", "(ss)",
                              _("The Chart Was Not Saved"), text);
}

static void
copy_csv_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *csv = hf_table_dup_csv (HF_CARD (widget)->table);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), csv);
  say (widget, _("Copied as CSV"));
}

static void
copy_text_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_autofree char *text = hf_table_dup_text (HF_CARD (widget)->table);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  say (widget, _("Copied as text"));
}

static void
show_table_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  HfCard *self = HF_CARD (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *window = hf_table_window_new (self->title, self->table);

  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (window));
}

/* What the writing thread needs: a chart is read-only. */
typedef struct {
  HfChart *chart;
  char *path;
} Saving;

static void
saving_free (gpointer data)
{
  Saving *self = data;

  hf_chart_unref (self->chart);
  g_free (self->path);
  g_free (self);
}

/* Files are looked at on white paper, whatever the window looks like. */
static void
save_thread (GTask *task, gpointer source, gpointer data,
             GCancellable *cancellable)
{
  const Saving *saving = data;
  GError *error = NULL;
  HfChartTheme theme;

  hf_chart_theme_init (&theme, HF_CHART_LIGHT);
  if (hf_chart_save (saving->chart, saving->path, SAVED_WIDTH, 0, &theme,
                     &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  const Saving *saving = g_task_get_task_data (G_TASK (result));
  g_autofree char *name = g_filename_display_basename (saving->path);
  /* Translators: %s is the name of a file. */
  g_autofree char *text = g_strdup_printf (_("Saved %s"), name);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    say (GTK_WIDGET (source), text);
  else
    complain (GTK_WIDGET (source), error->message);
}

static void
save (HfCard *self, HfChart *chart, const char *path)
{
  g_autoptr (GTask) task = hf_owned_task_new (self, NULL, saved_cb, NULL);
  Saving *saving = g_new0 (Saving, 1);

  saving->chart = hf_chart_ref (chart);
  saving->path = g_strdup (path);
  g_task_set_task_data (task, saving, saving_free);
  g_task_run_in_thread (task, save_thread);
}

/* The chart of the moment the menu was opened, whatever comes later. */
typedef struct {
  HfCard *card;
  HfChart *chart;
  const char *suffix;
} Asking;

static void
asking_free (gpointer data, GClosure *closure)
{
  Asking *self = data;

  g_object_unref (self->card);
  hf_chart_unref (self->chart);
  g_free (self);
}

static void
response_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  Asking *asking = data;
  g_autoptr (GFile) file =
      response == GTK_RESPONSE_ACCEPT
          ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
          : NULL;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autofree char *named = NULL;

  if (path != NULL) {
    named = g_str_has_suffix (path, asking->suffix)
                ? g_strdup (path)
                : g_strconcat (path, asking->suffix, NULL);
    save (asking->card, asking->chart, named);
  } else if (file != NULL) {
    complain (GTK_WIDGET (asking->card),
              _("This place is not on a disk: choose another."));
  }
  g_object_unref (dialog);
}

static void
ask_where (HfCard *self, const char *title, const char *suffix)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
      GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  g_autofree char *name = g_strconcat (self->title, suffix, NULL);
  Asking *asking = g_new0 (Asking, 1);

  asking->card = g_object_ref (self);
  asking->chart = hf_chart_ref (self->chart);
  asking->suffix = suffix;
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  g_signal_connect_data (dialog, "response", G_CALLBACK (response_cb), asking,
                         asking_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
save_svg_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_where (HF_CARD (widget), _("Save as SVG"), ".svg");
}

static void
save_png_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  ask_where (HF_CARD (widget), _("Save as PNG"), ".png");
}

static void
hf_card_get_property (GObject *object, guint id, GValue *value,
                      GParamSpec *spec)
{
  HfCard *self = HF_CARD (object);

  if (id == PROP_TITLE)
    g_value_set_string (value, self->title);
  else if (id == PROP_CHILD)
    g_value_set_object (value, adw_bin_get_child (self->content));
  else if (id == PROP_EXTRA)
    g_value_set_object (value, adw_bin_get_child (self->extra));
  else
    g_value_set_boolean (value, self->busy);
}

static void
hf_card_set_property (GObject *object, guint id, const GValue *value,
                      GParamSpec *spec)
{
  HfCard *self = HF_CARD (object);

  if (id == PROP_TITLE) {
    g_free (self->title);
    self->title = g_value_dup_string (value);
    gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    self->title != NULL ? self->title : "", -1);
  } else if (id == PROP_CHILD) {
    adw_bin_set_child (self->content, g_value_get_object (value));
  } else if (id == PROP_EXTRA) {
    adw_bin_set_child (self->extra, g_value_get_object (value));
  } else {
    self->busy = g_value_get_boolean (value);
    gtk_widget_set_opacity (GTK_WIDGET (self->content), self->busy ? 0.5 : 1);
  }
}

static void
hf_card_dispose (GObject *object)
{
  HfCard *self = HF_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->chart, hf_chart_unref);
  g_clear_pointer (&self->table, hf_table_free);
  G_OBJECT_CLASS (hf_card_parent_class)->dispose (object);
}

static void
hf_card_finalize (GObject *object)
{
  g_free (HF_CARD (object)->title);
  G_OBJECT_CLASS (hf_card_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *class)
{
  gtk_widget_class_install_action (class, "card.copy-csv", NULL,
                                   copy_csv_action);
  gtk_widget_class_install_action (class, "card.copy-text", NULL,
                                   copy_text_action);
  gtk_widget_class_install_action (class, "card.show-table", NULL,
                                   show_table_action);
  gtk_widget_class_install_action (class, "card.save-svg", NULL,
                                   save_svg_action);
  gtk_widget_class_install_action (class, "card.save-png", NULL,
                                   save_png_action);
}

static void
hf_card_class_init (HfCardClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->get_property = hf_card_get_property;
  object_class->set_property = hf_card_set_property;
  object_class->dispose = hf_card_dispose;
  object_class->finalize = hf_card_finalize;
  props[PROP_TITLE] = g_param_spec_string (
      "title", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_CHILD] =
      g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_EXTRA] =
      g_param_spec_object ("extra", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_BUSY] = g_param_spec_boolean (
      "busy", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
  gtk_widget_class_set_css_name (widget_class, "chartcard");
  gtk_widget_class_set_accessible_role (widget_class,
                                        GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/handful_app/Handful/charts/card.ui");
  gtk_widget_class_bind_template_child (widget_class, HfCard, box);
  gtk_widget_class_bind_template_child (widget_class, HfCard, menu_button);
  gtk_widget_class_bind_template_child (widget_class, HfCard, caption_label);
  gtk_widget_class_bind_template_child (widget_class, HfCard, sentence_label);
  gtk_widget_class_bind_template_child (widget_class, HfCard, content);
  gtk_widget_class_bind_template_child (widget_class, HfCard, extra);
  install_actions (widget_class);
}

static void
hf_card_init (HfCard *self)
{
  g_type_ensure (ADW_TYPE_BIN);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  update_actions (self);
}

GtkWidget *
hf_card_new (const char *title, GtkWidget *child)
{
  return g_object_new (HF_TYPE_CARD, "title", title, "child", child, NULL);
}

/* The chart itself, unless there is a child of somebody else's. */
static void
show_chart (HfCard *self)
{
  GtkWidget *child = adw_bin_get_child (self->content);

  if (child == NULL) {
    child = hf_chart_view_new ();
    adw_bin_set_child (self->content, child);
  }
  if (HF_IS_CHART_VIEW (child))
    hf_chart_view_set_chart (HF_CHART_VIEW (child), self->chart);
}

void
hf_card_set_chart (HfCard *self, HfChart *chart)
{
  if (chart != NULL)
    hf_chart_ref (chart);
  hf_chart_unref (self->chart);
  self->chart = chart;
  g_clear_pointer (&self->table, hf_table_free);
  if (chart != NULL)
    self->table = hf_table_copy (hf_chart_get_table (chart));
  show_chart (self);
  update_actions (self);
}

void
hf_card_set_table (HfCard *self, const HfTable *table)
{
  g_clear_pointer (&self->chart, hf_chart_unref);
  g_clear_pointer (&self->table, hf_table_free);
  if (table != NULL)
    self->table = hf_table_copy (table);
  update_actions (self);
}

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

void
hf_card_set_caption (HfCard *self, const char *caption)
{
  set_text (self->caption_label, caption);
}

void
hf_card_set_sentence (HfCard *self, const char *markup)
{
  set_text (self->sentence_label, markup);
}

void
hf_card_set_busy (HfCard *self, gboolean busy)
{
  g_object_set (self, "busy", busy, NULL);
}

const HfTable *
hf_card_get_table (HfCard *self)
{
  return self->table;
}
