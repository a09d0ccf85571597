/* app/study/output/goldens.h: the small pictures that a bundle carries with
 * what they must give, so that another machine can prove that it computes the
 * same. */
#pragma once

#include "app/study/study.h"
#include "bundle/bundle.h"

G_BEGIN_DECLS

/* A few pictures of each class of @study's rows, made small and written as JPEG
 * again (element-type HfGolden; caller unrefs): their features come from those
 * small files, through the study's extractor, their probabilities from @probe.
 * Pictures that are gone by now are passed over. Errors of hf_extractor_run; a
 * GFileError if there is no memory for them; G_IO_ERROR_CANCELLED. */
GPtrArray *hf_goldens_new (const HfStudy *study, const HfProbe *probe,
                           HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
