/* refresh.c: numbers, calculated in the desk's thread.
 *
 *   a label ------> start at once, what is under way is cancelled
 *   more rows ----> start a second after the last ended, or later
 *   start --------> numbers --> shown --> suggestions --> shown
 *                                             |
 *                          (a thread of its own) learning curve --> shown
 *
 * Numbers of labels that are no longer so are dropped. The curve is kept where
 * nothing that it is made of has changed, and does not need the desk: whoever
 * asks the desk does not wait for it. */
#include "ui/workspace/workspace-private.h"

#include "app/desk/learning.h"

#define N_NEXT 20
/* Between two results while rows arrive: so long, or so many times as long as
 * the last took. */
#define PAUSE_S 1.0
#define PAUSE_SHARE 3

G_DEFINE_BOXED_TYPE (HfNumbers, hf_numbers, hf_numbers_ref, hf_numbers_unref)

HfNumbers *
hf_workspace_get_numbers (HfWorkspace *self)
{
  return self->numbers;
}

gboolean
hf_workspace_get_refreshing (HfWorkspace *self)
{
  return self->refreshing;
}

void
hf_workspace_set_refreshing (HfWorkspace *self, gboolean refreshing)
{
  if (self->refreshing == refreshing)
    return;
  self->refreshing = refreshing;
  hf_workspace_notify (self, HF_WORKSPACE_REFRESHING);
}

/* A state of the project, for the thread. */
typedef struct {
  HfDeskThread *thread;
  HfInventory *inventory;
  GArray *labels, *due;
  GPtrArray *classes; /* HfSampleClass * */
  GHashTable *lost;   /* numbers of sources that are not there */
  guint64 n_shown, label_serial, row_serial;
  HfProgress *progress;
  HfNumbers *old; /* first the shown ones, then those that want suggestions */
  HfNumbers *numbers;
  GError *error;
} Calculation;

static void
calculation_free (gpointer data)
{
  Calculation *self = data;

  g_clear_pointer (&self->inventory, hf_inventory_unref);
  g_clear_pointer (&self->labels, g_array_unref);
  g_clear_pointer (&self->due, g_array_unref);
  g_clear_pointer (&self->classes, g_ptr_array_unref);
  g_clear_pointer (&self->lost, g_hash_table_unref);
  g_clear_pointer (&self->progress, hf_progress_free);
  g_clear_pointer (&self->old, hf_numbers_unref);
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
sample_class_free (gpointer data)
{
  HfSampleClass *class = data;

  g_free (class->name);
  g_free (class);
}

/* As hf_project_dup_samples makes them of the same state. */
static HfSamples *
new_samples (const Calculation *self)
{
  HfSamples *samples = hf_samples_new ();
  g_autoptr (GHashTable) indices =
      g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint c = 0; c < self->classes->len; c++) {
    HfSampleClass *class = self->classes->pdata[c];
    int index = hf_samples_add_class (samples, class->name, class->kind);

    ((HfSampleClass *) samples->classes->pdata[index])->id = class->id;
    g_hash_table_insert (indices, &class->id, GINT_TO_POINTER (index));
  }
  hf_samples_take_owner (samples, hf_image_list_ref (self->inventory->images),
                         (GDestroyNotify) hf_image_list_unref);
  for (gsize i = 0; i < self->inventory->images->n; i++) {
    const HfProjectImage *image = &self->inventory->images->images[i];
    const HfProjectLabel *label = hf_labels_find (self->labels, image->id);
    gpointer index;
    HfSample *sample;

    if (g_hash_table_contains (self->lost, &image->source_id))
      continue;
    sample = hf_samples_add_owned (samples, image->path, -1, image->group);
    sample->image_id = image->id;
    sample->sealed = image->sealed;
    if (label == NULL ||
        !g_hash_table_lookup_extended (indices, &label->class_id, NULL, &index))
      continue;
    sample->label = GPOINTER_TO_INT (index);
    sample->audited = label->audited;
  }
  return samples;
}

