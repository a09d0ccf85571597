/* A project in a folder of its own, with a few files that stand for pictures:
 * a project never decodes them. */
#pragma once

#include "app/project/project.h"

typedef struct {
  char *root;
  char *path; /* of the project */
  HfProject *project;
} Fixture;

void fixture_set_up (Fixture *self, gconstpointer unused);
void fixture_tear_down (Fixture *self, gconstpointer unused);

/* Makes the file ROOT/@name that holds @text, and its folders. */
void fixture_put (const Fixture *self, const char *name, const char *text);

/* ROOT/@name; caller frees. */
char *fixture_dup_path (const Fixture *self, const char *name);

/* Adds the folder ROOT/@name and returns how many pictures were new. */
gsize fixture_add (Fixture *self, const char *name);

/* The number of the picture ROOT/@name. */
gint64 fixture_find (Fixture *self, const char *name);

/* Labels ROOT/@name, made if there is no such class. */
void fixture_label (Fixture *self, const char *name, const char *class_name);

/* "a.jpg=good b.jpg=-": the last part of each picture's path with its label, in
 * the order of the samples; caller frees. */
char *fixture_dup_labels (const Fixture *self);

/* The same, read by another connection. */
char *fixture_dup_labels_again (const Fixture *self);
