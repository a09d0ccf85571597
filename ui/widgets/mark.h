/* ui/widgets/mark.h: what was decided, by its shape first and its colour
 * second: a tick, a cross, a question mark, a hollow ring, a warning sign, a
 * broken picture. Drawn, for no icon theme has them.
 *
 * Properties: "kind" (HfMarkKind), "pixel-size" (16; grows with the size of
 * text). The colours are the style's success_color, error_color and
 * warning_color, or the text's. Main thread only. */
#pragma once

#include "probe/verdict.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum {
  HF_MARK_NONE,
  HF_MARK_PASS,    /* tick in a disc */
  HF_MARK_WRONG,   /* cross in a disc */
  HF_MARK_UNSURE,  /* question mark in a disc */
  HF_MARK_UNKNOWN, /* hollow ring */
  HF_MARK_WARNING, /* exclamation mark in a triangle */
  HF_MARK_BROKEN   /* a picture with a crack */
} HfMarkKind;

#define HF_TYPE_MARK_KIND (hf_mark_kind_get_type ())
GType hf_mark_kind_get_type (void);

#define HF_MARK_PIXEL_SIZE 16

#define HF_TYPE_MARK (hf_mark_get_type ())
G_DECLARE_FINAL_TYPE (HfMark, hf_mark, HF, MARK, GtkWidget)

GtkWidget *hf_mark_new (HfMarkKind kind);

void hf_mark_set_kind (HfMark *self, HfMarkKind kind);

/* HF_MARK_NONE for HF_VERDICT_CLASS: the class's badge is shown instead. */
HfMarkKind hf_mark_of_verdict (HfVerdict verdict);

/* "Passes", as a screen reader says it; "" for HF_MARK_NONE. Constant. */
const char *hf_mark_get_name (HfMarkKind kind);

/* Draws @kind into the square at (@x, @y) with sides of @side in the style of
 * @widget: for widgets that draw all of themselves. */
void hf_mark_snapshot_at (GtkWidget *widget, GtkSnapshot *snapshot,
                          HfMarkKind kind, float x, float y, float side);

/* The colour of @kind in @widget's style. */
GdkRGBA hf_mark_get_colour (GtkWidget *widget, HfMarkKind kind);

G_END_DECLS