static void
numbers_work (gpointer data)
{
  Calculation *self = data;
  g_autoptr (HfNumbers) numbers = NULL;

  if (self->thread->desk == NULL || self->inventory->images == NULL ||
      !hf_progress_check (self->progress, &self->error))
    return;
  numbers = hf_desk_compute (self->thread->desk->desk, new_samples (self),
                             self->label_serial, self->progress, &self->error);
  if (numbers != NULL)
    self->numbers = hf_numbers_keep_next (numbers, self->old);
}

static void
suggestions_work (gpointer data)
{
  Calculation *self = data;

  if (self->thread->desk != NULL)
    self->numbers = hf_desk_suggest (self->thread->desk->desk, self->old,
                                     (const gint64 *) (void *) self->due->data,
                                     self->due->len, self->n_shown, N_NEXT,
                                     self->progress, &self->error);
}

static GHashTable *
dup_lost (HfWorkspace *self)
{
  GHashTable *lost =
      g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sources));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfSourceItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->sources), i);
    gint64 id = hf_source_item_get_id (item);

    if (!hf_source_item_get_found (item))
      g_hash_table_add (lost, g_memdup2 (&id, sizeof id));
  }
  return lost;
}

static GPtrArray *
dup_classes (HfWorkspace *self)
{
  GPtrArray *classes = g_ptr_array_new_with_free_func (sample_class_free);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->classes));

  for (guint i = 0; i < n; i++) {
    g_autoptr (HfClassItem) item =
        g_list_model_get_item (G_LIST_MODEL (self->classes), i);
    HfSampleClass *class = g_new0 (HfSampleClass, 1);

    class->id = hf_class_item_get_id (item);
    class->name = g_strdup (hf_class_item_get_raw_name (item));
    class->kind = hf_class_item_get_kind (item);
    g_ptr_array_add (classes, class);
  }
  return classes;
}

static Calculation *
new_calculation (HfWorkspace *self)
{
  Calculation *calculation = g_new0 (Calculation, 1);

  calculation->thread = self->desk_thread;
  calculation->inventory = hf_inventory_ref (self->inventory);
  calculation->labels = g_array_ref (self->labels);
  calculation->due = g_array_ref (self->due);
  calculation->n_shown = self->n_shown;
  calculation->classes = dup_classes (self);
  calculation->lost = dup_lost (self);
  calculation->label_serial = self->label_serial;
  calculation->row_serial = self->row_serial;
  calculation->progress = hf_progress_new (NULL, NULL);
  if (self->numbers != NULL)
    calculation->old = hf_numbers_ref (self->numbers);
  return calculation;
}

static void start (HfWorkspace *self);

static gboolean
start_cb (gpointer data)
{
  HfWorkspace *self = data;

  self->calculate_id = 0;
  start (self);
  return G_SOURCE_REMOVE;
}

/* Rows alone can wait a little. */
static void
start_later (HfWorkspace *self)
{
  double pause_s = MAX (PAUSE_S, PAUSE_SHARE * self->calculation_s);
  gint64 due_us = self->calculated_us + (gint64) (pause_s * G_USEC_PER_SEC);
  gint64 now_us = g_get_monotonic_time ();

  if (self->calculate_id != 0)
    return;
  self->calculate_id =
      g_timeout_add ((guint) (MAX (due_us - now_us, 0) / 1000), start_cb, self);
}

/* After something ended, or began to matter. */
static void
go_on (HfWorkspace *self)
{
  if (self->closed || self->desk == NULL || self->calculation != NULL)
    return;
  if (self->numbers == NULL || self->numbers->serial != self->label_serial) {
    g_clear_handle_id (&self->calculate_id, g_source_remove);
    start (self);
  } else if (self->shown_rows != self->row_serial) {
    start_later (self);
  }
}

/* An audit that was shown is due until it is labelled, so that nobody can pass
 * it over. While pictures are still coming, the draw would be among the first
 * of them. */
static gboolean
log_audits (HfProject *project, gpointer data, GError **error)
{
  return hf_project_log_suggestions (project, data, error);
}

