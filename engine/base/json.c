/* json.c: json-c in strict mode, with what strict mode still lets through
 * (NaN, Infinity, single quotes, bytes after the value) refused as well. */
#include "base/json.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 64
/* Escaped it is at most three times as long, and json-c counts in int. */
#define MAX_BYTES (G_MAXINT / 3)

G_DEFINE_QUARK (hf_json_error_quark, hf_json_error)

typedef struct json_tokener Tokener;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tokener, json_tokener_free)

/* json-c reads the words NaN and Infinity, which are no JSON; anything it made
 * from them is a number that is not finite. */
static gboolean
is_finite (HfJson *json)
{
  switch (json_object_get_type (json)) {
  case json_type_double:
    return isfinite (json_object_get_double (json));
  case json_type_array:
    for (gsize i = 0; i < json_object_array_length (json); i++)
      if (!is_finite (json_object_array_get_idx (json, i)))
        return FALSE;
    return TRUE;
  case json_type_object: {
    json_object_object_foreach (json, name, member)
    {
      (void) name;
      if (!is_finite (member))
        return FALSE;
    }
    return TRUE;
  }
  default:
    return TRUE;
  }
}

/* json-c takes 'name' for "name" even when strict. */
static gboolean
has_single_quotes (const char *text, gsize size_bytes)
{
  gboolean in_string = FALSE;

  for (gsize i = 0; i < size_bytes; i++) {
    if (in_string && text[i] == '\\')
      i++;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (text[i] == '\'' && !in_string)
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_blank (const char *text, gsize size_bytes)
{
  for (gsize i = 0; i < size_bytes; i++)
    if (strchr (" \t\r\n", text[i]) == NULL || text[i] == '\0')
      return FALSE;
  return TRUE;
}

/* The first value of @text, or NULL with @code; @end: where reading ended. */
static HfJson *
parse_value (const char *text, gsize size_bytes, gsize *end,
             enum json_tokener_error *code)
{
  g_autoptr (Tokener) tokener = json_tokener_new_ex (MAX_DEPTH);
  HfJson *json;

  json_tokener_set_flags (tokener, JSON_TOKENER_STRICT |
                                       JSON_TOKENER_ALLOW_TRAILING_CHARS);
  json = json_tokener_parse_ex (tokener, text, (int) size_bytes);
  /* A number may be cut by the end of the text; a blank ends it. */
  if (json == NULL && json_tokener_get_error (tokener) == json_tokener_continue)
    json = json_tokener_parse_ex (tokener, " ", 1);
  *end = MIN (json_tokener_get_parse_end (tokener), size_bytes);
  *code = json_tokener_get_error (tokener);
  return json;
}

/* @text with everything beyond ASCII as \uXXXX. */
static GString *
new_escaped (const char *text, gsize size_bytes)
{
  GString *out = g_string_sized_new (size_bytes);

  for (const char *at = text; at < text + size_bytes;
       at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (c < 0x80)
      g_string_append_c (out, (char) c);
    else if (c < 0x10000)
      g_string_append_printf (out, "\\u%04x", c);
    else
      g_string_append_printf (out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
                              0xdc00 + (c & 0x3ff));
  }
  return out;
}

/* Where in @text stands what stands @end bytes into new_escaped. */
static gsize
find_place (const char *text, gsize size_bytes, gsize end)
{
  const char *at = text;
  gsize before = 0;

  while (at < text + size_bytes) {
    gunichar c = g_utf8_get_char (at);

    before += c < 0x80 ? 1 : c < 0x10000 ? 6 : 12;
    if (before > end)
      break;
    at = g_utf8_next_char (at);
  }
  return (gsize) (at - text);
}

HfJson *
hf_json_parse (const char *text, gsize size_bytes, GError **error)
{
  g_autoptr (HfJson) json = NULL;
  enum json_tokener_error code;
  gsize end;

  if (size_bytes > MAX_BYTES || !g_utf8_validate_len (text, size_bytes, NULL)) {
    g_set_error_literal (error, HF_JSON_ERROR, HF_JSON_ERROR_SYNTAX,
                         _("is not JSON: it is not UTF-8 text"));
    return NULL;
  }
  json = parse_value (text, size_bytes, &end, &code);
  /* To json-c 0.18 every byte beyond ASCII is a control character. */
  if (json == NULL && code == json_tokener_error_parse_string) {
    g_autoptr (GString) escaped = new_escaped (text, size_bytes);

    json = parse_value (escaped->str, escaped->len, &end, &code);
    end = find_place (text, size_bytes, end);
  }
  if (json == NULL || !is_finite (json) ||
      has_single_quotes (text, size_bytes) ||
      !is_blank (text + end, size_bytes - end)) {
    g_set_error (
        error, HF_JSON_ERROR, HF_JSON_ERROR_SYNTAX,
        _("is not JSON: %s at byte %zu"), code == json_tokener_success
           ? _("something unexpected") : json_tokener_error_desc (code), end);
    return NULL;
  }
  return g_steal_pointer (&json);
}

HfJson *
hf_json_get (HfJson *json, const char *name)
{
  HfJson *member = NULL;

  if (!json_object_is_type (json, json_type_object))
    return NULL;
  json_object_object_get_ex (json, name, &member);
  return member;
}

static gboolean
refuse (const char *name, HfJson *member, const char *wanted, GError **error)
{
  /* The cut may fall within a character. */
  g_autofree char *cut = g_strndup (json_object_to_json_string (member), 40);
  g_autofree char *text = g_utf8_make_valid (cut, -1);

  g_set_error (error, HF_JSON_ERROR, HF_JSON_ERROR_TYPE,
               _("has \"%s\": %s, where %s is wanted"), name, text, wanted);
  return FALSE;
}

gboolean
hf_json_read_int (HfJson *json, const char *name, gint64 low, gint64 high,
                  gint64 *value, GError **error)
{
  HfJson *member = hf_json_get (json, name);
  gint64 read;

  if (member == NULL)
    return TRUE;
  read = json_object_get_int64 (member);
  if (!json_object_is_type (member, json_type_int) || read < low ||
      read > high) {
    g_autofree char *wanted =
        g_strdup_printf (_("a whole number from %lld to %lld"),
                            (long long) low, (long long) high);

    return refuse (name, member, wanted, error);
  }
  *value = read;
  return TRUE;
}

gboolean
hf_json_read_double (HfJson *json, const char *name, double low, double high,
                     double *value, GError **error)
{
  HfJson *member = hf_json_get (json, name);
  double read;

  if (member == NULL)
    return TRUE;
  read = json_object_get_double (member);
  if ((!json_object_is_type (member, json_type_double) &&
       !json_object_is_type (member, json_type_int)) ||
      !(read >= low && read <= high)) {
    g_autofree char *wanted =
        g_strdup_printf (_("a number from %g to %g"), low, high);

    return refuse (name, member, wanted, error);
  }
  *value = read;
  return TRUE;
}

gboolean
hf_json_read_bool (HfJson *json, const char *name, gboolean *value,
                   GError **error)
{
  HfJson *member = hf_json_get (json, name);

  if (member == NULL)
    return TRUE;
  if (!json_object_is_type (member, json_type_boolean))
    return refuse (name, member, _("true or false"), error);
  *value = json_object_get_boolean (member);
  return TRUE;
}

char *
hf_json_dup_shown (const char *bytes)
{
  GString *text;

  if (g_utf8_validate (bytes, -1, NULL))
    return g_strdup (bytes);
  text = g_string_new (NULL);
  while (*bytes != '\0') {
    const char *end = bytes;

    if (*bytes == '\\') {
      g_string_append (text, "\\\\");
      bytes++;
    } else if (g_utf8_get_char_validated (bytes, -1) < (gunichar) -2) {
      end = g_utf8_next_char (bytes);
      g_string_append_len (text, bytes, end - bytes);
      bytes = end;
    } else {
      g_string_append_printf (text, "\\x%02x", (guchar) *bytes++);
    }
  }
  return g_string_free (text, FALSE);
}

HfJson *
hf_json_new_string (const char *bytes)
{
  g_autofree char *shown = hf_json_dup_shown (bytes);

  return json_object_new_string (shown);
}

HfJson *
hf_json_new_number (double value, int digits)
{
  char format[8], text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (value))
    return NULL;
  g_snprintf (format, sizeof format, "%%.%dg", digits);
  g_ascii_formatd (text, sizeof text, format, value);
  return json_object_new_double_s (value, text);
}
