/* app/desk/project-work.h: a project opened for one piece of long work in a
 * thread of its own: settings, samples, and how its pictures become rows, as
 * the command line has them without options. */
#pragma once

#include "app/project/project.h"
#include "app/study/project-settings.h"
#include "app/study/study.h"

G_BEGIN_DECLS

/* A plain struct; zero is nothing. */
typedef struct {
  HfProject *project;
  HfProjectSettings *settings;
  HfSamples *samples;
  GPtrArray *prompts; /* char *const *, of each class of the samples;
                         borrowed */
  char *model_path;   /* NULL where only classic features count */
  HfStudyOptions how; /* scope LABELLED */
} HfProjectWork;

/* @device (as hf_device_open) and @cache_path (or NULL) must outlive @self.
 * Errors of hf_project_open, of the readers of settings, of
 * hf_store_dup_path. */
gboolean hf_project_work_open (HfProjectWork *self, const char *project_path,
                               const char *device, const char *cache_path,
                               GError **error);
void hf_project_work_clear (HfProjectWork *self);

/* The study of the pictures of @scope. Errors of hf_study_new. */
HfStudy *hf_project_work_study (const HfProjectWork *self, HfStudyScope scope,
                                HfProgress *progress,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfProjectWork, hf_project_work_clear)
G_END_DECLS