static void
audits_logged (HfWorkspace *self, gpointer data, const GError *error)
{
  /* Said again with the next label, which asks for the same. */
  if (error != NULL)
    g_debug ("%s: %s", self->path, error->message);
}

static void
remember_audits (HfWorkspace *self)
{
  guint n_known = self->n_ready + self->n_unreadable;
  g_autoptr (GArray) shown =
      g_array_new (FALSE, FALSE, sizeof (HfShownSuggestion));

  if (n_known < hf_picture_list_get (self->pictures)->len ||
      self->shown_rows != self->row_serial)
    return;
  for (guint i = 0; i < self->due->len; i++)
    g_hash_table_add (
        self->logged,
        g_memdup2 (&g_array_index (self->due, gint64, i), sizeof (gint64)));
  for (guint i = 0; i < self->numbers->next->len; i++) {
    const HfNumbersNext *next = self->numbers->next->pdata[i];
    const HfShownSuggestion one = {.image_id = next->image_id,
                                   .why = next->why};

    if (next->why == HF_SUGGESTED_AUDIT &&
        g_hash_table_add (self->logged,
                          g_memdup2 (&next->image_id, sizeof (gint64))))
      g_array_append_val (shown, one);
  }
  if (shown->len > 0)
    hf_workspace_read (self, log_audits, audits_logged,
                       g_steal_pointer (&shown),
                       (GDestroyNotify) g_array_unref);
}

static void
show (HfWorkspace *self, HfNumbers *numbers)
{
  g_clear_pointer (&self->numbers, hf_numbers_unref);
  self->numbers = hf_numbers_ref (numbers);
  hf_workspace_present (self);
  hf_workspace_notify (self, HF_WORKSPACE_NUMBERS);
}

