/* table-window.c: see the header. */
#include "ui/charts/table-window.h"

#include <glib/gi18n.h>

/* One row, with cells of its own. */
#define HF_TYPE_TABLE_ROW (hf_table_row_get_type ())
G_DECLARE_FINAL_TYPE (HfTableRow, hf_table_row, HF, TABLE_ROW, GObject)

struct _HfTableRow {
  GObject parent_instance;

  char **cells;
};

G_DEFINE_FINAL_TYPE (HfTableRow, hf_table_row, G_TYPE_OBJECT)

static void
hf_table_row_finalize (GObject *object)
{
  g_strfreev (HF_TABLE_ROW (object)->cells);
  G_OBJECT_CLASS (hf_table_row_parent_class)->finalize (object);
}

static void
hf_table_row_class_init (HfTableRowClass *class)
{
  G_OBJECT_CLASS (class)->finalize = hf_table_row_finalize;
}

static void
hf_table_row_init (HfTableRow *self)
{
}

struct _HfTableWindow {
  AdwWindow parent_instance;

  GtkColumnView *view;
  GtkLabel *caption;
};

G_DEFINE_FINAL_TYPE (HfTableWindow, hf_table_window, ADW_TYPE_WINDOW)

static GListModel *
new_rows (const HfTable *table)
{
  GListStore *rows = g_list_store_new (HF_TYPE_TABLE_ROW);
  guint n = hf_table_get_n_rows (table);

  for (guint r = 0; r < n; r++) {
    g_autoptr (HfTableRow) row = g_object_new (HF_TYPE_TABLE_ROW, NULL);

    row->cells = g_new0 (char *, (gsize) table->n_columns + 1);
    for (int c = 0; c < table->n_columns; c++)
      row->cells[c] = g_strdup (hf_table_get (table, (int) r, c));
    g_list_store_append (rows, row);
  }
  return G_LIST_MODEL (rows);
}

typedef struct {
  int column;
  gboolean numeric; /* stands at the right */
} Cell;

static void
cell_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Cell *cell = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), cell->numeric ? 1 : 0);
  if (cell->numeric)
    gtk_widget_add_css_class (label, "numeric");
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const Cell *cell = data;
  HfTableRow *row = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)),
                      row->cells[cell->column]);
}

static void
append_column (HfTableWindow *self, const HfTable *table, int column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) made = NULL;
  Cell *cell = g_new0 (Cell, 1);

  cell->column = column;
  cell->numeric = hf_table_is_numeric (table, column);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), cell);
  g_signal_connect_data (factory, "bind", G_CALLBACK (bind_cb), cell, cell_free,
                         0);
  made = gtk_column_view_column_new (hf_table_get (table, -1, column), factory);
  gtk_column_view_column_set_resizable (made, TRUE);
  gtk_column_view_append_column (self->view, made);
}

static void
hf_table_window_class_init (HfTableWindowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/handful_app/Handful/charts/table-window.ui");
  gtk_widget_class_bind_template_child (widget_class, HfTableWindow, view);
  gtk_widget_class_bind_template_child (widget_class, HfTableWindow, caption);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0,
                                       "window.close", NULL);
}

static void
hf_table_window_init (HfTableWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
hf_table_window_new (const char *title, const HfTable *table)
{
  HfTableWindow *self =
      g_object_new (HF_TYPE_TABLE_WINDOW, "title", title, NULL);
  GtkSelectionModel *selection =
      GTK_SELECTION_MODEL (gtk_single_selection_new (new_rows (table)));

  for (int c = 0; c < table->n_columns; c++)
    append_column (self, table, c);
  gtk_column_view_set_model (self->view, selection);
  g_object_unref (selection);
  gtk_label_set_text (self->caption,
                      table->caption != NULL ? table->caption : "");
  gtk_widget_set_visible (GTK_WIDGET (self->caption), table->caption != NULL);
  return GTK_WIDGET (self);
}
