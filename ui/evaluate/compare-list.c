/* compare-list.c: see the header. */
#include "ui/evaluate/compare-list.h"

#include "app/charts/pen.h"
#include "app/charts/ticks.h"
#include "app/charts/wording.h"
#include "evaluate/paired.h"
#include "ui/charts/chart-style.h"
#include "ui/evaluate/findings.h"
#include "ui/widgets/mark.h"

#include <glib/gi18n.h>
#include <math.h>

/* --- An interval on a scale -------------------------------------------- */

#define HF_TYPE_INTERVAL (hf_interval_get_type ())
G_DECLARE_FINAL_TYPE (HfInterval, hf_interval, HF, INTERVAL, GtkWidget)

/* px; narrower than that it is left out. */
#define MIN_DRAWN 48
/* px that it asks for; it takes what the names leave. */
#define WISHED 72

struct _HfInterval {
  GtkWidget parent_instance;

  HfRate rate;
  double from; /* the scale ends with 1 */
};

G_DEFINE_FINAL_TYPE (HfInterval, hf_interval, GTK_TYPE_WIDGET)

static double
find_x (HfInterval *self, double value, double width, double pad)
{
  double share = (value - self->from) / (1 - self->from);

  return pad + (width - 2 * pad) * CLAMP (share, 0, 1);
}

static void
hf_interval_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  HfInterval *self = HF_INTERVAL (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget), pad, y = height / 2;
  HfChartTheme theme;
  cairo_t *cr;
  HfPen pen;

  if (width < MIN_DRAWN)
    return;
  hf_chart_style_read (widget, &theme);
  cr = gtk_snapshot_append_cairo (
      snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  hf_pen_init (&pen, cr, &theme);
  pad = hf_pen_px (&pen, 7);
  hf_pen_hairline (&pen, pad, y, width - pad, y, theme.grid_alpha);
  if (self->rate.n > 0 && isfinite (self->rate.low) &&
      isfinite (self->rate.high))
    hf_pen_whisker (&pen, find_x (self, self->rate.low, width, pad), y,
                    find_x (self, self->rate.high, width, pad), y);
  if (self->rate.n > 0)
    hf_pen_mark (&pen, HF_MARK_DISC, find_x (self, self->rate.rate, width, pad),
                 y);
  hf_pen_clear (&pen);
  cairo_destroy (cr);
}

static void
hf_interval_measure (GtkWidget *widget, GtkOrientation orientation,
                     int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 0 : 16;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? WISHED : 16;
}

static void
hf_interval_class_init (HfIntervalClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  widget_class->measure = hf_interval_measure;
  widget_class->snapshot = hf_interval_snapshot;
  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
hf_interval_init (HfInterval *self)
{
}

static GtkWidget *
new_interval (const HfRate *rate, double from)
{
  HfInterval *self = g_object_new (HF_TYPE_INTERVAL, NULL);
  g_autofree char *sentence = hf_wording_dup_sentence (rate);

  self->rate = *rate;
  self->from = from;
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), sentence);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, sentence, -1);
  return GTK_WIDGET (self);
}

/* --- The list ---------------------------------------------------------- */

struct _HfCompareList {
  GtkWidget parent_instance;

  GtkWidget *grid;
};

enum { USE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfCompareList, hf_compare_list, GTK_TYPE_WIDGET)

enum {
  COLUMN_NAME,
  COLUMN_RIGHT,
  COLUMN_INTERVAL,
  COLUMN_ESCAPES,
  COLUMN_OVERKILL,
  COLUMN_USE
};

static void
clicked_cb (GtkButton *button, gpointer data)
{
  const HfProbeSpec *spec = g_object_get_data (G_OBJECT (button), "spec");

  g_signal_emit (data, signals[USE], 0, (int) spec->kind, (int) spec->blocks);
}

static GtkWidget *
new_text (const char *text, const char *class, float xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  if (class != NULL)
    gtk_widget_add_css_class (label, class);
  return label;
}

