/* values-table.c: see the header. */
#include "ui/prompts/values-table.h"

#include "ui/gallery/words.h"
#include "ui/widgets/badge.h"

#include <glib/gi18n.h>
#include <string.h>

/* More do not fit beside each other. */
#define MAX_COLUMNS 4

/* A field of the table. */
typedef struct {
  HfValuesTable *table;
  GtkEditable *field; /* borrowed */
  char *place;
  int class; /* -1: all */
  char *stored;
} Cell;

struct _HfValuesTable {
  AdwBin parent_instance;

  const HfPromptsFacts *facts; /* borrowed */
  GListModel *classes;
  GPtrArray *cells; /* Cell */
  GHashTable *open; /* places that are shown by class without values */
  char **places;
  char *shape; /* what the widgets were made for */
  gboolean narrow, showing;
};

enum { EDITED, EDIT, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfValuesTable, hf_values_table, ADW_TYPE_BIN)

static void
cell_free (gpointer data)
{
  Cell *self = data;

  g_free (self->place);
  g_free (self->stored);
  g_free (self);
}

static const char *
get_class_name (HfValuesTable *self, int class)
{
  return class >= 0 ? self->facts->class_names[class] : NULL;
}

static gboolean
is_by_class (HfValuesTable *self, const char *place)
{
  return g_str_equal (place, "class") ||
         hf_prompts_facts_is_by_class (self->facts, place) ||
         g_hash_table_contains (self->open, place);
}

static gboolean
has_rows (HfValuesTable *self)
{
  return self->narrow || self->facts->n_classes > MAX_COLUMNS;
}

/* Fields. */

static void
emit_place (HfValuesTable *self, HfPromptEditKind kind, const char *place)
{
  HfPromptEdit *edit = hf_prompt_edit_new (kind, NULL);

  edit->place = g_strdup (place);
  g_signal_emit (self, signals[EDIT], 0, edit);
}

static void
commit_cb (Cell *cell)
{
  HfValuesTable *self = cell->table;
  const char *text = gtk_editable_get_text (cell->field);
  HfPromptEdit *edit;

  if (self->showing || g_str_equal (text, cell->stored))
    return;
  g_free (cell->stored);
  cell->stored = g_strdup (text);
  edit = hf_prompt_edit_new (HF_PROMPT_EDIT_VALUES, NULL);
  edit->place = g_strdup (cell->place);
  edit->class_name = g_strdup (get_class_name (self, cell->class));
  edit->values = hf_prompts_split_values (text);
  g_signal_emit (self, signals[EDIT], 0, edit);
}

static void
changed_cb (Cell *cell)
{
  if (!cell->table->showing)
    g_signal_emit (cell->table, signals[EDITED], 0);
}

/* What holds where a field is empty. */
static char *
dup_fallback (HfValuesTable *self, const char *place, int class)
{
  char *of_all = class >= 0
                     ? hf_prompts_facts_dup_values (self->facts, place, NULL)
                     : NULL;

  if (of_all != NULL)
    return of_all;
  if (class >= 0 && g_str_equal (place, "class"))
    return hf_class_dup_shown_name (self->facts->class_names[class]);
  return class >= 0 ? g_strdup (_("none"))
                    : g_strdup (_("one, or several, with commas"));
}

