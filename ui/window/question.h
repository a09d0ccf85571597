/* ui/window/question.h: whether labels are still right, asked by a toast that
 * leads to their pictures (win.show-labelled). While it stands there is one for
 * all of them: who saves twenty pictures is not asked twenty times. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef struct _HfQuestion HfQuestion;

/* Asks in @toasts, which outlives it. */
HfQuestion *hf_question_new (AdwToastOverlay *toasts) G_GNUC_WARN_UNUSED_RESULT;
void hf_question_free (HfQuestion *self);

/* The pictures @image_ids (element-type gint64) are in question too. */
void hf_question_add (HfQuestion *self, const GArray *image_ids);

/* None is any more. */
void hf_question_withdraw (HfQuestion *self);

G_END_DECLS
