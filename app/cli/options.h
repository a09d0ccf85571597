/* app/cli/options.h: the options of one verb. */
#pragma once

#include "app/cli/verbs.h"
#include "app/jobs/texts.h"
#include "compute/device.h"

G_BEGIN_DECLS

/* Parses @argv by @entries (--help is added). All strings are taken as the
 * bytes they are, so entries use G_OPTION_ARG_FILENAME, never _STRING, which
 * would ask the locale. FALSE with *@status set if the verb shall end: after
 * --help, or after a sentence on stderr about a wrong option. */
gboolean hf_options_parse (const HfVerb *verb, const GOptionEntry *entries,
                           int argc, char **argv, int *status);

/* A sentence about wrong usage on stderr, with where to read more; returns
 * HF_EXIT_USAGE. */
int hf_options_refuse (const HfVerb *verb, const char *format, ...)
    G_GNUC_PRINTF (2, 3);

/* What --help says of --precision. */
#define HF_OPTIONS_PRECISION_HELP \
  "How weights are stored: f32, f16 (default), bf16 or int8"

/* NULL gives the default, f16. FALSE after a sentence. */
gboolean hf_options_read_precision (const HfVerb *verb, const char *name,
                                    HfPrecision *precision);

/* Where the model @name is (caller frees): hf_store_dup_path. NULL after a
 * sentence. Also says of a file that is not installed if nothing lies beside it
 * that tells what it computes; of one that is, models add said so. */
char *hf_options_dup_model (const char *name) G_GNUC_WARN_UNUSED_RESULT;

/* Warns on stderr of every text that was cut. FALSE if there is one and
 * @strict: the warning was the error. */
gboolean hf_options_warn_cut (const HfTexts *texts, gboolean strict);

/* One list of the entries of all @lists (the last is NULL), in their order
 * (caller frees the array only). */
GOptionEntry *
hf_options_join (const GOptionEntry *const *lists) G_GNUC_WARN_UNUSED_RESULT;

/* Names every refused picture (element-type HfRefusal) on stderr with its
 * reason; returns HF_EXIT_PICTURES if there is one, else HF_EXIT_DONE. */
int hf_options_end (const GPtrArray *refusals);

/* NULL gives 1. FALSE after a sentence. */
gboolean hf_options_read_views (const HfVerb *verb, const char *text,
                                int *n_views);

/* Whether there is a device of that name; NULL: none was named. FALSE after a
 * sentence. After hf_task_start, which comes before the first look at one. */
gboolean hf_options_check_device (const HfVerb *verb, const char *name);

/* Asks on the terminal; TRUE if the answer is yes. Without a terminal a
 * sentence says to use --yes, and the answer is no. */
gboolean hf_options_ask (const char *question);

/* Finds @name in @verbs (ends with a NULL name), else NULL. */
const HfVerb *hf_verbs_find (const HfVerb *verbs, const char *name);

G_END_DECLS
