/* verb-doctor.c: handful-cli doctor. */
#include "app/cli/options.h"
#include "app/cli/output.h"
#include "app/cli/task.h"
#include "app/doctor.h"

static void
print_finding (const HfFinding *finding)
{
  g_autofree char *what = hf_output_dup_printable (finding->what);

  hf_output_printf ("%s %s\n",
                    finding->good ? "\xe2\x9c\x93" /* check mark */
                                  : "\xe2\x9c\x97" /* ballot cross */,
                    what);
  if (finding->advice != NULL) {
    g_autofree char *advice = hf_output_dup_printable (finding->advice);

    hf_output_printf ("  %s\n", advice);
  }
}

int
hf_verb_doctor (const HfVerb *verb, int argc, char **argv)
{
  const GOptionEntry entries[] = {{NULL}};
  g_autoptr (HfTask) task = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  gboolean works = FALSE;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  task = hf_task_start (0);
  findings = hf_doctor_examine (&works);
  for (guint i = 0; i < findings->len; i++)
    print_finding (findings->pdata[i]);
  hf_output_text (works ? "\nHandful works on this machine.\n"
                        : "\nHandful does not work yet; see the crosses.\n");
  return works ? HF_EXIT_DONE : HF_EXIT_FAILED;
}
