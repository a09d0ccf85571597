/* app/cli/picture-options.h: what the verbs that look at pictures have in
 * common: the model, the device, the framing, and which pictures. */
#pragma once

#include "app/cli/options.h"
#include "app/jobs/pictures.h"
#include "app/jobs/texts.h"
#include "app/project/project.h"
#include "features/extractor.h"

G_BEGIN_DECLS

typedef struct {
  /* As written; NULL where nothing was said. */
  char *model_name, *device, *precision_name, *framing_name, *views_text;
  gboolean strict, no_cache;
  char **paths;

  /* What it means; set by hf_picture_options_resolve. */
  char *model_path;
  HfPrecision precision;
  HfFraming framing;
  int n_views;
} HfPictureOptions;

#define HF_PICTURE_OPTIONS_INIT \
  {                             \
    .framing = HF_FRAMING_INIT  \
  }

/* @own and the common entries together (caller frees the array only). */
GOptionEntry *hf_picture_options_dup_entries (
    HfPictureOptions *self, const GOptionEntry *own) G_GNUC_WARN_UNUSED_RESULT;

void hf_picture_options_clear (HfPictureOptions *self);

/* Makes sense of what was written. FALSE after a sentence, with *@status. */
gboolean hf_picture_options_resolve (HfPictureOptions *self, const HfVerb *verb,
                                     int *status);

/* Says on stderr how many links to folders were passed over, if any were. */
void hf_picture_options_tell_links (gsize n_links);

/* Says on stderr that the labelled pictures @ids (gint64) are other ones than
 * when they were labelled, if there are any. */
void hf_picture_options_tell_others (HfProject *project, const GArray *ids);

/* Collects the pictures; a path "-" reads a list from stdin; says which links
 * were passed over. NULL with G_IO_ERROR_CANCELLED, or a GIOError if stdin
 * cannot be read or holds a NUL byte. */
HfPictures *
hf_picture_options_collect (const HfPictureOptions *self, HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes clip rows of pictures and texts, on the wanted device, and the
 * feature cache it uses (NULL if it cannot be opened). */
typedef struct {
  HfFeatureStore *store;
  HfExtractor *extractor;
} HfPictureTools;

/* @with_texts: both towers will be needed. Errors of hf_extractor_open. */
gboolean hf_picture_options_open (const HfPictureOptions *self,
                                  gboolean with_texts, HfPictureTools *tools,
                                  HfProgress *progress, GError **error);
void hf_picture_tools_clear (HfPictureTools *self);

/* @texts (NULL-terminated) as the model reads them, after a warning for each
 * that is cut. *@too_long: one is, and that is an error (--strict). Errors of
 * hf_tokenizer_new; free with hf_texts_free. */
HfTexts *
hf_picture_options_read_texts (const HfPictureOptions *self,
                               const HfPictureTools *tools,
                               const char *const *texts, gboolean *too_long,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfPictureOptions, hf_picture_options_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfPictureTools, hf_picture_tools_clear)
G_END_DECLS
