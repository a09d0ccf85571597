/* app/cli/study-options.h: what the verbs that learn from labels have in
 * common: where the labels are, which features, which probe. A project's
 * settings stand where nothing was written. */
#pragma once

#include "app/cli/options.h"
#include "app/cli/task.h"
#include "app/project/project.h"
#include "app/prompts/prompt-set.h"
#include "app/study/study.h"

G_BEGIN_DECLS

/* Which options a verb takes. */
typedef enum {
  HF_STUDY_TAKES_LABELS = 1 << 0, /* --labels, and what only it needs */
  HF_STUDY_TAKES_PROBE = 1 << 1,  /* --probe and its strengths */
  HF_STUDY_TAKES_MODEL = 1 << 2,  /* --model */
} HfStudyTakes;

typedef struct {
  /* As written; NULL or 0 where nothing was said. */
  char *project_path, *labels;
  char *model_name, *device, *precision_name, *framing_name, *views_text;
  char *features_name, *kernel_name, *background, *groups, *good;
  char **probe_names, **templates;
  char *seed_text, *c_text, *text_pull_text, *thresholds_text;
  int n_words;
  gboolean words_per_class, tunes;

  /* What it means; set by hf_study_options_resolve. */
  HfProject *project; /* NULL with --labels */
  HfSamples *samples;
  HfPromptSet *prompt_set; /* of the classes of the samples */
  GPtrArray *prompts;      /* char **, for each of these classes */
  char *model_path;
  HfStudyOptions study;
  HfThresholds thresholds; /* NAN where there are none */
  HfProbeSpec spec; /* but for its kind, where several probes were named */
  char *cache_path;
} HfStudyArguments;

/* @own and the common entries together (caller frees the array only). */
GOptionEntry *hf_study_options_dup_entries (
    HfStudyArguments *self, HfStudyTakes takes,
    const GOptionEntry *own) G_GNUC_WARN_UNUSED_RESULT;
void hf_study_options_clear (HfStudyArguments *self);

/* Makes sense of what was written: opens the project, reads the labels, finds
 * the model. FALSE after a sentence, with *@status. */
gboolean hf_study_options_resolve (HfStudyArguments *self, const HfVerb *verb,
                                   int *status);

/* The kinds that were asked for with --probe, or @defaults[@n_defaults]
 * (element-type HfProbeKind; caller unrefs); where that is one, the project's
 * setting comes before it. Notes whether a study needs a tuner for them. NULL
 * after a sentence. */
GArray *hf_study_options_dup_kinds (HfStudyArguments *self, const HfVerb *verb,
                                    const HfProbeKind *defaults,
                                    gsize n_defaults) G_GNUC_WARN_UNUSED_RESULT;

/* Embeds the pictures of @scope, with a bar. NULL after a sentence, with
 * *@status; also where no picture could be read. */
HfStudy *hf_study_options_open (const HfStudyArguments *self,
                                HfStudyScope scope, HfTask *task,
                                int *status) G_GNUC_WARN_UNUSED_RESULT;

/* Says why a study cannot be made, and returns the status. */
int hf_study_options_fail (const HfStudyArguments *self, HfTask *task,
                           const GError *error);

/* As hf_options_end, of the study's pictures. */
int hf_study_options_end (const HfStudy *study);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfStudyArguments, hf_study_options_clear)
G_END_DECLS
