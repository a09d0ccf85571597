/* app/charts/forest-private.h: rows of rates on one scale, as forest.c makes
 * and forest-draw.c draws them. */
#pragma once

#include "app/charts/chart-private.h"
#include "evaluate/rate.h"

#define HF_FOREST_N_EXTRAS 2

typedef struct {
  char *section, *section_note, *label, *note,
      *detail; /* NULL: none; label never. detail: quiet, behind the label */
  char *count, *percent, *interval; /* as they are shown */
  char *extras[HF_FOREST_N_EXTRAS]; /* columns at the right */
  HfRate rate;
  gboolean chosen;
  gboolean begins; /* a little apart from the line above */
  gboolean square; /* the mark, where two kinds of rates take turns */
} HfForestLine;

typedef struct {
  GPtrArray *lines; /* HfForestLine * */
  char *headings[HF_FOREST_N_EXTRAS];
  double goal;
  double low, high; /* of the scale */
} HfForest;

extern const HfChartKind hf_forest_kind;

void hf_forest_free (gpointer data);
