/* app/charts/theme.h: colours and type of charts. A plain struct that the
 * caller owns: the window fills it from its style, files take a ready one.
 *
 * Class colours are Okabe and Ito's (2008), which colour-blind readers tell
 * apart; even so a colour never stands without a word, a mark or a hatch. */
#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

typedef struct {
  double r, g, b; /* 0..1, sRGB */
} HfColour;

#define HF_CHART_N_COLOURS 7

typedef struct {
  HfColour ground;     /* what lies behind: the rings of points are of it */
  HfColour ink;        /* text */
  HfColour quiet;      /* quiet text, at least 4.5:1 on ground */
  HfColour accent;     /* points, curves and bars */
  HfColour right;      /* fills of right answers */
  HfColour wrong;      /* fills of wrong answers */
  HfColour wrong_text; /* words about them, at least 4.5:1 on ground */
  HfColour classes[HF_CHART_N_COLOURS]; /* the first is of the good class */
  double grid_alpha;                    /* of grid lines, in ink */
  double band_alpha;                    /* of bands and whiskers, in accent */
  gboolean contrast;  /* bands and whiskers get an outline as well */
  const char *family; /* font families, "DejaVu Sans"; borrowed */
  double text_px;     /* size of the text in units of the drawing: 9 pt on a
                         screen of 96 dpi are 12, in a PDF 9 */
  gboolean exact;     /* glyphs where they belong, not on whole pixels: for
                         paper */
} HfChartTheme;

typedef enum {
  HF_CHART_LIGHT,
  HF_CHART_DARK,
  HF_CHART_CONTRAST, /* black on white */
  HF_CHART_CONTRAST_DARK,
  HF_CHART_PAPER, /* light on white, sizes in points */
} HfChartLook;

void hf_chart_theme_init (HfChartTheme *self, HfChartLook look);

/* The size of @font (any unit) on a screen of @dpi, and its family; @font must
 * outlive @self. */
void hf_chart_theme_set_font (HfChartTheme *self,
                              const PangoFontDescription *font, double dpi);

/* WCAG 2.1's contrast of two colours, 1 to 21. */
double hf_colour_get_contrast (const HfColour *a, const HfColour *b);

/* @share of @b over @a. */
HfColour hf_colour_mix (const HfColour *a, const HfColour *b, double share);

G_END_DECLS
