/* theme.c: see the header. */
#include "app/charts/theme.h"

#include <math.h>

#define HEX(rgb)                                             \
  {                                                          \
    ((rgb) >> 16 & 255) / 255.0, ((rgb) >> 8 & 255) / 255.0, \
        ((rgb) &255) / 255.0                                 \
  }

/* Bluish green for good, then Okabe and Ito's order without black; the last is
 * a grey for what is over. */
static const HfColour class_colours[HF_CHART_N_COLOURS] = {
    HEX (0x009e73), HEX (0xe69f00), HEX (0x56b4e9), HEX (0xf0e442),
    HEX (0x0072b2), HEX (0xd55e00), HEX (0xcc79a7),
};

static const HfChartTheme light = {
    .ground = HEX (0xffffff),
    .ink = HEX (0x2a2a2a),
    .quiet = HEX (0x63636a),
    .accent = HEX (0x1c71d8),
    .right = HEX (0x009e73),
    .wrong = HEX (0xc01c28),
    .wrong_text = HEX (0xb01825),
    .grid_alpha = 0.14,
    .band_alpha = 0.20,
    .family = "Sans",
    .text_px = 12,
};

static const HfChartTheme dark = {
    .ground = HEX (0x363636),
    .ink = HEX (0xf6f6f6),
    .quiet = HEX (0xc4c4c4),
    .accent = HEX (0x78aeed),
    .right = HEX (0x26c99a),
    .wrong = HEX (0xff7b63),
    .wrong_text = HEX (0xff9a86),
    .grid_alpha = 0.16,
    .band_alpha = 0.34,
    .family = "Sans",
    .text_px = 12,
};

void
hf_chart_theme_init (HfChartTheme *self, HfChartLook look)
{
  static const HfColour black = HEX (0x000000), white = HEX (0xffffff);
  gboolean contrast =
      look == HF_CHART_CONTRAST || look == HF_CHART_CONTRAST_DARK;
  gboolean is_dark = look == HF_CHART_DARK || look == HF_CHART_CONTRAST_DARK;

  *self = is_dark ? dark : light;
  for (int c = 0; c < HF_CHART_N_COLOURS; c++)
    self->classes[c] = class_colours[c];
  if (look == HF_CHART_PAPER) {
    self->text_px = 8;
    self->exact = TRUE;
  }
  if (contrast) {
    self->contrast = TRUE;
    self->ground = is_dark ? black : white;
    self->ink = self->quiet = is_dark ? white : black;
    self->accent = hf_colour_mix (&self->accent, &self->ink, 0.3);
    self->wrong_text = hf_colour_mix (&self->wrong_text, &self->ink, 0.3);
    self->grid_alpha = 0.4;
  }
}

void
hf_chart_theme_set_font (HfChartTheme *self, const PangoFontDescription *font,
                         double dpi)
{
  double size = pango_font_description_get_size (font) / (double) PANGO_SCALE;

  if (pango_font_description_get_family (font) != NULL)
    self->family = pango_font_description_get_family (font);
  if (size > 0)
    self->text_px = pango_font_description_get_size_is_absolute (font)
                        ? size
                        : size * dpi / 72;
}

static double
get_luminance (const HfColour *colour)
{
  const double parts[3] = {colour->r, colour->g, colour->b};
  const double weights[3] = {0.2126, 0.7152, 0.0722};
  double sum = 0;

  for (int i = 0; i < 3; i++)
    sum += weights[i] * (parts[i] <= 0.03928
                             ? parts[i] / 12.92
                             : pow ((parts[i] + 0.055) / 1.055, 2.4));
  return sum;
}

double
hf_colour_get_contrast (const HfColour *a, const HfColour *b)
{
  double la = get_luminance (a), lb = get_luminance (b);

  return (MAX (la, lb) + 0.05) / (MIN (la, lb) + 0.05);
}

HfColour
hf_colour_mix (const HfColour *a, const HfColour *b, double share)
{
  HfColour mixed = {a->r + (b->r - a->r) * share, a->g + (b->g - a->g) * share,
                    a->b + (b->b - a->b) * share};

  return mixed;
}
