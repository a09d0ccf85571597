/* csv.c: see the header. */
#include "app/study/csv.h"

#include "app/study/samples.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct {
  const char *at, *end;
  gsize line;
  GString *field;
} Reader;

static void
record_free (gpointer data)
{
  HfCsvRecord *record = data;

  g_ptr_array_unref (record->fields);
  g_free (record);
}

static HfCsvRecord *
record_new (gsize line)
{
  HfCsvRecord *record = g_new0 (HfCsvRecord, 1);

  record->line = line;
  record->fields = g_ptr_array_new_with_free_func (g_free);
  return record;
}

static gboolean
is_line_end (const Reader *self)
{
  return *self->at == '\n' ||
         (*self->at == '\r' && self->at + 1 < self->end && self->at[1] == '\n');
}

/* What stands between quotes; two of them are one. */
static gboolean
read_quoted (Reader *self, GError **error)
{
  gsize first_line = self->line;

  for (self->at++; self->at < self->end; self->at++) {
    if (*self->at == '\n')
      self->line++;
    if (*self->at != '"') {
      g_string_append_c (self->field, *self->at);
      continue;
    }
    self->at++;
    if (self->at == self->end || *self->at != '"')
      return TRUE;
    g_string_append_c (self->field, '"');
  }
  g_set_error (
      error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
      _("the quote that begins in line %zu has no end; a quote inside a field "
        "is written twice"),
         first_line);
  return FALSE;
}

static gboolean
read_field (Reader *self, GError **error)
{
  g_string_truncate (self->field, 0);
  if (self->at < self->end && *self->at == '"' && !read_quoted (self, error))
    return FALSE;
  while (self->at < self->end && *self->at != ',' && !is_line_end (self))
    g_string_append_c (self->field, *self->at++);
  return TRUE;
}

/* Steps over the end of a line. A lone CR at the very end is one, too. */
static void
skip_line_end (Reader *self)
{
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  self->line++;
}

static gboolean
read_record (Reader *self, GPtrArray *records, GError **error)
{
  HfCsvRecord *record = record_new (self->line);

  g_ptr_array_add (records, record);
  for (;;) {
    if (!read_field (self, error))
      return FALSE;
    g_ptr_array_add (record->fields, g_strdup (self->field->str));
    if (self->at == self->end || *self->at != ',')
      break;
    self->at++;
  }
  skip_line_end (self);
  return TRUE;
}

GPtrArray *
hf_csv_parse (const char *text, gsize size_bytes, GError **error)
{
  static const char mark[] = "\xef\xbb\xbf";
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (record_free);
  g_autoptr (GString) field = g_string_new (NULL);
  Reader self = {.at = text, .end = text + size_bytes, .line = 1};

  /* An empty file is mapped to no address at all. */
  if (size_bytes > 0 && memchr (text, '\0', size_bytes) != NULL) {
    g_set_error_literal (error, HF_SAMPLES_ERROR, HF_SAMPLES_ERROR_FORMAT,
                         _("it holds NUL bytes and is no text"));
    return NULL;
  }
  if (size_bytes >= 3 && memcmp (text, mark, 3) == 0)
    self.at += 3;
  self.field = field;
  while (self.at < self.end) {
    if (is_line_end (&self))
      skip_line_end (&self);
    else if (!read_record (&self, records, error))
      return NULL;
  }
  return g_steal_pointer (&records);
}

void
hf_csv_append (GString *out, const char *field)
{
  if (strpbrk (field, ",\"\r\n") == NULL) {
    g_string_append (out, field);
    return;
  }
  g_string_append_c (out, '"');
  for (; *field != '\0'; field++) {
    if (*field == '"')
      g_string_append_c (out, '"');
    g_string_append_c (out, *field);
  }
  g_string_append_c (out, '"');
}
