/* look.c: see the header. */
#include "ui/label/pane/look.h"

#include <math.h>

typedef struct {
  HfLook look;
  HfLookFunc func;
  gpointer data;
  GDestroyNotify free_data;
} Question;

static void
question_free (gpointer data)
{
  Question *self = data;

  if (self->free_data != NULL)
    self->free_data (self->data);
  g_free (self->look.class_ids);
  g_free (self->look.probabilities);
  g_free (self);
}

/* In the numbers' thread. */
static gboolean
ask (HfDesk *desk, HfNumbers *numbers, gpointer data, HfProgress *progress,
     GError **error)
{
  HfLook *look = &((Question *) data)->look;
  guint n = numbers != NULL && numbers->rows != NULL
                ? numbers->rows->classes->len
                : 0;
  g_autofree double *probabilities = g_new0 (double, n + 1);

  if (n == 0)
    return TRUE;
  look->thresholds = numbers->thresholds;
  if (hf_desk_judge (desk, numbers, look->image_id, probabilities)) {
    look->n_classes = n;
    look->class_ids = g_memdup2 (numbers->class_ids, n * sizeof (gint64));
    look->probabilities = g_steal_pointer (&probabilities);
  }
  look->n_like = (guint) hf_desk_find_neighbours (
      desk, numbers, look->image_id, look->like_ids, look->distances,
      HF_LOOK_N_LIKE);
  for (guint i = 0; i < look->n_like; i++)
    look->distances[i] = MAX (0, 1 - look->distances[i]);
  return TRUE;
}

static void
asked (HfWorkspace *workspace, gpointer data, const GError *error)
{
  Question *self = data;

  /* Without an answer what is shown stays; refreshing says what failed. */
  if (error == NULL)
    self->func (&self->look, self->data);
  else
    g_debug ("Asking about a picture: %s", error->message);
}

void
hf_look_at (HfWorkspace *workspace, gint64 image_id, HfLookFunc func,
            gpointer data, GDestroyNotify free_data)
{
  Question *question = g_new0 (Question, 1);

  *question =
      (Question){.look = {.image_id = image_id, .thresholds = {NAN, NAN}},
                 .func = func,
                 .data = data,
                 .free_data = free_data};
  hf_workspace_run (workspace, NULL, ask, asked, question, question_free);
}
