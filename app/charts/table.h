/* app/charts/table.h: the data behind a chart, as rows of text: for CSV, for a
 * screen reader, for HTML. Plain struct, filled once, then read-only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *caption;
  int n_columns;
  GPtrArray *cells; /* char *, rows one after another, the heading first */
  GPtrArray *plain; /* char *, the same for programs: numbers with a point */
} HfTable;

/* Takes as many headings as come before the NULL; @caption may be NULL. */
HfTable *hf_table_new (const char *caption,
                       ...) G_GNUC_NULL_TERMINATED G_GNUC_WARN_UNUSED_RESULT;
HfTable *hf_table_copy (const HfTable *self) G_GNUC_WARN_UNUSED_RESULT;
void hf_table_free (HfTable *self);

/* Rows without the heading. */
guint hf_table_get_n_rows (const HfTable *self);
/* Row -1 is the heading; numbers are as wording.h writes them; borrowed. */
const char *hf_table_get (const HfTable *self, int row, int column);

/* Cells are added one after another; a row is full with its last column. */
void hf_table_add_heading (HfTable *self, const char *text);
void hf_table_add_text (HfTable *self, const char *text);
void hf_table_add_int (HfTable *self, gint64 value);
/* Six significant digits; an empty cell where @value is not finite. */
void hf_table_add_number (HfTable *self, double value);

/* TRUE if all cells of a column that are not empty are numbers, and one is. */
gboolean hf_table_is_numeric (const HfTable *self, int column);

/* RFC 4180: lines end in CR LF; a cell with a comma, a quote or a line end is
 * quoted; numbers have a decimal point in every locale (caller frees). */
char *hf_table_dup_csv (const HfTable *self) G_GNUC_WARN_UNUSED_RESULT;

/* A line a row, each cell with its heading, as it is best read aloud:
 * "labelled: good, called good: 39, called rusty: 1" (caller frees). */
char *hf_table_dup_text (const HfTable *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfTable, hf_table_free)
G_END_DECLS
