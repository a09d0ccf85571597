/* options.c: a thin layer over GOption: bytes instead of locale strings, our
 * own --help, and one sentence for each mistake. */
#include "app/cli/options.h"

#include "app/cli/output.h"
#include "app/jobs/pictures.h"
#include "app/models/precision.h"
#include "app/models/store.h"
#include "compute/device-list.h"
#include "image/views.h"
#include "model/model-file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *
dup_description (const HfVerb *verb)
{
  return g_strdup_printf ("%s%sExample:\n  %s\n",
                          verb->more != NULL ? verb->more : "",
                          verb->more != NULL ? "\n\n" : "", verb->example);
}

static GOptionContext *
new_context (const HfVerb *verb, const GOptionEntry *entries, gboolean *help)
{
  const GOptionEntry help_entry[] = {
      {"help", 'h', 0, G_OPTION_ARG_NONE, help, "Show this help", NULL},
      {NULL},
  };
  GOptionContext *context = g_option_context_new (verb->usage);
  g_autofree char *description = dup_description (verb);

  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, verb->summary);
  g_option_context_set_description (context, description);
  g_option_context_add_main_entries (context, entries, NULL);
  g_option_context_add_main_entries (context, help_entry, NULL);
  return context;
}

gboolean
hf_options_parse (const HfVerb *verb, const GOptionEntry *entries, int argc,
                  char **argv, int *status)
{
  gboolean help = FALSE;
  g_autoptr (GOptionContext) context = new_context (verb, entries, &help);
  g_autofree char *program = g_strconcat ("handful-cli ", verb->name, NULL);
  g_auto (GStrv) arguments = g_new0 (char *, argc + 1);
  g_autoptr (GError) error = NULL;

  g_set_prgname (program);
  for (int i = 0; i < argc; i++)
    arguments[i] = g_strdup (argv[i]);
  if (!g_option_context_parse_strv (context, &arguments, &error)) {
    *status = hf_options_refuse (verb, "%s.", error->message);
    return FALSE;
  }
  if (help) {
    g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);

    hf_output_text (text);
    *status = HF_EXIT_DONE;
    return FALSE;
  }
  /* Whoever writes `bench 8` means something that would not be done. */
  if (*verb->usage == '\0' && arguments[0] != NULL && arguments[1] != NULL) {
    *status = hf_options_refuse (verb, "The argument \"%s\" is one too many.",
                                 arguments[1]);
    return FALSE;
  }
  return TRUE;
}

int
hf_options_refuse (const HfVerb *verb, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list list;

  va_start (list, format);
  text = g_strdup_vprintf (format, list);
  va_end (list);
  hf_complain ("%s See: handful-cli %s --help", text, verb->name);
  return HF_EXIT_USAGE;
}

gboolean
hf_options_read_precision (const HfVerb *verb, const char *name,
                           HfPrecision *precision)
{
  g_autoptr (GError) error = NULL;

  *precision = HF_PRECISION_F16;
  if (name == NULL || hf_precision_read (name, precision, &error))
    return TRUE;
  hf_options_refuse (verb, "%s", error->message);
  return FALSE;
}

char *
hf_options_dup_model (const char *name)
{
  g_autoptr (HfStoredModel) installed = hf_store_find (name, NULL);
  g_autoptr (HfModelFile) file = NULL;
  g_autoptr (GError) error = NULL;
  char *path = hf_store_dup_path (name, &error);

  if (path == NULL) {
    hf_complain ("%s", error->message);
    return NULL;
  }
  /* What is wrong with it is said by whoever opens it for work. */
  if (installed == NULL)
    file = hf_model_file_open (path, NULL);
  if (file != NULL && hf_model_file_is_guessed (file))
    hf_complain ("No configuration lies beside the weights of %s, so that they "
                 "are taken as OpenAI's, with quick_gelu. If they are "
                 "another's, put the configuration they came with beside them.",
                 name);
  return path;
}

gboolean
hf_options_warn_cut (const HfTexts *texts, gboolean strict)
{
  gboolean was_cut = FALSE;

  for (gsize i = 0; i < hf_texts_get_n (texts); i++) {
    g_autofree char *notice = hf_texts_dup_cut_notice (texts, i);

    if (notice == NULL)
      continue;
    was_cut = TRUE;
    hf_complain ("%s%s", notice,
                 strict ? " Shorten it, or leave out --strict." : "");
  }
  return !(was_cut && strict);
}

GOptionEntry *
hf_options_join (const GOptionEntry *const *lists)
{
  GArray *all = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (; *lists != NULL; lists++)
    for (const GOptionEntry *entry = *lists; entry->long_name != NULL; entry++)
      g_array_append_vals (all, entry, 1);
  return (GOptionEntry *) g_array_free (all, FALSE);
}

int
hf_options_end (const GPtrArray *refusals)
{
  for (guint i = 0; i < refusals->len; i++) {
    const HfRefusal *refusal = refusals->pdata[i];

    /* A reason shows only the readable part of a name of odd bytes. */
    if (g_utf8_validate (refusal->path, -1, NULL))
      hf_complain ("%s", refusal->reason);
    else
      hf_complain ("%s: %s", refusal->path, refusal->reason);
  }
  return refusals->len > 0 ? HF_EXIT_PICTURES : HF_EXIT_DONE;
}

gboolean
hf_options_read_views (const HfVerb *verb, const char *text, int *n_views)
{
  gint64 n = 1;

  if (text == NULL || (g_ascii_string_to_signed (text, 10, 1, 8, &n, NULL) &&
                       hf_views_is_valid ((int) n))) {
    *n_views = (int) n;
    return TRUE;
  }
  hf_options_refuse (verb, "There are 1, 4 or 8 views, not \"%s\".", text);
  return FALSE;
}

gboolean
hf_options_check_device (const HfVerb *verb, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (hf_device_find (name, &error))
    return TRUE;
  hf_options_refuse (verb, "%s", error->message);
  return FALSE;
}

gboolean
hf_options_ask (const char *question)
{
  char answer[16] = "";

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO)) {
    hf_complain ("%s There is nobody to ask; use --yes.", question);
    return FALSE;
  }
  fprintf (stderr, "%s [y/N] ", question);
  if (fgets (answer, sizeof answer, stdin) == NULL)
    return FALSE;
  return answer[0] == 'y' || answer[0] == 'Y';
}

const HfVerb *
hf_verbs_find (const HfVerb *verbs, const char *name)
{
  for (; verbs->name != NULL; verbs++) {
    const char *last_word = strrchr (verbs->name, ' ');

    if (g_str_equal (last_word != NULL ? last_word + 1 : verbs->name, name))
      return verbs;
  }
  return NULL;
}
