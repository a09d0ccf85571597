/* app/study/csv.h: lists of pictures as CSV: RFC 4180, with any bytes in the
 * fields, CR LF or LF, and a byte order mark passed over. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gsize line;        /* number of its first line, from 1 */
  GPtrArray *fields; /* char * */
} HfCsvRecord;

/* The records of @text (element-type HfCsvRecord; caller unrefs); empty lines
 * are none. HF_SAMPLES_ERROR_FORMAT names the line: a quote without its
 * partner, or a NUL byte. */
GPtrArray *hf_csv_parse (const char *text, gsize size_bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends @field, quoted where it must be. */
void hf_csv_append (GString *out, const char *field);

G_END_DECLS
