/* chart-style.c: see the header. */
#include "ui/charts/chart-style.h"

#include <adwaita.h>

/* Least contrast of text, WCAG AA. */
#define READABLE 4.5
#define QUIET 0.72

/* @over with its alpha, laid over @under. */
static HfColour
lay_over (const GdkRGBA *over, const HfColour *under)
{
  HfColour colour = {over->red, over->green, over->blue};

  return hf_colour_mix (under, &colour, over->alpha);
}

/* A colour by its name in the theme; FALSE where the theme has none. */
static gboolean
look_up (GtkWidget *widget, const char *name, const HfColour *under,
         HfColour *out)
{
  GdkRGBA colour;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget),
                                       name, &colour))
    return FALSE;
  *out = lay_over (&colour, under);
  return TRUE;
}

/* Moves @colour towards the ink until it can be read on the ground. */
static HfColour
make_readable (const HfChartTheme *theme, const HfColour *colour)
{
  for (double share = 0; share < 1; share += 0.05) {
    HfColour mixed = hf_colour_mix (colour, &theme->ink, share);

    if (hf_colour_get_contrast (&mixed, &theme->ground) >= READABLE)
      return mixed;
  }
  return theme->ink;
}

static void
read_colours (GtkWidget *widget, HfChartTheme *out)
{
  const HfColour white = {1, 1, 1};
  HfColour window = out->ground, ground, ink, accent, wrong;
  GdkRGBA text;

  look_up (widget, "window_bg_color", &white, &window);
  if (look_up (widget, "card_bg_color", &window, &ground))
    out->ground = ground;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &text);
  out->ink = ink = lay_over (&text, &out->ground);
  out->quiet = out->contrast ? ink : hf_colour_mix (&out->ground, &ink, QUIET);
  if (look_up (widget, "accent_color", &out->ground, &accent))
    out->accent = make_readable (out, &accent);
  if (look_up (widget, "error_color", &out->ground, &wrong)) {
    out->wrong = wrong;
    out->wrong_text = make_readable (out, &wrong);
  }
}

void
hf_chart_style_read (GtkWidget *widget, HfChartTheme *out)
{
  AdwStyleManager *style = adw_style_manager_get_default ();
  gboolean dark = adw_style_manager_get_dark (style);
  gboolean contrast = adw_style_manager_get_high_contrast (style);
  PangoContext *context = gtk_widget_get_pango_context (widget);

  hf_chart_theme_init (out, contrast ? dark ? HF_CHART_CONTRAST_DARK
                                            : HF_CHART_CONTRAST
                            : dark   ? HF_CHART_DARK
                                     : HF_CHART_LIGHT);
  read_colours (widget, out);
  hf_chart_theme_set_font (out, pango_context_get_font_description (context),
                           pango_cairo_context_get_resolution (context));
  /* The widget's description goes with its next style. */
  out->family = g_intern_string (out->family);
}

HfColour
hf_chart_style_outline (const HfChartTheme *theme, const HfColour *colour)
{
  return hf_colour_mix (colour, &theme->ink, 0.3);
}
