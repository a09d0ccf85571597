/* app/desk/desk.h: a project at work, for a window that stays open: rows of
 * features are held from one label to the next, so that new numbers cost a
 * fit and not a look at the disk.
 *
 * hf_desk_embed may run in one thread while hf_desk_compute runs in another;
 * each of them in one thread at a time. */
#pragma once

#include "app/desk/numbers.h"
#include "app/study/project-settings.h"
#include "app/study/templates.h"
#include "features/extractor.h"

G_BEGIN_DECLS

typedef struct _HfDesk HfDesk;

/* @device as hf_device_open; @cache_path may be NULL; @log may be NULL. The
 * model is opened with the first picture or prompt that is not in the cache.
 * Errors of hf_store_dup_path (the model is not installed) and of
 * hf_extractor_open. */
HfDesk *hf_desk_open (HfProjectSettings *settings, const char *device,
                      const char *cache_path, HfDeviceLog log,
                      gpointer log_data,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void hf_desk_free (HfDesk *self);

/* Other prompts, another probe or seed, from the next result on; any thread.
 * @settings has the features_key that the desk was opened with: other features
 * want a new desk. */
void hf_desk_set_settings (HfDesk *self, HfProjectSettings *settings);

/* Called for each picture, from the calling thread; @refused says why one
 * cannot be read. */
typedef void (*HfDeskPictureFunc) (gint64 image_id, const GError *refused,
                                   gpointer data);

/* Makes rows for @paths[@n] with numbers @image_ids[@n], in this order but
 * cached ones first; of those that have one @func is told first. Reports to
 * @progress, waits while it is paused. Errors of hf_extractor_run;
 * G_IO_ERROR_CANCELLED, and what was made stays. */
gboolean hf_desk_embed (HfDesk *self, const gint64 *image_ids,
                        const char *const *paths, gsize n,
                        HfDeskPictureFunc func, gpointer data,
                        HfProgress *progress, GError **error);

/* Rows of pictures whose files are others now, or gone, count no more: in the
 * thread of hf_desk_embed. */
void hf_desk_forget (HfDesk *self, const gint64 *image_ids, gsize n);

/* All numbers but the suggestions for @samples, taken, over the pictures that
 * have rows by now. What cannot be measured is no error: the result's reason
 * says why. @serial is handed through. Errors of hf_study_encode_prompts;
 * G_IO_ERROR_CANCELLED. */
HfNumbers *hf_desk_compute (HfDesk *self, HfSamples *samples, guint64 serial,
                            HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same numbers with up to @n_next suggestions, which take as long as all
 * the rest: they come second. @due_ids[@n_due] and @n_shown as in
 * HfNextOptions. Of more than 10,240 pictures that many are drawn to choose
 * from. Errors: HF_ROWS_ERROR_MEMORY, G_IO_ERROR_CANCELLED. */
HfNumbers *hf_desk_suggest (HfDesk *self, HfNumbers *numbers,
                            const gint64 *due_ids, gsize n_due, guint64 n_shown,
                            gsize n_next, HfProgress *progress,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The full evaluation of a page: @specs[@n_specs] over the same folds, with the
 * learning curve of the first and the leak. @numbers says which labels. Errors
 * of hf_evaluation_new and, where a spec is of prompt, hf_tuner_open. */
HfEvaluation *hf_desk_evaluate (HfDesk *self, const HfNumbers *numbers,
                                const HfProbeSpec *specs,
                                const char *const *names, gsize n_specs,
                                HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The labelled pictures most like @image_id by cosine, the nearest first: ids
 * into @ids[@n], cosines into @cosines[@n]; returns how many there are. */
gsize hf_desk_find_neighbours (HfDesk *self, const HfNumbers *numbers,
                               gint64 image_id, gint64 *ids, double *cosines,
                               gsize n);

/* Probabilities of @numbers' probe for one picture, double[n_classes] into
 * @out; FALSE if it has no row or there is no probe. */
gboolean hf_desk_judge (HfDesk *self, const HfNumbers *numbers, gint64 image_id,
                        double *out);

/* Zero-shot probabilities by @prompts (char **[n_classes]) for @image_ids[@n]:
 * double[n][n_classes] (caller frees), NAN for pictures without a row. Errors
 * of hf_study_encode_prompts. For the live preview of prompts: must not run at
 * the same time as hf_desk_embed, which the desk sees to by a lock; it waits
 * for one batch of pictures at most. */
double *hf_desk_try_prompts (HfDesk *self, char *const *const *prompts,
                             gsize n_classes, const gint64 *image_ids, gsize n,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What each template of @set does on the labelled pictures of @numbers, which
 * has rows with embeddings. Errors of hf_template_effects_new. The desk sees to
 * it that hf_desk_embed waits meanwhile. */
HfTemplateEffects *
hf_desk_measure_templates (HfDesk *self, const HfNumbers *numbers,
                           const HfPromptSet *set, HfProgress *progress,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Why what is computed is not kept for the next time (caller frees), or NULL;
 * any thread. The desk works all the same. */
char *hf_desk_dup_cache_fault (HfDesk *self) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfDesk, hf_desk_free)
G_END_DECLS
