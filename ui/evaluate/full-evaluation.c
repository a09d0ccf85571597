/* full-evaluation.c: see the header. */
#include "ui/evaluate/full-evaluation.h"

#include <glib/gi18n.h>

struct _HfFullEvaluation {
  GObject parent_instance;

  HfJob *job; /* of the run at work, or NULL */
  gboolean tunes;
  HfNumbers *numbers;
  HfEvaluation *evaluation;
  char *error;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (HfFullEvaluation, hf_full_evaluation, G_TYPE_OBJECT)

/* One run. The thread fills in numbers and evaluation. */
typedef struct {
  HfFullEvaluation *owner;
  HfJob *job;
  gboolean tunes;
  HfNumbers *numbers;
  HfEvaluation *evaluation;
} Run;

static void
run_free (gpointer data)
{
  Run *self = data;

  g_object_unref (self->owner);
  g_object_unref (self->job);
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_free (self);
}

static gboolean
is_known (GArray *specs, HfProbeKind kind, HfBlocks blocks)
{
  for (guint i = 0; i < specs->len; i++) {
    const HfProbeSpec *spec = &g_array_index (specs, HfProbeSpec, i);

    if (spec->kind == kind && spec->blocks == blocks)
      return TRUE;
  }
  return FALSE;
}

static void
add_spec (GArray *specs, const HfNumbers *numbers, HfProbeKind kind,
          HfBlocks blocks)
{
  const HfProbeSpec init = HF_PROBE_SPEC_INIT;
  HfProbeSpec spec = init;

  if (is_known (specs, kind, blocks))
    return;
  spec.kind = kind;
  spec.blocks = blocks;
  spec.seed = numbers->spec.seed;
  g_array_append_val (specs, spec);
}

/* What is compared for these numbers, that in use first (element-type
 * HfProbeSpec; caller unrefs). Any thread. */
static GArray *
dup_specs (const HfNumbers *numbers, gboolean tunes)
{
  static const HfProbeKind kinds[] = {HF_PROBE_GDA, HF_PROBE_LINEAR,
                                      HF_PROBE_SVM};
  GArray *specs = g_array_new (FALSE, FALSE, sizeof (HfProbeSpec));
  const HfRows *rows = numbers->rows;

  g_array_append_val (specs, numbers->spec);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (rows->clip != NULL)
      add_spec (specs, numbers, kinds[i], HF_BLOCK_CLIP);
    if (rows->clip != NULL && rows->classic != NULL)
      add_spec (specs, numbers, kinds[i], HF_BLOCKS_BOTH);
    if (rows->clip == NULL)
      add_spec (specs, numbers, kinds[i], HF_BLOCK_CLASSIC);
  }
  if (rows->clip != NULL && rows->text != NULL &&
      numbers->spec.kind != HF_PROBE_ZERO_SHOT)
    add_spec (specs, numbers, HF_PROBE_ZERO_SHOT, HF_BLOCK_CLIP);
  if (rows->clip != NULL && rows->text != NULL && (tunes || numbers->tunes))
    add_spec (specs, numbers, HF_PROBE_PROMPT, HF_BLOCK_CLIP);
  return specs;
}

static gboolean
run_thread (HfDesk *desk, HfNumbers *numbers, gpointer data,
            HfProgress *progress, GError **error)
{
  Run *run = data;
  g_autoptr (GArray) specs = NULL;

  if (numbers == NULL || numbers->evaluation == NULL)
    return TRUE;
  run->numbers = hf_numbers_ref (numbers);
  specs = dup_specs (numbers, run->tunes);
  run->evaluation =
      hf_desk_evaluate (desk, numbers, (const HfProbeSpec *) specs->data, NULL,
                        specs->len, progress, error);
  return run->evaluation != NULL;
}

static void
take_result (HfFullEvaluation *self, Run *run)
{
  if (run->evaluation == NULL)
    return;
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  self->evaluation = g_steal_pointer (&run->evaluation);
  self->numbers = g_steal_pointer (&run->numbers);
}

static void
done_cb (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Run *run = data;
  HfFullEvaluation *self = run->owner;

  /* A run that another took the place of. */
  if (self->job != run->job)
    return;
  g_clear_object (&self->job);
  g_clear_pointer (&self->error, g_free);
  if (error == NULL)
    take_result (self, run);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_strdup (error->message);
  else
    /* By the user: what takes minutes is asked for again, or not. */
    self->tunes = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
forget_run (HfFullEvaluation *self)
{
  if (self->job == NULL)
    return;
  hf_job_cancel (self->job);
  g_clear_object (&self->job);
}

static void
forget_result (HfFullEvaluation *self)
{
  g_clear_pointer (&self->evaluation, hf_evaluation_free);
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_pointer (&self->error, g_free);
}

static void
hf_full_evaluation_dispose (GObject *object)
{
  HfFullEvaluation *self = HF_FULL_EVALUATION (object);

  forget_run (self);
  forget_result (self);
  G_OBJECT_CLASS (hf_full_evaluation_parent_class)->dispose (object);
}

static void
hf_full_evaluation_class_init (HfFullEvaluationClass *class)
{
  G_OBJECT_CLASS (class)->dispose = hf_full_evaluation_dispose;
  signals[CHANGED] =
      g_signal_new ("changed", HF_TYPE_FULL_EVALUATION, G_SIGNAL_RUN_LAST, 0,
                    NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
hf_full_evaluation_init (HfFullEvaluation *self)
{
}

HfFullEvaluation *
hf_full_evaluation_new (void)
{
  return g_object_new (HF_TYPE_FULL_EVALUATION, NULL);
}

void
hf_full_evaluation_start (HfFullEvaluation *self, HfWorkspace *workspace)
{
  Run *run = g_new0 (Run, 1);

  forget_run (self);
  self->job = hf_job_new (_("Comparing probes"), HF_JOB_STEPS, FALSE);
  run->owner = g_object_ref (self);
  run->job = g_object_ref (self->job);
  run->tunes = self->tunes;
  hf_workspace_run (workspace, self->job, run_thread, done_cb, run, run_free);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
hf_full_evaluation_cancel (HfFullEvaluation *self)
{
  if (self->job == NULL)
    return;
  forget_run (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
hf_full_evaluation_clear (HfFullEvaluation *self)
{
  forget_run (self);
  forget_result (self);
  self->tunes = FALSE;
  g_signal_emit (self, signals[CHANGED], 0);
}

void
hf_full_evaluation_set_tunes (HfFullEvaluation *self, gboolean tunes)
{
  self->tunes = tunes;
}

gboolean
hf_full_evaluation_get_tunes (HfFullEvaluation *self)
{
  return self->tunes;
}

gboolean
hf_full_evaluation_is_running (HfFullEvaluation *self)
{
  return self->job != NULL;
}

const HfEvaluation *
hf_full_evaluation_get (HfFullEvaluation *self)
{
  return self->evaluation;
}

HfNumbers *
hf_full_evaluation_get_numbers (HfFullEvaluation *self)
{
  return self->numbers;
}

const char *
hf_full_evaluation_get_error (HfFullEvaluation *self)
{
  return self->error;
}