/* Goes on in the next line where it is narrow: probes of one kind differ in the
 * end of their names only, so that nothing may be cut. */
static GtkWidget *
new_whole_text (const char *text, const char *class)
{
  GtkWidget *label = new_text (text, class, 0);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_natural_wrap_mode (GTK_LABEL (label), GTK_NATURAL_WRAP_NONE);
  return label;
}

/* "GDA" over "embedding · 0.1 s". */
static GtkWidget *
new_name (const HfProbeEvaluation *probe, gboolean chosen)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = new_whole_text (
      hf_findings_get_probe_name (probe->spec.kind), chosen ? "heading" : NULL);
  /* Translators: features, seconds; the last two blanks do not break. */
  g_autofree char *text =
      g_strdup_printf (_("%s \xc2\xb7\xc2\xa0%.*f\xc2\xa0s"),
                          hf_findings_get_blocks_name (probe->spec.blocks),
                          probe->seconds < 0.005 ? 0
                          : probe->seconds < 0.1 ? 2
                                                 : 1,
                          probe->seconds);
  GtkWidget *note = new_whole_text (text, "caption");

  gtk_widget_add_css_class (note, "quiet");
  gtk_widget_add_css_class (note, "numeric");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), note);
  return box;
}

/* Digits stand under each other in every language; xalign is turned round in
 * those that are written from the right. */
static float
get_right (HfCompareList *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? 0
                                                                          : 1;
}

static void
attach_number (HfCompareList *self, gint64 number, gboolean known,
               gboolean chosen, int column, int row)
{
  g_autofree char *text =
      known ? g_strdup_printf ("%d", (int) number) : g_strdup ("\xe2\x80\x93");
  GtkWidget *label = new_text (text, "numeric", get_right (self));

  if (chosen)
    gtk_widget_add_css_class (label, "heading");
  gtk_grid_attach (GTK_GRID (self->grid), label, column, row, 1, 1);
}

static GtkWidget *
new_use (HfCompareList *self, const HfProbeEvaluation *probe, gboolean chosen)
{
  GtkWidget *widget;
  g_autofree char *label = NULL;

  if (chosen) {
    widget = hf_mark_new (HF_MARK_PASS);
    gtk_widget_set_tooltip_text (widget, _("In Use"));
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _("In use"), -1);
  } else {
    /* Translators: a probe, its features. */
    label = g_strdup_printf (
        _("Use %s, %s"), hf_findings_get_probe_name (probe->spec.kind),
           hf_findings_get_blocks_name (probe->spec.blocks));
    widget = gtk_button_new_with_label (_("Use"));
    gtk_widget_set_tooltip_text (widget, label);
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_object_set_data_full (G_OBJECT (widget), "spec",
                            g_memdup2 (&probe->spec, sizeof probe->spec),
                            g_free);
    g_signal_connect (widget, "clicked", G_CALLBACK (clicked_cb), self);
  }
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (widget, GTK_ALIGN_CENTER);
  return widget;
}

static void
attach_row (HfCompareList *self, const HfProbeEvaluation *probe, int row,
            gboolean chosen, double from)
{
  GtkGrid *grid = GTK_GRID (self->grid);

  gtk_grid_attach (grid, new_name (probe, chosen), COLUMN_NAME, row, 1, 1);
  attach_number (self, probe->accuracy.k, TRUE, chosen, COLUMN_RIGHT, row);
  gtk_grid_attach (grid, new_interval (&probe->accuracy, from), COLUMN_INTERVAL,
                   row, 1, 1);
  attach_number (self, probe->escape_rate.k, probe->escape_rate.n > 0, FALSE,
                 COLUMN_ESCAPES, row);
  attach_number (self, probe->overkill.k, probe->overkill.n > 0, FALSE,
                 COLUMN_OVERKILL, row);
  gtk_grid_attach (grid, new_use (self, probe, chosen), COLUMN_USE, row, 1, 1);
}

