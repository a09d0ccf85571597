/* verb-project.c: handful-cli project, and its new, add-source and relabel. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/cli/picture-options.h"
#include "app/jobs/cache.h"
#include "app/jobs/pictures.h"
#include "app/project/classes.h"
#include "app/project/groups.h"
#include "app/project/sources.h"

static void
print_scan (const char *folder, const HfScan *scan)
{
  g_autofree char *shown = hf_output_dup_printable (folder);
  g_autofree char *was =
      scan->was != NULL ? hf_output_dup_printable (scan->was) : NULL;

  if (was != NULL)
    hf_output_printf ("%s: the source that was %s.\n", shown, was);
  hf_output_printf (
      "%s: %" G_GSIZE_FORMAT " %s added, %" G_GSIZE_FORMAT " known.\n", shown,
      scan->n_added, hf_output_get_noun (scan->n_added, "picture", "pictures"),
      scan->n_known);
  if (scan->n_found > 0)
    hf_output_printf ("%s: %" G_GSIZE_FORMAT " found again under other "
                      "names, by their content.\n",
                      shown, scan->n_found);
  if (scan->n_missing > 0)
    hf_output_printf ("%s: %" G_GSIZE_FORMAT " that the project knows %s not "
                      "there.\n",
                      shown, scan->n_missing,
                      hf_output_get_noun (scan->n_missing, "is", "are"));
}

/* What a labelled file holds is another picture as a rule when somebody has
 * taken it again: that is told once. */
static gboolean
take_others (HfProject *project, HfTask *task, GError **error)
{
  g_autofree char *path = hf_cache_dup_path ();
  g_autoptr (HfFeatureStore) store = hf_cache_open (path, hf_task_log, NULL);
  g_autoptr (GArray) rewritten =
      hf_project_find_rewritten (project, store, error);
  g_autoptr (GArray) others = NULL;

  if (rewritten == NULL)
    return FALSE;
  others = hf_project_renew_hashes (
      project, (const gint64 *) (void *) rewritten->data, rewritten->len,
      hf_task_get_progress (task), error);
  if (others == NULL)
    return FALSE;
  hf_picture_options_tell_others (project, others);
  return TRUE;
}

/* Looks through every folder of @folders. */
static int
add_folders (HfProject *project, char **folders, const char *moved_from,
             gboolean hash, HfTask *task)
{
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;

  for (; *folders != NULL; folders++) {
    g_auto (HfScan) scan = {0};

    if (!hf_project_add_source (project, *folders, moved_from, refusals, &scan,
                                hf_task_get_progress (task), &error))
      return hf_task_fail (task, error);
    print_scan (*folders, &scan);
    hf_picture_options_tell_links (scan.n_links);
  }
  hf_task_show_bar (task, "Reading", HF_UNIT_PICTURES);
  if (!take_others (project, task, &error) ||
      (hash && !hf_project_fill_hashes (project, TRUE,
                                        hf_task_get_progress (task), &error)))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return hf_options_end (refusals);
}

static int
project_new (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *groups = NULL;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"groups", 'g', 0, G_OPTION_ARG_FILENAME, &groups,
       "Which pictures belong to one lot: folder, csv, or a regular "
       "expression over the file name whose first capture is the lot",
       "RULE"},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (HfGroupRule) rule = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTask) task = NULL;
  g_autofree char *shown = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_name (&arguments, verb, TRUE, &status))
    return status;
  rule = hf_group_rule_new (groups, &error);
  if (rule == NULL)
    return hf_options_refuse (verb, "%s", error->message);
  task = hf_task_start (0);
  arguments.project = hf_project_create (arguments.name, &error);
  if (arguments.project == NULL ||
      (groups != NULL &&
       !hf_project_set_setting (arguments.project, "groups", groups, &error)))
    return hf_task_fail (task, error);
  shown = hf_output_dup_printable (arguments.name);
  hf_output_printf ("Made %s.\n", shown);
  return add_folders (arguments.project, arguments.rest, NULL, FALSE, task);
}