static void
add_cell (HfValuesTable *self, GtkWidget *field, const char *place, int class)
{
  Cell *cell = g_new0 (Cell, 1);
  GtkEventController *focus = gtk_event_controller_focus_new ();
  g_autofree char *class_name =
      class >= 0 ? hf_class_dup_shown_name (self->facts->class_names[class])
                 : g_strdup (_("all classes"));
  /* Translators: a placeholder, and a class or "all classes". */
  g_autofree char *label =
      g_strdup_printf (_("{%s} of %s"), place, class_name);

  *cell = (Cell){.table = self,
                 .field = GTK_EDITABLE (field),
                 .place = g_strdup (place),
                 .class = class,
                 .stored = g_strdup ("")};
  g_ptr_array_add (self->cells, cell);
  g_signal_connect_swapped (field, "changed", G_CALLBACK (changed_cb), cell);
  g_signal_connect_swapped (
      field, ADW_IS_ENTRY_ROW (field) ? "entry-activated" : "activate",
      G_CALLBACK (commit_cb), cell);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (commit_cb), cell);
  gtk_widget_add_controller (field, focus);
  gtk_widget_set_tooltip_text (
      field, _("Values, separated by commas. A comma first: also without."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (field),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
toggle_cb (GtkButton *button, HfValuesTable *self)
{
  const char *place = g_object_get_data (G_OBJECT (button), "place");
  gboolean has_own = hf_prompts_facts_is_by_class (self->facts, place);
  g_autofree char *of_all =
      hf_prompts_facts_dup_values (self->facts, place, NULL);

  if (!is_by_class (self, place)) {
    g_hash_table_add (self->open, g_strdup (place));
    if (of_all != NULL)
      emit_place (self, HF_PROMPT_EDIT_SPREAD, place);
  } else {
    g_hash_table_remove (self->open, place);
    if (has_own)
      emit_place (self, HF_PROMPT_EDIT_GATHER, place);
  }
  /* Where nothing was to be stored, the table alone changes. */
  g_signal_emit (self, signals[EDITED], 0);
}

static GtkWidget *
new_toggle (HfValuesTable *self, const char *place)
{
  gboolean by_class = is_by_class (self, place);
  GtkWidget *button = gtk_button_new_from_icon_name (
      by_class ? "view-continuous-symbolic" : "view-dual-symbolic");
  const char *words = by_class ? _("The Same Values for All Classes")
                               : _("Values of Its Own for Each Class");

  gtk_widget_set_tooltip_text (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "place", g_strdup (place), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (toggle_cb), self, 0);
  return button;
}

/* The table. */

static GtkWidget *
new_place_label (const char *place)
{
  g_autofree char *text = g_strdup_printf ("{%s}", place);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (label), MIN (10, (int) strlen (text)));
  gtk_widget_set_tooltip_text (label, text);
  gtk_widget_add_css_class (label, "placeholder-name");
  return label;
}

static GtkWidget *
new_badge (HfValuesTable *self, int class)
{
  GtkWidget *badge = hf_badge_new ();

  hf_badge_set_item (
      HF_BADGE (badge),
      hf_words_find_class (self->classes, self->facts->class_ids[class]));
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  return badge;
}

static GtkWidget *
new_heading (HfValuesTable *self, int class)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  g_autofree char *name =
      hf_class_dup_shown_name (self->facts->class_names[class]);
  GtkWidget *label = gtk_label_new (name);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, name);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), new_badge (self, class));
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

static GtkWidget *
new_entry (HfValuesTable *self, const char *place, int class)
{
  GtkWidget *entry = gtk_entry_new ();
  g_autofree char *fallback = dup_fallback (self, place, class);

  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 6);
  gtk_widget_set_hexpand (entry, TRUE);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), fallback);
  add_cell (self, entry, place, class);
  return entry;
}

static GtkWidget *
new_table (HfValuesTable *self)
{
  GtkWidget *grid = gtk_grid_new ();
  int n = (int) self->facts->n_classes;

  gtk_grid_set_row_spacing (GTK_GRID (grid), 9);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  for (int c = 0; c < n; c++)
    gtk_grid_attach (GTK_GRID (grid), new_heading (self, c), c + 1, 0, 1, 1);
  for (int p = 0; self->places[p] != NULL; p++) {
    const char *place = self->places[p];
    gboolean by_class = is_by_class (self, place);

    gtk_grid_attach (GTK_GRID (grid), new_place_label (place), 0, p + 1, 1, 1);
    for (int c = 0; by_class && c < n; c++)
      gtk_grid_attach (GTK_GRID (grid), new_entry (self, place, c), c + 1,
                       p + 1, 1, 1);
    if (!by_class)
      gtk_grid_attach (GTK_GRID (grid), new_entry (self, place, -1), 1, p + 1,
                       MAX (n, 1), 1);
    if (!g_str_equal (place, "class"))
      gtk_grid_attach (GTK_GRID (grid), new_toggle (self, place), n + 1, p + 1,
                       1, 1);
  }
  return grid;
}

