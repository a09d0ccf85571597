/* app/report/content-private.h: what a report says, before it is a PDF or a
 * page: pieces in reading order. Every text is UTF-8. */
#pragma once

#include "app/charts/chart.h"
#include "app/report/misses-private.h"
#include "app/report/report.h"

typedef enum {
  HF_PIECE_HEADING, /* text */
  HF_PIECE_TEXT,    /* text */
  HF_PIECE_WARNING, /* text, a lasting doubt */
  HF_PIECE_FIGURES, /* table: name, gloss, count, interval */
  HF_PIECE_FACTS,   /* table: name, value; without its heading */
  HF_PIECE_TABLE,   /* table */
  HF_PIECE_CHART,   /* chart, and perhaps second beside it */
  HF_PIECE_MISSES,  /* misses */
} HfPieceKind;

typedef struct {
  HfPieceKind kind;
  char *text;
  HfTable *table;
  HfChart *chart, *second;
  gboolean bare;     /* the heading above is title enough */
  gboolean caption;  /* what the charts say stands below them */
  GPtrArray *misses; /* HfMiss * */
} HfPiece;

typedef struct {
  char *title;       /* the project's name */
  char *date;        /* "2026-11-25 12:00 UTC" */
  char *date_iso;    /* "2026-11-25T12:00:00Z" */
  char *generator;   /* "Handful 0.1.0" */
  char *summary;     /* one sentence, for metadata */
  GPtrArray *pieces; /* HfPiece * */
} HfReportContent;

/* NULL only with G_IO_ERROR_CANCELLED. */
HfReportContent *
hf_report_content_new (const HfReportInput *input, HfProgress *progress,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_report_content_free (HfReportContent *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfReportContent, hf_report_content_free)

/* The ways out. */
GBytes *hf_report_write_pdf (const HfReportContent *content,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *hf_report_write_html (const HfReportContent *content,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *
hf_report_write_json (const HfReportInput *input) G_GNUC_WARN_UNUSED_RESULT;
