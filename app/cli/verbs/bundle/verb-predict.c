/* verb-predict.c: handful-cli predict. */
#include "app/cli/output.h"
#include "app/cli/picture-options.h"
#include "app/cli/verbs/bundle/answer.h"
#include "app/cli/verbs/bundle/bundle-options.h"
#include "app/cli/verbs/bundle/path-stream.h"
#include "app/jobs/pictures.h"

#include <unistd.h>

typedef struct {
  HfInspector *inspector;
  HfAnswerForm form;
  HfTask *task;
  const HfPictures *pictures; /* those at work */
  gboolean refused;           /* something was */
} Prediction;

static gboolean
answer_cb (gsize index, const HfJudgement *judgement, const GError *refused,
           gpointer data, GError **error)
{
  Prediction *self = data;
  const char *path = hf_pictures_get (self->pictures, index);
  g_autofree char *line = NULL;

  if (judgement == NULL) {
    /* A reason shows only the readable part of a name of odd bytes. */
    if (g_utf8_validate (path, -1, NULL))
      hf_complain ("%s", refused->message);
    else
      hf_complain ("%s: %s", path, refused->message);
    self->refused = TRUE;
    return TRUE;
  }
  line = hf_answer_dup_line (self->form, self->inspector, path, judgement);
  hf_output_line (line);
  return TRUE;
}

/* Judges @pictures, after naming what gave none. */
static gboolean
judge (Prediction *self, const HfPictures *pictures, GError **error)
{
  const GPtrArray *refusals = hf_pictures_get_refusals (pictures);

  for (guint i = 0; i < refusals->len; i++)
    hf_complain ("%s", ((const HfRefusal *) refusals->pdata[i])->reason);
  hf_picture_options_tell_links (hf_pictures_get_links (pictures)->len);
  self->refused = self->refused || refusals->len > 0;
  if (hf_pictures_get_n (pictures) == 0)
    return TRUE;
  self->pictures = pictures;
  return hf_inspector_judge (self->inspector, hf_pictures_get_paths (pictures),
                             hf_pictures_get_n (pictures), answer_cb, self,
                             hf_task_get_progress (self->task), error);
}

/* Each path on stdin is answered before the next is waited for. */
static gboolean
judge_stream (Prediction *self, GError **error)
{
  HfProgress *progress = hf_task_get_progress (self->task);
  g_autoptr (HfPathStream) stream = hf_path_stream_new (STDIN_FILENO);
  g_autoptr (GError) local = NULL;
  gboolean some = FALSE;

  for (;;) {
    g_autofree char *lines = hf_path_stream_read (stream, progress, &local);
    g_autoptr (HfPictures) pictures = hf_pictures_new ();

    if (lines == NULL)
      break;
    if (!hf_pictures_add_list (pictures, lines, progress, error) ||
        !judge (self, pictures, error))
      return FALSE;
    some = some || hf_pictures_get_n (pictures) > 0 ||
           hf_pictures_get_refusals (pictures)->len > 0;
  }
  if (local != NULL) {
    g_propagate_error (error, g_steal_pointer (&local));
    return FALSE;
  }
  if (!some) {
    hf_complain ("The list on stdin names no picture; write one path a line.");
    self->refused = TRUE;
  }
  return TRUE;
}

/* The arguments in their order; what stands between two lists on stdin is
 * judged together. */
static gboolean
judge_paths (Prediction *self, char **paths, GError **error)
{
  HfProgress *progress = hf_task_get_progress (self->task);
  g_autoptr (HfPictures) pictures = hf_pictures_new ();

  for (; *paths != NULL; paths++) {
    if (!g_str_equal (*paths, "-")) {
      if (!hf_pictures_add (pictures, *paths, progress, error))
        return FALSE;
      continue;
    }
    if (!judge (self, pictures, error) || !judge_stream (self, error))
      return FALSE;
    g_clear_pointer (&pictures, hf_pictures_free);
    pictures = hf_pictures_new ();
  }
  hf_task_show_bar (self->task, "Judging", HF_UNIT_PICTURES);
  return judge (self, pictures, error);
}

static int
predict (const HfBundleOptions *options, HfAnswerForm form, HfTask *task)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (HfInspector) inspector = hf_bundle_options_open (
      options, TRUE, hf_task_get_progress (task), &error);
  Prediction self = {.inspector = inspector, .form = form, .task = task};
  g_autofree char *head = NULL;

  if (inspector == NULL)
    return hf_task_fail (task, error);
  head = hf_answer_dup_head (form, inspector);
  if (head != NULL)
    hf_output_line (head);
  if (!judge_paths (&self, options->arguments + 1, &error))
    return hf_task_fail (task, error);
  hf_task_show_bar (task, NULL, HF_UNIT_PICTURES);
  return self.refused ? HF_EXIT_PICTURES : HF_EXIT_DONE;
}

int
hf_verb_predict (const HfVerb *verb, int argc, char **argv)
{
  gboolean json = FALSE, csv = FALSE;
  const GOptionEntry own[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Print one JSON line a picture",
       NULL},
      {"csv", 0, 0, G_OPTION_ARG_NONE, &csv, "Print a table with commas", NULL},
      {NULL},
  };
  g_auto (HfBundleOptions) options = {0};
  g_autofree GOptionEntry *entries =
      hf_bundle_options_dup_entries (&options, own);
  g_autoptr (HfTask) task = NULL;
  int status;

  if (!hf_options_parse (verb, entries, argc, argv, &status))
    return status;
  if (json && csv)
    return hf_options_refuse (verb, "Use --json or --csv, not both.");
  if (hf_bundle_options_get_n (&options) < 2)
    return hf_options_refuse (verb,
                              hf_bundle_options_get_n (&options) == 0
                                  ? "The bundle and the pictures are missing."
                                  : "The pictures are missing.");
  task = hf_task_start (0);
  if (!hf_options_check_device (verb, options.device))
    return HF_EXIT_USAGE;
  return predict (&options,
                  json  ? HF_ANSWER_JSON
                  : csv ? HF_ANSWER_CSV
                        : HF_ANSWER_TEXT,
                  task);
}
