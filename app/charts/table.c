/* table.c: see the header. */
#include "app/charts/table.h"

#include "app/charts/wording.h"
#include "base/json.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

HfTable *
hf_table_new (const char *caption, ...)
{
  HfTable *self = g_new0 (HfTable, 1);
  va_list headings;
  const char *text;

  self->caption = g_strdup (caption);
  self->cells = g_ptr_array_new_with_free_func (g_free);
  self->plain = g_ptr_array_new_with_free_func (g_free);
  va_start (headings, caption);
  while ((text = va_arg (headings, const char *)) != NULL)
    hf_table_add_heading (self, text);
  va_end (headings);
  return self;
}

HfTable *
hf_table_copy (const HfTable *self)
{
  HfTable *copy = g_new0 (HfTable, 1);

  copy->caption = g_strdup (self->caption);
  copy->n_columns = self->n_columns;
  copy->cells = g_ptr_array_new_with_free_func (g_free);
  copy->plain = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->cells->len; i++) {
    g_ptr_array_add (copy->cells, g_strdup (self->cells->pdata[i]));
    g_ptr_array_add (copy->plain, g_strdup (self->plain->pdata[i]));
  }
  return copy;
}

void
hf_table_free (HfTable *self)
{
  if (self == NULL)
    return;
  g_free (self->caption);
  g_ptr_array_unref (self->cells);
  g_ptr_array_unref (self->plain);
  g_free (self);
}

guint
hf_table_get_n_rows (const HfTable *self)
{
  if (self->n_columns == 0)
    return 0;
  return self->cells->len / (guint) self->n_columns - 1;
}

const char *
hf_table_get (const HfTable *self, int row, int column)
{
  return self->cells->pdata[(row + 1) * self->n_columns + column];
}

/* Names can hold any bytes; a table is text. */
void
hf_table_add_text (HfTable *self, const char *text)
{
  char *shown = hf_json_dup_shown (text != NULL ? text : "");

  g_ptr_array_add (self->cells, shown);
  g_ptr_array_add (self->plain, g_strdup (shown));
}

void
hf_table_add_heading (HfTable *self, const char *text)
{
  g_assert ((int) self->cells->len == self->n_columns);
  hf_table_add_text (self, text);
  self->n_columns++;
}

void
hf_table_add_int (HfTable *self, gint64 value)
{
  char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  g_ptr_array_add (self->cells, text);
  g_ptr_array_add (self->plain, g_strdup (text));
}

void
hf_table_add_number (HfTable *self, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value)) {
    hf_table_add_text (self, NULL);
    return;
  }
  value = value == 0 ? 0 : value;
  g_ascii_formatd (text, sizeof text, "%.6g", value);
  g_ptr_array_add (self->cells, hf_wording_dup_short (value, 6));
  g_ptr_array_add (self->plain, g_strdup (text));
}

gboolean
hf_table_is_numeric (const HfTable *self, int column)
{
  gboolean has_number = FALSE;

  for (guint i = (guint) (self->n_columns + column); i < self->plain->len;
       i += (guint) self->n_columns) {
    const char *cell = self->plain->pdata[i];
    char *end;

    g_ascii_strtod (cell, &end);
    if (*end != '\0')
      return FALSE;
    has_number = has_number || end != cell;
  }
  return has_number;
}

static void
append_csv_cell (GString *csv, const char *cell)
{
  if (strpbrk (cell, ",\"\r\n") == NULL) {
    g_string_append (csv, cell);
    return;
  }
  g_string_append_c (csv, '"');
  for (const char *p = cell; *p != '\0'; p++) {
    if (*p == '"')
      g_string_append_c (csv, '"');
    g_string_append_c (csv, *p);
  }
  g_string_append_c (csv, '"');
}

char *
hf_table_dup_csv (const HfTable *self)
{
  GString *csv = g_string_new (NULL);

  for (guint i = 0; i < self->plain->len; i++) {
    gboolean last = (i + 1) % (guint) self->n_columns == 0;

    append_csv_cell (csv, self->plain->pdata[i]);
    g_string_append (csv, last ? "\r\n" : ",");
  }
  return g_string_free (csv, FALSE);
}

char *
hf_table_dup_text (const HfTable *self)
{
  GString *text = g_string_new (self->caption);
  guint n_rows = hf_table_get_n_rows (self);

  if (self->caption != NULL)
    g_string_append_c (text, '\n');
  for (guint row = 0; row < n_rows; row++) {
    gboolean first = TRUE;

    for (int column = 0; column < self->n_columns; column++) {
      const char *cell = hf_table_get (self, (int) row, column);

      if (*cell == '\0')
        continue;
      g_string_append_printf (text, "%s%s: %s", first ? "" : ", ",
                              hf_table_get (self, -1, column), cell);
      first = FALSE;
    }
    g_string_append_c (text, '\n');
  }
  return g_string_free (text, FALSE);
}
