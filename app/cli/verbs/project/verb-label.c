/* verb-label.c: handful-cli label, and its set, clear, seal, undo and redo. */
#include "app/cli/verbs/project/project-verbs.h"

#include "app/cli/picture-options.h"
#include "app/jobs/pictures.h"
#include "app/project/classes.h"
#include "app/project/labels.h"
#include "app/project/sources.h"
#include "app/project/suggestions.h"

/* A picture is known by its name after its file is gone, too. */
static void
tell_missing (const HfPictures *pictures, const gint64 *ids)
{
  const char *first = NULL;
  gsize n = 0;

  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++) {
    const char *path = hf_pictures_get (pictures, i);

    if (ids[i] == 0 || g_file_test (path, G_FILE_TEST_EXISTS))
      continue;
    first = first != NULL ? first : path;
    n++;
  }
  if (n == 1)
    hf_complain ("%s is a picture of the project whose file is not there now; "
                 "it is taken all the same.",
                 first);
  else if (n > 1)
    hf_complain ("The files of %" G_GSIZE_FORMAT " pictures of the project are "
                 "not there now, as %s; they are taken all the same.",
                 n, first);
}

/* The pictures that @paths name, as numbers of the project (element-type
 * gint64); what is none becomes a refusal. */
static GArray *
find_images (HfProject *project, char **paths, GPtrArray *refusals,
             HfProgress *progress, GError **error)
{
  const HfPictureOptions options = {.paths = paths};
  g_autoptr (HfPictures) pictures =
      hf_picture_options_collect (&options, progress, error);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autofree gint64 *ids = NULL;
  const GPtrArray *refused;

  if (pictures == NULL)
    return NULL;
  refused = hf_pictures_get_refusals (pictures);
  for (guint i = 0; i < refused->len; i++) {
    const HfRefusal *refusal = refused->pdata[i];

    hf_refusals_add (refusals, refusal->path, refusal->reason);
  }
  ids = hf_project_dup_image_ids (project, hf_pictures_get_paths (pictures),
                                  hf_pictures_get_n (pictures), error);
  if (ids == NULL)
    return NULL;
  tell_missing (pictures, ids);
  for (gsize i = 0; i < hf_pictures_get_n (pictures); i++) {
    const char *path = hf_pictures_get (pictures, i);
    g_autofree char *reason = g_strdup_printf (
        "%s is no picture of the project, or is not there; project add-source "
        "adds its folder.",
        path);

    if (ids[i] != 0)
      g_array_append_val (found, ids[i]);
    else
      hf_refusals_add (refusals, path, reason);
  }
  return g_steal_pointer (&found);
}

/* Takes the labels of pictures away. */
static gboolean
clear_labels (HfProject *project, const GArray *ids, gsize *n_changed,
              GError **error)
{
  g_autofree HfLabelChange *changes = g_new0 (HfLabelChange, ids->len + 1);

  for (guint i = 0; i < ids->len; i++)
    changes[i] = (HfLabelChange){g_array_index (ids, gint64, i), 0};
  return hf_project_set_labels (project, changes, ids->len, HF_LABEL_BY_HAND,
                                HF_SHOWN_BROWSE, n_changed, error);
}

/* A new class is named when it is on disk, with the labels that it is for. */
static gboolean
give_class (HfProject *project, const GArray *ids, const char *class_name,
            HfShown shown, gsize *n_changed, GError **error)
{
  gboolean is_new = FALSE;

  if (!hf_project_set_class (project, (const gint64 *) (void *) ids->data,
                             ids->len, class_name, HF_LABEL_BY_HAND, shown,
                             &is_new, n_changed, error))
    return FALSE;
  if (is_new) {
    hf_complain ("The class \"%s\" is new.", class_name);
    hf_project_tell_similar (project, class_name);
  }
  return TRUE;
}

/* Whoever sets a label means what the file holds now, which may be another
 * picture than the one that had a label before. */
static gboolean
take_contents (HfProject *project, const GArray *ids, HfProgress *progress,
               GError **error)
{
  g_autoptr (GArray) others = hf_project_renew_hashes (
      project, (const gint64 *) (void *) ids->data, ids->len, progress, error);

  return others != NULL;
}

