/* app/cli/verbs/project/project-verbs.h: the verbs `project` and `label`, and
 * what they have in common. */
#pragma once

#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/project/project.h"

G_BEGIN_DECLS

/* What every one of these verbs is given. */
typedef struct {
  char *name;   /* --project */
  char **words; /* all other arguments, or NULL */
  char **rest;  /* @words without the project; borrowed */
  HfProject *project;
} HfProjectArguments;

#define HF_PROJECT_OPTION(self)                                             \
  {                                                                         \
    "project", 'P', 0, G_OPTION_ARG_FILENAME, &(self)->name, "The project", \
        "NAME.handful"                                                      \
  }
#define HF_PROJECT_WORDS(self)                                             \
  {                                                                        \
    G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &(self)->words, \
        NULL, NULL                                                         \
  }

void hf_project_arguments_clear (HfProjectArguments *self);

/* Finds the project: --project, or with @first_word the first of the words.
 * FALSE after a sentence, with *@status. */
gboolean hf_project_arguments_name (HfProjectArguments *self,
                                    const HfVerb *verb, gboolean first_word,
                                    int *status);
/* The same, and opens it. */
gboolean hf_project_arguments_open (HfProjectArguments *self,
                                    const HfVerb *verb, gboolean first_word,
                                    int *status);

/* Says why a project could not do it; returns the exit status. */
int hf_project_complain (const GError *error);

/* Names on stderr classes that differ from another one in nothing but case:
 * @class_name, or with NULL all of them. */
void hf_project_tell_similar (HfProject *project, const char *class_name);

/* Runs the verb of @verbs that @argv[1] names, or prints their help. */
int hf_verbs_run (const HfVerb *verb, const HfVerb *verbs, int argc,
                  char **argv);

int hf_verb_project_info (const HfVerb *self, int argc, char **argv);
int hf_verb_project_log (const HfVerb *self, int argc, char **argv);
int hf_verb_project_set (const HfVerb *self, int argc, char **argv);
int hf_verb_project_class (const HfVerb *self, int argc, char **argv);
int hf_verb_project_template (const HfVerb *self, int argc, char **argv);
int hf_verb_project_check (const HfVerb *self, int argc, char **argv);
int hf_verb_project_recover (const HfVerb *self, int argc, char **argv);
int hf_verb_label_import (const HfVerb *self, int argc, char **argv);
int hf_verb_label_export (const HfVerb *self, int argc, char **argv);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (HfProjectArguments,
                                  hf_project_arguments_clear)
G_END_DECLS