/* FALSE: what was calculated is of labels that are no longer so. */
static gboolean
end_calculation (HfWorkspace *self, const Calculation *calculation)
{
  self->calculation = NULL;
  self->calculated_us = g_get_monotonic_time ();
  if (calculation->error != NULL &&
      !g_error_matches (calculation->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    hf_workspace_set_desk_trouble (self, calculation->error);
  return calculation->numbers != NULL &&
         calculation->label_serial == self->label_serial;
}

const GArray *
hf_workspace_get_learning (HfWorkspace *self)
{
  return self->learning;
}

const GArray *
hf_workspace_get_learning_sizes (HfWorkspace *self)
{
  return self->learning_sizes;
}

typedef struct {
  HfNumbers *numbers;
  HfProgress *progress;
  GArray *points;
  GError *error;
} Learning;

static void
learning_free (gpointer data)
{
  Learning *self = data;

  g_clear_pointer (&self->numbers, hf_numbers_unref);
  g_clear_pointer (&self->progress, hf_progress_free);
  g_clear_pointer (&self->points, g_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

static void
learn_work (gpointer data)
{
  Learning *self = data;

  self->points = hf_desk_learn (self->numbers, self->progress, &self->error);
}

/* What is to be counted is counted, or cannot be. */
static void
end_learning (HfWorkspace *self, GArray *points)
{
  g_clear_pointer (&self->learning, g_array_unref);
  g_clear_pointer (&self->learned_of, hf_numbers_unref);
  if (points != NULL) {
    self->learning = g_array_ref (points);
    self->learned_of = g_steal_pointer (&self->learning_of);
  }
  g_clear_pointer (&self->learning_of, hf_numbers_unref);
  g_clear_pointer (&self->learning_sizes, g_array_unref);
  hf_workspace_notify (self, HF_WORKSPACE_LEARNING);
}

static void learn (HfWorkspace *self);

static void
learn_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  const Learning *learning = data;

  self->learning_progress = NULL;
  if (learning->numbers == self->learning_of &&
      !g_error_matches (learning->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    end_learning (self, learning->points);
  else
    learn (self);
}

/* Begins to count, where there is something to count and nothing else is to be
 * done. */
static void
learn (HfWorkspace *self)
{
  Learning *learning;

  if (self->closed || self->learning_of == NULL || self->calculation != NULL ||
      self->learning_progress != NULL ||
      self->numbers->serial != self->label_serial)
    return;
  if (self->learner == NULL)
    self->learner = hf_worker_new ("learner", G_OBJECT (self));
  learning = g_new0 (Learning, 1);
  learning->numbers = hf_numbers_ref (self->learning_of);
  learning->progress = hf_progress_new (NULL, NULL);
  self->learning_progress = learning->progress;
  hf_worker_push (self->learner, learn_work, learn_done, learning,
                  learning_free, FALSE);
}

static void
stop_learning (HfWorkspace *self)
{
  if (self->learning_progress != NULL)
    hf_progress_cancel (self->learning_progress);
}

/* @numbers are shown now: is there a curve to be counted for them? */
static void
plan_learning (HfWorkspace *self, HfNumbers *numbers)
{
  g_autoptr (GArray) sizes = NULL;

  if (self->learning_of != NULL &&
      hf_desk_learns_alike (self->learning_of, numbers))
    return;
  stop_learning (self);
  g_clear_pointer (&self->learning_of, hf_numbers_unref);
  g_clear_pointer (&self->learning_sizes, g_array_unref);
  sizes = hf_desk_dup_learning_sizes (numbers);
  if (sizes == NULL) {
    end_learning (self, NULL);
    return;
  }
  if (self->learned_of == NULL ||
      !hf_desk_learns_alike (self->learned_of, numbers)) {
    self->learning_of = hf_numbers_ref (numbers);
    self->learning_sizes = g_steal_pointer (&sizes);
  }
  hf_workspace_notify (self, HF_WORKSPACE_LEARNING);
}

void
hf_workspace_cancel_learner (HfWorkspace *self)
{
  stop_learning (self);
  self->learning_progress = NULL;
}

void
hf_workspace_stop_learner (HfWorkspace *self)
{
  if (self->learner == NULL)
    return;
  hf_worker_stop (self->learner);
  g_clear_pointer (&self->learner, hf_worker_unref);
}

static void
suggestions_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Calculation *calculation = data;

  if (end_calculation (self, calculation)) {
    show (self, calculation->numbers);
    remember_audits (self);
  }
  go_on (self);
  learn (self);
}

static void
numbers_done (GObject *owner, gpointer data)
{
  HfWorkspace *self = HF_WORKSPACE (owner);
  Calculation *calculation = data;
  Calculation *second;

  if (!end_calculation (self, calculation)) {
    gboolean is_broken =
        calculation->numbers == NULL &&
        calculation->label_serial == self->label_serial &&
        !g_error_matches (calculation->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

    /* What went wrong is not tried again before something is another. */
    if (is_broken)
      hf_workspace_set_refreshing (self, FALSE);
    else
      go_on (self);
    return;
  }
  self->calculation_s = calculation->numbers->seconds;
  self->shown_rows = calculation->row_serial;
  hf_workspace_set_desk_trouble (self, NULL);
  show (self, calculation->numbers);
  plan_learning (self, calculation->numbers);
  hf_workspace_set_refreshing (self, FALSE);
  second = new_calculation (self);
  second->row_serial = calculation->row_serial;
  self->calculation = second->progress;
  hf_worker_push (self->calculator, suggestions_work, suggestions_done, second,
                  calculation_free, FALSE);
}

static void
start (HfWorkspace *self)
{
  Calculation *calculation;

  if (self->closed || self->desk == NULL || self->calculation != NULL)
    return;
  calculation = new_calculation (self);
  self->calculation = calculation->progress;
  hf_worker_push (self->calculator, numbers_work, numbers_done, calculation,
                  calculation_free, FALSE);
}

void
hf_workspace_labels_changed (HfWorkspace *self)
{
  self->label_serial++;
  self->labels_embedded = FALSE;
  if (self->desk == NULL)
    return;
  hf_workspace_set_refreshing (self, TRUE);
  if (self->calculation != NULL)
    hf_progress_cancel (self->calculation);
  stop_learning (self);
  go_on (self);
}

void
hf_workspace_rows_changed (HfWorkspace *self)
{
  self->row_serial++;
  go_on (self);
}
