/* framing.c: the text form of a framing, and its tiles. */
#include "image/framing.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Fractions are written by hand and computed by programs; a sum that misses 1
 * by rounding still means the picture's edge. */
#define EDGE_SLACK 1e-9

#define FORMS "crop, whole, region:x,y,w,h, region:x,y,w,h:whole or tiles:CxR"

static gboolean
refuse (const char *text, GError **error)
{
  g_set_error (
      error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
      _("The framing \"%s\" is not understood; write %s, with x, y, w and h as "
        "fractions of the picture (0 to 1) that stay inside it, C columns and "
        "R rows of 1 to %d tiles."),
         text, FORMS, HF_FRAMING_MAX_TILES);
  return FALSE;
}

/* Reads "x,y,w,h" into @numbers and returns what follows, or NULL. */
static const char *
parse_numbers (const char *text, double numbers[4])
{
  for (int i = 0; i < 4; i++) {
    char *end = NULL;

    if (i > 0 && *text++ != ',')
      return NULL;
    numbers[i] = g_ascii_strtod (text, &end);
    if (end == text)
      return NULL;
    text = end;
  }
  return text;
}

/* False for NaN too. */
static gboolean
is_inside (double start, double length)
{
  return start >= 0 && length > 0 && start + length <= 1 + EDGE_SLACK;
}

static gboolean
parse_region (const char *text, HfFraming *out)
{
  HfFraming parsed = {HF_FRAMING_REGION, HF_FRAMING_CROP};
  double numbers[4];

  text = parse_numbers (text, numbers);
  if (text == NULL || !is_inside (numbers[0], numbers[2]) ||
      !is_inside (numbers[1], numbers[3]))
    return FALSE;
  if (g_str_equal (text, ":whole"))
    parsed.fit = HF_FRAMING_WHOLE;
  else if (*text != '\0' && !g_str_equal (text, ":crop"))
    return FALSE;
  parsed.x = numbers[0];
  parsed.y = numbers[1];
  parsed.width = numbers[2];
  parsed.height = numbers[3];
  *out = parsed;
  return TRUE;
}

/* One digit is enough for HF_FRAMING_MAX_TILES. */
static gboolean
parse_count (char digit, int *out)
{
  *out = g_ascii_digit_value (digit);
  return *out >= 1 && *out <= HF_FRAMING_MAX_TILES;
}

/* "CxR" */
static gboolean
parse_tiles (const char *text, HfFraming *out)
{
  HfFraming parsed = {.kind = HF_FRAMING_TILES,
                      .fit = HF_FRAMING_WHOLE,
                      .width = 1,
                      .height = 1};

  if (strlen (text) != strlen ("CxR") || text[1] != 'x' ||
      !parse_count (text[0], &parsed.n_columns) ||
      !parse_count (text[2], &parsed.n_rows))
    return FALSE;
  *out = parsed;
  return TRUE;
}

gboolean
hf_framing_parse (const char *text, HfFraming *out, GError **error)
{
  HfFraming parsed = HF_FRAMING_INIT;

  g_return_val_if_fail (text != NULL && out != NULL, FALSE);

  if (g_str_equal (text, "whole"))
    parsed.kind = parsed.fit = HF_FRAMING_WHOLE;
  else if (g_str_has_prefix (text, "region:") ||
           g_str_has_prefix (text, "region ")) {
    if (!parse_region (text + strlen ("region:"), &parsed))
      return refuse (text, error);
  } else if (g_str_has_prefix (text, "tiles:") ||
             g_str_has_prefix (text, "tiles ")) {
    if (!parse_tiles (text + strlen ("tiles:"), &parsed))
      return refuse (text, error);
  } else if (!g_str_equal (text, "crop"))
    return refuse (text, error);
  *out = parsed;
  return TRUE;
}

/* The shortest decimal that reads back as @value. */
static void
append_number (GString *text, double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 1; digits <= 17; digits++) {
    char format[8];

    g_snprintf (format, sizeof (format), "%%.%dg", digits);
    g_ascii_formatd (buffer, sizeof (buffer), format, value);
    if (g_ascii_strtod (buffer, NULL) == value)
      break;
  }
  g_string_append (text, buffer);
}

char *
hf_framing_dup_name (const HfFraming *self)
{
  const double numbers[4] = {self->x, self->y, self->width, self->height};
  GString *text;

  if (self->kind == HF_FRAMING_TILES)
    return g_strdup_printf ("tiles:%dx%d", self->n_columns, self->n_rows);
  if (self->kind != HF_FRAMING_REGION)
    return g_strdup (self->kind == HF_FRAMING_WHOLE ? "whole" : "crop");
  text = g_string_new ("region");
  for (int i = 0; i < 4; i++) {
    g_string_append_c (text, i == 0 ? ':' : ',');
    append_number (text, numbers[i]);
  }
  if (self->fit == HF_FRAMING_WHOLE)
    g_string_append (text, ":whole");
  return g_string_free (text, FALSE);
}

int
hf_framing_get_n_tiles (const HfFraming *self)
{
  return self->kind == HF_FRAMING_TILES ? self->n_columns * self->n_rows : 1;
}

/* Tile @i of @n along a side of length 1: the tiles have one length and begin
 * (1 - overlap) lengths apart, the first at 0, the last ending at 1. */
static void
cut_side (int i, int n, double *start, double *length)
{
  const double step = 1 - HF_FRAMING_OVERLAP;

  *length = 1 / (1 + (n - 1) * step);
  *start = i * step * *length;
}

HfFraming
hf_framing_get_tile (const HfFraming *self, int i)
{
  HfFraming tile = {HF_FRAMING_REGION, HF_FRAMING_WHOLE};

  g_return_val_if_fail (i >= 0 && i < hf_framing_get_n_tiles (self), *self);

  if (self->kind != HF_FRAMING_TILES)
    return *self;
  cut_side (i % self->n_columns, self->n_columns, &tile.x, &tile.width);
  cut_side (i / self->n_columns, self->n_rows, &tile.y, &tile.height);
  return tile;
}

void
hf_framing_get_area (const HfFraming *self, int width, int height,
                     double area[4])
{
  double side;

  area[0] = self->x * width;
  area[1] = self->y * height;
  area[2] = self->width * width;
  area[3] = self->height * height;
  if (self->fit != HF_FRAMING_CROP)
    return;
  side = MIN (area[2], area[3]);
  area[0] += (area[2] - side) / 2;
  area[1] += (area[3] - side) / 2;
  area[2] = area[3] = side;
}
