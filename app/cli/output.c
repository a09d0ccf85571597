/* output.c: see the header. */
#include "app/cli/output.h"

#include "app/cli/progress-bar.h"

#include <errno.h>
#include <stdio.h>

static void
append_byte (GString *text, guchar byte)
{
  g_string_append_printf (text, "\\x%02x", byte);
}

char *
hf_output_dup_shown (const char *bytes)
{
  return hf_json_dup_shown (bytes);
}

char *
hf_output_dup_printable (const char *bytes)
{
  g_autofree char *shown = hf_output_dup_shown (bytes);
  GString *text = g_string_new (NULL);

  for (const char *at = shown; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar letter = g_utf8_get_char (at);

    if (g_unichar_iscntrl (letter))
      append_byte (text, (guchar) letter);
    else
      g_string_append_unichar (text, letter);
  }
  return g_string_free (text, FALSE);
}

char *
hf_output_dup_padded (const char *bytes, int width)
{
  g_autofree char *shown = hf_output_dup_printable (bytes);
  int missing = width - (int) g_utf8_strlen (shown, -1);

  return g_strdup_printf ("%s%*s", shown, MAX (missing, 0), "");
}

int
hf_output_get_width (const char *bytes)
{
  g_autofree char *shown = hf_output_dup_printable (bytes);

  return (int) g_utf8_strlen (shown, -1);
}

void
hf_output_text (const char *text)
{
  fputs (text, stdout);
}

void
hf_output_printf (const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  fputs (text, stdout);
}

void
hf_output_line (const char *line)
{
  hf_progress_bar_lock ();
  fputs (line, stdout);
  fflush (stdout);
  hf_progress_bar_unlock ();
}

void
hf_output_json (HfJson *json)
{
  const int flags = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE;

  g_autofree char *line =
      g_strconcat (json_object_to_json_string_ext (json, flags), "\n", NULL);

  hf_output_line (line);
}

const char *
hf_output_get_noun (guint64 n, const char *one, const char *more)
{
  return n == 1 ? one : more;
}

gboolean
hf_output_finish (void)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return TRUE;
  hf_complain ("The output could not be written: %s.", g_strerror (errno));
  return FALSE;
}

void
hf_complain (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  line = hf_output_dup_printable (text);
  hf_progress_bar_lock ();
  fprintf (stderr, "handful-cli: %s\n", line);
  hf_progress_bar_unlock ();
}

HfJson *
hf_output_new_string (const char *bytes)
{
  return hf_json_new_string (bytes);
}

HfJson *
hf_output_new_number (double value, int digits)
{
  return hf_json_new_number (value, digits);
}

char *
hf_output_dup_size (guint64 size_bytes)
{
  static const char units[][4] = {"B", "kB", "MB", "GB", "TB"};
  double value = (double) size_bytes;
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  guint unit = 0;

  while (value >= 999.5 && unit + 1 < G_N_ELEMENTS (units)) {
    value /= 1000;
    unit++;
  }
  g_ascii_formatd (number, sizeof number,
                   value < 10 && unit > 0 ? "%.1f" : "%.0f", value);
  return g_strdup_printf ("%s %s", number, units[unit]);
}