/* What prompt tuning learned from all labels, below its row, or nothing.
 * Returns the next free row. */
static int
attach_words (HfCompareList *self, const HfProbeEvaluation *probe, int row)
{
  const HfWords *words =
      probe->final != NULL ? hf_probe_get_words (probe->final) : NULL;
  g_autofree char *hint = NULL, *text = NULL;
  GtkWidget *label;

  if (words == NULL)
    return row;
  hint = hf_words_dup_hint (words);
  /* Translators: tokens of a vocabulary, as "a photo of a". */
  text = g_strdup_printf (
      _("Learned words are nearest to: %s (a hint, no more)"), hint);
  label = new_text (text, "caption", 0);
  gtk_widget_add_css_class (label, "quiet");
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_tooltip_text (
      label, _("Tuning moves vectors, not words; these tokens of the "
               "vocabulary lie nearest to them and need not make sense"));
  gtk_grid_attach (GTK_GRID (self->grid), label, COLUMN_NAME, row,
                   COLUMN_USE + 1, 1);
  return row + 1;
}

/* Returns the next free row. */
static int
attach_probe (HfCompareList *self, const HfProbeEvaluation *probe, int row,
              gboolean chosen, double from)
{
  attach_row (self, probe, row, chosen, from);
  return attach_words (self, probe, row + 1);
}

static void
attach_headings (HfCompareList *self, gint64 n)
{
  /* Translators: explains a column of right answers. */
  g_autofree char *of = g_strdup_printf (_("right of %d"), (int) n);
  const char *const texts[] = {
      /* Translators: heads a narrow column; a soft hyphen (U+00AD) says where a
       * long word may break. */
      C_ ("column", "right"),
          C_ ("column", "escapes"), C_ ("column", "overkill")};
  const int columns[] = {COLUMN_RIGHT, COLUMN_ESCAPES, COLUMN_OVERKILL};

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    GtkWidget *label = new_text (texts[i], "caption", get_right (self));

    gtk_widget_add_css_class (label, "quiet");
    gtk_widget_add_css_class (label, "numeric");
    gtk_widget_set_valign (label, GTK_ALIGN_END);
    gtk_label_set_wrap (GTK_LABEL (label), TRUE);
    gtk_label_set_max_width_chars (GTK_LABEL (label), 9);
    gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_RIGHT);
    gtk_grid_attach (GTK_GRID (self->grid), label, columns[i], 0, 1, 1);
    if (i == 0)
      gtk_widget_set_tooltip_text (label, of);
  }
}

static void
hf_compare_list_dispose (GObject *object)
{
  g_clear_pointer (&HF_COMPARE_LIST (object)->grid, gtk_widget_unparent);
  G_OBJECT_CLASS (hf_compare_list_parent_class)->dispose (object);
}

static void
hf_compare_list_class_init (HfCompareListClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  G_OBJECT_CLASS (class)->dispose = hf_compare_list_dispose;
  gtk_widget_class_set_css_name (widget_class, "comparelist");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  signals[USE] =
      g_signal_new ("use", HF_TYPE_COMPARE_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_INT);
}

static void
hf_compare_list_init (HfCompareList *self)
{
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->grid), 6);
  gtk_grid_set_row_spacing (GTK_GRID (self->grid), 9);
  gtk_widget_set_parent (self->grid, GTK_WIDGET (self));
}

static const HfProbeEvaluation *
get_probe (const HfEvaluation *evaluation, guint i)
{
  return evaluation->probes->pdata[i];
}

static double
find_from (const HfEvaluation *evaluation)
{
  double low = 1;

  for (guint i = 0; i < evaluation->probes->len; i++) {
    const HfRate *rate = &get_probe (evaluation, i)->accuracy;

    low = MIN (low, isfinite (rate->low) ? rate->low : rate->rate);
  }
  return hf_ticks_find_bottom (isfinite (low) ? low : 0);
}

