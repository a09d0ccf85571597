/* app/cli/verbs/bundle/answer.h: a verdict as the line that is printed. */
#pragma once

#include "app/inspect/inspector.h"

G_BEGIN_DECLS

typedef enum { HF_ANSWER_TEXT, HF_ANSWER_JSON, HF_ANSWER_CSV } HfAnswerForm;

/* The line of one picture, with its end (caller frees). */
char *hf_answer_dup_line (HfAnswerForm form, const HfInspector *inspector,
                          const char *path, const HfJudgement *judgement)
    G_GNUC_WARN_UNUSED_RESULT;

/* The first line of a CSV, or NULL where a form has none (caller frees). */
char *hf_answer_dup_head (HfAnswerForm form, const HfInspector *inspector)
    G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
