/* job.c: see the header. What the working thread reports waits under a lock for
 * a source of the main context, which looks ten times a second at most. */
#include "ui/workspace/job.h"

#include <glib/gi18n.h>

#define LOOK_MS 100

struct _HfJob {
  GObject parent_instance;
  HfProgress *progress;
  HfJobUnit unit;
  gboolean can_pause, paused, cancelled, done;
  char *title, *detail;
  double fraction;
  gint64 begun_us;    /* of the time that counts for the rate */
  gint64 begun_units; /* done by then */
  gint64 last_done, last_total;

  GMutex lock;
  gint64 reported_done, reported_total;
  gboolean is_scheduled;
  GSource *source;
};

enum {
  PROP_TITLE = 1,
  PROP_FRACTION,
  PROP_DETAIL,
  PROP_PAUSED,
  PROP_CAN_PAUSE,
  PROP_DONE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (HfJob, hf_job, G_TYPE_OBJECT)

static void
hf_job_get_property (GObject *object, guint id, GValue *value,
                     GParamSpec *pspec)
{
  HfJob *self = HF_JOB (object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string (value, self->title);
    break;
  case PROP_FRACTION:
    g_value_set_double (value, self->fraction);
    break;
  case PROP_DETAIL:
    g_value_set_string (value, self->detail);
    break;
  case PROP_PAUSED:
    g_value_set_boolean (value, self->paused);
    break;
  case PROP_CAN_PAUSE:
    g_value_set_boolean (value, self->can_pause);
    break;
  case PROP_DONE:
    g_value_set_boolean (value, self->done);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
hf_job_dispose (GObject *object)
{
  HfJob *self = HF_JOB (object);

  if (self->source != NULL) {
    g_source_destroy (self->source);
    g_clear_pointer (&self->source, g_source_unref);
  }
  G_OBJECT_CLASS (hf_job_parent_class)->dispose (object);
}

static void
hf_job_finalize (GObject *object)
{
  HfJob *self = HF_JOB (object);

  g_clear_pointer (&self->progress, hf_progress_free);
  g_mutex_clear (&self->lock);
  g_free (self->title);
  g_free (self->detail);
  G_OBJECT_CLASS (hf_job_parent_class)->finalize (object);
}

static void
hf_job_class_init (HfJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags =
      G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = hf_job_get_property;
  object_class->dispose = hf_job_dispose;
  object_class->finalize = hf_job_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_FRACTION] =
      g_param_spec_double ("fraction", NULL, NULL, -1, 1, -1, flags);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  props[PROP_PAUSED] =
      g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags);
  props[PROP_CAN_PAUSE] =
      g_param_spec_boolean ("can-pause", NULL, NULL, FALSE, flags);
  props[PROP_DONE] = g_param_spec_boolean ("done", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
hf_job_init (HfJob *self)
{
  g_mutex_init (&self->lock);
  self->fraction = -1;
  self->begun_us = g_get_monotonic_time ();
}

/* "1,240": with the separators of the user's language. */
static char *
dup_count (const HfJob *self, gint64 n)
{
  if (self->unit == HF_JOB_BYTES)
    return g_format_size ((guint64) n);
  return g_strdup_printf ("%'" G_GINT64_FORMAT, n);
}

static char *
dup_time_left (double seconds)
{
  if (seconds < 100)
    return g_strdup_printf (_("%.0f s left"), MAX (1, seconds));
  if (seconds < 6000)
    return g_strdup_printf (_("%.0f min left"), seconds / 60);
  return g_strdup_printf (_("%.0f h left"), seconds / 3600);
}

/* "312 of 1,240 pictures"; a total that is not known is 0. */
static char *
dup_amount (const HfJob *self)
{
  g_autofree char *done = dup_count (self, self->last_done);
  g_autofree char *total = dup_count (self, self->last_total);

  if (self->last_total <= 0)
    return self->unit == HF_JOB_PICTURES
               /* Translators: a number of pictures that are done */
               ? g_strdup_printf (ngettext ("%s picture", "%s pictures",
                                            (gulong) self->last_done),
                                  done)
               : g_steal_pointer (&done);
  return g_strdup_printf (self->unit == HF_JOB_PICTURES
                              /* Translators: "312 of 1,240 pictures" */
                              ? ngettext ("%s of %s picture",
                                          "%s of %s pictures",
                                          (gulong) self->last_total)
                              /* Translators: "3.1 MB of 303 MB" */
                              : _ ("%s of %s"), done, total);
}

/* "312 of 1,240 pictures, 88 a second, 11 s left". */
static char *
dup_detail (const HfJob *self, double rate)
{
  g_autofree char *amount = dup_amount (self);
  g_autofree char *a_second = dup_count (self, (gint64) rate);
  g_autofree char *left = NULL;

  if (self->paused)
    return g_strdup_printf (_ ("%s, paused"), amount);
  if (rate <= 0 || self->last_done >= self->last_total)
    return g_steal_pointer (&amount);
  left = dup_time_left ((double) (self->last_total - self->last_done) / rate);
  if (self->unit == HF_JOB_STEPS || rate < 1)
    /* Translators: how much, and how much time is left */
    return g_strdup_printf (_ ("%s, %s"), amount, left);
  /* Translators: how much, how many a second, how much time is left */
  return g_strdup_printf (_ ("%s, %s a second, %s"), amount, a_second, left);
}

static void
refresh (HfJob *self)
{
  gint64 now_us = g_get_monotonic_time ();
  double seconds = (double) (now_us - self->begun_us) / G_USEC_PER_SEC;
  double rate = seconds > 0.5
                    ? (double) (self->last_done - self->begun_units) / seconds
                    : 0;
  double fraction =
      self->last_total > 0
          ? CLAMP ((double) self->last_done / (double) self->last_total, 0, 1)
          : -1;
  char *detail = dup_detail (self, rate);

  g_free (self->detail);
  self->detail = detail;
  self->fraction = fraction;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FRACTION]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DETAIL]);
}