static int
compare_probes (gconstpointer a, gconstpointer b)
{
  const HfProbeEvaluation *left = *(const HfProbeEvaluation *const *) a;
  const HfProbeEvaluation *right = *(const HfProbeEvaluation *const *) b;

  return (left->accuracy.k < right->accuracy.k) -
         (left->accuracy.k > right->accuracy.k);
}

void
hf_compare_list_show (HfCompareList *self, const HfEvaluation *evaluation)
{
  double from = find_from (evaluation);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  GtkWidget *child;
  int row = 1;

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  attach_headings (self, (gint64) evaluation->n_tested);
  row = attach_probe (self, get_probe (evaluation, 0), row, TRUE, from);
  for (guint i = 1; i < evaluation->probes->len; i++)
    g_ptr_array_add (others, evaluation->probes->pdata[i]);
  g_ptr_array_sort (others, compare_probes);
  for (guint i = 0; i < others->len; i++)
    row = attach_probe (self, others->pdata[i], row, FALSE, from);
}

static HfPairedChange
find_change (const HfEvaluation *evaluation, const HfProbeEvaluation *other,
             const int *group)
{
  const HfProbeEvaluation *first = get_probe (evaluation, 0);
  gsize n = evaluation->n_tested;
  g_autofree gboolean *before = g_new0 (gboolean, n + 1);
  g_autofree gboolean *after = g_new0 (gboolean, n + 1);
  g_autofree int *groups = g_new0 (int, n + 1);

  for (gsize i = 0; i < n; i++) {
    before[i] = first->predicted[i] == evaluation->truth[i];
    after[i] = other->predicted[i] == evaluation->truth[i];
    groups[i] = group[evaluation->tested[i]];
  }
  return hf_paired_change_new (before, after, groups, n);
}

static char *
dup_verdict (const HfProbeEvaluation *best, const HfPairedChange *paired,
             const char *low, const char *high)
{
  const char *name = hf_findings_get_probe_name (best->spec.kind);
  const char *blocks = hf_findings_get_blocks_name (best->spec.blocks);
  int change = (int) (paired->gained - paired->lost);

  if (paired->low > 0)
    /* Translators: a probe, its features, pictures and their interval. */
    return g_strdup_printf (_("%s (%s) is clearly better: %d more right "
                              "(interval %s to %s)."),
                               name, blocks, change, low, high);
  if (paired->high < 0)
    /* Translators: pictures and their interval. */
    return g_strdup_printf (_("No other probe is better: the best of them has "
                              "%d fewer right (interval %s to %s)."),
                               -change, low, high);
  return g_strdup_printf (
      change < 0 ? _("No other probe is clearly better: the best of them has "
                     "%d fewer right (interval %s to %s).")
                 : _("No other probe is clearly better: the best of them has "
                     "%d more right (interval %s to %s)."),
                      ABS (change), low, high);
}

char *
hf_compare_list_dup_sentence (const HfEvaluation *evaluation, const int *group)
{
  const HfProbeEvaluation *best = NULL;
  g_autofree char *low = NULL, *high = NULL;
  HfPairedChange paired;

  for (guint i = 1; i < evaluation->probes->len; i++)
    if (best == NULL ||
        get_probe (evaluation, i)->accuracy.k > best->accuracy.k)
      best = get_probe (evaluation, i);
  if (best == NULL)
    return NULL;
  paired = find_change (evaluation, best, group);
  if (!isfinite (paired.low))
    return g_strdup (
        _("All pictures are of one lot, so no probe can be called "
                       "better than another."));
  low = hf_wording_dup_signed (lround (paired.low * (double) paired.n), FALSE);
  high =
      hf_wording_dup_signed (lround (paired.high * (double) paired.n), FALSE);
  return dup_verdict (best, &paired, low, high);
}
