/* label-room.c: the page in the room that there is. The live pane folds first,
 * then the sidebar, then the tools above the pictures become icons.
 *
 * The flaps could fold by themselves, by the minimum of what is between them.
 * But that gets smaller with what folds, and they would unfold again. So the
 * width decides, and the page says that it can be as narrow as its narrowest
 * form, whatever is unfolded now. */
#include "ui/label/label-page-private.h"

#include "ui/widgets/badge.h"

/* px at text of 11 pt */
#define PANE_FROM 1180
#define SIDEBAR_FROM 860
#define TOOLS_FROM 620
#define NARROWEST 340

static void
fold (AdwFlap *flap, gboolean folded)
{
  AdwFlapFoldPolicy policy =
      folded ? ADW_FLAP_FOLD_POLICY_ALWAYS : ADW_FLAP_FOLD_POLICY_NEVER;

  if (adw_flap_get_fold_policy (flap) != policy)
    adw_flap_set_fold_policy (flap, policy);
}

static void
fit (HfLabelPage *self, int width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean icons = width < hf_badge_scale (widget, TOOLS_FROM);

  fold (self->inner, width < hf_badge_scale (widget, PANE_FROM));
  fold (self->outer, width < hf_badge_scale (widget, SIDEBAR_FROM));
  gtk_widget_set_visible (self->wide_tools, !icons);
  gtk_widget_set_visible (self->narrow_tools, icons);
}

/* What folds while sizes are given out asks for new ones, and those above the
 * page get none in that frame. While another page was shown the window may have
 * become any size, so the page folds before it gets its own. */
void
hf_label_page_expect_room (HfLabelPage *self)
{
  GtkWidget *parent = gtk_widget_get_parent (GTK_WIDGET (self));
  int width = parent != NULL ? gtk_widget_get_width (parent) : 0;

  if (width > 0)
    fit (self, width);
}

void
hf_label_page_measure (GtkWidget *widget, GtkOrientation orientation,
                       int for_size, int *minimum, int *natural,
                       int *minimum_baseline, int *natural_baseline)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  GtkWidget *outer = GTK_WIDGET (self->outer);
  int width;

  gtk_widget_measure (outer, GTK_ORIENTATION_HORIZONTAL, -1, &width, natural,
                      NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (width, hf_badge_scale (widget, NARROWEST));
  else
    gtk_widget_measure (outer, orientation,
                        for_size < 0 ? -1 : MAX (for_size, width), minimum,
                        natural, NULL, NULL);
}

void
hf_label_page_size_allocate (GtkWidget *widget, int width, int height,
                             int baseline)
{
  HfLabelPage *self = HF_LABEL_PAGE (widget);
  GtkWidget *outer = GTK_WIDGET (self->outer);
  int minimum;

  fit (self, width);
  gtk_widget_measure (outer, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL,
                      NULL, NULL);
  gtk_widget_allocate (outer, MAX (width, minimum), height, baseline, NULL);
}
