/* verb-tokens.c: handful-cli tokens. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/jobs/texts.h"

enum { CONTEXT_LENGTH = 77 }; /* of every published CLIP */

static void
print_plain (const HfTexts *texts)
{
  for (gsize i = 0; i < hf_texts_get_n (texts); i++) {
    const int *ids = hf_texts_get_ids (texts)[i];

    for (gsize j = 0; j < hf_texts_get_n_ids (texts)[i]; j++)
      hf_output_printf ("%s%d", j > 0 ? " " : "", ids[j]);
    hf_output_text ("\n");
  }
}

static void
print_json (const HfTexts *texts)
{
  g_autoptr (HfJson) all = json_object_new_array ();

  for (gsize i = 0; i < hf_texts_get_n (texts); i++) {
    const int *ids = hf_texts_get_ids (texts)[i];
    HfJson *list = json_object_new_array ();

    for (gsize j = 0; j < hf_texts_get_n_ids (texts)[i]; j++)
      json_object_array_add (list, json_object_new_int (ids[j]));
    json_object_array_add (all, list);
  }
  hf_output_json (all);
}

int
hf_verb_tokens (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE, strict = FALSE;
  g_auto (GStrv) written = NULL;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json,
       "Print one JSON list of lists of ids", NULL},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &strict,
       "A text over 77 tokens is an error", NULL},
      {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &written, NULL,
       NULL},
      {NULL},
  };
  g_autoptr (HfTokenizer) tokenizer = NULL;
  g_autoptr (HfTexts) texts = NULL;
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (written == NULL)
    return hf_options_refuse (verb, "A text is missing.");
  tokenizer = hf_tokenizer_new (&error);
  if (tokenizer == NULL) {
    hf_complain ("%s", error->message);
    return HF_EXIT_FAILED;
  }
  texts =
      hf_texts_new (tokenizer, (const char *const *) written, CONTEXT_LENGTH);
  if (!hf_options_warn_cut (texts, strict))
    return HF_EXIT_USAGE;
  if (json)
    print_json (texts);
  else
    print_plain (texts);
  return HF_EXIT_DONE;
}
