/* ui/label/empty-words.h: why no picture is shown, and what to do. */
#pragma once

#include "ui/label/list/shown-pictures.h"
#include "ui/workspace/workspace.h"

G_BEGIN_DECLS

/* Constant strings; @button and the @action of the Label page behind it are
 * NULL where nothing helps but waiting. */
typedef struct {
  const char *title, *reason, *button, *action;
} HfEmptyWords;

/* @workspace may be NULL. */
void hf_empty_words_init (HfEmptyWords *self, HfWorkspace *workspace,
                          HfShownPictures *pictures);

G_END_DECLS