/* Sets @class_name, or with NULL clears. */
static int
set_labels (HfProject *project, char **paths, const char *class_name,
            HfShown shown, HfTask *task)
{
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = find_images (project, paths, refusals,
                                        hf_task_get_progress (task), &error);
  gboolean done = ids != NULL;
  gsize n_changed = 0;

  if (done && ids->len > 0)
    done = class_name != NULL ? give_class (project, ids, class_name, shown,
                                            &n_changed, &error)
                              : clear_labels (project, ids, &n_changed, &error);
  if (!done)
    return hf_task_fail (task, error);
  hf_output_printf ("%" G_GSIZE_FORMAT " of %u %s changed.\n", n_changed,
                    ids->len, hf_output_get_noun (ids->len, "label", "labels"));
  hf_task_show_bar (task, "Reading", HF_UNIT_PICTURES);
  if ((class_name != NULL &&
       !take_contents (project, ids, hf_task_get_progress (task), &error)) ||
      !hf_project_fill_hashes (project, FALSE, hf_task_get_progress (task),
                               &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return hf_options_end (refusals);
}

static int
label_set (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_autofree char *shown_name = NULL;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"shown", 0, 0, G_OPTION_ARG_FILENAME, &shown_name,
       "Why the pictures were looked at: browse (the default), typical, margin "
       "or audit",
       "REASON"},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (HfTask) task = NULL;
  HfShown shown = HF_SHOWN_BROWSE;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (shown_name != NULL && !hf_shown_parse (shown_name, &shown, &error))
    return hf_options_refuse (verb, "%s", error->message);
  if (!hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (arguments.rest[0] == NULL || arguments.rest[1] == NULL ||
      *arguments.rest[0] == '\0')
    return hf_options_refuse (verb, "Name a class and pictures.");
  task = hf_task_start (0);
  return set_labels (arguments.project, arguments.rest + 1, arguments.rest[0],
                     shown, task);
}

static int
label_clear (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (arguments.rest[0] == NULL)
    return hf_options_refuse (verb, "Name pictures.");
  task = hf_task_start (0);
  return set_labels (arguments.project, arguments.rest, NULL, HF_SHOWN_BROWSE,
                     task);
}

/* Adds the pictures of the groups that were named. */
static gboolean
add_groups (HfProject *project, char **groups, GArray *ids, GError **error)
{
  for (; groups != NULL && *groups != NULL; groups++) {
    g_autoptr (GArray) of_group =
        hf_project_dup_group_ids (project, *groups, error);

    if (of_group == NULL)
      return FALSE;
    if (of_group->len == 0) {
      g_set_error (error, HF_PROJECT_ERROR, HF_PROJECT_ERROR_NAME,
                   "The project has no group \"%s\".", *groups);
      return FALSE;
    }
    g_array_append_vals (ids, of_group->data, of_group->len);
  }
  return TRUE;
}

static int
seal (HfProject *project, char **paths, char **groups, gboolean take_back,
      HfTask *task)
{
  g_autoptr (GPtrArray) refusals = hf_refusals_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) ids = find_images (project, paths, refusals,
                                        hf_task_get_progress (task), &error);
  gsize n = 0;

  if (ids == NULL || !add_groups (project, groups, ids, &error) ||
      !hf_project_seal (project, (const gint64 *) (void *) ids->data, ids->len,
                        !take_back, &n, &error) ||
      !hf_project_fill_hashes (project, FALSE, hf_task_get_progress (task),
                               &error))
    return hf_task_fail (task, error);
  hf_output_printf ("%" G_GSIZE_FORMAT " %s %s.\n", n,
                    hf_output_get_noun (n, "picture", "pictures"),
                    take_back ? "unsealed, which was logged as an opening"
                              : "sealed");
  return hf_options_end (refusals);
}

static int
label_seal (const HfVerb *verb, int argc, char **argv)
{
  g_auto (HfProjectArguments) arguments = {0};
  g_auto (GStrv) groups = NULL;
  gboolean take_back = FALSE;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"group", 'g', 0, G_OPTION_ARG_FILENAME_ARRAY, &groups,
       "All pictures of a group; may be repeated", "NAME"},
      {"take-back", 0, 0, G_OPTION_ARG_NONE, &take_back,
       "Unseal them, which is logged", NULL},
      HF_PROJECT_WORDS (&arguments),
      {NULL},
  };
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (arguments.rest[0] == NULL && groups == NULL)
    return hf_options_refuse (verb, "Name pictures, or a group.");
  task = hf_task_start (0);
  return seal (arguments.project, arguments.rest, groups, take_back, task);
}

