/* ui/evaluate/findings.h: one state of the numbers as the cards of the page
 * take them: with names, badges and files of pictures. Plain struct, main
 * thread only; cards copy what they keep. */
#pragma once

#include "app/desk/numbers.h"
#include "ui/workspace/class-item.h"

G_BEGIN_DECLS

typedef struct {
  HfNumbers *numbers;
  const HfEvaluation *evaluation;     /* of the numbers */
  const HfProbeEvaluation *probe;     /* in use */
  const HfProbeEvaluation *zero_shot; /* NULL: none */
  int n_classes;                      /* of the rows */
  char **names;                       /* [n_classes] valid UTF-8 */
  HfClassItem **items;                /* [n_classes], each may be NULL */
  const HfClassKind *kinds;           /* [n_classes] */
  GHashTable *paths; /* gint64 * image id -> its sample's file */
} HfFindings;

/* @numbers has an evaluation; @classes is of HfClassItem, or NULL. */
HfFindings *hf_findings_new (HfNumbers *numbers,
                             GListModel *classes) G_GNUC_WARN_UNUSED_RESULT;
void hf_findings_free (HfFindings *self);

/* The file of a picture, or NULL. Borrowed. */
const char *hf_findings_get_path (const HfFindings *self, gint64 image_id);

/* Number of the picture that was tested as @i, or 0. */
gint64 hf_findings_get_image (const HfFindings *self, gsize i);

/* Whether escapes and overkill can be counted. */
gboolean hf_findings_have_good (const HfFindings *self);

/* "GDA", "Zero-shot": a kind of probe as it is shown. */
const char *hf_findings_get_probe_name (HfProbeKind kind);
/* "embedding", "colour and edges", "embedding + colour, edges". */
const char *hf_findings_get_blocks_name (HfBlocks blocks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfFindings, hf_findings_free)
G_END_DECLS
