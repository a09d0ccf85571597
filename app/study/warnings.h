/* app/study/warnings.h: what is to be known about rates of labelled rows before
 * they are believed, in sentences. */
#pragma once

#include "app/study/rows.h"
#include "probe/verdict.h"

G_BEGIN_DECLS

typedef enum {
  HF_WARN_PLAINLY,
  HF_WARN_ON_COMMAND_LINE, /* options that help are named */
  HF_WARN_BESIDE_LOTS,     /* that there are no lots is said beside them */
} HfWarnings;

/* Adds to @warnings (element-type char *): few labels, no or too few lots,
 * near-copies that may have been missed, no good class. @rows has at least one
 * row. */
void hf_rows_add_warnings (const HfRows *rows, HfWarnings how,
                           GPtrArray *warnings);

/* Adds that escapes and overkill are those of thresholds that somebody set, if
 * that is so. @self may be NULL; @classes of HfSampleClass. */
void hf_thresholds_add_warning (const HfThresholds *self,
                                const GPtrArray *classes, GPtrArray *warnings);

G_END_DECLS