/* Rows to be opened. */

static GtkWidget *
new_entry_row (HfValuesTable *self, const char *place, int class)
{
  GtkWidget *row = adw_entry_row_new ();
  g_autofree char *fallback = dup_fallback (self, place, class);
  g_autofree char *title = class >= 0
                               ? g_strdup_printf ("{%s} · %s", place, fallback)
                               : g_strdup_printf ("{%s}", place);
  g_autofree char *markup = g_markup_escape_text (title, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), markup);
  add_cell (self, row, place, class);
  return row;
}

static GtkWidget *
new_scope_row (HfValuesTable *self, const char *place)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *title = g_strdup_printf ("{%s}", place);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row),
                               _("each class has its own"));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), new_toggle (self, place));
  return row;
}

static GtkWidget *
new_class_row (HfValuesTable *self, int class)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autofree char *name =
      hf_class_dup_shown_name (self->facts->class_names[class]);
  g_autofree char *markup = g_markup_escape_text (name, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), markup);
  adw_expander_row_add_prefix (ADW_EXPANDER_ROW (row), new_badge (self, class));
  for (char **place = self->places; *place != NULL; place++)
    if (is_by_class (self, *place))
      adw_expander_row_add_row (ADW_EXPANDER_ROW (row),
                                new_entry_row (self, *place, class));
  return row;
}

static GtkWidget *
new_rows (HfValuesTable *self)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  for (char **place = self->places; *place != NULL; place++)
    if (is_by_class (self, *place) && !g_str_equal (*place, "class"))
      gtk_list_box_append (GTK_LIST_BOX (list), new_scope_row (self, *place));
    else if (!is_by_class (self, *place)) {
      GtkWidget *row = new_entry_row (self, *place, -1);

      adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), new_toggle (self, *place));
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }
  for (int c = 0; c < (int) self->facts->n_classes; c++)
    gtk_list_box_append (GTK_LIST_BOX (list), new_class_row (self, c));
  return list;
}

/* Showing. */

/* Everything that the widgets are made of (caller frees). */
static char *
dup_shape (HfValuesTable *self)
{
  g_autoptr (GString) shape = g_string_new (has_rows (self) ? "rows" : "table");

  for (char **place = self->places; *place != NULL; place++)
    g_string_append_printf (shape, "\n%s %d", *place,
                            is_by_class (self, *place));
  for (guint c = 0; c < self->facts->n_classes; c++)
    g_string_append_printf (shape, "\n%s", self->facts->class_names[c]);
  return g_strdup (shape->str);
}

static void
build (HfValuesTable *self)
{
  adw_bin_set_child (ADW_BIN (self), NULL);
  g_ptr_array_set_size (self->cells, 0);
  adw_bin_set_child (ADW_BIN (self),
                     has_rows (self) ? new_rows (self) : new_table (self));
  if (has_rows (self))
    gtk_widget_remove_css_class (GTK_WIDGET (self), "card");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "card");
}

static void
fill (HfValuesTable *self)
{
  self->showing = TRUE;
  for (guint i = 0; i < self->cells->len; i++) {
    Cell *cell = self->cells->pdata[i];
    const char *text = gtk_editable_get_text (cell->field);
    gboolean keep = !g_str_equal (text, cell->stored);

    g_free (cell->stored);
    cell->stored = hf_prompts_facts_dup_values (
        self->facts, cell->place, get_class_name (self, cell->class));
    if (cell->stored == NULL)
      cell->stored = g_strdup ("");
    if (!keep && !g_str_equal (text, cell->stored))
      gtk_editable_set_text (cell->field, cell->stored);
  }
  self->showing = FALSE;
}

static void
clear (HfValuesTable *self)
{
  self->showing = TRUE;
  adw_bin_set_child (ADW_BIN (self), NULL);
  g_ptr_array_set_size (self->cells, 0);
  g_clear_pointer (&self->shape, g_free);
  self->showing = FALSE;
}

