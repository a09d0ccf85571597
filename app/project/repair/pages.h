/* app/project/repair/pages.h: the rows of a SQLite file, read without SQLite:
 * page by page, whatever the way to a page is worth. For files that SQLite no
 * longer reads. One thread at a time. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HfPages HfPages;

/* GFileError. */
HfPages *hf_pages_open (const char *path,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_pages_close (HfPages *self);

/* A column of a row, as it is stored. */
typedef struct {
  char type; /* '0' NULL, 'i' number, 't' text, 'b' bytes */
  gint64 number;
  const guint8 *bytes;
  gsize n_bytes;
} HfPageValue;

#define HF_PAGES_MAX_COLUMNS 16

/* @values[@n_values] are the callee's during the call only. An entry of an
 * index has no number, 0: its last value is that of the row it leads to. FALSE
 * ends the reading. */
typedef gboolean (*HfPageRowFunc) (gint64 row, const HfPageValue *values,
                                   guint n_values, gpointer data,
                                   GError **error);

typedef struct {
  guint64 n_pages;
  guint64 n_unreadable; /* the disk does not give them */
  guint64 n_rows;
  guint64 n_broken; /* rows that end nowhere, or make no sense */
} HfPagesCount;

/* Calls @func for every row of every table, and every entry of an index, that
 * lies on a readable page, in the order of the pages. FALSE only if @func says
 * so. */
gboolean hf_pages_read (HfPages *self, HfPageRowFunc func, gpointer data,
                        HfPagesCount *count, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfPages, hf_pages_close)
G_END_DECLS
