/* safetensors-header.c: a reader for the one JSON form such a header has. It
 * does not go through base/json.h: a header may have 100 MB, and a tree of
 * objects would need a hundred times that. Here the memory is that of the
 * names, the time is linear and nothing recurses. Stricter than JSON: no
 * member but the three known ones, no name twice. */
#include "tensor/safetensors-header-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_ENTRIES 100000

typedef struct {
  const char *start;
  const char *at;
  const char *end;
} Scanner;

static gboolean
refuse (const Scanner *self, const char *what, GError **error)
{
  g_set_error (error, HF_TENSOR_ERROR, HF_TENSOR_ERROR_FORMAT,
               _("has a broken header: %s at byte %zu"), what,
                  (gsize) (self->at - self->start) + 8);
  return FALSE;
}

/* The next byte that is no white space, or NUL at the end. */
static char
peek (Scanner *self)
{
  while (self->at < self->end && (*self->at == ' ' || *self->at == '\t' ||
                                  *self->at == '\r' || *self->at == '\n'))
    self->at++;
  return self->at < self->end ? *self->at : '\0';
}

static gboolean
skip_if (Scanner *self, char wanted)
{
  if (peek (self) != wanted)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
expect (Scanner *self, char wanted, GError **error)
{
  g_autofree char *what = NULL;

  if (skip_if (self, wanted))
    return TRUE;
  what = g_strdup_printf (_("no '%c'"), wanted);
  return refuse (self, what, error);
}

/* Steps over the comma between two members; at the closing @bracket, steps
 * over that and sets @done. The first member has no comma before it. */
static gboolean
next_member (Scanner *self, char bracket, gboolean is_first, gboolean *done,
             GError **error)
{
  *done = skip_if (self, bracket);
  return *done || is_first || expect (self, ',', error);
}

static gboolean
read_hex4 (Scanner *self, gunichar *out)
{
  gunichar value = 0;

  if (self->end - self->at < 4)
    return FALSE;
  for (int i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (*self->at++);

    if (digit < 0)
      return FALSE;
    value = value * 16 + (gunichar) digit;
  }
  *out = value;
  return TRUE;
}

/* After "\u": one code point, of two escapes where it is a surrogate pair. */
static gboolean
read_unicode_escape (Scanner *self, GString *out)
{
  gunichar value = 0, low = 0;

  if (!read_hex4 (self, &value))
    return FALSE;
  if (value >= 0xd800 && value < 0xdc00) {
    if (self->end - self->at < 6 || self->at[0] != '\\' || self->at[1] != 'u')
      return FALSE;
    self->at += 2;
    if (!read_hex4 (self, &low) || low < 0xdc00 || low > 0xdfff)
      return FALSE;
    value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
  } else if (value == 0 || (value >= 0xdc00 && value < 0xe000)) {
    return FALSE;
  }
  g_string_append_unichar (out, value);
  return TRUE;
}

static gboolean
read_escape (Scanner *self, GString *out)
{
  static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
  const char *found;
  char c = self->at < self->end ? *self->at++ : '\0';

  if (c == 'u')
    return read_unicode_escape (self, out);
  found = c != '\0' ? strchr (from, c) : NULL;
  if (found == NULL)
    return FALSE;
  g_string_append_c (out, to[found - from]);
  return TRUE;
}

/* A string into @out; the header is known to be UTF-8. */
static gboolean
read_string (Scanner *self, GString *out, GError **error)
{
  if (!expect (self, '"', error))
    return FALSE;
  g_string_truncate (out, 0);
  while (self->at < self->end && *self->at != '"') {
    const char *run = self->at;

    while (self->at < self->end && *self->at != '"' && *self->at != '\\' &&
           (guchar) *self->at >= 0x20)
      self->at++;
    g_string_append_len (out, run, self->at - run);
    if (self->at == self->end || *self->at == '"')
      break;
    if (*self->at++ != '\\' || !read_escape (self, out))
      return refuse (self, _("a string with a bad character"), error);
  }
  return expect (self, '"', error);
}

/* A whole number from 0 to 2^63 - 1, without sign, fraction or exponent. */
static gboolean
read_size (Scanner *self, guint64 *out, GError **error)
{
  guint64 value = 0;
  const char *first;

  peek (self);
  first = self->at;
  while (self->at < self->end && g_ascii_isdigit (*self->at)) {
    guint64 digit = (guint64) (*self->at - '0');

    if (value > (G_MAXINT64 - digit) / 10)
      return refuse (self, _("a number that is too large"), error);
    value = value * 10 + digit;
    self->at++;
  }
  if (self->at == first || (*first == '0' && self->at > first + 1) ||
      (self->at < self->end && strchr (".eE", *self->at) != NULL))
    return refuse (self, _("no whole number"), error);
  *out = value;
  return TRUE;
}

static gboolean
read_shape (Scanner *self, HfTensor *tensor, GError **error)
{
  gboolean done = FALSE;

  if (!expect (self, '[', error))
    return FALSE;
  for (int n = 0;; n++) {
    guint64 size = 0;

    if (!next_member (self, ']', n == 0, &done, error))
      return FALSE;
    if (done) {
      tensor->n_dims = n;
      return TRUE;
    }
    if (n == HF_TENSOR_MAX_DIMS) {
      g_autofree char *what = g_strdup_printf (
          _("a tensor of more than %d dimensions"), HF_TENSOR_MAX_DIMS);

      return refuse (self, what, error);
    }
    if (!read_size (self, &size, error))
      return FALSE;
    tensor->shape[n] = (gint64) size;
  }
}

static gboolean
read_dtype (Scanner *self, GString *text, HfTensor *tensor, GError **error)
{
  if (!read_string (self, text, error))
    return FALSE;
  if (!hf_dtype_from_name (text->str, &tensor->dtype)) {
    g_autofree char *shown = g_strndup (text->str, 20);
    g_autofree char *what =
        g_strdup_printf (_("numbers of type \"%s\", which Handful does not "
                           "read"),
                            g_utf8_validate (shown, -1, NULL) ? shown : "?");

    return refuse (self, what, error);
  }
  return TRUE;
}

static gboolean
read_offsets (Scanner *self, HfSafetensorsEntry *entry, GError **error)
{
  return expect (self, '[', error) && read_size (self, &entry->begin, error) &&
         expect (self, ',', error) && read_size (self, &entry->end, error) &&
         expect (self, ']', error);
}

/* {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, in any order. */
static gboolean
read_entry (Scanner *self, GString *text, HfSafetensorsEntry *entry,
            GError **error)
{
  static const char *const fields[] = {"dtype", "shape", "data_offsets", NULL};
  gboolean seen[3] = {FALSE}, done = FALSE;

  if (!expect (self, '{', error))
    return FALSE;
  for (int n = 0; n < 4; n++) {
    int field = 0;

    if (!next_member (self, '}', n == 0, &done, error))
      return FALSE;
    if (done)
      break;
    if (!read_string (self, text, error) || !expect (self, ':', error))
      return FALSE;
    while (fields[field] != NULL && !g_str_equal (fields[field], text->str))
      field++;
    if (fields[field] == NULL || seen[field])
      return refuse (self, _("a field twice or one that is unknown"), error);
    seen[field] = TRUE;
    if (field == 0   ? !read_dtype (self, text, &entry->tensor, error)
        : field == 1 ? !read_shape (self, &entry->tensor, error)
                     : !read_offsets (self, entry, error))
      return FALSE;
  }
  if (!seen[0] || !seen[1] || !seen[2])
    return refuse (self, _("a tensor without dtype, shape or data_offsets"),
                            error);
  return TRUE;
}

/* {"key": "value", ...} */
static gboolean
read_metadata (Scanner *self, GString *text, HfTensorFile *file, GError **error)
{
  g_autoptr (GString) value = g_string_new (NULL);
  gboolean done = FALSE;

  if (!expect (self, '{', error))
    return FALSE;
  for (guint n = 0; n <= MAX_ENTRIES; n++) {
    if (!next_member (self, '}', n == 0, &done, error))
      return FALSE;
    if (done)
      return TRUE;
    if (!read_string (self, text, error) || !expect (self, ':', error) ||
        !read_string (self, value, error))
      return FALSE;
    if (hf_tensor_file_get_metadata (file, text->str) != NULL)
      return refuse (self, _("a metadata key twice"), error);
    hf_tensor_file_set_metadata (file, text->str, value->str);
  }
  return refuse (self, _("too much metadata"), error);
}

static gboolean
read_members (Scanner *self, HfTensorFile *file, GArray *entries,
              GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean done = FALSE, has_metadata = FALSE;

  for (guint n = 0; n <= MAX_ENTRIES; n++) {
    if (!next_member (self, '}', n == 0, &done, error))
      return FALSE;
    if (done)
      return TRUE;
    if (!read_string (self, text, error) || !expect (self, ':', error))
      return FALSE;
    if (g_str_equal (text->str, "__metadata__")) {
      if (has_metadata)
        return refuse (self, _("its metadata twice"), error);
      has_metadata = TRUE;
      if (!read_metadata (self, text, file, error))
        return FALSE;
    } else {
      HfSafetensorsEntry entry = {0};

      entry.tensor.name = g_strndup (text->str, text->len);
      g_array_append_val (entries, entry);
      if (!read_entry (
              self, text,
              &g_array_index (entries, HfSafetensorsEntry, entries->len - 1),
              error))
        return FALSE;
    }
  }
  return refuse (self, _("more tensors than any model"), error);
}

void
hf_safetensors_entry_clear (gpointer entry)
{
  g_free (((HfSafetensorsEntry *) entry)->tensor.name);
}

gboolean
hf_safetensors_header_parse (const char *text, gsize size_bytes,
                             HfTensorFile *file, GArray *entries,
                             GError **error)
{
  Scanner scanner = {text, text, text + size_bytes};

  if (!g_utf8_validate_len (text, size_bytes, NULL))
    return refuse (&scanner, _("it is not UTF-8 text"), error);
  if (!expect (&scanner, '{', error) ||
      !read_members (&scanner, file, entries, error))
    return FALSE;
  if (peek (&scanner) != '\0' || scanner.at < scanner.end)
    return refuse (&scanner, _("something after its end"), error);
  return TRUE;
}
