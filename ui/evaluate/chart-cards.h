/* ui/evaluate/chart-cards.h: the cards that are a chart and a sentence. Each
 * function fills one from the findings. Main thread only. */
#pragma once

#include "ui/charts/card.h"
#include "ui/evaluate/findings.h"

G_BEGIN_DECLS

/* The acceptance set as it was last judged. */
typedef struct {
  const HfProbeEvaluation *evaluation; /* NULL: it was not */
  const char *note;                    /* hf_acceptance_dup_note, or NULL */
  gint64 n_openings;
  gboolean is_stale; /* its rates are of another probe than the rest */
} HfJudgedSet;

/* Escapes and overkill on one scale: of all that was held out, of what nobody
 * picked by hand, of the acceptance set, and what to know of the latter. */
void hf_rates_card_fill (HfCard *card, const HfFindings *findings,
                         const HfJudgedSet *acceptance);

/* What more labels bring; @full has the curve. */
void hf_learning_card_fill (HfCard *card, const HfFindings *findings,
                            const HfEvaluation *full);

/* Whether 90 % is right nine times of ten. */
void hf_probabilities_card_fill (HfCard *card, const HfFindings *findings);

/* By lots beside at random; @full has the leak. */
void hf_lots_card_fill (HfCard *card, const HfFindings *findings,
                        const HfEvaluation *full);

G_END_DECLS
