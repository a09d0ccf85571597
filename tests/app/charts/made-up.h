/* Evaluations of probes that never were, for charts and reports. Seeded: the
 * same every time. */
#pragma once

#include "app/report/report.h"
#include "evaluate/evaluation.h"

/* @n pictures of @n_classes classes in lots of @lot (1: no lots); the first
 * class is good, the others defects, unless @good is FALSE: then all are
 * `other`. @skill 0 guesses, 3 is hardly ever wrong. */
typedef struct {
  gsize n;
  int n_classes;
  int lot;
  gboolean good;
  double skill;
  guint64 seed;
} MadeUp;

HfProbeEvaluation *made_up_probe (const MadeUp *self, const char *name);

/* With @n_points points. */
void made_up_learning (HfProbeEvaluation *probe, int n_points);

/* Several probes over the same pictures, the first of @self's skill. */
HfEvaluation *made_up_evaluation (const MadeUp *self, const char *const *names,
                                  guint n_probes);

void made_up_free (HfEvaluation *evaluation);

/* Names of classes: "good", "rusty", ...; and nasty ones: very long, in other
 * scripts, with markup and bytes that are no UTF-8. */
extern const char *const made_up_names[20];
extern const char *const made_up_nasty_names[20];

/* A whole report's input. The pictures are those of @folder that end in .jpg,
 * again and again; NULL: there are none. */
typedef struct {
  HfReportInput input;
  HfSamples *samples;
  HfSample **rows;
  HfEvaluation *evaluation;
  HfProbeEvaluation *acceptance;
  GPtrArray *refusals;
} MadeUpReport;

void made_up_report_init (MadeUpReport *self, const MadeUp *data,
                          const char *const *names, const char *folder);
void made_up_report_clear (MadeUpReport *self);
