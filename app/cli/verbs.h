/* app/cli/verbs.h: the words that may follow `handful-cli`, and what a verb
 * is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the program ends with, unless a signal did: then 128 and its number. */
enum {
  HF_EXIT_DONE = 0,
  HF_EXIT_FAILED = 1,   /* model, device, output: the job itself failed */
  HF_EXIT_USAGE = 2,    /* asked for in a wrong way */
  HF_EXIT_PICTURES = 3, /* picture inputs were refused or missing */
};

typedef struct _HfVerb HfVerb;

struct _HfVerb {
  const char *name;    /* "embed"; "models info" for a verb of two words */
  const char *usage;   /* what follows the options: "PATH..." */
  const char *summary; /* one sentence */
  const char *more;    /* further paragraphs of --help, or NULL */
  const char *example; /* one command line that works */
  /* @argv[0] is the verb; the result is the exit status. */
  int (*run) (const HfVerb *self, int argc, char **argv);
};

int hf_verb_bakeoff (const HfVerb *self, int argc, char **argv);
int hf_verb_bench (const HfVerb *self, int argc, char **argv);
int hf_verb_classify (const HfVerb *self, int argc, char **argv);
int hf_verb_devices (const HfVerb *self, int argc, char **argv);
int hf_verb_doctor (const HfVerb *self, int argc, char **argv);
int hf_verb_doubt (const HfVerb *self, int argc, char **argv);
int hf_verb_embed (const HfVerb *self, int argc, char **argv);
int hf_verb_evaluate (const HfVerb *self, int argc, char **argv);
int hf_verb_label (const HfVerb *self, int argc, char **argv);
int hf_verb_models (const HfVerb *self, int argc, char **argv);
int hf_verb_predict (const HfVerb *self, int argc, char **argv);
int hf_verb_project (const HfVerb *self, int argc, char **argv);
int hf_verb_proof (const HfVerb *self, int argc, char **argv);
int hf_verb_report (const HfVerb *self, int argc, char **argv);
int hf_verb_suggest (const HfVerb *self, int argc, char **argv);
int hf_verb_tokens (const HfVerb *self, int argc, char **argv);
int hf_verb_train (const HfVerb *self, int argc, char **argv);
int hf_verb_verify (const HfVerb *self, int argc, char **argv);
int hf_verb_watch (const HfVerb *self, int argc, char **argv);

G_END_DECLS