typedef gboolean (*StepFunc) (HfProject *self, gsize *n_changed,
                              GError **error);

/* Undo and redo. */
static int
move (const HfVerb *verb, int argc, char **argv, StepFunc step,
      const char *what)
{
  g_auto (HfProjectArguments) arguments = {0};
  gint64 n_steps = 1;
  const GOptionEntry entries[] = {
      HF_PROJECT_OPTION (&arguments),
      {"number", 'n', 0, G_OPTION_ARG_INT64, &n_steps,
       "How many steps (default: 1)", "N"},
      {NULL},
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status) ||
      !hf_project_arguments_open (&arguments, verb, FALSE, &status))
    return status;
  if (n_steps < 1)
    return hf_options_refuse (verb, "-n is a number from 1 on.");
  for (gint64 i = 0; i < n_steps; i++) {
    gsize n = 0;

    if (!step (arguments.project, &n, &error))
      return hf_project_complain (error);
    hf_output_printf ("%s: %" G_GSIZE_FORMAT " %s changed.\n", what, n,
                      hf_output_get_noun (n, "label", "labels"));
  }
  return HF_EXIT_DONE;
}

static int
label_undo (const HfVerb *verb, int argc, char **argv)
{
  return move (verb, argc, argv, hf_project_undo, "Taken back");
}

static int
label_redo (const HfVerb *verb, int argc, char **argv)
{
  return move (verb, argc, argv, hf_project_redo, "Done again");
}

static const HfVerb verbs[] = {
    {"label set", "CLASS PATH...", "Labels pictures.",
     "PATH is a picture of the project, a folder (with everything below it), "
     "or "
     "- for a\nlist on stdin, one path a line. All of them are one step, which "
     "`label undo` takes\nback. A class that is not there is made.",
     "handful-cli label set --project rings.handful rusty "
     "data/sample/rings/lot07__14.jpg",
     label_set},
    {"label clear", "PATH...", "Takes labels away.", NULL,
     "handful-cli label clear --project rings.handful "
     "data/sample/rings/lot07__14.jpg",
     label_clear},
    {"label import", "FOLDER|LIST.csv",
     "Takes labels from a folder of class folders, or a list.",
     "A list has the header path,label or path,label,group, and paths relative "
     "to it.\nFolders that are no source of the project yet become one.",
     "handful-cli label import --project rings.handful --good good "
     "data/sample/given.csv",
     hf_verb_label_import},
    {"label export", "", "Writes labels as a list, or as class folders.",
     "OUT ends in .csv for a list; anything else becomes a folder with a "
     "folder "
     "of\ncopies for each class. The acceptance set is left out unless "
     "--with-sealed.",
     "handful-cli label export --project rings.handful -o labels.csv",
     hf_verb_label_export},
    {"label seal", "[PATH...]",
     "Puts pictures into the acceptance set: never trained on, nor suggested.",
     "Seal whole lots, and before you train. How often the set is looked at is "
     "counted;\nto unseal pictures counts, too.",
     "handful-cli label seal --project rings.handful --group lot12",
     label_seal},
    {"label undo", "", "Takes back the last step, whoever did it.",
     "Without limit, also after a restart. A new label ends what `label redo` "
     "can do.",
     "handful-cli label undo --project rings.handful", label_undo},
    {"label redo", "", "Does again what `label undo` took back.", NULL,
     "handful-cli label redo --project rings.handful", label_redo},
    {NULL},
};

int
hf_verb_label (const HfVerb *verb, int argc, char **argv)
{
  return hf_verbs_run (verb, verbs, argc, argv);
}