static gboolean
look_cb (gpointer data)
{
  g_autoptr (HfJob) self = g_object_ref (data);

  g_source_set_ready_time (self->source, -1);
  g_mutex_lock (&self->lock);
  self->is_scheduled = FALSE;
  self->last_done = self->reported_done;
  self->last_total = self->reported_total;
  g_mutex_unlock (&self->lock);
  refresh (self);
  return G_SOURCE_CONTINUE;
}

static void
report_cb (gint64 done, gint64 total, gpointer data)
{
  HfJob *self = data;

  g_mutex_lock (&self->lock);
  self->reported_done = done;
  self->reported_total = total;
  if (!self->is_scheduled) {
    self->is_scheduled = TRUE;
    g_source_set_ready_time (self->source,
                             g_get_monotonic_time () + LOOK_MS * 1000);
  }
  g_mutex_unlock (&self->lock);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs source_funcs = {.dispatch = dispatch};

HfJob *
hf_job_new (const char *title, HfJobUnit unit, gboolean can_pause)
{
  HfJob *self = g_object_new (HF_TYPE_JOB, NULL);

  self->title = g_strdup (title);
  self->detail = g_strdup ("");
  self->unit = unit;
  self->can_pause = can_pause;
  self->source = g_source_new (&source_funcs, sizeof (GSource));
  g_source_set_callback (self->source, look_cb, self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
  self->progress = hf_progress_new (report_cb, self);
  return self;
}

HfProgress *
hf_job_get_progress (HfJob *self)
{
  return self->progress;
}

const char *
hf_job_get_title (HfJob *self)
{
  return self->title;
}

const char *
hf_job_get_detail (HfJob *self)
{
  return self->detail;
}

double
hf_job_get_fraction (HfJob *self)
{
  return self->fraction;
}

gboolean
hf_job_get_paused (HfJob *self)
{
  return self->paused;
}

gboolean
hf_job_get_can_pause (HfJob *self)
{
  return self->can_pause;
}

void
hf_job_set_paused (HfJob *self, gboolean paused)
{
  if (!self->can_pause || self->paused == !!paused)
    return;
  self->paused = !!paused;
  hf_progress_set_paused (self->progress, self->paused);
  /* The time that it stood still says nothing of its rate. */
  self->begun_us = g_get_monotonic_time ();
  self->begun_units = self->last_done;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PAUSED]);
  refresh (self);
}

void
hf_job_cancel (HfJob *self)
{
  self->cancelled = TRUE;
  hf_progress_cancel (self->progress);
}

gboolean
hf_job_get_cancelled (HfJob *self)
{
  return self->cancelled;
}

void
hf_job_end (HfJob *self)
{
  if (self->done)
    return;
  self->done = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DONE]);
}
