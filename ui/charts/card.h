/* ui/charts/card.h: a titled card around a chart, or around a widget of its
 * own, whose menu gives the data away: as CSV and as text, as a table to walk
 * through, as SVG and PNG.
 *
 * Properties: "title"; "child" (the content); "extra" (below the sentence, as a
 * button); "busy" (a newer result is on the way: a spinner, and what is shown
 * gets quiet). Actions: card.copy-csv, card.copy-text, card.show-table,
 * card.save-svg, card.save-png. What was done is said by win.toast, what went
 * wrong by win.complain. Main thread only; files are written in a thread. */
#pragma once

#include "app/charts/chart.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define HF_TYPE_CARD (hf_card_get_type ())
G_DECLARE_FINAL_TYPE (HfCard, hf_card, HF, CARD, GtkWidget)

/* @child NULL: the card shows its chart. */
GtkWidget *hf_card_new (const char *title, GtkWidget *child);

/* What the menu gives away, and what is shown where there is no child of one's
 * own. Refs @chart; NULL takes the menu away. */
void hf_card_set_chart (HfCard *self, HfChart *chart);
/* For content that is no chart: a table alone, which is copied; NULL takes the
 * menu away. */
void hf_card_set_table (HfCard *self, const HfTable *table);

/* A quiet line below the title; NULL: none. */
void hf_card_set_caption (HfCard *self, const char *caption);
/* What is to be learnt from it, below the content, as markup; NULL: none. */
void hf_card_set_sentence (HfCard *self, const char *markup);
void hf_card_set_busy (HfCard *self, gboolean busy);

/* What the menu gives away. Borrowed, or NULL. */
const HfTable *hf_card_get_table (HfCard *self);

G_END_DECLS
