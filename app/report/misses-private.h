/* app/report/misses-private.h: the pictures that were called wrong, the worst
 * first, small. */
#pragma once

#include "app/report/report.h"

/* A miss; every text is UTF-8. */
typedef struct {
  char *name;  /* of the file, without its folder */
  char *group; /* or NULL */
  char *truth, *predicted;
  const char *fault;  /* "escape", "overkill" or "wrong" */
  double probability; /* of the class that was called */
  GBytes *jpeg;       /* NULL: the picture could not be read */
  guint8 *rgb;        /* [height][width][3], the same; NULL likewise */
  int width, height;  /* pixels */
} HfMiss;

void hf_miss_free (HfMiss *self);

/* Up to @n_wanted misses of the probe (element-type HfMiss): escapes first,
 * then overkill, then the rest, each by the probability of what was called.
 * NULL only with G_IO_ERROR_CANCELLED. */
GPtrArray *hf_misses_new (const HfReportInput *input, guint n_wanted,
                          HfProgress *progress,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* How many there are in all. */
gint64 hf_misses_count (const HfReportInput *input);
