/* app/cli/output.h: what the program says: text and JSON on stdout, sentences
 * on stderr. Always UTF-8, whatever the locale.
 *
 * Names of files and texts can hold any bytes. A byte that is no part of valid
 * UTF-8 is shown as \xNN; in a name that has such bytes, a backslash is shown
 * as two. On stderr and in tables, control characters are shown as \xNN too,
 * so that a name cannot drive the terminal. */
#pragma once

#include "base/json.h"

G_BEGIN_DECLS

/* A copy of @bytes as valid UTF-8, as described above (caller frees). */
char *hf_output_dup_shown (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;

/* The same without control characters, for a terminal. */
char *hf_output_dup_printable (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;

/* That, filled up with blanks to @width letters, and how many it has. */
char *hf_output_dup_padded (const char *bytes,
                            int width) G_GNUC_WARN_UNUSED_RESULT;
int hf_output_get_width (const char *bytes);

/* Text to stdout, as it is. */
void hf_output_text (const char *text);
void hf_output_printf (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* @one beside the number 1, @more beside every other. */
const char *hf_output_get_noun (guint64 n, const char *one, const char *more);

/* A whole line (with its end) to stdout, flushed. */
void hf_output_line (const char *line);

/* One value on one line, and flushed: a reader sees each as it is ready. */
void hf_output_json (HfJson *json);

/* Flushes stdout; FALSE after a sentence if not all of it could be written. */
gboolean hf_output_finish (void);

/* One sentence on stderr, control characters escaped; the progress bar, if
 * there is one, makes room. Any thread. */
void hf_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* Builders: a string of any bytes, a number with @digits significant digits
 * (null if it is not finite). Owned by the caller until added to a parent. */
HfJson *hf_output_new_string (const char *bytes) G_GNUC_WARN_UNUSED_RESULT;
HfJson *hf_output_new_number (double value,
                              int digits) G_GNUC_WARN_UNUSED_RESULT;

/* 1234567 as "1.2 MB" (caller frees). */
char *hf_output_dup_size (guint64 size_bytes) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