static int
project_add_source (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *moved_from = NULL;
  gboolean hash = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"moved", 0, 0, G_OPTION_ARG_FILENAME, &moved_from,
       "The folder is where the pictures of the source OLD are now", "OLD"},
      {"hash", 0, 0, G_OPTION_ARG_NONE, &hash,
       "Also read every picture, so that those without a label are found "
       "again, too",
       NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (arguments.rest[0] == NULL ||
      (moved_from != NULL && arguments.rest[1] != NULL))
    return hf_options_refuse (verb, arguments.rest[0] == NULL
                                        ? "Name a folder of pictures."
                                        : "With --moved, name one folder.");
  task = hf_task_start (0);
  return add_folders (arguments.project, arguments.rest, moved_from, hash,
                      task);
}

static int
project_relabel (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  gboolean merged;
  gsize n = 0;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, TRUE, &status))
    return status;
  if (g_strv_length (arguments.rest) != 2)
    return hf_options_refuse (verb, "Name the class and its new name.");
  if (!hf_project_relabel (arguments.project, arguments.rest[0],
                           arguments.rest[1], &merged, &n, &error))
    return hf_project_complain (error);
  from = hf_output_dup_printable (arguments.rest[0]);
  to = hf_output_dup_printable (arguments.rest[1]);
  if (merged)
    hf_output_printf ("Merged %s into %s: %" G_GSIZE_FORMAT " %s.\n", from, to,
                      n, hf_output_get_noun (n, "picture", "pictures"));
  else
    hf_output_printf ("%s is %s from now on.\n", from, to);
  if (!merged)
    hf_project_tell_similar (arguments.project, arguments.rest[1]);
  return HF_EXIT_DONE;
}

static const HfVerb verbs[] = {
    {"project new", "NAME.handful [FOLDER...]", "Makes a project.",
     "Each FOLDER becomes a source, as with project add-source.",
     "handful-cli project new rings.handful data/sample/rings", project_new},
    {"project info", "NAME.handful",
     "Says what is in a project: sources, classes, labels, settings.", NULL,
     "handful-cli project info --json rings.handful", hf_verb_project_info},
    {"project add-source", "NAME.handful FOLDER...",
     "Adds the pictures of folders, and finds those that have moved.",
     "A folder that is a source already is looked through again. Labels go "
     "with "
     "the\npicture: one that has another name now is known by its content, and "
     "so is a source\nwhose folder is gone, if its pictures are in FOLDER. "
     "--moved says so yourself.\nPictures are read for that when they get a "
     "label.",
     "handful-cli project add-source rings.handful data/sample/rings",
     project_add_source},
    {"project relabel", "NAME.handful CLASS NEW-NAME",
     "Renames a class, or merges it into another one.",
     "If there is a class NEW-NAME, every picture labelled CLASS gets it "
     "instead, which\n`label undo` takes back.",
     "handful-cli project relabel rings.handful rusty rust", project_relabel},
    {"project set", "NAME.handful [KEY [VALUE]]",
     "Shows settings, or changes one.",
     "KEY: background, blocks, framing, groups, model, precision, probe, seed, "
     "thresholds,\nviews. groups says which pictures belong to one lot: "
     "folder, csv, or a regular\nexpression over the file name whose first "
     "capture is the lot.",
     "handful-cli project set rings.handful groups '^(.*)__'",
     hf_verb_project_set},
    {"project class", "NAME.handful [CLASS...]",
     "Lists classes, or makes or changes some.", NULL,
     "handful-cli project class rings.handful --kind good good",
     hf_verb_project_class},
    {"project template", "NAME.handful [TEMPLATE...]",
     "Lists prompt templates and their values, or changes them.",
     "A template holds {class} and placeholders of your own, whose values are "
     "given\nfirst. Without any, \"a photo of a {class}\" is used.",
     "handful-cli project template rings.handful "
     "\"a photo of a {class} bearing ring\"",
     hf_verb_project_template},
    {"project log", "NAME.handful", "Prints the label log, the oldest first.",
     NULL, "handful-cli project log --json -n 20 rings.handful",
     hf_verb_project_log},
    {"project check", "NAME.handful", "Looks for damage in a project.",
     "Exit status 1 if there is some; `project recover` then saves what can be "
     "read.",
     "handful-cli project check rings.handful", hf_verb_project_check},
    {"project recover", "BAD.handful",
     "Reads what is left of a damaged project into a new one.",
     "BAD.handful is not changed. What is missing is said.",
     "handful-cli project recover rings.handful -o saved.handful",
     hf_verb_project_recover},
    {NULL},
};

int
hf_verb_project (const HfVerb *verb, int argc, char **argv)
{
  return hf_verbs_run (verb, verbs, argc, argv);
}
