/* verb-proof.c: handful-cli proof. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "evaluate/rate.h"

/* Below a millionth, three million parts are asked for. */
#define LEAST_RATE 1e-6
#define MOST_FAULTS 1000

/* "0.05", "5%" or "5 %". */
static gboolean
read_rate (const HfVerb *verb, const char *text, double *rate)
{
  char *end;

  *rate = g_ascii_strtod (text, &end);
  while (*end == ' ' && end != text)
    end++;
  if (g_str_equal (end, "%")) {
    *rate /= 100;
    end++;
  }
  if (end != text && *end == '\0' && *rate >= LEAST_RATE && *rate < 1)
    return TRUE;
  hf_options_refuse (verb,
                     "The rate \"%s\" is none between 0.000001 and 1; write "
                     "0.01 or 1%%.",
                     text);
  return FALSE;
}

static void
say (double rate, gint64 faults, gboolean lots)
{
  gint64 n = hf_rate_proof (rate, faults);
  const char *unit = lots ? hf_output_get_noun ((guint64) n, "lot", "lots")
                          : hf_output_get_noun ((guint64) n, "part", "parts");
  const char *show = hf_output_get_noun ((guint64) n, "shows", "show");
  char percent[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd (percent, sizeof percent, "%.4g", 100 * rate);
  if (faults == 0)
    hf_output_printf ("%" G_GINT64_FORMAT " %s without a fault %s", n, unit,
                      show);
  else
    hf_output_printf ("%" G_GINT64_FORMAT " %s with at most %" G_GINT64_FORMAT
                      " %s among them %s",
                      n, unit, faults,
                      hf_output_get_noun ((guint64) faults, "fault", "faults"),
                      show);
  hf_output_printf (" that the rate is below %s %%, at 95 %% confidence.\n",
                    percent);
}

static void
explain (gboolean lots)
{
  hf_output_text (
      lots ? "A lot counts once, however many of its parts are looked at, and "
             "as a fault if any of\nthem is one. The rate is that of lots.\n"
           : "Parts must be independent: several of one lot share its light, "
             "tool and material and\nprove less. Where parts come in lots, "
             "count lots (--lots). Decide the number before\nlooking; adding "
             "parts until the result fits proves nothing.\n");
}

int
hf_verb_proof (const HfVerb *verb, int argc, char **argv)
{
  g_autofree char *rate_text = NULL;
  gint64 faults = 0;
  gboolean lots = FALSE;
  const GOptionEntry entries[] = {
      {"max-rate", 'r', 0, G_OPTION_ARG_FILENAME, &rate_text,
       "The rate that must not be reached: 0.01, or 1%", "R"},
      {"faults", 'k', 0, G_OPTION_ARG_INT64, &faults,
       "Faults that are allowed among them (default: 0)", "K"},
      {"lots", 0, 0, G_OPTION_ARG_NONE, &lots, "Count lots instead of parts",
       NULL},
      {NULL},
  };
  double rate;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (rate_text == NULL)
    return hf_options_refuse (verb, "The rate is missing: --max-rate R.");
  if (!read_rate (verb, rate_text, &rate))
    return HF_EXIT_USAGE;
  if (faults < 0 || faults > MOST_FAULTS)
    return hf_options_refuse (verb, "--faults is a number from 0 to %d.",
                              MOST_FAULTS);
  say (rate, faults, lots);
  explain (lots);
  return HF_EXIT_DONE;
}