void
hf_values_table_show (HfValuesTable *self, const HfPromptsFacts *facts,
                      GListModel *classes, const char *const *templates)
{
  g_autofree char *shape = NULL;

  self->facts = facts;
  g_set_object (&self->classes, classes);
  g_clear_pointer (&self->places, g_strfreev);
  if (facts == NULL) {
    clear (self);
    return;
  }
  self->places = hf_prompts_facts_dup_places (facts, templates);
  shape = dup_shape (self);
  if (g_strcmp0 (shape, self->shape) != 0) {
    clear (self);
    build (self);
    self->shape = g_steal_pointer (&shape);
  }
  fill (self);
}

static gboolean
is_edited (const Cell *cell)
{
  return !g_str_equal (gtk_editable_get_text (cell->field), cell->stored);
}

/* Whether the value is just being replaced. */
static gboolean
is_replaced (HfValuesTable *self, const HfPromptFilling *filling)
{
  for (guint i = 0; i < self->cells->len; i++) {
    const Cell *cell = self->cells->pdata[i];
    const char *class_name = get_class_name (self, cell->class);

    if (is_edited (cell) && g_str_equal (cell->place, filling->place) &&
        g_strcmp0 (class_name, filling->class_name) == 0)
      return TRUE;
  }
  return FALSE;
}

GPtrArray *
hf_values_table_dup_fillings (HfValuesTable *self)
{
  GPtrArray *list = hf_prompt_fillings_new ();

  if (self->facts == NULL)
    return list;
  /* What is not being edited is as it is on disk. */
  for (guint i = 0; i < self->facts->fillings->len; i++) {
    const HfPromptFilling *filling = self->facts->fillings->pdata[i];

    if (!is_replaced (self, filling))
      hf_prompt_fillings_add (list, filling->place, filling->class_name,
                              filling->text);
  }
  for (guint i = 0; i < self->cells->len; i++) {
    const Cell *cell = self->cells->pdata[i];
    const char *text = gtk_editable_get_text (cell->field);
    g_auto (GStrv) values = hf_prompts_split_values (text);

    for (char **value = values; is_edited (cell) && *value != NULL; value++)
      hf_prompt_fillings_add (list, cell->place,
                              get_class_name (self, cell->class), *value);
  }
  return list;
}

void
hf_values_table_set_narrow (HfValuesTable *self, gboolean narrow)
{
  if (self->narrow == narrow)
    return;
  self->narrow = narrow;
  if (self->facts == NULL)
    return;
  /* The fields go: what was typed is not to go with them. */
  for (guint i = 0; i < self->cells->len; i++)
    commit_cb (self->cells->pdata[i]);
  g_clear_pointer (&self->shape, g_free);
  self->shape = dup_shape (self);
  self->showing = TRUE;
  build (self);
  self->showing = FALSE;
  fill (self);
}

/* The object. */

static void
hf_values_table_dispose (GObject *object)
{
  HfValuesTable *self = HF_VALUES_TABLE (object);

  if (self->cells->len > 0)
    clear (self);
  g_clear_object (&self->classes);
  G_OBJECT_CLASS (hf_values_table_parent_class)->dispose (object);
}

static void
hf_values_table_finalize (GObject *object)
{
  HfValuesTable *self = HF_VALUES_TABLE (object);

  g_ptr_array_unref (self->cells);
  g_hash_table_unref (self->open);
  g_strfreev (self->places);
  g_free (self->shape);
  G_OBJECT_CLASS (hf_values_table_parent_class)->finalize (object);
}

static void
hf_values_table_class_init (HfValuesTableClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->dispose = hf_values_table_dispose;
  object_class->finalize = hf_values_table_finalize;
  signals[EDITED] =
      g_signal_new ("edited", HF_TYPE_VALUES_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 0);
  signals[EDIT] =
      g_signal_new ("edit", HF_TYPE_VALUES_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
hf_values_table_init (HfValuesTable *self)
{
  self->cells = g_ptr_array_new_with_free_func (cell_free);
  self->open = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "values");
}
