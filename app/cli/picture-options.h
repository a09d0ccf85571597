/* app/cli/picture-options.h: what the verbs that look at pictures have in
 * common: the model, the device, the framing, and which pictures. */
#pragma once

#include "app/cli/options.h"
#include "app/jobs/pictures.h"
#include "features/session.h"
#include "image/framing.h"

G_BEGIN_DECLS

typedef struct {
  /* As written; NULL where nothing was said. */
  char *model_name, *device, *precision_name, *framing_name;
  gboolean strict;
  char **paths;

  /* What it means; set by hf_picture_options_resolve. */
  char *model_path;
  HfPrecision precision;
  HfFraming framing;
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

/* Collects the pictures; a path "-" reads a list from stdin. NULL with
 * G_IO_ERROR_CANCELLED, or a GIOError if stdin cannot be read or
 * holds a NUL byte. */
HfPictures *
hf_picture_options_collect (const HfPictureOptions *self, HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the model for @towers on the wanted device. */
HfSession *hf_picture_options_open (const HfPictureOptions *self,
                                    HfClipTowers towers, HfProgress *progress,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Names every refused picture on stderr with its reason; returns
 * HF_EXIT_PICTURES if there is one, else HF_EXIT_DONE. */
int hf_picture_options_end (const HfPictures *pictures);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfPictureOptions, hf_picture_options_clear)
G_END_DECLS
