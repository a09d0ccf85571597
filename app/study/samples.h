/* app/study/samples.h: pictures with or without labels, from a project, a
 * folder of class folders, or a CSV: what training and evaluation start from.
 *
 * Plain structs, filled by one of the makers, then read-only. */
#pragma once

#include "probe/dataset.h"

G_BEGIN_DECLS

#define HF_SAMPLES_ERROR (hf_samples_error_quark ())

typedef enum {
  HF_SAMPLES_ERROR_FORMAT, /* a CSV that is none; names the line */
  HF_SAMPLES_ERROR_EMPTY,  /* nothing labelled, and nothing refused */
  HF_SAMPLES_ERROR_CLASS,  /* --good names no class */
} HfSamplesError;

GQuark hf_samples_error_quark (void);

typedef struct {
  char *name;
  HfClassKind kind;
  gint64 id; /* of the project; 0 without one */
} HfSampleClass;

HfSampleClass *
hf_sample_class_dup (const HfSampleClass *self) G_GNUC_WARN_UNUSED_RESULT;
void hf_sample_class_free (HfSampleClass *self);

/* Whether one of @classes (HfSampleClass *) is good: without one there are no
 * escapes and no overkill. */
gboolean hf_sample_classes_have_good (const GPtrArray *classes);

/* The class of that name among them, borrowed, or NULL. */
HfSampleClass *hf_sample_classes_find (const GPtrArray *classes,
                                       const char *name);

/* Makes @good the good one and the others defects. HF_SAMPLES_ERROR_CLASS if it
 * is neither among @classes nor among @others (HfSampleClass *), which may be
 * NULL. */
gboolean hf_sample_classes_set_good (const GPtrArray *classes, const char *good,
                                     const GPtrArray *others, GError **error);

/* Strings belong to the samples that it is among. */
typedef struct {
  const char *path;  /* of the file, any bytes */
  const char *group; /* NULL: stands alone */
  gint64 image_id;   /* of the project; 0 without one */
  int label;         /* -1: none */
  gboolean audited;  /* labelled after an audit draw */
  gboolean sealed;   /* belongs to the acceptance set */
} HfSample;

typedef struct {
  GPtrArray *classes;  /* HfSampleClass * */
  GPtrArray *samples;  /* HfSample *, by path in byte order */
  GPtrArray *refusals; /* HfRefusal * (app/jobs/pictures.h): what was named and
                          is not there */
  GPtrArray *links;    /* char *, to folders inside those of classes, which were
                          passed over */
  GPtrArray *blocks;   /* what they lie in */
  GStringChunk *strings;
  gpointer owner; /* of strings that were not copied, or NULL */
  GDestroyNotify free_owner;
} HfSamples;

HfSamples *hf_samples_new (void) G_GNUC_WARN_UNUSED_RESULT;
void hf_samples_free (HfSamples *self);

/* Index of the class, added with @kind if it is new. */
int hf_samples_add_class (HfSamples *self, const char *name, HfClassKind kind);
HfSample *hf_samples_add (HfSamples *self, const char *path, int label,
                          const char *group);
/* The same without copying @path and @group, which the owner has. */
HfSample *hf_samples_add_owned (HfSamples *self, const char *path, int label,
                                const char *group);
/* Takes the owner of strings to come. Once. */
void hf_samples_take_owner (HfSamples *self, gpointer owner,
                            GDestroyNotify free_owner);

/* Appends a sentence that names the first of the links, if there are any, to
 * @notes (char *). */
void hf_samples_note_links (const HfSamples *self, GPtrArray *notes);

/* Class = subfolder (with everything below it, but for what links to folders
 * lead to). @path may be a CSV file
 * instead, with the header `path,label[,group]`, paths relative to it.
 * A picture without a label in it has none; one that is named twice counts
 * once. @groups: NULL (those of the CSV if it has some), "folder" (the
 * picture's own folder), "csv", or a regular expression over the file name
 * whose first capture is the group. @good: NULL, or the class that is good; the
 * others are then defects, without it all are `other`. Classes come in byte
 * order. Errors of hf_group_rule_new; GFileError if @path cannot be read. */
HfSamples *hf_samples_load (const char *path, const char *groups,
                            const char *good,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (HfSamples, hf_samples_free)
G_END_DECLS
